import JSONLines

/// Writes one request's answer.
struct AnswerWriter {
  static let csvColumns = [
    "custom_id", "outcome", "content", "finish_reason", "error_code", "error_message", "prompt_tokens",
    "completion_tokens",
  ]

  var format: AnswerFormat
  var withResponse: Bool
  /// The byte between the cells of a row.
  var separator = ASCII.comma

  /// The text before the first answer.
  var header: String { format == .csv ? AnswerWriter.csvColumns.joined(separator: ",") + "\n" : "" }

  /// - Parameter id: the request's `custom_id`.
  func write(_ id: SpeltText, _ found: FoundAnswer, to out: inout TextBuffer) {
    switch format {
    case .jsonl: writeObject(id, found, to: &out)
    case .csv:
      cell(id, to: &out)
      out.append(separator)
      writeCells(found, to: &out)
    }
    out.append(ASCII.newline)
  }

  // MARK: - JSON Lines

  private func writeObject(_ id: SpeltText, _ found: FoundAnswer, to out: inout TextBuffer) {
    // A call takes longer than to copy a few bytes more, so quotes are written with what is beside them.
    out.append(#"{"custom_id":""#)
    out.append(id.spelling)
    out.append(#"","outcome":""#)
    out.append(found.outcome.name)
    // The text keeps its escapes, so its pieces can be joined as they are between their quotes.
    if let content = found.content {
      out.append(#"","content":""#)
      out.append(content.spelling)
      for piece in found.moreContent { out.append(piece.spelling) }
      out.append(#"","finish_reason":"#)
    } else {
      out.append(#"","content":null,"finish_reason":"#)
    }
    if let reason = found.finishReason {
      out.append(ASCII.quote)
      out.append(reason.spelling)
      out.append(ASCII.quote)
    } else {
      out.append("null")
    }
    if let error = found.error {
      out.append(#","error":{"code":"#)
      AnswerWriter.append(error.code, to: &out)
      out.append(#","message":"#)
      AnswerWriter.append(error.message, to: &out)
      out.append(#"},"usage":"#)
    } else {
      out.append(#","error":null,"usage":"#)
    }
    if let usage = found.usage { out.append(usage) } else { out.append("null") }
    if withResponse || found.saysMore {
      out.append(#","response":"#)
      if let body = found.body { out.append(body) } else { out.append("null") }
    }
    out.append(ASCII.closeBrace)
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

  /// Writes all columns except the first.
  func writeCells(_ found: FoundAnswer, to out: inout TextBuffer) {
    out.append(found.outcome.name)
    out.append(separator)
    if let content = found.content {
      var text: [UInt8] = []
      content.appendText(to: &text)
      for piece in found.moreContent { piece.appendText(to: &text) }
      cell(text, to: &out)
    }
    out.append(separator)
    if let reason = found.finishReason { cell(reason, to: &out) }
    out.append(separator)
    if let error = found.error { cell(error.code, to: &out) }
    out.append(separator)
    if let error = found.error { cell(error.message, to: &out) }
    out.append(separator)
    // A number that the API does not give is an empty cell and never 0.
    if let tokens = found.inputTokens { out.append(tokens) }
    out.append(separator)
    if let tokens = found.outputTokens { out.append(tokens) }
  }

  func cell(_ text: SpeltText, to out: inout TextBuffer) {
    var bytes: [UInt8] = []
    text.appendText(to: &bytes)
    cell(bytes, to: &out)
  }

  private func cell(_ text: ResultText, to out: inout TextBuffer) {
    switch text {
    case .none: break
    case .spelt(let value): cell(SpeltText(value), to: &out)
    case .own(let text): cell(Array(text.utf8), to: &out)
    }
  }

  /// Writes a text as a cell (RFC 4180), in quotes if it needs them. A NUL, at which some readers of tables stop, and
  /// half of a surrogate pair, which UTF-8 does not have, become U+FFFD.
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
