// The messages of a chat completion at Groq, one shape for each role. GroqChat.swift says how to add a member. LIVE,
// SPEC and COMPAT are explained in Sources.swift.

extension Shape {
  static let message = Shape.oneOf(
    by: "role", recurs: .sometimes,
    [
      ("system", instruction),
      ("developer", instruction),
      (
        "user",
        ObjectShape(
          [
            role,
            .field("content", .anyOf(.text, .array(of: .anyPart, count: 1...Int.max)), required: true),
            name,
          ], unknown: .refused)
      ),
      (
        "assistant",
        ObjectShape(
          [
            role,
            .field("content", .anyOf(.text, .array(of: .textPart, doubtfulEmpty: true)), nullable: true),
            name,
            .field("tool_calls", .array(of: .toolCall, doubtfulEmpty: true)),  // LIVE: null is refused
            .field("function_call", .calledFunction, .deprecated(instead: "tool_calls")),
            .field("reasoning", .string, nullable: true),
          ], unknown: .refused, check: .assistantSaysSomething)
      ),
      (
        "tool",
        ObjectShape(
          [
            role,
            .field("content", .anyOf(.text, .array(of: .anyPart, count: 1...Int.max)), required: true),
            .field("tool_call_id", .string(.answeredCallID), required: true),
            // SPEC does not allow it, but Groq's own cookbook sends it and gets answers.
            .field("name", .string, .ignored("Groq's API document does not know it in a tool message")),
          ], unknown: .refused, mark: .toolMessage)
      ),
      (
        "function",
        ObjectShape(
          [
            .field("role", .string, required: true, .deprecated(instead: "the role tool")),
            .field("content", .text, nullable: true, required: true),
            .field("name", .string, required: true),
          ], unknown: .refused)
      ),
    ])

  private static let role = Field.field("role", .string, required: true)

  // COMPAT says that it leads to a 400. SPEC and SDK have it, and no 400 for it was recorded.
  private static let name = Field.field(
    "name", .string, .ignored("Groq's documents disagree on whether it is supported"))

  private static let instruction = ObjectShape(
    [
      role,
      .field("content", .anyOf(.text, .array(of: .textPart, count: 1...Int.max)), required: true),
      name,
    ], unknown: .refused)

  // MARK: Parts

  static let textPart = Shape.oneOf(by: "type", [("text", writtenPart)])

  static let anyPart = Shape.oneOf(
    by: "type", [("text", writtenPart), ("image_url", image), ("document", documentPart)])

  private static let writtenPart = ObjectShape(
    [.field("type", .string, required: true), .field("text", .text, required: true)], unknown: .ignored)

  private static let image = ObjectShape(
    [
      .field("type", .string, required: true),
      .field(
        "image_url",
        .open(
          .field("url", .string, required: true),
          .field("detail", .string(oneOf: ["auto", "low", "high"]))),
        required: true),
    ], unknown: .ignored, mark: .imagePart)

  private static let documentPart = ObjectShape(
    [
      .field("type", .string, required: true),
      .field(
        "document",
        .open(
          .field("data", .freeObject, required: true),
          .field("id", .string, nullable: true)),
        required: true),
    ], unknown: .ignored)

  // MARK: Calls

  static let toolCall = Shape.open(
    .field("id", .string(.callID), required: true),
    .field("type", .string(oneOf: ["function"]), required: true),
    .field("function", .calledFunction, required: true)
  )

  static let calledFunction = Shape.open(
    .field("name", .string, required: true),
    .field("arguments", .string(.json), required: true)
  )
}

extension Shape.ObjectCheck {
  fileprivate static let assistantSaysSomething = Shape.ObjectCheck(reads: .presence) { message, findings in
    let content = message["content"]
    if content == nil || content?.kind == .null, message["tool_calls"] == nil, message["function_call"] == nil {
      findings.warn(.doubtfulValue, message, "An assistant message without content or calls says nothing.")
    }
  }
}
