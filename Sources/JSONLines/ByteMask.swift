#if arch(x86_64) && canImport(_Builtin_intrinsics.intel.sse2)
  import _Builtin_intrinsics.intel.sse2
#endif

extension SIMDMask<SIMD16<Int8>> {
  /// One bit a lane, the first in the lowest.
  ///
  /// On x86-64 the one instruction that is made for it, of which nothing in Swift's SIMD types is compiled; it comes
  /// with the toolchain and is in every x86-64 processor. Elsewhere, ``gatheredBits``.
  @inlinable @inline(__always)
  public var bits: UInt64 {
    #if arch(x86_64) && canImport(_Builtin_intrinsics.intel.sse2)
      return UInt64(truncatingIfNeeded: _mm_movemask_epi8(unsafeBitCast(self, to: SIMD2<Int64>.self)))
    #else
      return gatheredBits
    #endif
  }

  /// The same in plain arithmetic. A multiplication moves one bit of each byte next to the others, in order, above
  /// bit 64: a product of full width, since the compiler would make vectors of narrower ones, and processors have no
  /// multiplication of those.
  @inlinable @inline(__always)
  public var gatheredBits: UInt64 {
    let w = unsafeBitCast(self, to: SIMD2<UInt64>.self)
    let low = (w[0] & 0x0202_0202_0202_0202).multipliedFullWidth(by: 0x8102_0408_1020_4000).high & 0xFF
    let high = (w[1] & 0x0202_0202_0202_0202).multipliedFullWidth(by: 0x8102_0408_1020_4000).high & 0xFF
    return low | high &<< 8
  }
}

extension SIMD16<UInt8> {
  /// The lanes of 0x80 and above, one bit each, the first in the lowest.
  @inlinable @inline(__always)
  public var highBits: UInt64 { (unsafeBitCast(self, to: SIMD16<Int8>.self) .< SIMD16<Int8>()).bits }
}
