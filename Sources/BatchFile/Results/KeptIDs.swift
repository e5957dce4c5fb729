import JSONLines

/// The ids of requests in memory, one after the other, so that they need not be read from the file again. Of long ids only
/// the first are kept: a join takes some tens of bytes a request, however long the ids are.
final class KeptIDs {
  private static let capacity = 8 << 20

  /// Memory that is not written to takes none of the machine's, so all of it is asked for at once.
  private let memory = UnsafeMutableRawBufferPointer.allocate(
    byteCount: KeptIDs.capacity + PaddedBytes.padding, alignment: 64)
  private var count = 0

  deinit { memory.deallocate() }

  var bytes: PaddedBytes { PaddedBytes(base: UnsafeRawPointer(memory.baseAddress!), count: count) }

  /// - Returns: where the first of them begins; nil where there is no room for all of them.
  func append(_ ids: [UInt8]) -> Int? {
    guard count + ids.count <= KeptIDs.capacity else { return nil }
    let start = count
    ids.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: memory[start...]).copyMemory(from: $0) }
    count += ids.count
    for k in count..<count + PaddedBytes.padding { memory[k] = ASCII.newline }
    return start
  }
}
