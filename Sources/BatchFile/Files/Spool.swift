/// Text that has to wait until something before it is known: the first megabytes in memory, the rest in a temporary file
/// without a name, so that it is gone with the process however that ends.
final class Spool {
  private static let memoryLimit = 4 << 20

  private var buffer: [UInt8] = []
  /// There once the memory was full.
  private var file: UnnamedFile?
  private var written = 0
  private var cannotSpill = false

  /// The bytes so far.
  var count: Int { written + buffer.count }

  /// Forgets everything.
  func reset() {
    buffer.removeAll(keepingCapacity: true)
    written = 0
    file = nil
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
    if file == nil { file = try? UnnamedFile() }
    if let file, buffer.withUnsafeBytes({ file.write($0, at: written) }) {
      written += buffer.count
      buffer.removeAll(keepingCapacity: true)
    } else {
      // No room on the disk: memory it is, then.
      cannotSpill = true
    }
  }

  private func copyFile(_ range: Range<Int>, to sink: any ByteSink) {
    do { try file?.copy(range, to: sink) } catch { sink.fail(error.reason) }
  }
}
