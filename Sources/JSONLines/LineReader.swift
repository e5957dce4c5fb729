import Foundation

/// Reads a byte stream as blocks of whole lines. Only a newline ends a line, and a line is never divided between
/// blocks.
///
/// `FileHandle` opens and owns the file, but the bytes are read by `read(2)` into the block.
/// `FileHandle.read(upToCount:)` would allocate, read 4 KiB at a time, and wait on a pipe until the full count has
/// come.
public final class LineReader {
  /// The size of a block in bytes; a block with a longer line grows. In measurements larger blocks gained nothing, and
  /// 64 KiB lost 6 %.
  public static let defaultBlockSize = 256 << 10
  /// The longest line that is read whole, in bytes.
  public static let defaultLineLimit = 64 << 20
  /// How many bytes of a line over the limit are kept, so that a report can show its beginning.
  private static let keptOfCutLine = 256

  private let handle: FileHandle
  /// The byte that ends a line: usually a newline; NUL for lists such as `find -print0` writes.
  public let delimiter: UInt8
  private let blockSize: Int
  private let lineLimit: Int
  private var nextOrdinal = 0
  private var nextOffset = 0
  /// The beginning of a line whose newline has not been read yet.
  private var rest: [UInt8] = []
  /// Whether `rest` also holds whole lines, which were read while the end of a line over the limit was looked for.
  private var restHoldsLines = false
  /// How many bytes of `rest` were put back.
  private var putBackCount = 0
  /// Whether the end of the stream was read, so that a block which is put back would come again unchanged.
  public private(set) var isAtEnd = false

  /// Called with all bytes that are read, in order. The prefix is not among them.
  public var observer: ((UnsafeRawBufferPointer) -> Void)?

  /// - Parameter prefix: bytes that were read from the stream before; they come first.
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

  /// How many bytes were read so far; at the end, the size of the input.
  public private(set) var bytesRead: Int

  /// Fills the block with the next lines.
  /// - Returns: false at the end of the stream.
  /// - Throws: `InputError`, without a path.
  public func fill(_ block: LineBlock) throws(InputError) -> Bool {
    block.ordinal = nextOrdinal
    block.offset = nextOffset
    block.cutLineLength = nil
    block.lacksFinalNewline = false
    // Bytes that were put back come again together with at least as many new ones. Otherwise a caller that puts back
    // each time would need quadratic time.
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
      // For a line that is longer than the block, the room is doubled, up to one byte over the limit.
      if used >= block.capacity - 1 { block.reserve(min(used * 2, lineLimit + 1) + 1, keeping: used) }
      // At most a line at the limit and its newline are read; with more, a line over the limit could be taken as a
      // whole one.
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
    // The block has only lines that were put back, since nothing comes after them.
    if block.memory[used - 1] == delimiter {
      hand(out: block, used)
      return true
    }
    // The last line has no newline, so it gets one as the sentinel, for which there is always room.
    block.memory[used] = delimiter
    block.lacksFinalNewline = true
    hand(out: block, used + 1)
    return true
  }

  /// Puts the end of the block that was filled last back, so that the next block begins with it.
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

  /// Keeps the beginning of a line over the limit and skips the rest of it.
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
        observer?(UnsafeRawBufferPointer(rebasing: room[..<count]))
        return count
      }
      // On EINTR a signal arrived before any byte was read, so it is read again.
      if errno != EINTR { throw InputError(code: errno) }
    }
  }

  /// Searches backwards, because after the last newline a block has only the beginning of one line.
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
