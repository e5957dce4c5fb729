/// Tells whether two contents are the same, at the speed of memory: 128 bits, the same in every process.
///
/// It shows that a file changed by mistake or by hand. It is no protection from someone who wants two files to look alike.
struct ContentDigest {
  private static let step = 64
  private static let secrets: (UInt64, UInt64, UInt64, UInt64) = (
    0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3, 0x5899_65CC_7537_4CC3
  )

  /// Four lanes that are computed independently of each other; each takes sixteen bytes of a step.
  private var lanes = secrets
  /// The bytes that do not fill a step yet.
  private var rest: [UInt8] = []
  /// The length of the content, in bytes.
  private(set) var count = 0

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    count += bytes.count
    var start = 0
    if !rest.isEmpty {
      start = min(ContentDigest.step - rest.count, bytes.count)
      rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<start]))
      guard rest.count == ContentDigest.step else { return }
      lanes = rest.withUnsafeBytes { ContentDigest.mixed($0, lanes) }
      rest.removeAll(keepingCapacity: true)
    }
    let end = bytes.count - (bytes.count - start) % ContentDigest.step
    if end > start { lanes = ContentDigest.mixed(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), lanes) }
    rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[end...]))
  }

  /// The digest of all bytes so far, as 32 hexadecimal digits.
  var text: String {
    let padded = rest + Array(repeating: 0, count: ContentDigest.step - rest.count)
    let (a, b, c, d) = padded.withUnsafeBytes { ContentDigest.mixed($0, lanes) }
    let size = UInt64(truncatingIfNeeded: count)
    let (first, second, third, fourth) = ContentDigest.secrets
    let one = ContentDigest.mix(a ^ second, b ^ size) ^ ContentDigest.mix(c ^ third, d ^ fourth)
    let other = ContentDigest.mix(a ^ third, c ^ size) ^ ContentDigest.mix(b ^ fourth, d ^ first)
    return [one, other].map { number in
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// - Parameter bytes: whole steps.
  private static func mixed(
    _ bytes: UnsafeRawBufferPointer, _ lanes: (UInt64, UInt64, UInt64, UInt64)
  ) -> (UInt64, UInt64, UInt64, UInt64) {
    var (a, b, c, d) = lanes
    var i = 0
    while i < bytes.count {
      a = next(a, bytes, i, secrets.0)
      b = next(b, bytes, i + 16, secrets.1)
      c = next(c, bytes, i + 32, secrets.2)
      d = next(d, bytes, i + 48, secrets.3)
      i += step
    }
    return (a, b, c, d)
  }

  /// The former value of the lane is added, so that it has an effect even where a product is 0.
  @inline(__always)
  private static func next(_ lane: UInt64, _ bytes: UnsafeRawBufferPointer, _ i: Int, _ secret: UInt64) -> UInt64 {
    let one = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
    let other = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i + 8, as: UInt64.self))
    return mix(one ^ secret, other ^ lane) ^ (lane &<< 1 | lane &>> 63)
  }

  @inline(__always)
  private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.low ^ product.high
  }
}
