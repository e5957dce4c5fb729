import Foundation
import JSONLines

/// Reads lines at known places; each worker has its own.
final class LineFetcher {
  /// How much is read at once where lines stand one behind the other, in bytes.
  static let pieceSize = 256 << 10
  /// Bytes between two lines that cost less to read along than a call of the system.
  private static let smallGap = 4 << 10
  /// How much is read along with a few bytes of a line.
  private static let smallStep = 16 << 10

  private let files: [JoinFile]
  private var memory: UnsafeMutableRawBufferPointer
  private var file = -1
  private var start = 0
  private var count = 0

  init(_ files: [JoinFile]) {
    self.files = files
    memory = .allocate(byteCount: LineFetcher.pieceSize + PaddedBytes.padding, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: ASCII.newline)
  }

  deinit { memory.deallocate() }

  /// The line, valid until the next call.
  /// - Parameter ahead: what is wanted next, in this order: as far as it stands behind the line, it is read with it.
  func fetch(_ line: LinePlace, ahead: some Sequence<LinePlace> = EmptyCollection()) throws(JoinError) -> PaddedBytes {
    if !has(line.file, line.offset, line.end + 1) {
      var end = line.end + 1
      for next in ahead {
        guard next.file == line.file, next.offset >= end, next.offset - end < LineFetcher.smallGap,
          next.end + 1 - line.offset <= LineFetcher.pieceSize
        else { break }
        end = next.end + 1
      }
      try read(line.file, line.offset, end - line.offset)
    }
    let at = line.offset - start
    let length = Int(line.length)
    // A line ends with a newline; behind the file's last one stands one of ours.
    guard at + length <= count, at + length == count || memory[at + length] == ASCII.newline else {
      throw JoinError.changed(path: files[line.file].path)
    }
    return PaddedBytes(base: UnsafeRawPointer(memory.baseAddress! + at), count: length)
  }

  /// Some bytes of a line, valid until the next call; what follows them is read along, as far as there is room.
  func fetch(_ range: Range<Int>, of file: Int) throws(JoinError) -> PaddedBytes {
    if !has(file, range.lowerBound, range.upperBound) {
      // Far from what was read last, what follows is not wanted either.
      let isNear =
        file == self.file && range.lowerBound >= start && range.lowerBound - start - count < LineFetcher.smallStep
      try read(file, range.lowerBound, max(range.count, isNear ? LineFetcher.pieceSize : LineFetcher.smallStep))
    }
    let at = range.lowerBound - start
    guard at + range.count <= count else { throw JoinError.changed(path: files[file].path) }
    return PaddedBytes(base: UnsafeRawPointer(memory.baseAddress! + at), count: range.count)
  }

  private func has(_ file: Int, _ from: Int, _ to: Int) -> Bool {
    file == self.file && from >= start && to <= start + count
  }

  private func read(_ file: Int, _ offset: Int, _ wanted: Int) throws(JoinError) {
    if memory.count < wanted + PaddedBytes.padding {
      memory.deallocate()
      memory = .allocate(byteCount: wanted + PaddedBytes.padding, alignment: 64)
    }
    let descriptor = files[file].handle.fileDescriptor
    self.file = file
    start = offset
    count = 0
    while count < wanted {
      let got = pread(descriptor, memory.baseAddress! + count, wanted - count, off_t(offset + count))
      if got < 0, errno == EINTR { continue }
      if got < 0 { throw JoinError.unreadable(files[file].path, .system(errno)) }
      if got == 0 { break }
      count += got
    }
    for k in count..<count + PaddedBytes.padding { memory[k] = ASCII.newline }
  }
}
