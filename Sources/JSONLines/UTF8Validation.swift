/// Strict UTF-8 (Unicode 16, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF.
public enum UTF8Validation {
  /// Whether `range` is UTF-8. Both ends must be borders of characters where the text is good, and an ASCII byte
  /// must stand before the range and after it: true inside a string's quotes.
  public static func isValid(_ bytes: PaddedBytes, _ range: Range<Int>) -> Bool {
    // Each byte is judged beside the three before it, sixteen at a time; the vector that holds the closing quote
    // shows a character cut short, since the quote is no continuation. What lies beyond it must not count, so
    // the last vectors are judged again a byte at a time.
    var i = range.lowerBound
    guard range.count >= 64 else { return isValidByteByByte(bytes, range) }
    // The first three bytes have no complete past of their own.
    let early = i
    var faults = SIMDMask<SIMD16<Int8>>(repeating: false)
    i += 3
    while i + 16 <= range.upperBound {
      let now = bytes.vector(at: i)
      let past1 = bytes.vector(at: i - 1)
      if (now | bytes.vector(at: i - 3)).hasHighBit {
        let past2 = bytes.vector(at: i - 2)
        let past3 = bytes.vector(at: i - 3)
        let isContinuation = (now .>= v(0x80)) .& (now .< v(0xC0))
        let mustContinue = (past1 .>= v(0xC0)) .| (past2 .>= v(0xE0)) .| (past3 .>= v(0xF0))
        // Leads that open no character, and second bytes out of their lead's range.
        let badLead = ((now & v(0xFE)) .== v(0xC0)) .| (now .> v(0xF4))
        let badSecondOf3 = ((past1 .== v(0xE0)) .& (now .< v(0xA0))) .| ((past1 .== v(0xED)) .& (now .>= v(0xA0)))
        let badSecondOf4 = ((past1 .== v(0xF0)) .& (now .< v(0x90))) .| ((past1 .== v(0xF4)) .& (now .>= v(0x90)))
        let misplaced = isContinuation .^ mustContinue
        faults.formUnion(misplaced .| badLead .| (badSecondOf3 .| badSecondOf4))
      }
      i += 16
    }
    let w = unsafeBitCast(faults, to: SIMD2<UInt64>.self)
    if w[0] | w[1] != 0 { return false }
    // The beginning, until a character ends after the third byte; the end, from a border before the last vector.
    var head = early
    while head < early + 3 {
      guard let length = characterLength(bytes, at: head, end: range.upperBound) else { return false }
      head += length
    }
    var tail = i - 1
    while tail > early, bytes[tail] & 0xC0 == 0x80 { tail -= 1 }
    return isValidByteByByte(bytes, tail..<range.upperBound)
  }

  /// The first byte that belongs to no character of a range, where there is one.
  public static func firstFault(_ bytes: PaddedBytes, _ range: Range<Int>) -> Int? {
    var i = range.lowerBound
    while i < range.upperBound {
      guard let length = characterLength(bytes, at: i, end: range.upperBound) else { return i }
      i += length
    }
    return nil
  }

  private static func isValidByteByByte(_ bytes: PaddedBytes, _ range: Range<Int>) -> Bool {
    firstFault(bytes, range) == nil
  }

  @inline(__always)
  private static func v(_ byte: UInt8) -> SIMD16<UInt8> { SIMD16(repeating: byte) }

  /// The number of bytes of the character at `i`; nil where none begins or it is cut short.
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

extension SIMDMask<SIMD16<Int8>> {
  @inline(__always)
  fileprivate mutating func formUnion(_ other: Self) {
    let all = self .| other
    self = all
  }
}
