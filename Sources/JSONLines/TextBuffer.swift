import Foundation

/// Text that is being written, in one growing piece of memory.
///
///     |  written  |  free  |  padding  |
///     0           count    capacity
///
/// It is a struct and not a class, so that writers need no reference count and no check for exclusive access.
public struct TextBuffer: ~Copyable {
  /// How many bytes were written.
  public private(set) var count = 0
  private var base: UnsafeMutableRawPointer
  private var capacity: Int

  public init(capacity: Int = 4_096) {
    self.capacity = capacity
    base = .allocate(byteCount: capacity + PaddedBytes.padding, alignment: 64)
  }

  deinit { base.deallocate() }

  /// All that was written, with its last byte as the sentinel. That byte must be a newline.
  public var lines: PaddedBytes { PaddedBytes(base: UnsafeRawPointer(base), count: count - 1) }

  /// The bytes of a range.
  public func written(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  public mutating func clear() { count = 0 }

  /// Removes what was written after the first `kept` bytes.
  public mutating func truncate(to kept: Int) { count = min(count, kept) }

  public mutating func append(_ byte: UInt8) {
    if count == capacity { grow(1) }
    base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if capacity - count < bytes.count { grow(bytes.count) }
    if let source = bytes.baseAddress { (base + count).copyMemory(from: source, byteCount: bytes.count) }
    count += bytes.count
  }

  /// Calls `fill` to write at the end. It gets room for `most` bytes and the padding, and returns how many bytes it
  /// wrote.
  @inline(__always)
  public mutating func append(atMost most: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Int) {
    if capacity - count < most { grow(most) }
    let written = fill((base + count).assumingMemoryBound(to: UInt8.self))
    assert(written <= most)
    count += written
  }

  /// Replaces each occurrence of a byte by another one.
  public mutating func replace(_ byte: UInt8, by other: UInt8) {
    var i = 0
    while let found = memchr(base + i, Int32(byte), count - i) {
      found.storeBytes(of: other, as: UInt8.self)
      i = found - base + 1
    }
  }

  public mutating func append(_ text: [UInt8]) { text.withUnsafeBytes { append($0) } }

  /// Appends a number in decimal digits.
  public mutating func append(decimal number: Int) {
    if number < 0 { append(ASCII.minus) }
    var digits = number.magnitude
    var places = 1
    var limit: UInt = 10
    while digits >= limit, places < 19 {
      limit &*= 10
      places &+= 1
    }
    if capacity - count < places { grow(places) }
    // Each line of a conversion has a number, so this does without the checks for overflow that cannot happen.
    let first = (base + count).assumingMemoryBound(to: UInt8.self)
    var place = places
    while place > 0 {
      place &-= 1
      first[place] = ASCII.zero &+ UInt8(truncatingIfNeeded: digits % 10)
      digits /= 10
    }
    count += places
  }

  private mutating func grow(_ more: Int) {
    let larger = max(count + more, capacity * 2)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: larger + PaddedBytes.padding, alignment: 64)
    memory.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = memory
    capacity = larger
  }
}
