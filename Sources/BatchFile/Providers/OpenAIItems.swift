// The items of a response's input at OpenAI, a shape a type. Sources and how to add: see OpenAIChat.swift.
//
// SPEC asks for more than the API: an image's `detail`, an output text's `annotations`, an assistant message's `id`. What
// answers are made of comes back in the next request, so that items of the API's own are looked at by type alone.

extension Shape {
  /// An item without a type is a message.
  static let openAIItem = Shape.oneOf(
    by: "type", otherwise: itemMessage,
    [
      ("message", itemMessage),
      (
        "function_call",
        ObjectShape(
          [
            .type, callID,
            .field("name", .string, required: true),
            // The text of a JSON value: an object itself is refused.
            .field("arguments", .string, required: true),
            .field("id", .string, nullable: true), status, caller, namespace,
          ], unknown: .ignored, mark: .call)
      ),
      (
        "custom_tool_call",
        ObjectShape(
          [
            .type, callID, .field("name", .string, required: true), .field("input", .string, required: true),
            .field("id", .string, nullable: true), status, caller, namespace,
          ], unknown: .ignored, mark: .call)
      ),
      ("function_call_output", output), ("custom_tool_call_output", output),
      (
        "reasoning",
        ObjectShape(
          [
            .type,
            .field("id", .string),
            .field(
              "summary",
              .array(
                of: .oneOf(
                  by: "type",
                  [("summary_text", ObjectShape([.type, .field("text", .string, required: true)], unknown: .ignored))])),
              required: true),
            .field("content", .free), .field("encrypted_content", .string, nullable: true), status,
          ], unknown: .ignored, check: .reasoningIsKnown, mark: .reasoningItem)
      ),
      (
        "item_reference",
        ObjectShape([.type, .field("id", .string, required: true)], unknown: .ignored, mark: .strayAnswer)
      ),
    ] + echoed.map { ($0, ObjectShape([], unknown: .free)) })

  private static let echoed = [
    "web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call", "computer_call",
    "computer_call_output", "local_shell_call", "local_shell_call_output", "shell_call", "shell_call_output",
    "apply_patch_call", "apply_patch_call_output", "mcp_call", "mcp_list_tools", "mcp_approval_request",
    "mcp_approval_response", "tool_search_call", "tool_search_output", "additional_tools", "agent_message",
    "compaction", "compaction_trigger", "multi_agent_call", "multi_agent_call_output", "program", "program_output",
  ]

  private static let status = Field.field(
    "status", .string(oneOf: ["in_progress", "completed", "incomplete"]), nullable: true)

  // Who called, and where the function is from: SPEC.
  private static let caller = Field.field("caller", .free)
  private static let namespace = Field.field("namespace", .string, nullable: true)

  /// 1 to 64 characters in SPEC.
  private static let callID = Field.field("call_id", .string(min: 1, max: 64), required: true)

  private static let output = ObjectShape(
    [
      .type,
      // SPEC lets it be absent or null; nothing is on record.
      .field("call_id", .string(min: 1, max: 64).orDoubtfulNull),
      .field("output", .anyOf(.string, .array(of: inputPart)), required: true),
      .field("id", .string, nullable: true), status, caller, namespace,
      .field("name", .string, nullable: true),
    ], unknown: .ignored, check: .namesItsCall, mark: .callOutput)

  // MARK: Messages

  private static let itemMessage = ObjectShape(
    [.field("role", .string(oneOf: ["user", "assistant", "system", "developer"]), required: true)], unknown: .free,
    variants: [
      ("user", messageBy(userPart)), ("assistant", messageBy(assistantPart)), ("system", messageBy(inputPart)),
      ("developer", messageBy(inputPart)),
    ], otherwise: referenceWithoutType)

  /// SPEC lets a reference's type be absent or null.
  private static let referenceWithoutType = ObjectShape([], unknown: .free, check: .hasRoleOrID, mark: .strayAnswer)

  private static func messageBy(_ part: Shape) -> ObjectShape {
    ObjectShape(
      [
        .field("role", .string, required: true),
        .field("content", .anyOf(.text, .array(of: part)), required: true),
        .field("type", .string(oneOf: ["message"])),
        .field("id", .string, nullable: true), status,
        .field("phase", .string(oneOf: ["commentary", "final_answer"]), nullable: true),
      ], unknown: .refused)
  }

  private static let inputPart = Shape.oneOf(
    by: "type", [("input_text", inputText), ("input_image", inputImage), ("input_file", inputFile)])

  private static let userPart = Shape.oneOf(
    by: "type",
    [
      ("input_text", inputText), ("input_image", inputImage), ("input_file", inputFile),
      ("input_audio", ObjectShape([.type, .field("input_audio", .freeObject, required: true)], unknown: .ignored)),
    ])

  private static let assistantPart = Shape.oneOf(
    by: "type",
    [
      (
        "output_text",
        ObjectShape(
          [.type, .field("text", .text, required: true), .field("annotations", .free), .field("logprobs", .free)],
          unknown: .ignored)
      ),
      ("refusal", ObjectShape([.type, .field("refusal", .string, required: true)], unknown: .ignored)),
    ])

  private static let inputText = ObjectShape(
    [.type, .field("text", .text, required: true), cacheBreakpoint], unknown: .ignored)

  private static let inputImage = ObjectShape(
    [
      .type,
      .field("image_url", .string(.imageURL), nullable: true),
      .field("file_id", .string, nullable: true),
      .field("detail", .string(oneOf: ["low", "high", "auto", "original"]), nullable: true), cacheBreakpoint,
    ], unknown: .ignored, check: .namesAnImage, mark: .imagePart)

  private static let inputFile = ObjectShape(
    [
      .type,
      .field("file_id", .string, nullable: true), .field("file_data", .string, nullable: true),
      .field("file_url", .string, nullable: true), .field("filename", .string, nullable: true),
      .field("detail", .string), cacheBreakpoint,
    ], unknown: .ignored, check: .holdsNoSound)
}

extension Shape.ObjectCheck {
  fileprivate static let namesAnImage = Shape.ObjectCheck(reads: .presence) { image, findings in
    for name: StaticString in ["image_url", "file_id"] {
      if let value = image[name], value.kind != .null { return }
    }
    findings.warn(.doubtfulValue, image, "An image without 'image_url' and 'file_id' is none.")
  }

  // TAPE "Expected a base64-encoded data URL with a valid file MIME type …, but got unsupported MIME type 'audio/mpeg'."
  fileprivate static let holdsNoSound = Shape.ObjectCheck { file, findings in
    guard let data = file["file_data"], data.kind == .string, data.beginning.lowercased().hasPrefix("data:audio/")
    else {
      return
    }
    findings.error(.invalidValue, data) {
      "Invalid file data: '\($0)'. Expected a base64-encoded data URL with a valid file MIME type, but got sound."
    }
  }

  // TAPE: an item whose content is encrypted needs no id. One that has neither was never seen.
  fileprivate static let reasoningIsKnown = Shape.ObjectCheck(reads: .presence) { item, findings in
    let hasContent = item["encrypted_content"].map { $0.kind != .null } ?? false
    if !hasContent, item["id"] == nil { findings.missing("id", in: item) }
  }

  fileprivate static let hasRoleOrID = Shape.ObjectCheck(reads: .presence) { item, findings in
    if item["id"] == nil { findings.missing("role", in: item) }
  }

  fileprivate static let namesItsCall = Shape.ObjectCheck(reads: .presence) { output, findings in
    if output["call_id"] == nil {
      findings.warn(.doubtfulValue, output, "An output without 'call_id' belongs to no call.")
    }
  }
}
