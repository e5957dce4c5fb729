// The body of `/v1/embeddings` at OpenAI. OpenAIChat.swift says how to add a parameter; the marks of sources are
// explained in Sources.swift. Other members are refused, as in SPEC.

extension Shape {
  static let openAIEmbeddings = Shape.closed(
    .openAIModel,
    .field("input", .openAIEmbeddingInput, required: true),
    // Null is refused for ada-002, and SPEC does not allow it.
    .field("dimensions", .integer(min: 1)),
    .field("encoding_format", .string(oneOf: ["float", "base64"]), nullable: true),  // TAPE
    .field("user", .string),
    moved: ["messages": "input", "prompt": "input", "inputs": "input", "text": "input", "texts": "input"])

  /// SPEC: "The input must not exceed the max input tokens for the model (8192 tokens …), cannot be an empty string,
  /// and any array must be 2048 dimensions or less." A rule checks that all elements of an array are of one kind.
  private static let openAIEmbeddingInput = Shape.anyOf(
    .text(min: 1),
    .array(
      of: .anyOf(.text(min: 1), .integer, .array(of: .integer, count: 1...Int.max)), count: 1...2_048))
}

extension BodyRule {
  static let openAIEmbeddings = [inputsAreOfOneKind, embeddingDimensions]

  private static let inputsAreOfOneKind = BodyRule(["input"], reads: .presence) { body, out in
    guard let input = body["input"], input.kind == .array else { return }
    out.mixedArray(input)
  }

  // https://platform.openai.com/docs/guides/embeddings; LIVE "This model does not support specifying dimensions."
  private static let embeddingDimensions = BodyRule(["dimensions", "model"]) { body, out in
    guard let dimensions = body["dimensions"], let model = body["model"], let known = body.model?.pointee else {
      return
    }
    guard let most = known.maxDimensions else { return }
    if most == 0 {
      out.error(.unsupportedParameter, dimensions) {
        "'\($0)': this model does not support specifying dimensions ('\(Words.quoted(model))')."
      }
    } else if let number = dimensions.number, number > Double(most) {
      out.outOfRange(dimensions, isInteger: true, isAbove: true, limit: Double(most))
    }
  }
}
