import JSONLines

/// The parts of one answer that are written. They are views, valid until the next answer is looked for.
struct FoundAnswer {
  var outcome: Outcome
  /// The first piece of the text; nil for null. The pieces in `moreContent` follow it.
  var content: SpeltText?
  var moreContent: [SpeltText] = []
  var finishReason: SpeltText?
  var error: ResultError?
  /// The `usage` as the API wrote it; nil where there is none.
  var usage: UnsafeRawBufferPointer?
  /// The numbers of tokens as they are spelt; nil where the API does not give them.
  var inputTokens: UnsafeRawBufferPointer?
  var outputTokens: UnsafeRawBufferPointer?
  /// The body as the API wrote it; nil where there is none.
  var body: UnsafeRawBufferPointer?
  /// Whether the body has more than the text.
  var saysMore = false
  var status: Int?
  /// Whether the same request may be answered at another time, as far as the API's error shows.
  var mayPass = true

  /// The answer of a request without a result line.
  init(_ outcome: Outcome) { self.outcome = outcome }

  /// Becomes the same. Only what has a reference count is looked at first, since most answers have neither.
  mutating func become(_ outcome: Outcome) {
    self.outcome = outcome
    content = nil
    if !moreContent.isEmpty { moreContent = [] }
    finishReason = nil
    if error != nil { error = nil }
    usage = nil
    inputTokens = nil
    outputTokens = nil
    body = nil
    saysMore = false
    status = nil
    mayPass = true
  }

  init(_ answer: Answer, _ result: BatchResult) {
    outcome = answer.outcome
    _ = answer.content.forEachPiece { piece in
      if content == nil { content = SpeltText(piece) } else { moreContent.append(SpeltText(piece)) }
    }
    finishReason = answer.finishReason.map(SpeltText.init)
    error = answer.error
    if let value = result.usage {
      usage = value.bytes.buffer(value.range)
      let view = UsageView(value)
      inputTokens = FoundAnswer.number(view.input)
      outputTokens = FoundAnswer.number(view.output)
    }
    body = (result.body ?? result.otherBody).map { $0.bytes.buffer($0.range) }
    saysMore = answer.saysMore
    status = result.status
    mayPass = Answer.mayPass(answer.error, result.status)
  }

  private static func number(_ value: JSONValue?) -> UnsafeRawBufferPointer? {
    guard let value, value.kind == .number else { return nil }
    return value.bytes.buffer(value.range)
  }
}
