import Foundation

/// Text that has to wait until something before it is known: the first megabytes in memory, the rest in a temporary file
/// without a name, so that it is gone with the process however that ends.
final class Spool {
  private static let memoryLimit = 4 << 20

  private var buffer: [UInt8] = []
  /// Open once the memory was full.
  private var file: Int32 = -1
  private var written = 0
  private var cannotSpill = false

  deinit { closeFile() }

  /// The bytes so far.
  var count: Int { written + buffer.count }

  /// Forgets everything.
  func reset() {
    buffer.removeAll(keepingCapacity: true)
    written = 0
    closeFile()
  }

  /// Lets `write` append to the text.
  func append(_ write: (inout [UInt8]) -> Void) {
    write(&buffer)
    if buffer.count >= Spool.memoryLimit, !cannotSpill { spill() }
  }

  /// Copies a part of the text.
  func copy(_ range: Range<Int>, to sink: any ByteSink) {
    let inFile = range.clamped(to: 0..<written)
    if !inFile.isEmpty { copyFile(inFile, to: sink) }
    let inMemory = range.clamped(to: written..<count)
    buffer.withUnsafeBytes { memory in
      sink.write(
        UnsafeRawBufferPointer(rebasing: memory[inMemory.lowerBound - written..<inMemory.upperBound - written]))
    }
  }

  private func spill() {
    if file < 0 { file = Spool.openUnnamed() }
    let isWritten = file >= 0 && buffer.withUnsafeBytes { Spool.writeAll($0, to: file, at: written) }
    if isWritten {
      written += buffer.count
      buffer.removeAll(keepingCapacity: true)
    } else {
      // No room on the disk: memory it is, then.
      cannotSpill = true
    }
  }

  private func copyFile(_ range: Range<Int>, to sink: any ByteSink) {
    var chunk = [UInt8](repeating: 0, count: min(range.count, 1 << 18))
    var at = range.lowerBound
    while at < range.upperBound {
      let want = min(chunk.count, range.upperBound - at)
      let read = chunk.withUnsafeMutableBytes { pread(file, $0.baseAddress, want, off_t(at)) }
      if read < 0, errno == EINTR { continue }
      // What this process wrote a moment ago can be read; anything else is the end of a disk.
      precondition(read > 0, "the temporary file for findings cannot be read")
      chunk.withUnsafeBytes { sink.write(UnsafeRawBufferPointer(rebasing: $0[..<read])) }
      at += read
    }
  }

  private func closeFile() {
    if file >= 0 { close(file) }
    file = -1
  }

  private static func openUnnamed() -> Int32 {
    var template = Array((FileManager.default.temporaryDirectory.path + "/batchfile-XXXXXX").utf8CString)
    let file = mkstemp(&template)
    if file >= 0 { unlink(template) }
    return file
  }

  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = pwrite(file, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}
