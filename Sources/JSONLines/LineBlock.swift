import Foundation

/// Whole lines of a byte stream, in one buffer that is used again for each block.
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
  /// Whether the stream has no newline after the last line.
  public internal(set) var lacksFinalNewline = false
  /// The length in bytes of a line that is over the reader's limit, where the block holds only the beginning of one;
  /// otherwise nil.
  public internal(set) var cutLineLength: Int?

  private(set) var memory: UnsafeMutableRawBufferPointer
  /// How many bytes of text fit, beside the padding.
  var capacity: Int { memory.count - PaddedBytes.padding }

  public init() { memory = LineBlock.allocate(0) }

  deinit { memory.deallocate() }

  /// The whole block, with its last newline as the sentinel. The block must not be empty.
  public var bytes: PaddedBytes { PaddedBytes(base: UnsafeRawPointer(memory.baseAddress!), count: count - 1) }

  /// Where the text begins: after the byte-order mark, which only the first block of a stream can have.
  public var textStart: Int {
    offset == 0 && count > 3 && memory[0] == 0xEF && memory[1] == 0xBB && memory[2] == 0xBF ? 3 : 0
  }

  /// One line without its newline.
  @inlinable
  public func line(_ range: Range<Int>) -> PaddedBytes { bytes.part(range) }

  /// The index of the newline, or of another delimiter, that ends the line which the byte at `start` belongs to.
  public func endOfLine(from start: Int, delimiter: UInt8 = ASCII.newline) -> Int {
    bytes.endOfLine(from: start, delimiter: delimiter)
  }

  /// Makes the block empty.
  public func clear() { count = 0 }

  /// The bytes of a range of the block.
  public func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[range]) }

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
