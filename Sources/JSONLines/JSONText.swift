/// Turns text into JSON strings and back.
public enum JSONText {
  /// Appends the text of an escaped string. The scanner must have found the range to be valid.
  public static func unescape(_ bytes: PaddedBytes, _ range: Range<Int>, into out: inout [UInt8]) {
    let start = out.count
    // This makes room to write whole vectors. The bytes themselves do not matter.
    out += bytes.buffer(range.lowerBound..<range.upperBound + vector)
    let count = out.withUnsafeMutableBufferPointer { unescape(bytes, range, to: $0.baseAddress! + start) }
    out.removeLast(range.count + vector - count)
  }

  /// The same for a buffer.
  public static func unescape(_ bytes: PaddedBytes, _ range: Range<Int>, into out: inout TextBuffer) {
    out.append(atMost: range.count) { unescape(bytes, range, to: $0) }
  }

  private static let vector = 16

  /// - Parameter out: must have room for as many bytes as the range has, and for a vector more. No escape is shorter
  ///   than the character it stands for.
  /// - Returns: the number of bytes written.
  private static func unescape(_ bytes: PaddedBytes, _ range: Range<Int>, to out: UnsafeMutablePointer<UInt8>) -> Int {
    var next = out
    var i = range.lowerBound
    let backslash = SIMD16<UInt8>(repeating: ASCII.backslash)
    while true {
      // Sixteen bytes are copied at a time. Of them, those before a backslash and before the end count.
      let run = bytes.vector(at: i)
      UnsafeMutableRawPointer(next).storeBytes(of: run, as: SIMD16<UInt8>.self)
      let plain = min(range.upperBound - i, ((run .== backslash).bits | 1 << 16).trailingZeroBitCount)
      next += plain
      i += plain
      if i >= range.upperBound { break }
      if plain == vector { continue }
      switch bytes[i + 1] {
      case 0x62: next.pointee = 0x08
      case 0x66: next.pointee = 0x0C
      case 0x6E: next.pointee = 0x0A
      case 0x72: next.pointee = 0x0D
      case 0x74: next.pointee = 0x09
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
        next = write(scalar, to: next) - 1
        i += 4
      case let other: next.pointee = other
      }
      next += 1
      i += 2
    }
    return next - out
  }

  /// The result of ``unescape(_:_:into:)`` as a `String`. Each lone half of a surrogate pair, which has three bytes,
  /// becomes one U+FFFD.
  public static func string(_ unescaped: some Collection<UInt8>) -> String {
    var utf8 = Array(unescaped)
    // In UTF-8, ED begins only U+D000 to U+D7FF, so a second byte from A0 on shows a surrogate.
    for i in utf8.indices where utf8[i] == 0xED && i + 2 < utf8.count && utf8[i + 1] >= 0xA0 {
      utf8.replaceSubrange(i..<i + 3, with: [0xEF, 0xBF, 0xBD])
    }
    return String(decoding: utf8, as: UTF8.self)
  }

  private static func codeUnit(_ bytes: PaddedBytes, _ i: Int) -> UInt32 {
    (i..<i + 4).reduce(0) { $0 << 4 | UInt32(ASCII.hexValue(bytes[$1]) ?? 0) }
  }

  /// Writes a scalar as UTF-8. A surrogate gets the three bytes that the pattern gives for its number.
  /// - Returns: where the next byte goes.
  private static func write(_ scalar: UInt32, to out: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
    func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8((scalar >> shift) & 0x3F) }
    switch scalar {
    case 0..<0x80:
      out[0] = UInt8(scalar)
      return out + 1
    case 0x80..<0x800:
      (out[0], out[1]) = (0xC0 | UInt8(scalar >> 6), tail(0))
      return out + 2
    case 0x800..<0x1_0000:
      (out[0], out[1], out[2]) = (0xE0 | UInt8(scalar >> 12), tail(6), tail(0))
      return out + 3
    default:
      (out[0], out[1], out[2], out[3]) = (0xF0 | UInt8(scalar >> 18), tail(12), tail(6), tail(0))
      return out + 4
    }
  }

  /// Appends text as a JSON string with its quotes. Only characters that must be escaped are.
  public static func appendString(_ text: String, to out: inout [UInt8]) {
    out.append(ASCII.quote)
    appendEscaped(text, to: &out)
    out.append(ASCII.quote)
  }

  /// The same without the quotes.
  public static func appendEscaped(_ text: String, to out: inout [UInt8]) {
    var text = text
    text.withUTF8 { appendEscaped($0, to: &out) }
  }

  /// Appends UTF-8 text as the inside of a JSON string.
  public static func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
    var start = 0
    var i = -1
    while true {
      i = nextSpecial(text, from: i + 1)
      if i == text.count { break }
      let byte = text[i]
      out.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<i]))
      start = i + 1
      out.append(ASCII.backslash)
      if let letter = escapeLetter(byte) {
        out.append(letter)
      } else {
        out += unicodeEscape(byte)
      }
    }
    out.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
  }

  /// The next byte that must be escaped in a string. It looks at eight bytes at a time by arithmetic, because this text
  /// has no padding for vectors.
  private static func nextSpecial(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var i = start
    while i + 8 <= text.count {
      let word = UnsafeRawPointer(text.baseAddress! + i).loadUnaligned(as: UInt64.self)
      let quotes = word ^ (ones &* UInt64(ASCII.quote))
      let backslashes = word ^ (ones &* UInt64(ASCII.backslash))
      // In these subtractions a byte that is 0, or below a space, borrows from its highest bit.
      let special =
        ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
        | ((word &- ones &* UInt64(ASCII.space)) & ~word)
      if special & tops != 0 { break }
      i += 8
    }
    while i < text.count, text[i] >= ASCII.space, text[i] != ASCII.quote, text[i] != ASCII.backslash { i += 1 }
    return i
  }

  /// Appends the text in `range` as the inside of a JSON string.
  /// - Parameter quotesAreDoubled: whether two quotes in the text stand for one, as in a CSV.
  public static func appendEscaped(
    _ bytes: PaddedBytes, _ range: Range<Int>, quotesAreDoubled: Bool = false, to out: inout TextBuffer
  ) {
    var i = range.lowerBound
    while i < range.upperBound {
      // An escape has at most six bytes. There must be room for the worst case, so only some of the text is escaped at
      // a time.
      let end = min(range.upperBound, i + 4_096)
      out.append(atMost: 6 * (end - i)) { escape(bytes, &i, end, quotesAreDoubled, to: $0) }
    }
  }

  /// Escapes the bytes from `i` to `end`. If `end` is between two quotes that stand for one, the second is taken too.
  /// - Returns: the number of bytes written.
  @inline(__always)
  private static func escape(
    _ bytes: PaddedBytes, _ i: inout Int, _ end: Int, _ quotesAreDoubled: Bool, to out: UnsafeMutablePointer<UInt8>
  ) -> Int {
    let quote = SIMD16<UInt8>(repeating: ASCII.quote)
    let backslash = SIMD16<UInt8>(repeating: ASCII.backslash)
    let space = SIMD16<UInt8>(repeating: ASCII.space)
    var next = out
    // Each step takes 64 bytes. The places to escape are found at once, and the bytes between them are copied in
    // vectors.
    while i < end {
      let block = Block64(bytes, at: i)
      let left = end - i
      let inside: UInt64 = left >= 64 ? ~0 : (1 &<< UInt64(left)) &- 1
      block.store(to: next)
      if !block.contains({ ($0 .== quote) .| ($0 .== backslash) .| ($0 .< space) }) {
        next += min(64, left)
        i += min(64, left)
        continue
      }
      var stops = block.bits { ($0 .== quote) .| ($0 .== backslash) .| ($0 .< space) } & inside
      var start = 0
      while stops != 0 {
        let stop = stops.trailingZeroBitCount
        copy(bytes, i + start, stop - start, to: next)
        next += stop - start
        let byte = bytes[i + stop]
        next += writeEscape(byte, to: next)
        start = stop + 1
        stops &= stops &- 1
        if quotesAreDoubled, byte == ASCII.quote {
          start += 1
          stops &= stops &- 1
        }
      }
      let last = min(64, left)
      if start < last {
        copy(bytes, i + start, last - start, to: next)
        next += last - start
      }
      i += max(last, start)
    }
    return next - out
  }

  /// Copies bytes in whole vectors, so up to a vector of other bytes is written after them.
  @inline(__always)
  private static func copy(_ bytes: PaddedBytes, _ start: Int, _ count: Int, to out: UnsafeMutablePointer<UInt8>) {
    var k = 0
    repeat {
      UnsafeMutableRawPointer(out + k).storeBytes(of: bytes.vector(at: start + k), as: SIMD16<UInt8>.self)
      k += vector
    } while k < count
  }

  /// - Returns: the number of bytes written.
  @inline(__always)
  private static func writeEscape(_ byte: UInt8, to out: UnsafeMutablePointer<UInt8>) -> Int {
    // The letters after the backslash for 0x08 to 0x0D: b t n, none, f r. They are looked up without a branch, because
    // processors could not predict one in texts full of quotes and line ends.
    let short = UInt8(truncatingIfNeeded: 0x0000_7266_006E_7462 &>> ((UInt64(byte) &- 8) &* 8))
    let letter = byte >= ASCII.space ? byte : (byte &- 8 < 8 ? short : 0)
    out[0] = ASCII.backslash
    out[1] = letter
    if letter != 0 { return 2 }
    (out[1], out[2], out[3]) = (0x75, 0x30, 0x30)
    (out[4], out[5]) = (hexDigit(byte >> 4), hexDigit(byte & 15))
    return 6
  }

  /// The letter after the backslash for a byte that has a short escape; nil for others.
  private static func escapeLetter(_ byte: UInt8) -> UInt8? {
    switch byte {
    case ASCII.quote, ASCII.backslash: byte
    case 0x08: 0x62
    case 0x09: 0x74
    case 0x0A: 0x6E
    case 0x0C: 0x66
    case 0x0D: 0x72
    default: nil
    }
  }

  /// The rest of an escape after its backslash: `u001f`.
  private static func unicodeEscape(_ byte: UInt8) -> [UInt8] {
    [0x75, 0x30, 0x30, hexDigit(byte >> 4), hexDigit(byte & 15)]
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
