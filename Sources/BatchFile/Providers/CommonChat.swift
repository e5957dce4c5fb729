// The parameters of a chat completion that APIs like OpenAI's have in common, for providers whose own rules are not
// known here. The types and ranges are those that Groq's and OpenAI's documents share; `n` goes up to 128. Written on
// 2026-11-21. Unknown members pass everywhere, so that nothing is refused that such an API may take.

extension Shape {
  static let commonChat = Shape(
    object: ObjectShape(
      [
        .field("model", .string, required: true),
        .field("messages", .array(of: .commonMessage, count: 1...Int.max), required: true),
        .field("frequency_penalty", .number(in: -2...2), nullable: true),
        .field("logprobs", .boolean, nullable: true),
        .field("max_completion_tokens", .integer(min: 1), nullable: true),
        .field("max_tokens", .integer(min: 1), nullable: true),
        .field("metadata", .map(of: .string), nullable: true),
        .field("n", .integer(min: 1, max: 128), nullable: true),
        .field("parallel_tool_calls", .boolean, nullable: true),
        .field("presence_penalty", .number(in: -2...2), nullable: true),
        .field("seed", .integer, nullable: true),
        .field("stop", .anyOf(.string, .array(of: .string, count: 0...4)), nullable: true),
        .field("store", .boolean, nullable: true),
        .field("stream", .boolean, nullable: true, .streaming(of: "Chat Completions")),
        .field("temperature", .number(in: 0...2), nullable: true),
        .field("tools", .array(of: .freeObject, count: 0...128), nullable: true),
        .field("top_logprobs", .integer(min: 0, max: 20), nullable: true),
        .field("top_p", .number(in: 0...1), nullable: true),
        .field("user", .string, nullable: true),
      ], unknown: .free))

  private static let commonMessage = Shape(
    object: ObjectShape(
      [
        .field(
          "role", .string(oneOf: ["system", "developer", "user", "assistant", "tool", "function"]), required: true),
        .field("content", .anyOf(.text, .array(of: .commonPart)), nullable: true),
      ], unknown: .free))

  private static let commonPart = Shape(
    object: ObjectShape([.field("type", .string, required: true)], unknown: .free))
}
