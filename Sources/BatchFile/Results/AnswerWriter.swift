import JSONLines

/// Writes one request's answer.
struct AnswerWriter {
  static let csvColumns = [
    "custom_id", "outcome", "content", "finish_reason", "error_code", "error_message", "prompt_tokens",
    "completion_tokens",
  ]

  var format: AnswerFormat
  var withResponse: Bool
  /// Between the cells of a row.
  var separator = ASCII.comma

  /// What stands before the first answer.
  var header: String { format == .csv ? AnswerWriter.csvColumns.joined(separator: ",") + "\n" : "" }

  /// - Parameters:
  ///   - id: the request's `custom_id`.
  ///   - answer: nil where the request has no result line.
  func write(
    _ id: JSONValue, _ outcome: Outcome, _ answer: Answer?, _ result: BatchResult?, to out: inout TextBuffer
  ) {
    switch format {
    case .jsonl: writeObject(id, outcome, answer, result, to: &out)
    case .csv:
      cell(id, to: &out)
      out.append(separator)
      writeCells(outcome, answer, result, to: &out)
    }
    out.append(ASCII.newline)
  }

  // MARK: - JSON Lines

  private func writeObject(
    _ id: JSONValue, _ outcome: Outcome, _ answer: Answer?, _ result: BatchResult?, to out: inout TextBuffer
  ) {
    out.append(#"{"custom_id":"#)
    out.append(id.bytes.buffer(id.range))
    out.append(#","outcome":""#)
    out.append(outcome.name)
    out.append(#"","content":"#)
    var isOpen = false
    // As spelt: escapes stay what they were, so pieces are joined between their quotes.
    let hasContent =
      answer?.content.forEachPiece { piece in
        if !isOpen { out.append(ASCII.quote) }
        isOpen = true
        out.append(piece.bytes.buffer(piece.contentRange))
      } ?? false
    if hasContent { out.append(ASCII.quote) } else { out.append("null") }
    out.append(#","finish_reason":"#)
    AnswerWriter.append(answer?.finishReason, to: &out)
    out.append(#","error":"#)
    if let error = answer?.error {
      out.append(#"{"code":"#)
      AnswerWriter.append(error.code, to: &out)
      out.append(#","message":"#)
      AnswerWriter.append(error.message, to: &out)
      out.append(ASCII.closeBrace)
    } else {
      out.append("null")
    }
    out.append(#","usage":"#)
    AnswerWriter.append(result?.usage, to: &out)
    if withResponse || answer?.saysMore ?? false {
      out.append(#","response":"#)
      AnswerWriter.append(result?.body ?? result?.otherBody, to: &out)
    }
    out.append(ASCII.closeBrace)
  }

  private static func append(_ value: JSONValue?, to out: inout TextBuffer) {
    guard let value else { return out.append("null") }
    out.append(value.bytes.buffer(value.range))
  }

  private static func append(_ text: ResultText, to out: inout TextBuffer) {
    switch text {
    case .none: out.append("null")
    case .spelt(let value): out.append(value.bytes.buffer(value.range))
    case .own(let text):
      var bytes: [UInt8] = []
      JSONText.appendString(text, to: &bytes)
      out.append(bytes)
    }
  }

  // MARK: - CSV

  /// All columns but the first.
  func writeCells(_ outcome: Outcome, _ answer: Answer?, _ result: BatchResult?, to out: inout TextBuffer) {
    out.append(outcome.name)
    out.append(separator)
    if let answer { cell(answer.content, to: &out) }
    out.append(separator)
    if let reason = answer?.finishReason { cell(reason, to: &out) }
    out.append(separator)
    if let error = answer?.error { cell(error.code, to: &out) }
    out.append(separator)
    if let error = answer?.error { cell(error.message, to: &out) }
    out.append(separator)
    let usage = (result?.usage).map(UsageView.init)
    // What is not there is an empty cell, never 0.
    if let tokens = usage?.input, tokens.kind == .number { out.append(tokens.bytes.buffer(tokens.range)) }
    out.append(separator)
    if let tokens = usage?.output, tokens.kind == .number { out.append(tokens.bytes.buffer(tokens.range)) }
  }

  func cell(_ value: JSONValue, to out: inout TextBuffer) {
    var bytes: [UInt8] = []
    value.appendText(to: &bytes)
    cell(bytes, to: &out)
  }

  private func cell(_ content: ResultContent, to out: inout TextBuffer) {
    var bytes: [UInt8] = []
    if content.forEachPiece({ $0.appendText(to: &bytes) }) { cell(bytes, to: &out) }
  }

  private func cell(_ text: ResultText, to out: inout TextBuffer) {
    switch text {
    case .none: break
    case .spelt(let value): cell(value, to: &out)
    case .own(let text): cell(Array(text.utf8), to: &out)
    }
  }

  /// A text as a cell (RFC 4180), in quotes where it needs them. NUL, at which readers of tables stop, and half of a
  /// surrogate pair, which has no UTF-8, become U+FFFD.
  private func cell(_ text: [UInt8], to out: inout TextBuffer) {
    var needsQuotes = text.first == ASCII.space || text.last == ASCII.space
    var needsRepair = false
    for (k, byte) in text.enumerated() {
      switch byte {
      case ASCII.quote, ASCII.comma, separator, ASCII.newline, ASCII.carriageReturn: needsQuotes = true
      case 0: needsRepair = true
      case 0xED where k + 1 < text.count && text[k + 1] >= 0xA0: needsRepair = true
      default: break
      }
    }
    let text = needsRepair ? AnswerWriter.repaired(text) : text
    guard needsQuotes else { return out.append(text) }
    out.append(ASCII.quote)
    for byte in text {
      if byte == ASCII.quote { out.append(ASCII.quote) }
      out.append(byte)
    }
    out.append(ASCII.quote)
  }

  private static func repaired(_ text: [UInt8]) -> [UInt8] {
    JSONText.string(text).utf8.flatMap { $0 == 0 ? [0xEF, 0xBF, 0xBD] : [$0] }
  }
}

extension TextBuffer {
  mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}

extension Outcome {
  var name: StaticString {
    switch self {
    case .ok: "ok"
    case .truncated: "truncated"
    case .refused: "refused"
    case .failed: "failed"
    case .expired: "expired"
    case .cancelled: "cancelled"
    case .missing: "missing"
    case .pending: "pending"
    }
  }
}
