import Foundation

/// Bytes that may be read a little past their end. All unsafe loads of the hot code go through this type.
///
///     | count bytes of text | "\n" | padding, any content |
///     0                     count                         count + PaddedBytes.padding
///
/// Whoever makes a value promises three things for as long as it is used. The memory stays in its place and does not
/// change. The byte at `count` is a newline, the sentinel, at which every loop over JSON text stops. And
/// ``PaddedBytes/padding`` bytes from `count` on can be read. Debug builds check every load against this promise.
public struct PaddedBytes {
  /// How many bytes after the end can be read: enough for four vectors of 16 bytes that begin at the sentinel, and
  /// more.
  public static let padding = 128

  @usableFromInline let base: UnsafeRawPointer
  /// The length of the text, without the sentinel.
  public let count: Int

  @inlinable
  public init(base: UnsafeRawPointer, count: Int) {
    self.base = base
    self.count = count
  }

  @inlinable
  public subscript(_ i: Int) -> UInt8 {
    @inline(__always) get {
      assert(i >= 0 && i < count + PaddedBytes.padding)
      return base.load(fromByteOffset: i, as: UInt8.self)
    }
  }

  /// Eight bytes from `i` on, the first in the lowest bits.
  @inlinable @inline(__always)
  public func word(at i: Int) -> UInt64 {
    assert(i >= 0 && i + 8 <= count + PaddedBytes.padding)
    return UInt64(littleEndian: base.loadUnaligned(fromByteOffset: i, as: UInt64.self))
  }

  /// Sixteen bytes from `i` on.
  @inlinable @inline(__always)
  public func vector(at i: Int) -> SIMD16<UInt8> {
    assert(i >= 0 && i + 16 <= count + PaddedBytes.padding)
    return base.loadUnaligned(fromByteOffset: i, as: SIMD16<UInt8>.self)
  }

  /// The bytes of a range, valid as long as the memory behind this value.
  @inlinable
  public func buffer(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    assert(range.lowerBound >= 0 && range.upperBound <= count + PaddedBytes.padding)
    return UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  /// The bytes of a range, in the same memory. A range that ends at a newline keeps the promise. Any other range can be
  /// read too, but its sentinel is the byte that happens to be there.
  @inlinable
  public func part(_ range: Range<Int>) -> PaddedBytes {
    assert(range.lowerBound >= 0 && range.upperBound <= count)
    return PaddedBytes(base: base + range.lowerBound, count: range.count)
  }

  /// Whether `other` has all of these bytes at `i`. It must be readable for as many bytes from there.
  @inlinable @inline(__always)
  public func equals(_ other: PaddedBytes, at i: Int) -> Bool {
    var k = 0
    while k + 64 <= count {
      let same =
        ((vector(at: k) .== other.vector(at: i + k)) .& (vector(at: k + 16) .== other.vector(at: i + k + 16)))
        .& ((vector(at: k + 32) .== other.vector(at: i + k + 32))
          .& (vector(at: k + 48) .== other.vector(at: i + k + 48)))
      if same.bits != 0xFFFF { return false }
      k += 64
    }
    while k + 16 <= count {
      if (vector(at: k) .== other.vector(at: i + k)).bits != 0xFFFF { return false }
      k += 16
    }
    // The last bytes are compared, without those after the end.
    return (vector(at: k) .!= other.vector(at: i + k)).bits & ((1 &<< UInt64(count - k)) &- 1) == 0
  }

  /// The index of the newline, or of another delimiter, that ends the line which the byte at `start` belongs to. If
  /// there is none, the index of the sentinel.
  public func endOfLine(from start: Int, delimiter: UInt8 = ASCII.newline) -> Int {
    guard let found = memchr(base + start, Int32(delimiter), count - start) else { return count }
    return UnsafeRawPointer(found) - base
  }

  /// The index of the first of two bytes from `start` on. One of the two must be there, as the sentinel is.
  public func find(_ one: UInt8, or other: UInt8, from start: Int) -> Int {
    let (a, b) = (SIMD16<UInt8>(repeating: one), SIMD16<UInt8>(repeating: other))
    var i = start
    while true {
      let v = vector(at: i)
      let found = ((v .== a) .| (v .== b)).bits
      if found != 0 { return i + found.trailingZeroBitCount }
      i += 16
    }
  }

  /// How often a byte occurs in a range.
  public func count(of byte: UInt8, in range: Range<Int>) -> Int {
    var i = range.lowerBound
    var total = 0
    while i < range.upperBound {
      let left = range.upperBound - i
      let inside: UInt64 = left >= 64 ? ~0 : (1 &<< UInt64(left)) &- 1
      total += (Block64(self, at: i).equal(byte) & inside).nonzeroBitCount
      i += 64
    }
    return total
  }

  /// How many code points begin among the bytes of a range.
  public func codePoints(in range: Range<Int>) -> Int {
    var i = range.lowerBound
    var total = 0
    while i < range.upperBound {
      let left = range.upperBound - i
      let inside: UInt64 = left >= 64 ? ~0 : (1 &<< UInt64(left)) &- 1
      // As signed numbers the bytes that continue a code point, 0x80 to 0xBF, are the lowest.
      total += (Block64(self, at: i).signedAbove(0xBF) & inside).nonzeroBitCount
      i += 64
    }
    return total
  }

  /// The text of a range, for people: invalid UTF-8 becomes U+FFFD.
  public func text(_ range: Range<Int>) -> String {
    String(decoding: buffer(range), as: UTF8.self)
  }
}

extension PaddedBytes {
  /// Makes a padded copy, which stays valid until ``deallocate()`` is called.
  public static func copy(of bytes: UnsafeRawBufferPointer) -> PaddedBytes {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + padding, alignment: 16)
    memory.copyMemory(from: bytes)
    memory[bytes.count...].initializeMemory(as: UInt8.self, repeating: ASCII.newline)
    return PaddedBytes(base: UnsafeRawPointer(memory.baseAddress!), count: bytes.count)
  }

  /// Frees a copy that ``copy(of:)`` made.
  public func deallocate() { base.deallocate() }

  /// Calls `body` with a padded copy of `bytes`, which is freed afterwards.
  public static func withCopy<R, E: Error>(
    of bytes: some Collection<UInt8>, _ body: (PaddedBytes) throws(E) -> R
  ) throws(E) -> R {
    let count = bytes.count
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count + padding, alignment: 16)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    memory[count...].initializeMemory(as: UInt8.self, repeating: 0x0A)
    return try body(PaddedBytes(base: UnsafeRawPointer(memory.baseAddress!), count: count))
  }
}
