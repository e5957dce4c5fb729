import Foundation
import JSONLines

/// Reads lines at known places. Each worker has a fetcher of its own.
final class LineFetcher {
  /// How many bytes are read at once where the wanted lines follow each other.
  static let pieceSize = 256 << 10
  /// The most bytes between two wanted lines that are read as well, because that takes less time than another call of
  /// the system.
  private static let smallGap = 4 << 10
  /// How many bytes are read at once where only a few bytes of a line are wanted.
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

  /// The line at a place, which is valid until the next call.
  /// - Parameter ahead: the lines that will be wanted next, in order. Those that follow this line closely are read
  ///   together with it.
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
    // A line ends with a newline, except for the last one of a file, after which this class puts one.
    guard at + length <= count, at + length == count || memory[at + length] == ASCII.newline else {
      throw JoinError.changed(path: files[line.file].path)
    }
    return PaddedBytes(base: UnsafeRawPointer(memory.baseAddress! + at), count: length)
  }

  /// Some bytes of a line, which are valid until the next call. Bytes after them are read as well, as far as there is
  /// room.
  func fetch(_ range: Range<Int>, of file: Int) throws(JoinError) -> PaddedBytes {
    if !has(file, range.lowerBound, range.upperBound) {
      // If the place is far from the last one, the bytes after it are probably not wanted, so they are not read.
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
