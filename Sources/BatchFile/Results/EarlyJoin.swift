import Foundation
import JSONLines

/// Joins requests with their answers while the results are read for the first time, as long as the answers come in the
/// order of the requests and none is missing, as OpenAI's do. So they need not be read again.
///
/// All requests after these are joined in the usual way. Where a later line is about one of them, another answer may be
/// the better one, so all requests must be joined again in the usual way.
final class EarlyJoin: @unchecked Sendable {  // `lock` guards `isOver`; the rest is used by one thread at a time
  /// A later line is about a request that was joined.
  struct Conflict: Error {}

  /// Writes the answers; nil where they are only counted.
  private let writer: AnswerWriter?
  private let take: (UnsafeRawBufferPointer) throws -> Void
  private let blocks = JoinedBlocks()
  private let lock = NSLock()
  private var isOver = false

  /// How many requests are joined, from the first one on. Each has one line of results.
  private(set) var requests = 0
  /// How many bytes these lines have.
  private(set) var bytes = 0
  private(set) var tally = JoinTally()

  init(_ writer: AnswerWriter?, _ take: @escaping (UnsafeRawBufferPointer) throws -> Void) {
    self.writer = writer
    self.take = take
  }

  /// Whether further blocks of results may be joined.
  var isOn: Bool { lock.withLock { !isOver } }

  /// Joins the lines of a block of results, on any thread.
  ///
  /// - Parameters:
  ///   - start: where the first line begins.
  ///   - first: the number of its request.
  ///   - taken: is called with each line's place in the block and its request's number.
  /// - Returns: nil where the lines are not about one request after the other.
  func join(
    _ bytes: PaddedBytes, from start: Int, first: Int, _ index: RequestIndex, _ answers: AnswerReader,
    _ taken: (Range<Int>, Int) -> Void
  ) -> JoinedBlock? {
    guard index.later.isEmpty else { return nil }
    let block = blocks.take()
    guard join(bytes, start, first, index, answers, taken, &block.text, &block.tally, &block.lines) else {
      blocks.giveBack(block)
      return nil
    }
    block.first = first
    block.bytesRead = bytes.count - start
    return block
  }

  private func join(
    _ bytes: PaddedBytes, _ start: Int, _ first: Int, _ index: RequestIndex, _ answers: AnswerReader,
    _ taken: (Range<Int>, Int) -> Void, _ text: inout TextBuffer, _ tally: inout JoinTally,
    _ lines: inout Int
  ) -> Bool {
    var start = start
    var number = first
    var found = FoundAnswer(.ok)
    // The newline of the last line comes after the text.
    while start <= bytes.count {
      lines += 1
      if bytes[start] == ASCII.newline {
        start += 1
        continue
      }
      guard number < index.count else { return false }
      let request = index[number]
      guard let id = index.id(request) else { return false }
      let asked = JoinRequest(number: number, place: request, id: id)
      guard let length = answers.read(bytes.part(start..<bytes.count), for: asked, &tally, into: &found) else {
        return false
      }
      tally.count(found, of: asked)
      writer?.write(id, found, to: &text)
      taken(start..<start + length, number)
      start += length + 1
      number += 1
    }
    return true
  }

  /// Takes the next block of results, in the order of the files.
  ///
  /// - Parameters:
  ///   - block: nil where its lines were not joined.
  ///   - lines: the lines of the block that have a request.
  /// - Returns: whether these lines need no more work.
  /// - Throws: ``Conflict``, and what the output throws.
  func settle(_ block: JoinedBlock?, _ lines: [(line: LinePlace, request: Int)]) throws -> Bool {
    defer { if let block { blocks.giveBack(block) } }
    guard isOn, let block, block.first == requests else {
      lock.withLock { isOver = true }
      if lines.contains(where: { $0.request < requests }) { throw Conflict() }
      return false
    }
    try take(block.text.written(0..<block.text.count))
    tally.add(block.tally)
    requests += lines.count
    bytes += block.bytesRead
    return true
  }
}
