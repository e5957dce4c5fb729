// The tools of a `/v1/responses` body at OpenAI. They are flat, while those of chat completions are nested.
// OpenAIChat.swift says how to add a member; the marks of sources are explained in Sources.swift.

extension Shape {
  static let openAIResponseTool = Shape.oneOf(
    by: "type", recurs: .usually,
    [
      (
        "function",
        ObjectShape(
          [
            .type,
            .field("name", .string(.requiredLongToolName), required: true),
            .field("parameters", .freeObject, nullable: true),
            .field("strict", .boolean, nullable: true),
            .field("description", .string, nullable: true),
            .field("output_schema", .freeObject, nullable: true),
            deferred, callers,
          ], unknown: .refused, check: .openAIFlatTool)
      ),
      (
        "custom",
        ObjectShape(
          [
            .type,
            .field("name", .string(.requiredToolName), required: true),
            .field("description", .string),
            .field(
              "format",
              .oneOf(
                by: "type",
                [
                  ("text", ObjectShape([.type], unknown: .ignored)),
                  (
                    "grammar",
                    ObjectShape(
                      [
                        .type,
                        .field("definition", .string, required: true),
                        .field("syntax", .string(oneOf: ["lark", "regex"]), required: true),
                      ], unknown: .ignored)
                  ),
                ])),
            deferred, callers,
          ], unknown: .ignored)
      ),
      ("web_search", webSearch), ("web_search_2025_08_26", webSearch), ("web_search_preview", webSearch),
      ("web_search_preview_2025_03_11", webSearch),
      (
        "file_search",
        ObjectShape(
          [
            .type,
            .field("vector_store_ids", .array(of: .string), required: true),
            .field("max_num_results", .integer),
            .field("ranking_options", .freeObject),
            .field("filters", .searchFilter, nullable: true),
          ], unknown: .ignored)
      ),
      (
        "code_interpreter",
        ObjectShape(
          [
            .type,
            .field(
              "container",
              .anyOf(
                .string,
                .open(
                  .field("type", .string(oneOf: ["auto"]), required: true),
                  .field("file_ids", .array(of: .string, count: 0...50)),
                  .field("memory_limit", .string(oneOf: ["1g", "4g", "16g", "64g"]), nullable: true),
                  .field("network_policy", .freeObject))),
              required: true),
            callers,
          ], unknown: .ignored, mark: .repeatedTool)
      ),
      (
        "mcp",
        ObjectShape(
          [
            .type,
            .field("server_label", .string, required: true),
            .field("server_url", .string), .field("connector_id", .string), .field("tunnel_id", .string),
            .field("require_approval", .anyOf(.string(oneOf: ["always", "never"]), .freeObject), nullable: true),
            .field("allowed_tools", .free), .field("headers", .free), .field("authorization", .string(.secret)),
            .field("server_description", .string), deferred, callers,
          ], unknown: .ignored, check: .namesAServer)
      ),
      (
        "image_generation",
        ObjectShape(
          [
            .type,
            .field("quality", .string(oneOf: ["low", "medium", "high", "auto"])),
            .field("size", .string),
            .field("output_format", .string(oneOf: ["png", "webp", "jpeg"])),
            .field("output_compression", .integer(min: 0, max: 100)),
            .field("partial_images", .integer(min: 0, max: 3)),
            .field("background", .string), .field("model", .string), .field("moderation", .string),
            .field("input_fidelity", .string, nullable: true),
            .field("input_image_mask", .freeObject),
            .field("action", .string(oneOf: ["generate", "edit", "auto"])),
          ], unknown: .ignored)
      ),
      (
        "computer_use_preview",
        ObjectShape(
          [
            .type,
            .field("environment", .string, required: true),
            .field("display_width", .integer, required: true),
            .field("display_height", .integer, required: true),
          ], unknown: .ignored)
      ),
      (
        "namespace",
        ObjectShape(
          [
            .type,
            .field("name", .string, required: true),
            .field("description", .string, required: true),
            .field("tools", .array(of: .freeObject, count: 1...Int.max), required: true),
          ], unknown: .ignored, mark: .repeatedTool)
      ),
    ]
      + ["computer", "local_shell", "shell", "apply_patch", "tool_search", "programmatic_tool_calling"].map {
        ($0, ObjectShape([], unknown: .free))
      })

  private static let deferred = Field.field("defer_loading", .boolean)
  private static let callers = Field.field(
    "allowed_callers", .array(of: .string(oneOf: ["direct", "programmatic"])), nullable: true)

  // A comment in OpenAI's code of 2025-09 says that a batch cannot search.
  private static let webSearch = ObjectShape(
    [
      .field(
        "type", .string, required: true, .doubtful("no answer is on record; a comment of 2025-09 says it does not")),
      .field(
        "filters",
        .open(
          .field("allowed_domains", .array(of: .string), nullable: true),
          // LIVE, not in SPEC.
          .field("blocked_domains", .array(of: .string), nullable: true)), nullable: true),
      .field(
        "user_location",
        .open(
          .field("type", .string(oneOf: ["approximate"])),
          .field("city", .string, nullable: true), .field("country", .string, nullable: true),
          .field("region", .string, nullable: true), .field("timezone", .string, nullable: true)),
        nullable: true),
      .field("search_context_size", .string(oneOf: OpenAIValues.levels)),
    ], unknown: .free)

  private static let comparison = ObjectShape(
    [.type, .field("key", .string, required: true), .field("value", .free, required: true)], unknown: .ignored)

  private static let combination = ObjectShape(
    [.type, .field("filters", .array(of: .freeObject), required: true)], unknown: .ignored)

  private static let searchFilter = Shape.oneOf(
    by: "type",
    ["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"].map { ($0, comparison) }
      + ["and", "or"].map { ($0, combination) })

  static let openAIResponseToolChoice = Shape.anyOf(
    .string(oneOf: ["none", "auto", "required"]),
    .oneOf(
      by: "type",
      [
        (
          "allowed_tools",
          ObjectShape(
            [
              .type,
              .field("mode", .string(oneOf: ["auto", "required"]), required: true),
              .field("tools", .array(of: .freeObject), required: true),
            ], unknown: .ignored)
        ),
        ("function", ObjectShape([.type, .field("name", .string, required: true)], unknown: .ignored)),
        ("custom", ObjectShape([.type, .field("name", .string, required: true)], unknown: .ignored)),
        (
          "mcp",
          ObjectShape(
            [.type, .field("server_label", .string, required: true), .field("name", .string, nullable: true)],
            unknown: .ignored)
        ),
      ]
        + [
          "file_search", "web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11",
          "computer", "computer_use", "computer_use_preview", "image_generation", "code_interpreter", "apply_patch",
          "shell", "local_shell", "programmatic_tool_calling",
        ].map { ($0, ObjectShape([], unknown: .free)) }))
}

extension Shape.ObjectCheck {
  fileprivate static let namesAServer = Shape.ObjectCheck(reads: .presence) { tool, findings in
    if tool["server_url"] == nil, tool["connector_id"] == nil, tool["tunnel_id"] == nil {
      findings.missing(
        "server_url", in: tool, note: "one of 'server_url', 'connector_id' and 'tunnel_id' must be there")
    }
  }
}
