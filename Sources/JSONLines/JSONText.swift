/// Text to JSON strings and back.
package enum JSONText {
  /// Appends what an escaped string means. The range must have passed the scanner.
  package static func unescape(_ bytes: PaddedBytes, _ range: Range<Int>, into out: inout [UInt8]) {
    var i = range.lowerBound
    while i < range.upperBound {
      let byte = bytes[i]
      guard byte == ASCII.backslash else {
        out.append(byte)
        i += 1
        continue
      }
      switch bytes[i + 1] {
      case 0x62: out.append(0x08)
      case 0x66: out.append(0x0C)
      case 0x6E: out.append(0x0A)
      case 0x72: out.append(0x0D)
      case 0x74: out.append(0x09)
      case 0x75:
        var scalar = codeUnit(bytes, i + 2)
        if scalar & 0xFC00 == 0xD800, i + 12 <= range.upperBound, bytes[i + 6] == ASCII.backslash, bytes[i + 7] == 0x75
        {
          let low = codeUnit(bytes, i + 8)
          if low & 0xFC00 == 0xDC00 {
            scalar = 0x10000 + (scalar & 0x3FF) << 10 + (low & 0x3FF)
            i += 6
          }
        }
        appendScalar(scalar, to: &out)
        i += 4
      case let other: out.append(other)
      }
      i += 2
    }
  }

  /// What ``unescape(_:_:into:)`` made, as text: half of a surrogate pair alone becomes U+FFFD, one for its three bytes.
  package static func string(_ unescaped: some Collection<UInt8>) -> String {
    var utf8 = Array(unescaped)
    // In UTF-8, ED begins U+D000 to U+D7FF only: the second byte tells surrogates.
    for i in utf8.indices where utf8[i] == 0xED && i + 2 < utf8.count && utf8[i + 1] >= 0xA0 {
      utf8.replaceSubrange(i..<i + 3, with: [0xEF, 0xBF, 0xBD])
    }
    return String(decoding: utf8, as: UTF8.self)
  }

  private static func codeUnit(_ bytes: PaddedBytes, _ i: Int) -> UInt32 {
    (i..<i + 4).reduce(0) { $0 << 4 | UInt32(ASCII.hexValue(bytes[$1]) ?? 0) }
  }

  /// UTF-8 by its bit pattern; surrogates get theirs too.
  private static func appendScalar(_ scalar: UInt32, to out: inout [UInt8]) {
    func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8((scalar >> shift) & 0x3F) }
    switch scalar {
    case 0..<0x80: out.append(UInt8(scalar))
    case 0x80..<0x800: out += [0xC0 | UInt8(scalar >> 6), tail(0)]
    case 0x800..<0x1_0000: out += [0xE0 | UInt8(scalar >> 12), tail(6), tail(0)]
    default: out += [0xF0 | UInt8(scalar >> 18), tail(12), tail(6), tail(0)]
    }
  }

  /// Appends UTF-8 text as a JSON string with its quotes: only what must be escaped is.
  package static func appendString(_ text: some Sequence<UInt8>, to out: inout [UInt8]) {
    out.append(ASCII.quote)
    appendEscaped(text, to: &out)
    out.append(ASCII.quote)
  }

  /// The same without the quotes.
  package static func appendEscaped(_ text: some Sequence<UInt8>, to out: inout [UInt8]) {
    for byte in text {
      switch byte {
      case ASCII.quote: out += [ASCII.backslash, ASCII.quote]
      case ASCII.backslash: out += [ASCII.backslash, ASCII.backslash]
      case 0x08: out += [ASCII.backslash, 0x62]
      case 0x09: out += [ASCII.backslash, 0x74]
      case 0x0A: out += [ASCII.backslash, 0x6E]
      case 0x0C: out += [ASCII.backslash, 0x66]
      case 0x0D: out += [ASCII.backslash, 0x72]
      case 0x00..<0x20: out += Array("\\u00".utf8) + [hexDigit(byte >> 4), hexDigit(byte & 15)]
      default: out.append(byte)
      }
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
