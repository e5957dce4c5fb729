import Foundation

/// A temporary file without a name: it is gone with the process, however that ends.
package final class UnnamedFile {
  private static let chunkSize = 1 << 18

  package let handle: FileHandle

  package init() throws(InputError) {
    var template = Array((FileManager.default.temporaryDirectory.path + "/batchfile-XXXXXX").utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw InputError(code: errno) }
    unlink(template)
    handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
  }

  /// Writes all of it and goes back to the beginning.
  func write(_ text: String) throws(InputError) {
    do { try handle.write(contentsOf: Data(text.utf8)) } catch { throw InputError(code: ENOSPC) }
    lseek(handle.fileDescriptor, 0, SEEK_SET)
  }

  /// Copies what a pipe holds and goes back to the beginning.
  /// - Parameter head: what has been read of the pipe already.
  package func fill(from input: FileHandle, after head: [UInt8] = []) throws(InputError) {
    do { try handle.write(contentsOf: head) } catch { throw InputError(code: ENOSPC) }
    var chunk = [UInt8](repeating: 0, count: UnnamedFile.chunkSize)
    while true {
      let count = Foundation.read(input.fileDescriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw InputError(code: errno) }
      if count == 0 { break }
      do { try handle.write(contentsOf: chunk[..<count]) } catch { throw InputError(code: ENOSPC) }
    }
    lseek(handle.fileDescriptor, 0, SEEK_SET)
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

  /// Hands on all that is in the file.
  package func copy(to sink: any ByteSink) throws {
    try forEachPart(of: 0..<Int.max) { part throws(Never) in sink.write(part) }
  }

  /// Calls `body` with the file's content in a range, a part at a time, as far as there is any.
  func forEachPart<E: Error>(of range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(E) -> Void) throws {
    var chunk = [UInt8](repeating: 0, count: min(range.count, UnnamedFile.chunkSize))
    var offset = range.lowerBound
    while offset < range.upperBound {
      let count = pread(handle.fileDescriptor, &chunk, min(chunk.count, range.upperBound - offset), off_t(offset))
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw InputError(code: errno) }
      if count == 0 { return }
      try chunk.withUnsafeBytes { bytes throws(E) in try body(UnsafeRawBufferPointer(rebasing: bytes[..<count])) }
      offset += count
    }
  }
}
