import Foundation
import JSONLines

/// The text and the counts of a block of requests.
final class JoinedBlock {
  var text = TextBuffer(capacity: 256 << 10)
  /// Where each piece of the text ends.
  var ends: [Int] = []
  var tally = JoinTally()
  /// The number of the first request.
  var first = 0
  var bytesRead = 0
  /// For a block of results, how many lines it has, blank ones included.
  var lines = 0
  var failure: JoinError?

  func clear() {
    text.clear()
    ends.removeAll(keepingCapacity: true)
    tally = JoinTally()
    (first, bytesRead, lines) = (0, 0, 0)
    failure = nil
  }
}

/// Blocks that are used again.
final class JoinedBlocks: @unchecked Sendable {  // `lock` guards `idle`
  private static let largest = 4 << 20

  private let lock = NSLock()
  private var idle: [JoinedBlock] = []

  func take() -> JoinedBlock {
    let block = lock.withLock { idle.popLast() } ?? JoinedBlock()
    block.clear()
    return block
  }

  func giveBack(_ block: JoinedBlock) {
    if block.text.count <= JoinedBlocks.largest { lock.withLock { idle.append(block) } }
  }
}
