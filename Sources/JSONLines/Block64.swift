/// Sixty-four bytes. A question about them has 64 answers in the bits of a number; the lowest bit is for the first
/// byte.
public struct Block64 {
  @usableFromInline let a, b, c, d: SIMD16<UInt8>

  public typealias Mask = SIMDMask<SIMD16<Int8>>

  @inlinable @inline(__always)
  public init(_ bytes: PaddedBytes, at i: Int) {
    a = bytes.vector(at: i)
    b = bytes.vector(at: i + 16)
    c = bytes.vector(at: i + 32)
    d = bytes.vector(at: i + 48)
  }

  @inlinable @inline(__always)
  public func store(to target: UnsafeMutablePointer<UInt8>) {
    let raw = UnsafeMutableRawPointer(target)
    raw.storeBytes(of: a, as: SIMD16<UInt8>.self)
    raw.storeBytes(of: b, toByteOffset: 16, as: SIMD16<UInt8>.self)
    raw.storeBytes(of: c, toByteOffset: 32, as: SIMD16<UInt8>.self)
    raw.storeBytes(of: d, toByteOffset: 48, as: SIMD16<UInt8>.self)
  }

  @inlinable @inline(__always)
  public func bits(_ test: (SIMD16<UInt8>) -> Mask) -> UInt64 {
    test(a).bits | test(b).bits &<< 16 | test(c).bits &<< 32 | test(d).bits &<< 48
  }

  /// Whether the test is true for any byte, which is cheaper to find out than for which.
  @inlinable @inline(__always)
  public func contains(_ test: (SIMD16<UInt8>) -> Mask) -> Bool {
    ((test(a) .| test(b)) .| (test(c) .| test(d))).bits != 0
  }

  @inlinable @inline(__always)
  public func equal(_ byte: UInt8) -> UInt64 {
    let wanted = SIMD16<UInt8>(repeating: byte)
    return bits { $0 .== wanted }
  }

  /// The bytes of 0x80 and above.
  @inlinable @inline(__always)
  public var highBits: UInt64 { a.highBits | b.highBits &<< 16 | c.highBits &<< 32 | d.highBits &<< 48 }

  /// The bytes that are above `limit` as signed numbers. As such 0x80 is the lowest, and ASCII is above all other
  /// bytes.
  @inlinable @inline(__always)
  public func signedAbove(_ limit: UInt8) -> UInt64 {
    let limit = SIMD16<Int8>(repeating: Int8(bitPattern: limit))
    return bits { unsafeBitCast($0, to: SIMD16<Int8>.self) .> limit }
  }
}
