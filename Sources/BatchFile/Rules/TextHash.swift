/// A 64-bit hash of a `custom_id` or a name. Different hashes prove that two texts differ; where hashes are equal, the
/// texts must be compared.
enum TextHash {
  /// Chosen anew in each process, so that no one can prepare ids whose hashes collide.
  static let seed = UInt64.random(in: 1...UInt64.max)

  @inline(__always)
  static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
    let base = bytes.baseAddress!
    var h = seed ^ UInt64(truncatingIfNeeded: bytes.count)
    var i = 0
    while bytes.count - i > 16 {
      h = mix(base.loadUnaligned(fromByteOffset: i, as: UInt64.self) ^ first, h ^ second)
      h = mix(base.loadUnaligned(fromByteOffset: i + 8, as: UInt64.self) ^ second, h ^ first)
      i += 16
    }
    let left = bytes.count - i
    var a: UInt64 = 0
    var b: UInt64 = 0
    if left >= 8 {
      a = base.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      b = base.loadUnaligned(fromByteOffset: i + left - 8, as: UInt64.self)
    } else if left >= 4 {
      a = UInt64(base.loadUnaligned(fromByteOffset: i, as: UInt32.self))
      b = UInt64(base.loadUnaligned(fromByteOffset: i + left - 4, as: UInt32.self))
    } else if left > 0 {
      a = UInt64(bytes[i]) << 16 | UInt64(bytes[i + left >> 1]) << 8 | UInt64(bytes[i + left - 1])
    }
    return mix(mix(a ^ first, h ^ b), second ^ h)
  }

  private static let first: UInt64 = 0xA076_1D64_78BD_642F
  private static let second: UInt64 = 0xE703_7ED1_A0B4_28DB

  @inline(__always)
  private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.low ^ product.high
  }
}
