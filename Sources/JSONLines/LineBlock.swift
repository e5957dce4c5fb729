import Foundation

/// Whole lines of a byte stream in one buffer that is used again and again.
///
///     |  line "\n" line "\n" … line "\n"  |  padding, any content  |
///     0                                   count                    capacity
public final class LineBlock {
  /// Which block of its stream this is, from 0.
  public internal(set) var ordinal = 0
  /// Where the block begins in the stream, in bytes.
  public internal(set) var offset = 0
  /// The bytes of all lines, each with its newline. The last line of a stream gets one where it has none.
  public internal(set) var count = 0
  /// Whether the last line's newline is not in the stream.
  public internal(set) var lacksFinalNewline = false
  /// Set where this block holds only the beginning of one line longer than the reader's limit: its length in bytes.
  public internal(set) var cutLineLength: Int?

  private(set) var memory: UnsafeMutableRawBufferPointer
  /// Room for text; the padding comes on top.
  var capacity: Int { memory.count - PaddedBytes.padding }

  public init() { memory = LineBlock.allocate(0) }

  deinit { memory.deallocate() }

  /// The whole block, its last newline as the sentinel. Empty blocks are not handed out.
  public var bytes: PaddedBytes { PaddedBytes(base: UnsafeRawPointer(memory.baseAddress!), count: count - 1) }

  /// One line without its newline.
  @inlinable
  public func line(_ range: Range<Int>) -> PaddedBytes { bytes.part(range) }

  /// The index of the newline, or other delimiter, that ends the line with the byte at `start`.
  public func endOfLine(from start: Int, delimiter: UInt8 = ASCII.newline) -> Int {
    let base = memory.baseAddress!
    guard let found = memchr(base + start, Int32(delimiter), count - start) else { return count - 1 }
    return UnsafeMutableRawPointer(found) - base
  }

  // MARK: - Writing

  /// Begins a new block of lines that are about to be written.
  public func clear() {
    count = 0
    lacksFinalNewline = false
    cutLineLength = nil
  }

  public func append(_ byte: UInt8) {
    reserve(count + 1, keeping: count)
    memory[count] = byte
    count += 1
  }

  public func append(_ bytes: UnsafeRawBufferPointer) {
    reserve(count + bytes.count, keeping: count)
    if let source = bytes.baseAddress { (memory.baseAddress! + count).copyMemory(from: source, byteCount: bytes.count) }
    count += bytes.count
  }

  public func append(_ text: some Collection<UInt8>) {
    reserve(count + text.count, keeping: count)
    UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + text.count]).copyBytes(from: text)
    count += text.count
  }

  /// Takes back what was written after the first `kept` bytes.
  public func truncate(to kept: Int) { count = min(count, kept) }

  /// Forgets the first bytes; the others move to the beginning.
  public func dropFirst(_ dropped: Int) {
    let base = memory.baseAddress!
    memmove(base, base + dropped, count - dropped)
    count -= dropped
  }

  /// What has been written so far, line ended or not.
  public func written(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: memory[range])
  }

  /// Makes room for `needed` bytes of text, keeping the first `used`.
  func reserve(_ needed: Int, keeping used: Int) {
    guard needed > capacity else { return }
    let larger = LineBlock.allocate(max(needed, capacity == 0 ? needed : capacity * 2))
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<used]))
    memory.deallocate()
    memory = larger
  }

  private static func allocate(_ capacity: Int) -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: capacity + PaddedBytes.padding, alignment: 64)
  }
}
