/// Holds text that cannot be written yet because text that belongs before it is not known.
///
/// Up to 4 MiB are held in memory and the rest in a temporary file without a name, which the system removes when the
/// process ends, however it ends.
final class Spool {
  private static let memoryLimit = 4 << 20

  private var buffer: [UInt8] = []
  /// The temporary file; nil as long as the memory suffices.
  private var file: UnnamedFile?
  /// How many bytes are in the file.
  private var written = 0
  /// Whether writing to the file failed, so that the rest stays in memory.
  private var cannotSpill = false

  /// How many bytes the text has.
  var count: Int { written + buffer.count }

  /// Makes the text empty.
  func reset() {
    buffer.removeAll(keepingCapacity: true)
    written = 0
    file = nil
  }

  /// Calls `write` with the buffer, to which it appends.
  func append(_ write: (inout [UInt8]) -> Void) {
    write(&buffer)
    if buffer.count >= Spool.memoryLimit, !cannotSpill { spill() }
  }

  /// Copies a range of the text's bytes to a sink. If they cannot be read back, the sink's `fail` is called.
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
      // The disk is full or takes no files, so the text stays in memory.
      cannotSpill = true
    }
  }

  private func copyFile(_ range: Range<Int>, to sink: any ByteSink) {
    do { try file?.copy(range, to: sink) } catch { sink.fail(error.reason) }
  }
}
