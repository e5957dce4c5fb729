import Foundation
import JSONLines

/// Joins requests with their answers while the results are read for the first time, as long as the answers come in the
/// order of the requests and none is missing, as OpenAI's do. So they need not be read again.
///
/// All requests after these are joined in the usual way. Where a later line is about one of them, so that another answer
/// may be the better one, all that was written is taken back, and all requests are joined in the usual way.
final class EarlyJoin: @unchecked Sendable {  // `lock` guards `isOver`; the rest is used by one thread at a time
  /// Where the answers go.
  struct Output {
    let take: (UnsafeRawBufferPointer) throws -> Void
    /// Forgets all that was taken.
    let restart: () throws -> Void
  }

  /// Writes the answers; nil where they are only counted.
  private let writer: AnswerWriter?
  private let output: Output
  private let blocks = JoinedBlocks()
  private let lock = NSLock()
  private var isOver = false

  /// How many requests are joined, from the first one on.
  private(set) var requests = 0
  /// How many lines of results they have; these are the first ones of the ``AnswerIndex``.
  private(set) var lines = 0
  /// How many bytes these lines have.
  private(set) var bytes = 0
  private(set) var tally = JoinTally()

  init(_ writer: AnswerWriter?, to output: Output) {
    self.writer = writer
    self.output = output
  }

  /// A join that only counts.
  static var counting: EarlyJoin { EarlyJoin(nil, to: Output(take: { _ in }, restart: {})) }

  /// Whether the answers of all requests are written.
  func hasWritten(all count: Int) -> Bool { writer != nil && requests == count }

  /// Whether further blocks of results may be joined.
  var isOn: Bool { lock.withLock { !isOver } }

  /// Joins the lines of a block of results, on any thread.
  ///
  /// - Parameters:
  ///   - lines: the lines of the block, each with the number of its request.
  ///   - line: the text of a line.
  /// - Returns: nil where the lines are not all good for that.
  func join(
    _ lines: [(line: LinePlace, request: Int)], _ index: RequestIndex, _ answers: AnswerReader,
    _ line: (LinePlace) -> PaddedBytes
  ) -> JoinedBlock? {
    guard let first = lines.first, let last = lines.last, index.later.isEmpty else { return nil }
    let block = blocks.take()
    guard join(lines, index, answers, line, &block.text, &block.tally) else {
      blocks.giveBack(block)
      return nil
    }
    block.first = first.request
    block.bytesRead = last.line.end - first.line.offset
    return block
  }

  private func join(
    _ lines: [(line: LinePlace, request: Int)], _ index: RequestIndex, _ answers: AnswerReader,
    _ line: (LinePlace) -> PaddedBytes, _ text: inout TextBuffer, _ tally: inout JoinTally
  ) -> Bool {
    for (k, (place, number)) in lines.enumerated() {
      let request = index[number]
      guard number == lines[0].request + k, let id = index.id(request) else { return false }
      let asked = JoinRequest(number: number, place: request, id: id)
      guard let found = answers.read(line(place), at: k, for: asked, &tally) else { return false }
      tally.count(found, of: asked)
      writer?.write(id, found, to: &text)
    }
    return true
  }

  /// Takes the next block of results, in the order of the files.
  ///
  /// - Parameters:
  ///   - block: nil where its lines were not joined.
  ///   - all: the lines of the block that have a request.
  func settle(_ block: JoinedBlock?, of all: [(line: LinePlace, request: Int)]) throws {
    if isOn, let block, block.first == requests {
      try output.take(block.text.written(0..<block.text.count))
      tally.add(block.tally)
      requests += all.count
      lines += all.count
      bytes += block.bytesRead
    } else {
      lock.withLock { isOver = true }
      if all.contains(where: { $0.request < requests }) {
        try output.restart()
        (requests, lines, bytes, tally) = (0, 0, 0, JoinTally())
      }
    }
    if let block { blocks.giveBack(block) }
  }
}
