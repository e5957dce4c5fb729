import JSONLines

/// A cell's text, as text and as the inside of a JSON string.
enum TextCell {
  /// Appends the text itself.
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

  /// Appends the text as the inside of a JSON string, non-ASCII as it is.
  static func appendEscaped(_ bytes: PaddedBytes, _ cell: SourceRow.Cell, to out: inout TextBuffer) {
    switch cell.form {
    case .plain:
      JSONText.appendEscaped(bytes, cell.range, to: &out)
    case .doubledQuotes:
      // Between two quotes of a pair there is nothing: escape up to the first, skip the second.
      var start = cell.range.lowerBound
      while start < cell.range.upperBound {
        let stop = min(JSONText.nextSpecial(bytes, from: start), cell.range.upperBound)
        out.append(bytes.buffer(start..<stop))
        if stop == cell.range.upperBound { return }
        JSONText.appendEscape(bytes[stop], to: &out)
        start = stop + (bytes[stop] == ASCII.quote ? 2 : 1)
      }
    case .jsonString(let traits):
      if !traits.contains(.escaped) || traits.contains(.loneSurrogate) {
        // Half a surrogate pair has no UTF-8: it stays as it was written.
        out.append(bytes.buffer(cell.range))
      } else {
        var text: [UInt8] = []
        JSONText.unescape(bytes, cell.range, into: &text)
        var escaped: [UInt8] = []
        text.withUnsafeBufferPointer { JSONText.appendEscaped($0, to: &escaped) }
        out.append(escaped)
      }
    }
  }
}
