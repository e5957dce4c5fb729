#if arch(x86_64) && canImport(_Builtin_intrinsics.intel.sse2)
  import _Builtin_intrinsics.intel.sse2
#endif

/// Sixty-four bytes. A question about them has 64 answers in the bits of a number; the lowest bit is for the first
/// byte.
public struct Block64 {
  @usableFromInline let a, b, c, d: SIMD16<UInt8>

  public typealias Mask = SIMDMask<SIMD16<Int8>>

  @inlinable @inline(__always)
  public init(_ bytes: PaddedBytes, at i: Int) {
    a = bytes.vector(at: i)
    b = bytes.vector(at: i &+ 16)
    c = bytes.vector(at: i &+ 32)
    d = bytes.vector(at: i &+ 48)
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

  /// The groups of four bytes that a test is true for: sixteen bits, the lowest for the first four bytes.
  ///
  /// On x86-64 the masks of the bytes are packed with saturation (packssdw, packsswb), in half the time of ``bits(_:)``:
  /// four bytes become one byte, which has all bits exactly if they all had. Other processors use ``gatheredFours(_:)``.
  @inlinable @inline(__always)
  public func fours(_ test: (SIMD16<UInt8>) -> Mask) -> UInt32 {
    #if arch(x86_64) && canImport(_Builtin_intrinsics.intel.sse2)
      func mask(_ v: SIMD16<UInt8>) -> SIMD2<Int64> { unsafeBitCast(test(v), to: SIMD2<Int64>.self) }
      let packed = _mm_packs_epi16(_mm_packs_epi32(mask(a), mask(b)), _mm_packs_epi32(mask(c), mask(d)))
      return UInt32(
        truncatingIfNeeded: (unsafeBitCast(packed, to: SIMD16<Int8>.self) .== SIMD16<Int8>(repeating: -1)).bits)
    #else
      return gatheredFours(test)
    #endif
  }

  /// The same in plain arithmetic.
  @inlinable @inline(__always)
  public func gatheredFours(_ test: (SIMD16<UInt8>) -> Mask) -> UInt32 {
    let bytes = bits(test)
    let pairs = bytes & bytes &>> 1
    var fours = pairs & pairs &>> 2 & 0x1111_1111_1111_1111
    fours = (fours | fours &>> 3) & 0x0303_0303_0303_0303
    fours = (fours | fours &>> 6) & 0x000F_000F_000F_000F
    fours = (fours | fours &>> 12) & 0x0000_00FF_0000_00FF
    return UInt32(truncatingIfNeeded: (fours | fours &>> 24) & 0xFFFF)
  }
}
