import Foundation
import JSONLines

/// A temporary file whose name is removed at once, so that the system removes the file when the process ends, however
/// it ends.
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

  /// Writes after the bytes that were appended before.
  /// - Throws: ``OutputError`` about the folder for temporary files.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
    if let code = writer.write(bytes) { throw OutputError(folder, .noTemporaryFile(code)) }
  }

  /// Writes the buffer to the file, and sets the handle to the file's beginning.
  /// - Throws: ``OutputError`` about the folder for temporary files.
  package func rewind() throws(OutputError) {
    if let code = writer.flush() { throw OutputError(folder, .noTemporaryFile(code)) }
    lseek(handle.fileDescriptor, 0, SEEK_SET)
  }

  /// Reads a pipe to its end into this file, and sets the handle to the file's beginning.
  /// - Parameter head: the bytes of the pipe that were read before; they are written first.
  /// - Throws: `InputError` where the pipe cannot be read, ``OutputError`` where the disk is full.
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

  /// Writes bytes at an offset.
  /// - Returns: false where that fails, as on a full disk.
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

  /// Reads from an offset as many bytes as there are and the chunk can hold.
  /// - Returns: how many bytes were read; 0 at the file's end.
  /// - Throws: `InputError` about the folder for temporary files.
  func read(into chunk: inout [UInt8], at offset: Int) throws(InputError) -> Int {
    while true {
      let count = pread(handle.fileDescriptor, &chunk, chunk.count, off_t(offset))
      if count >= 0 { return count }
      if errno != EINTR { throw InputError(code: errno, path: folder) }
    }
  }

  /// Copies the whole file to a sink.
  package func copy(to sink: any ByteSink) throws(InputError) { try copy(0..<Int.max, to: sink) }

  /// Copies a range of the file to a sink, or as much of the range as the file has.
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
