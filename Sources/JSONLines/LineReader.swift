import Foundation

/// Reads a byte stream as blocks of whole lines: only a newline ends a line, and no line is ever handed out in parts.
///
/// `FileHandle` opens and owns the file; the bytes come by `read(2)` on its descriptor, straight into the block:
/// `FileHandle.read(upToCount:)` allocates, reads 4 KiB at a time and waits on a pipe until the full count is there.
public final class LineReader {
  /// A block's size; a block with a longer line grows. Larger ones gained nothing when measured, 64 KiB lost 6 %.
  public static let defaultBlockSize = 256 << 10
  /// The longest line that is read whole, in bytes.
  public static let defaultLineLimit = 64 << 20
  /// How much of a line over the limit is kept, to show where it is.
  private static let keptOfCutLine = 256

  private let handle: FileHandle
  /// The byte that ends a line: a newline, or NUL for lists that `find -print0` and its kind write.
  public let delimiter: UInt8
  private let blockSize: Int
  private let lineLimit: Int
  private var nextOrdinal = 0
  private var nextOffset = 0
  /// The beginning of a line whose newline has not been read yet.
  private var rest: [UInt8] = []
  /// Whether whole lines are in there too: what was read while looking for the end of a line over the limit.
  private var restHoldsLines = false
  /// How much of `rest` was put back, in bytes.
  private var putBackCount = 0
  /// Whether the end of the stream has been seen: a block that is put back comes again as it was.
  public private(set) var isAtEnd = false

  /// - Parameter prefix: bytes that have been read of the stream already, to be handed out first.
  public init(
    _ handle: FileHandle, prefix: [UInt8] = [], blockSize: Int = LineReader.defaultBlockSize,
    lineLimit: Int = LineReader.defaultLineLimit,
    delimiter: UInt8 = ASCII.newline
  ) {
    self.delimiter = delimiter
    self.handle = handle
    rest = prefix
    restHoldsLines = prefix.contains(delimiter)
    bytesRead = prefix.count
    self.blockSize = max(1, blockSize)
    self.lineLimit = min(max(1, lineLimit), JSONScanner.lengthLimit)
  }

  /// Bytes read so far: at the end, the size of the input.
  public private(set) var bytesRead: Int

  /// Fills the block with the next lines.
  /// - Returns: false at the end of the stream.
  public func fill(_ block: LineBlock) throws(InputError) -> Bool {
    block.ordinal = nextOrdinal
    block.offset = nextOffset
    block.cutLineLength = nil
    block.lacksFinalNewline = false
    // What was put back comes again with at least as much again: it may be put back many times.
    let wanted = min(2 * putBackCount, lineLimit)
    putBackCount = 0
    block.reserve(max(blockSize, rest.count, wanted) + 1, keeping: 0)
    rest.withUnsafeBytes { block.memory.copyMemory(from: $0) }
    if restHoldsLines, let newline = rest.lastIndex(of: delimiter) {
      restHoldsLines = false
      rest.removeFirst(newline + 1)
      hand(out: block, newline + 1)
      return true
    }
    var used = rest.count
    rest.removeAll(keepingCapacity: true)
    var lastDelimiter = -1

    while !isAtEnd {
      if used > lineLimit {
        try cutLine(block, used)
        return true
      }
      // A line that is longer than the block: twice the room, one byte over the limit at the most.
      if used >= block.capacity - 1 { block.reserve(min(used * 2, lineLimit + 1) + 1, keeping: used) }
      // Never more than a line at the limit with its newline: else a longer one could come in whole.
      let end = min(block.capacity - 1, lineLimit + 1)
      let room = UnsafeMutableRawBufferPointer(rebasing: block.memory[used..<end])
      let read = try readOnce(into: room)
      if read == 0 {
        isAtEnd = true
        break
      }
      let filled = used + read
      if let found = lastNewline(block.memory, used..<filled) { lastDelimiter = found }
      if lastDelimiter >= 0, filled >= wanted {
        rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: block.memory[lastDelimiter + 1..<filled]))
        hand(out: block, lastDelimiter + 1)
        return true
      }
      used = filled
    }
    if used == 0 { return false }
    if used > lineLimit {
      try cutLine(block, used)
      return true
    }
    // Lines that were put back, and nothing came after them.
    if block.memory[used - 1] == delimiter {
      hand(out: block, used)
      return true
    }
    // The last line, without a newline of its own; there is always room for the sentinel.
    block.memory[used] = delimiter
    block.lacksFinalNewline = true
    hand(out: block, used + 1)
    return true
  }

  /// Puts the end of the block that was filled last back: the next one begins with it.
  public func putBack(_ block: LineBlock, from start: Int) {
    let end = block.lacksFinalNewline ? block.count - 1 : block.count
    rest.insert(contentsOf: block.part(start..<end), at: 0)
    putBackCount = end - start
    nextOffset -= block.count - start
  }

  private func hand(out block: LineBlock, _ count: Int) {
    block.count = count
    nextOrdinal += 1
    nextOffset += count
  }

  /// Keeps the beginning of a line over the limit and skips the others of its bytes.
  private func cutLine(_ block: LineBlock, _ used: Int) throws(InputError) {
    let kept = min(used, LineReader.keptOfCutLine)
    var length = used
    let skipped = UnsafeMutableRawBufferPointer.allocate(byteCount: min(blockSize, lineLimit), alignment: 16)
    defer { skipped.deallocate() }
    while !isAtEnd {
      let read = try readOnce(into: skipped)
      if read == 0 {
        isAtEnd = true
        block.lacksFinalNewline = true
      } else if let newline = skipped[..<read].firstIndex(of: delimiter) {
        length += newline
        rest.append(contentsOf: skipped[newline + 1..<read])
        restHoldsLines = true
        break
      } else {
        length += read
      }
    }
    block.memory[kept] = delimiter
    block.cutLineLength = length
    block.count = kept + 1
    nextOrdinal += 1
    nextOffset += length + 1
  }

  private func readOnce(into room: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    while true {
      let count = read(handle.fileDescriptor, room.baseAddress, room.count)
      if count >= 0 {
        bytesRead += count
        return count
      }
      // A signal arrived before any byte; nothing was lost, read again.
      if errno != EINTR { throw InputError(code: errno) }
    }
  }

  /// Backwards: a block ends with a part of one line, so the newline is near.
  private func lastNewline(_ memory: UnsafeMutableRawBufferPointer, _ range: Range<Int>) -> Int? {
    let wanted = SIMD16<UInt8>(repeating: delimiter)
    var end = range.upperBound
    while end - range.lowerBound >= 16 {
      let vector = memory.loadUnaligned(fromByteOffset: end - 16, as: SIMD16<UInt8>.self)
      let found = (vector .== wanted).bits
      if found != 0 { return end - 16 + (UInt64.bitWidth - 1 - found.leadingZeroBitCount) }
      end -= 16
    }
    return memory[range.lowerBound..<end].lastIndex(of: delimiter)
  }
}
