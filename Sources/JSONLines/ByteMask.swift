#if arch(x86_64) && canImport(_Builtin_intrinsics.intel.sse2)
  import _Builtin_intrinsics.intel.sse2
#endif

extension SIMDMask<SIMD16<Int8>> {
  /// One bit for each lane; the lowest bit is for the first lane.
  ///
  /// On x86-64 this is a single instruction (pmovmskb), which every such processor has. The compiler makes it from none
  /// of the operations of Swift's SIMD types, so it is called by a module of the toolchain. Other processors use
  /// ``gatheredBits``.
  @inlinable @inline(__always)
  public var bits: UInt64 {
    #if arch(x86_64) && canImport(_Builtin_intrinsics.intel.sse2)
      return UInt64(truncatingIfNeeded: _mm_movemask_epi8(unsafeBitCast(self, to: SIMD2<Int64>.self)))
    #else
      return gatheredBits
    #endif
  }

  /// The same in plain arithmetic. A multiplication moves one bit of each byte into the high half of the product, next
  /// to each other and in order. The product has full width, because the compiler would make vectors of narrower ones,
  /// and processors cannot multiply those quickly.
  @inlinable @inline(__always)
  public var gatheredBits: UInt64 {
    let w = unsafeBitCast(self, to: SIMD2<UInt64>.self)
    let low = (w[0] & 0x0202_0202_0202_0202).multipliedFullWidth(by: 0x8102_0408_1020_4000).high & 0xFF
    let high = (w[1] & 0x0202_0202_0202_0202).multipliedFullWidth(by: 0x8102_0408_1020_4000).high & 0xFF
    return low | high &<< 8
  }
}

extension SIMD16<UInt8> {
  /// The lanes that are 0x80 or above, one bit each; the lowest bit is for the first lane.
  @inlinable @inline(__always)
  public var highBits: UInt64 { (unsafeBitCast(self, to: SIMD16<Int8>.self) .< SIMD16<Int8>()).bits }
}
