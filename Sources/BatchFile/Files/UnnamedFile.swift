import Foundation
import JSONLines

/// A temporary file without a name: it is gone with the process, however that ends.
package final class UnnamedFile {
  package let handle: FileHandle
  private let folder: Path
  private var writer: DescriptorWriter

  /// - Throws: ``OutputError`` about the folder for temporary files.
  package init() throws(OutputError) {
    let folder = getenv("TMPDIR").map { Path(bytes: UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    self.folder = folder.flatMap { $0.bytes.isEmpty ? nil : $0 } ?? "/tmp"
    let template = self.folder + "/batchfile-XXXXXX"
    var name = template.bytes.map { CChar(bitPattern: $0) } + [0]
    let file = mkstemp(&name)
    guard file >= 0 else { throw OutputError(self.folder, .noTemporaryFile(errno)) }
    unlink(name)
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    writer = DescriptorWriter(file)
  }

  /// Writes behind what was appended before.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
    if let code = writer.write(bytes) { throw OutputError(folder, .noTemporaryFile(code)) }
  }

  /// Writes what is still in the buffer to the file, and sets the handle to the file's beginning.
  package func rewind() throws(OutputError) {
    if let code = writer.flush() { throw OutputError(folder, .noTemporaryFile(code)) }
    lseek(handle.fileDescriptor, 0, SEEK_SET)
  }

  /// Appends all that can be read from a pipe, and sets the handle to the file's beginning.
  /// - Parameter head: what has been read of the pipe already.
  /// - Throws: `InputError` where the pipe cannot be read, ``OutputError`` where there is no room.
  package func fill(from input: FileHandle, after head: [UInt8] = []) throws {
    try head.withUnsafeBytes { try append($0) }
    var chunk = [UInt8](repeating: 0, count: DescriptorWriter.bufferSize)
    while true {
      let count = Foundation.read(input.fileDescriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw InputError(code: errno) }
      if count == 0 { break }
      try chunk.withUnsafeBytes { try append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
    try rewind()
  }

  /// Writes bytes at a place.
  /// - Returns: false where the disk takes no more.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = pwrite(handle.fileDescriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  /// Reads from a place as much as there is and fits.
  /// - Returns: how many bytes; 0 at the end.
  func read(into chunk: inout [UInt8], at offset: Int) throws(InputError) -> Int {
    while true {
      let count = pread(handle.fileDescriptor, &chunk, chunk.count, off_t(offset))
      if count >= 0 { return count }
      if errno != EINTR { throw InputError(code: errno, path: folder) }
    }
  }

  /// Hands on all that is in the file.
  package func copy(to sink: any ByteSink) throws(InputError) { try copy(0..<Int.max, to: sink) }

  /// Hands on what is in a range, as far as there is any.
  func copy(_ range: Range<Int>, to sink: any ByteSink) throws(InputError) {
    var chunk = [UInt8](repeating: 0, count: min(range.count, DescriptorWriter.bufferSize))
    var offset = range.lowerBound
    while offset < range.upperBound {
      let count = min(try read(into: &chunk, at: offset), range.upperBound - offset)
      if count == 0 { return }
      chunk.withUnsafeBytes { sink.write(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      offset += count
    }
  }
}
