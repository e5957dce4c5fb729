/// Scans JSON numbers.
public enum NumberScanner {
  /// Moves `i` from a digit or a minus sign to the first byte after the number.
  /// - Returns: the fault; nil for a valid number.
  @inlinable
  public static func scan(_ bytes: PaddedBytes, _ i: inout Int) -> JSONError? {
    let start = i
    if bytes[i] == ASCII.minus { i += 1 }
    if bytes[i] == ASCII.zero {
      i += 1
      if ASCII.isDigit(bytes[i]) { return JSONError(.leadingZero, at: i - 1) }
    } else {
      guard skipDigits(bytes, &i) else { return fault(bytes, at: i, from: start) }
    }
    if bytes[i] == ASCII.point {
      i += 1
      guard skipDigits(bytes, &i) else { return fault(bytes, at: i, from: start) }
    }
    if bytes[i] | 0x20 == 0x65 {
      i += 1
      if bytes[i] == ASCII.plus || bytes[i] == ASCII.minus { i += 1 }
      guard skipDigits(bytes, &i) else { return fault(bytes, at: i, from: start) }
    }
    return nil
  }

  @inlinable @inline(__always)
  static func skipDigits(_ bytes: PaddedBytes, _ i: inout Int) -> Bool {
    let start = i
    while true {
      // The first byte that is no digit is found at once: the end of a loop over a few digits is hard to predict.
      let (zero, ten) = (SIMD16<UInt8>(repeating: 0x30), SIMD16<UInt8>(repeating: 10))
      let others = ((bytes.vector(at: i) &- zero) .>= ten).bits
      if others != 0 {
        i &+= others.trailingZeroBitCount
        return i > start
      }
      i &+= 16
    }
  }

  @usableFromInline
  static func fault(_ bytes: PaddedBytes, at i: Int, from start: Int) -> JSONError {
    if i == bytes.count { return JSONError(.cutShort, at: i) }
    // This is probably -Infinity, which Python's json.dumps writes.
    if i == start + 1, bytes[i] == 0x49 { return JSONError(.notANumberLiteral, at: start) }
    return JSONError(.invalidNumber, at: i)
  }

  /// The number in `range` as the nearest double; an infinity where it is too large.
  public static func double(_ bytes: PaddedBytes, _ range: Range<Int>) -> Double {
    // Up to fifteen digits and powers of ten up to 22 are exact in a double, so these numbers need one multiplication
    // or division. Nearly all numbers in batch files are like that.
    var i = range.lowerBound
    let isNegative = bytes[i] == ASCII.minus
    if isNegative { i += 1 }
    var digits = 0
    var scale = -1
    while i < range.upperBound, i - range.lowerBound <= 16 {
      let byte = bytes[i]
      if ASCII.isDigit(byte) {
        digits = digits &* 10 &+ Int(byte &- ASCII.zero)
        if scale >= 0 { scale += 1 }
      } else if byte == ASCII.point, scale < 0 {
        scale = 0
      } else {
        break
      }
      i += 1
    }
    if i == range.upperBound, digits < 1_000_000_000_000_000 {
      let magnitude = scale > 0 ? Double(digits) / powersOfTen[scale] : Double(digits)
      return isNegative ? -magnitude : magnitude
    }
    // `Double` reads every number that JSON allows.
    return Double(bytes.text(range)) ?? (isNegative ? -.infinity : .infinity)
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  ]
}
