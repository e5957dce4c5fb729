import JSONLines

/// How the answer is read from result lines of one form. These lines are good answers of one kind, and their texts and
/// token counts are in holes of the form.
final class AnswerMeaning {
  let kind: AnswerKind
  let outcome: Outcome
  /// The numbers of the holes with the values; nil where the lines do not have the value.
  let id: Int
  let model: Int?
  private let content: [Int]
  private let finishReason: (from: LineForm.Anchor, to: LineForm.Anchor)?
  private let usage: (from: LineForm.Anchor, to: LineForm.Anchor)?
  private let body: (from: LineForm.Anchor, to: LineForm.Anchor)
  private let input: Int?
  private let cached: Int?
  private let output: Int?
  private let reasoning: Int?
  private let saysMore: Bool
  private let status: Int?

  /// The members whose values decide what an answer means, so that they are literals of the form. All others may have
  /// any string or number.
  private static let deciding: [StaticString] = [
    "status_code", "error", "index", "finish_reason", "refusal", "tool_calls", "function_call", "audio", "annotations",
    "status", "reason", "type", "code",
  ]

  /// Learns from a result line.
  /// - Parameter root: the value of the line that `result` is a view of.
  /// - Returns: nil where another line of the same form could mean something else.
  static func learn(
    _ root: JSONValue, _ result: BatchResult, _ answer: Answer, _ kind: AnswerKind
  ) -> (LineForm, AnswerMeaning)? {
    // A body that is JSON in a string is not learned, because it must be scanned again for each line.
    guard answer.outcome.isGood, let body = result.body, !result.isBodyString, let id = result.customID,
      let form = LineForm(root, decides: { key in deciding.contains { key.isString($0) } })
    else { return nil }
    guard let meaning = AnswerMeaning(form, result, answer, kind, body, id) else {
      form.deallocate()
      return nil
    }
    return (form, meaning)
  }

  private init?(
    _ form: LineForm, _ result: BatchResult, _ answer: Answer, _ kind: AnswerKind, _ body: JSONValue, _ id: JSONValue
  ) {
    self.kind = kind
    outcome = answer.outcome
    saysMore = answer.saysMore
    status = result.status
    var isComplete = true
    func hole(_ value: JSONValue?) -> Int? {
      guard let value else { return nil }
      let found = form.hole(value)
      if found == nil { isComplete = false }
      return found
    }
    func anchors(_ value: JSONValue) -> (from: LineForm.Anchor, to: LineForm.Anchor) {
      (form.anchor(value.range.lowerBound), form.anchor(value.range.upperBound))
    }
    func number(_ value: JSONValue?) -> Int? { value?.kind == .number ? hole(value) : nil }
    self.id = hole(id) ?? -1
    model = hole(result.model)
    var pieces: [Int] = []
    _ = answer.content.forEachPiece { if let hole = hole($0) { pieces.append(hole) } }
    content = pieces
    finishReason = answer.finishReason.map(anchors)
    self.body = anchors(body)
    usage = result.usage.map(anchors)
    let view = result.usage.map(UsageView.init)
    input = number(view?.input)
    cached = number(view?.cached)
    output = number(view?.output)
    reasoning = number(view?.reasoning)
    guard isComplete else { return nil }
  }

  // MARK: - A line of the form

  func text(_ hole: Int, _ line: PaddedBytes, _ fillings: UnsafeMutablePointer<LineForm.Filling>) -> SpeltText {
    let filling = fillings[hole]
    return SpeltText(line, filling.start..<filling.end, isEscaped: filling.traits.contains(.escaped))
  }

  func answer(
    _ line: PaddedBytes, _ fillings: UnsafeMutablePointer<LineForm.Filling>, into found: inout FoundAnswer
  ) {
    func part(_ anchors: (from: LineForm.Anchor, to: LineForm.Anchor)) -> Range<Int> {
      anchors.from.place(fillings)..<anchors.to.place(fillings)
    }
    func number(_ hole: Int?) -> UnsafeRawBufferPointer? {
      hole.map { line.buffer(fillings[$0].start..<fillings[$0].end) }
    }
    found.become(outcome)
    for (k, hole) in content.enumerated() {
      if k == 0 {
        found.content = text(hole, line, fillings)
      } else {
        found.moreContent.append(text(hole, line, fillings))
      }
    }
    if let finishReason {
      let range = part(finishReason)
      found.finishReason = SpeltText(line, range.lowerBound + 1..<range.upperBound - 1, isEscaped: true)
    }
    if let usage { found.usage = line.buffer(part(usage)) }
    found.inputTokens = number(input)
    found.outputTokens = number(output)
    found.body = line.buffer(part(body))
    found.saysMore = saysMore
    found.status = status
  }

  /// The tokens of the answer; nil where the API does not give them.
  func tokens(_ line: PaddedBytes, _ fillings: UnsafeMutablePointer<LineForm.Filling>) -> TokenCounts? {
    guard usage != nil else { return nil }
    func count(_ hole: Int?) -> Int {
      hole.map { UsageView.count(NumberScanner.double(line, fillings[$0].start..<fillings[$0].end)) } ?? 0
    }
    return TokenCounts(input: count(input), cached: count(cached), output: count(output), reasoning: count(reasoning))
  }
}
