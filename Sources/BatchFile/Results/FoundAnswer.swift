import JSONLines

/// What is put out of one request's answer: views, valid until the next one is looked for.
struct FoundAnswer {
  var outcome: Outcome
  /// The text's pieces, to be joined; none for null.
  var content: SpeltText?
  var moreContent: [SpeltText] = []
  var finishReason: SpeltText?
  var error: ResultError?
  /// As the API wrote it.
  var usage: UnsafeRawBufferPointer?
  /// The numbers, as spelt; nil where the API gives none.
  var inputTokens: UnsafeRawBufferPointer?
  var outputTokens: UnsafeRawBufferPointer?
  /// As the API wrote it; nil where there is none.
  var body: UnsafeRawBufferPointer?
  /// Whether there is more in the body than the text says.
  var saysMore = false
  var status: Int?
  /// Whether the same request may be answered at another time, by the API's words.
  var mayPass = true

  /// Of a request without a line.
  init(_ outcome: Outcome) { self.outcome = outcome }

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
