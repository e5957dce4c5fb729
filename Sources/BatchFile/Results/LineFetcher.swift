import Foundation
import JSONLines

/// Reads lines at known places; each worker has its own.
///
/// Answers in the requests' order stand one behind the other: where the last line read ends near the next one, a large
/// piece is read at once. Shuffled ones are read one by one.
final class LineFetcher {
  private static let pieceSize = 256 << 10
  /// How far behind the last line the next one may begin to count as near.
  private static let near = 64 << 10

  private let files: [JoinFile]
  private var memory: UnsafeMutableRawBufferPointer
  private var file = -1
  private var start = 0
  private var count = 0
  private var lastEnd = 0

  init(_ files: [JoinFile]) {
    self.files = files
    memory = .allocate(byteCount: LineFetcher.pieceSize + PaddedBytes.padding, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: ASCII.newline)
  }

  deinit { memory.deallocate() }

  /// The line, valid until the next call.
  func fetch(_ place: Place) throws(JoinError) -> PaddedBytes {
    let (offset, length) = (place.offset, Int(place.length))
    let isInside = place.file == file && offset >= start && offset + length + 1 <= start + count
    if !isInside { try read(place, offset, length) }
    lastEnd = offset + length
    let at = offset - start
    // A line ends with a newline; behind the file's last one stands one of ours.
    guard at + length <= count, at + length == count || memory[at + length] == ASCII.newline else {
      throw JoinError.changed(path: files[place.file].path)
    }
    return PaddedBytes(base: UnsafeRawPointer(memory.baseAddress! + at), count: length)
  }

  private func read(_ place: Place, _ offset: Int, _ length: Int) throws(JoinError) {
    let isNear = place.file == file && offset >= lastEnd && offset - lastEnd < LineFetcher.near
    let wanted = max(length + 1, isNear ? LineFetcher.pieceSize : 0)
    if memory.count < wanted + PaddedBytes.padding {
      memory.deallocate()
      memory = .allocate(byteCount: wanted + PaddedBytes.padding, alignment: 64)
    }
    let descriptor = files[place.file].handle.fileDescriptor
    file = place.file
    start = offset
    count = 0
    while count < wanted {
      let got = pread(descriptor, memory.baseAddress! + count, wanted - count, off_t(offset + count))
      if got < 0, errno == EINTR { continue }
      if got < 0 { throw JoinError.unreadable(files[place.file].path, .system(errno)) }
      if got == 0 { break }
      count += got
    }
    for k in count..<count + PaddedBytes.padding { memory[k] = ASCII.newline }
  }
}
