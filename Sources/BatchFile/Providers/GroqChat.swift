// The body of `/v1/chat/completions` at Groq, as a table.
//
// To add a parameter, write one `.field` line in the object that has it, with its source in a comment where that is not
// SPEC. A string of free text is a `.text` (see Shape.swift). A value that does not fit its shape is an error; what the
// use of a field leads to is its `Use`.
//
// LIVE, SPEC, REF and COMPAT are explained in Sources.swift.

extension Shape {
  static let groqChat = Shape.closed(
    .field("model", .string, required: true),
    .field("messages", .array(of: .message, count: 1...Int.max), required: true),
    .field("citation_options", .string(oneOf: ["enabled", "disabled"]), nullable: true),
    .field("compound_custom", .compoundCustom, nullable: true),
    .field("disable_tool_validation", .boolean),
    .field("documents", .array(of: .document), nullable: true),
    .field(
      "exclude_domains", .array(of: .string), nullable: true, .deprecated(instead: "search_settings.exclude_domains")),
    .field("frequency_penalty", .number(in: -2...2), nullable: true, .ignoredUnlessZero(noModelYet)),  // REF
    .field("function_call", .functionCall, nullable: true, .deprecated(instead: "tool_choice")),
    .field("functions", .array(of: .function, count: 0...128), nullable: true, .deprecated(instead: "tools")),
    .field(
      "include_domains", .array(of: .string), nullable: true, .deprecated(instead: "search_settings.include_domains")),
    .field("include_reasoning", .boolean, nullable: true),
    .field("logit_bias", .map(of: .integer), nullable: true, .refused(notSupported)),  // COMPAT
    .field("logprobs", .boolean, nullable: true, .refused(notSupported)),  // COMPAT, LIVE
    .field("max_completion_tokens", .tokenLimit(min: 1), nullable: true),
    .field("max_tokens", .integer(min: 1), nullable: true, .deprecated(instead: "max_completion_tokens")),
    .field("metadata", .map(of: .string), nullable: true, .ignored(notYet)),
    .field("n", .integer(min: 1, max: 1), nullable: true),
    .field("parallel_tool_calls", .boolean, nullable: true),
    .field("presence_penalty", .number(in: -2...2), nullable: true, .ignoredUnlessZero(noModelYet)),  // REF
    .field("reasoning_effort", .string, nullable: true),  // by the model: GroqModelRules.swift
    .field("reasoning_format", .string(oneOf: ["hidden", "raw", "parsed"]), nullable: true),
    .field("response_format", .responseFormat, nullable: true),
    .field("search_settings", .searchSettings, nullable: true),
    .field("seed", .integer, nullable: true),
    .field("service_tier", .string(oneOf: ["auto", "on_demand", "flex", "performance"]), nullable: true),
    .field("stop", .anyOf(.string, .array(of: .string, count: 0...4)), nullable: true),
    .field("store", .boolean, nullable: true, .ignored(notYet)),
    .field("stream", .boolean, nullable: true, .streaming(of: "Chat Completions")),
    .field("stream_options", .streamOptions, nullable: true, .ignored("a batch does not stream")),  // REF only
    .field("temperature", .number(in: 0...2), nullable: true),
    .field("tool_choice", .toolChoice),  // LIVE: null is refused, though SPEC takes it
    .field("tools", .array(of: .tool, count: 0...128), nullable: true),
    .field("top_logprobs", .integer(min: 0, max: 20), nullable: true, .refused(notSupported)),  // COMPAT
    .field("top_p", .number(in: 0...1), nullable: true),
    .field("user", .string, nullable: true)
  )

  private static let noModelYet = "no model of Groq's supports it yet"
  private static let notYet = "Groq does not support it yet"
  private static let notSupported = "Groq answers it with a 400"

  // MARK: Tools

  static let tool = Shape.oneOf(
    by: "type", recurs: .usually,
    [
      // In SPEC `function` is optional, but a function tool without it means nothing.
      (
        "function",
        ObjectShape(
          [
            .field("type", .string, required: true),
            .field("function", .toolFunction, required: true),
          ], unknown: .ignored)
      ),
      // LIVE: the API names these types. Their members are in no public document, so any are accepted.
      ("mcp", ObjectShape([], unknown: .free, mark: .repeatedTool)),
      ("browser_search", ObjectShape([], unknown: .free, mark: [.builtInTool, .repeatedTool])),
      ("code_interpreter", ObjectShape([], unknown: .free, mark: [.builtInTool, .repeatedTool])),
    ])

  static let toolFunction = Shape.open(
    .field("name", .string(.toolName), required: true),
    .field("description", .string),
    .field("parameters", .freeObject),
    .field("strict", .boolean),
    check: .toolParameters
  )

  static let function = Shape.open(
    .field("name", .string(.functionName), required: true),
    .field("description", .string),
    .field("parameters", .freeObject)
  )

  static let toolChoice = Shape.anyOf(
    .string(oneOf: ["none", "auto", "required"]),
    .open(
      .field("type", .string(oneOf: ["function"]), required: true),
      .field("function", .open(.field("name", .string, required: true)), required: true)))

  static let functionCall = Shape.anyOf(
    .string(oneOf: ["none", "auto", "required"]),
    .open(.field("name", .string, required: true)))

  // MARK: Output

  static let responseFormat = Shape.oneOf(
    by: "type",
    [
      ("text", plainFormat),
      ("json_object", plainFormat),
      (
        "json_schema",
        ObjectShape(
          [
            .field("type", .string, required: true),
            .field("json_schema", .jsonSchema, required: true),
          ], unknown: .ignored)
      ),
    ])

  private static let plainFormat = ObjectShape(
    [
      .field("type", .string, required: true),
      .field("json_schema", .jsonSchema, .ignored("only the type json_schema uses it")),
    ], unknown: .ignored)

  static let jsonSchema = Shape.open(
    .field("name", .string(.functionName), required: true),
    .field("description", .string),
    .field("schema", .freeObject),
    .field("strict", .boolean, nullable: true),
    check: .jsonSchema,
    recurs: .usually
  )

  static let streamOptions = Shape.open(.field("include_usage", .boolean, nullable: true))

  // MARK: Search and documents

  static let searchSettings = Shape.open(
    .field("include_domains", .array(of: .string), nullable: true),
    .field("exclude_domains", .array(of: .string), nullable: true),
    .field("include_images", .boolean, nullable: true),
    .field("country", .string, nullable: true)
  )

  static let compoundCustom = Shape.open(
    .field(
      "models",
      .open(
        .field("reasoning_model", .string, nullable: true),
        .field("answering_model", .string, nullable: true)),
      nullable: true),
    .field(
      "tools",
      .open(
        .field("enabled_tools", .array(of: .string), nullable: true),
        .field(
          "wolfram_settings", .open(.field("authorization", .string(.secret), nullable: true)), nullable: true)),
      nullable: true)
  )

  static let document = Shape.closed(
    .field("id", .string, nullable: true),
    .field(
      "source",
      .oneOf(
        by: "type",
        [
          (
            "text",
            ObjectShape(
              [.field("type", .string, required: true), .field("text", .string, required: true)], unknown: .refused)
          ),
          (
            "json",
            ObjectShape(
              [.field("type", .string, required: true), .field("data", .freeObject, required: true)],
              unknown: .refused)
          ),
        ]),
      required: true)
  )
}
