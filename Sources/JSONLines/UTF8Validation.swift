/// Validates UTF-8 strictly (Unicode 16, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF.
public enum UTF8Validation {
  /// Whether a range is valid UTF-8. The bytes before and after the range must be ASCII, as the quotes of a string are.
  public static func isValid(_ bytes: PaddedBytes, _ range: Range<Int>) -> Bool {
    var i = range.lowerBound
    // The bytes of the next block that must continue a character of the one before.
    var due: UInt64 = 0
    // The last step may begin at the end of the range. It finds bytes that are missing there.
    while i <= range.upperBound {
      let block = Block64(bytes, at: i)
      let left = range.upperBound - i
      let inside: UInt64 = left >= 64 ? ~0 : (1 &<< UInt64(left)) &- 1
      let high = block.highBits & inside
      if high | due != 0 {
        // The first bytes of characters with two or more bytes, with three or more, and with four.
        let two = block.signedAbove(0xBF) & high
        let three = block.signedAbove(0xDF) & high
        let four = block.signedAbove(0xEF) & high
        if (two &<< 1) | (three &<< 2) | (four &<< 3) | due != high & ~two { return false }
        if hasWrongPair(bytes, at: i, block, inside) { return false }
        due = (two &>> 63) | (three &>> 62) | (four &>> 61)
      }
      i += 64
    }
    return true
  }

  /// Whether a block has a byte that begins no character, or a second byte that cannot follow its first one. Where
  /// first and continuing bytes alternate correctly, nothing else can be wrong.
  @inline(__always)
  private static func hasWrongPair(_ bytes: PaddedBytes, at i: Int, _ block: Block64, _ inside: UInt64) -> Bool {
    @inline(__always) func wrong(_ now: SIMD16<UInt8>, _ past: SIMD16<UInt8>) -> Block64.Mask {
      let signed = unsafeBitCast(now, to: SIMD16<Int8>.self)
      let belowA0 = signed .< SIMD16<Int8>(repeating: -0x60)
      let below90 = signed .< SIMD16<Int8>(repeating: -0x70)
      let second =
        (((past .== v(0xE0)) .& belowA0) .| ((past .== v(0xED)) .& .!belowA0))
        .| (((past .== v(0xF0)) .& below90) .| ((past .== v(0xF4)) .& .!below90))
      return second .| ((now & v(0xFE)) .== v(0xC0)) .| (now .>= v(0xF5))
    }
    let a = wrong(block.a, bytes.vector(at: i - 1))
    let b = wrong(block.b, bytes.vector(at: i + 15))
    let c = wrong(block.c, bytes.vector(at: i + 31))
    let d = wrong(block.d, bytes.vector(at: i + 47))
    if (a .| b .| (c .| d)).bits == 0 { return false }
    return (a.bits | b.bits &<< 16 | c.bits &<< 32 | d.bits &<< 48) & inside != 0
  }

  /// The index of the first byte of a range that belongs to no valid character; nil where there is none.
  public static func firstFault(_ bytes: PaddedBytes, _ range: Range<Int>) -> Int? {
    var i = range.lowerBound
    while i < range.upperBound {
      guard let length = characterLength(bytes, at: i, end: range.upperBound) else { return i }
      i += length
    }
    return nil
  }

  @inline(__always)
  private static func v(_ byte: UInt8) -> SIMD16<UInt8> { SIMD16(repeating: byte) }

  /// The number of bytes of the character at `i`; nil where none begins there or it is incomplete.
  @inline(__always)
  private static func characterLength(_ bytes: PaddedBytes, at i: Int, end: Int) -> Int? {
    let lead = bytes[i]
    if lead < 0x80 { return 1 }
    let length: Int
    let second: ClosedRange<UInt8>
    switch lead {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    default: return nil
    }
    guard i + length <= end, second.contains(bytes[i + 1]) else { return nil }
    for k in 2..<max(2, length) where bytes[i + k] & 0xC0 != 0x80 { return nil }
    return length
  }
}
