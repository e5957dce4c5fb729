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
  /// and any array must be 2048 dimensions or less." An array of tokens is one input, so it may have 8,192 (OpenAI's
  /// cookbook embeds 8,191). A rule checks that all elements of an array are of one kind, and counts the others.
  private static let openAIEmbeddingInput = Shape.anyOf(
    .text(isEmptyRead: true),
    .array(
      of: .anyOf(.text(min: 1), .integer, .array(of: .integer, count: 1...mostTokens)), count: 1...mostTokens))

  private static let mostTokens = 8_192
}

extension Endpoint {
  /// The most inputs of one request for embeddings.
  static let mostInputs = 2_048
}

extension BodyRule {
  static let openAIEmbeddings = [inputsOfEmbeddings, embeddingDimensions, embeddingModel]

  private static let inputsOfEmbeddings = BodyRule(["input"], optional: ["model"], reads: .presence) { body, out in
    guard let input = body["input"] else { return }
    if input.kind == .string, input.contentRange.isEmpty {
      // TAPE: ada-002, which has no dimensions, embedded an empty text that stood alone. No other model's answer is known.
      guard body.model?.pointee.maxDimensions == 0 else { return out.error(.emptyString, input, Words.emptyString) }
      return out.warn(.doubtfulValue, input) { "'\($0)' is empty, which only this model is known to embed." }
    }
    guard input.kind == .array else { return }
    out.mixedArray(input)
    guard let first = input.items.first(where: { _ in true }), first.kind != .number else { return }
    var count = 0
    for _ in input.items { count += 1 }
    if count > Endpoint.mostInputs { out.longArray(input, limit: Endpoint.mostInputs, got: count) }
  }

  // LIVE "You are not allowed to generate embeddings from this model"
  private static let embeddingModel = BodyRule(["model"], reads: .presence) { body, out in
    guard let model = body["model"], let known = body.model?.pointee, known.maxDimensions == nil else { return }
    out.error(.invalidRequest, model) { "'\($0)': '\(Words.quoted(model))' is not for embeddings." }
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
