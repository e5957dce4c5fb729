import JSONLines

/// Writes the text of a cell, plain or escaped for a JSON string.
enum TextCell {
  /// Appends the plain text.
  static func appendText(_ bytes: PaddedBytes, _ cell: SourceRow.Cell, to out: inout [UInt8]) {
    switch cell.form {
    case .plain: out += bytes.buffer(cell.range)
    case .doubledQuotes:
      var i = cell.range.lowerBound
      while i < cell.range.upperBound {
        out.append(bytes[i])
        i += bytes[i] == ASCII.quote ? 2 : 1
      }
    case .jsonString: JSONText.unescape(bytes, cell.range, into: &out)
    }
  }

  /// Appends the text escaped for the inside of a JSON string. Characters beyond ASCII are not escaped.
  static func appendEscaped(_ bytes: PaddedBytes, _ cell: SourceRow.Cell, to out: inout TextBuffer) {
    switch cell.form {
    case .plain: JSONText.appendEscaped(bytes, cell.range, to: &out)
    case .doubledQuotes: JSONText.appendEscaped(bytes, cell.range, quotesAreDoubled: true, to: &out)
    case .jsonString(let traits):
      if !traits.contains(.escaped) || traits.contains(.loneSurrogate) {
        // Half a surrogate pair cannot be written in UTF-8, so its escape stays as it is.
        out.append(bytes.buffer(cell.range))
      } else {
        var text = TextBuffer(capacity: cell.range.count + 1)
        JSONText.unescape(bytes, cell.range, into: &text)
        let count = text.count
        text.append(ASCII.newline)
        JSONText.appendEscaped(text.lines, 0..<count, to: &out)
      }
    }
  }
}
