extension JSONText {
  /// A JSON text without the white space between its tokens. Nothing else is changed.
  ///
  /// Invalid JSON does not become valid by this: two numbers or words that only white space separates stay separate,
  /// and a line end inside a string stays.
  public static func withoutWhiteSpace(_ text: some Sequence<UInt8>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.underestimatedCount)
    var isInString = false
    var isEscaped = false
    // Whether white space was left out before the current byte.
    var isApart = false
    for byte in text {
      if !isInString, ASCII.isBlank(byte) || byte == ASCII.newline {
        isApart = true
        continue
      }
      if isApart, let last = out.last, isWord(last), isWord(byte) { out.append(ASCII.space) }
      isApart = false
      if byte == ASCII.quote, !isEscaped { isInString.toggle() }
      isEscaped = isInString && byte == ASCII.backslash && !isEscaped
      out.append(byte)
    }
    return out
  }

  /// Whether a byte can be a part of a number, `true`, `false` or `null`.
  private static func isWord(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == ASCII.minus || byte == ASCII.plus
      || byte == ASCII.point
  }
}
