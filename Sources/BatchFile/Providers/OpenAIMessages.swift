// The messages of a chat completion at OpenAI, one shape for each role. OpenAIChat.swift says how to add a member; the
// marks of sources are explained in Sources.swift.
//
// Members that no role has are refused (LIVE: `messages[2].reasoning_content`, `messages[0].id`). A member of another
// role is not refused as unknown, and has no effect. Programs send the assistant's message back as it came, and what an
// answer has beside these members is accepted: `annotations` with all models from gpt-3.5-turbo to gpt-5.6, and `parsed`,
// which the SDK adds (TAPE).

extension Shape {
  static let openAIMessage = Shape.oneOf(
    by: "role", recurs: .sometimes,
    [
      ("developer", instruction), ("system", instruction),
      (
        "user",
        ObjectShape(
          [role, .field("content", content(.userPart), required: true), name]
            + others("refusal", "audio", "tool_calls", "function_call", "tool_call_id"), unknown: .refused)
      ),
      (
        "assistant",
        ObjectShape(
          [
            role,
            .field("content", content(.assistantPart), nullable: true),
            .field("refusal", .string, nullable: true),
            name,
            .field("audio", .open(.field("id", .string, required: true)), nullable: true),
            .field("tool_calls", .array(of: .calledTool, count: 1...Int.max).orDoubtfulNull),
            .field("function_call", .openAICalledFunction, nullable: true, .deprecated(instead: "tool_calls")),
            .field("annotations", .free),
            .field("parsed", .free, .ignored("it is a copy of the content")),
          ] + others("tool_call_id"), unknown: .refused, check: .assistantSaysSomething, mark: .assistantMessage)
      ),
      (
        "tool",
        ObjectShape(
          [
            role,
            .field("content", content(.openAITextPart), required: true),
            .field("tool_call_id", .string(.answeredCallID), required: true),
          ] + others("name", "refusal", "audio", "tool_calls", "function_call"), unknown: .refused, mark: .toolMessage)
      ),
      (
        "function",
        ObjectShape(
          [
            .field("role", .string, required: true, .deprecated(instead: "the role tool")),
            .field("content", longText.orDoubtfulNull, required: true),
            .field("name", .string(.authorName), required: true),
          ] + others("refusal", "audio", "tool_calls", "function_call", "tool_call_id"), unknown: .refused,
          mark: .functionMessage)
      ),
    ])

  private static let role = Field.field("role", .string, required: true)
  private static let name = Field.field("name", .string(.authorName))

  private static let instruction = ObjectShape(
    [role, .field("content", content(.openAITextPart), required: true), name]
      + others("refusal", "audio", "tool_calls", "function_call", "tool_call_id"), unknown: .refused)

  /// LIVE: the limit is 10,485,760 characters in 2026; it was a tenth of that in 2024.
  private static let longText = Shape.text(max: 10_485_760, doubtfulOver: 1_048_576)

  /// SPEC asks for at least one part, but an empty array was accepted (LIVE).
  private static func content(_ part: Shape) -> Shape {
    .anyOf(longText, .array(of: part, doubtfulEmpty: true))
  }

  private static func others(_ names: String...) -> [Field] {
    names.map { .field($0, .free, .ignored("it belongs to messages of another role")) }
  }

  // MARK: Parts and calls. Extra members pass at gpt-4o and are refused by later models: a rule of
  // OpenAIModelRules.swift.

  static let openAITextPart = Shape.oneOf(by: "type", [("text", plainText)])

  private static let userPart = Shape.oneOf(
    by: "type", [("text", plainText), ("image_url", image), ("input_audio", audio), ("file", file)])

  private static let assistantPart = Shape.oneOf(by: "type", [("text", plainText), ("refusal", refusal)])

  static let cacheBreakpoint = Field.field(
    "prompt_cache_breakpoint", .open(.field("mode", .string(oneOf: ["explicit"]), required: true)), nullable: true)

  private static let plainText = ObjectShape(
    [.type, .field("text", longText, required: true), cacheBreakpoint], unknown: .ignored)

  private static let image = ObjectShape(
    [
      .type,
      .field(
        "image_url",
        .open(
          .field("url", .string(.imageURL), required: true),
          .field("detail", .string(oneOf: ["auto", "low", "high"]))),
        required: true),
      cacheBreakpoint,
    ], unknown: .ignored, mark: .imagePart)

  private static let audio = ObjectShape(
    [
      .type,
      .field(
        "input_audio",
        .open(
          .field("data", .string, required: true),
          .field("format", .string(oneOf: ["wav", "mp3"]), required: true)),
        required: true),
      cacheBreakpoint,
    ], unknown: .ignored, mark: .audioPart)

  private static let file = ObjectShape(
    [
      .type,
      .field(
        "file",
        Shape(
          object: ObjectShape(
            [.field("file_id", .string), .field("file_data", .string), .field("filename", .string)],
            unknown: .refused, check: .namesAFile)),
        required: true),
      cacheBreakpoint,
    ], unknown: .ignored)

  private static let refusal = ObjectShape(
    [.type, .field("refusal", longText, required: true), cacheBreakpoint], unknown: .ignored)

  // MARK: Calls

  private static let calledTool = Shape.oneOf(
    by: "type",
    [
      (
        "function",
        ObjectShape([callID, .type, .field("function", .openAICalledFunction, required: true)], unknown: .ignored)
      ),
      (
        "custom",
        ObjectShape(
          [
            callID, .type,
            .field(
              "custom",
              .open(
                .field("name", .string(.requiredFunctionName), required: true),
                .field("input", .string, required: true)),
              required: true),
          ], unknown: .ignored)
      ),
    ])

  /// LIVE: more than 40 characters were refused in 2024 and 2025; 51 were accepted in 2026.
  private static let callID = Field.field("id", .string(.callID, doubtfulOver: 40), required: true)

  private static let openAICalledFunction = Shape.open(
    .field("name", .string(.requiredFunctionName), required: true),
    .field("arguments", .string, required: true))
}

extension Shape.ObjectCheck {
  /// LIVE "Invalid value for 'content': expected a string, got null."
  fileprivate static let assistantSaysSomething = Shape.ObjectCheck(reads: .presence) { message, findings in
    let content = message["content"]
    if let content, content.kind != .null { return }
    for name: StaticString in ["tool_calls", "refusal", "function_call", "audio"] {
      if let other = message[name], other.kind != .null { return }
    }
    if let content {
      findings.invalidType(content, expected: "a string")
    } else {
      findings.missing("content", in: message)
    }
  }

  fileprivate static let namesAFile = Shape.ObjectCheck { file, findings in
    // TAPE: addresses with gs: and https: were refused in these words. Data without any prefix was never seen.
    if let data = file["file_data"], data.kind == .string, data.beginning.prefix(16).contains("://") {
      findings.error(.invalidValue, data, note: "data:application/pdf;base64,…") {
        "Invalid file data: '\($0)'. Expected a base64-encoded data URL with an application/pdf MIME type, but got a "
          + "value without the 'data:' prefix."
      }
    }
    // LIVE: data without a name were refused as a missing 'file_id'.
    if file["file_id"] == nil, file["file_data"] != nil, file["filename"] == nil {
      findings.warn(.doubtfulValue, file, "'file_data' may need a 'filename' beside it.")
    } else if file["file_id"] == nil, file["file_data"] == nil {
      findings.warn(.doubtfulValue, file, "A file needs 'file_id' or 'file_data'.")
    }
  }
}
