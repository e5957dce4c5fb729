import JSONLines

/// Hands out the requests of a join in order, in blocks.
final class JoinCourse {
  private static let mostRequests = 1_024
  /// The most bytes of the answers' lines of a block, unless a single line has more.
  private static let mostBytes = 1 << 20

  private let run: JoinRun
  private var next: Int
  private var bytes: Int

  /// - Parameters:
  ///   - first: the first request.
  ///   - bytes: how many bytes the answers before it have.
  init(_ run: JoinRun, from first: Int, bytes: Int) {
    self.run = run
    next = first
    self.bytes = bytes
  }

  /// Takes the next block. Only one thread at a time may call this.
  /// - Returns: the numbers of the requests, and how many bytes the answers have up to there; nil where no request is
  ///   left.
  func take() -> (requests: Range<Int>, bytes: Int)? {
    guard next < run.requestIndex.count else { return nil }
    let start = next
    let most = min(run.requestIndex.count, start + JoinCourse.mostRequests)
    let before = bytes
    while next < most, bytes - before < JoinCourse.mostBytes {
      let answer = Int(run.requestIndex[next].answer)
      if answer > 0 { bytes += Int(run.answers[answer - 1].length) }
      next += 1
    }
    return (start..<next, bytes)
  }
}

/// What one thread of a join does.
final class JoinWorker: OrderedWorker {
  private let run: JoinRun
  private let product: JoinRun.Product
  private let course: JoinCourse
  private let finder: AnswerFinder
  private var requests = 0..<0
  private var bytesRead = 0

  init(_ run: JoinRun, _ product: JoinRun.Product, _ course: JoinCourse) {
    self.run = run
    self.product = product
    self.course = course
    finder = AnswerFinder(run)
  }

  func take() throws(SettleError) -> OrderedPiece? {
    guard let taken = course.take() else { return nil }
    (requests, bytesRead) = taken
    return OrderedPiece(bytesRead: bytesRead)
  }

  func work() -> OrderedSection<JoinedBlock> {
    let out = run.blocks.take()
    out.bytesRead = bytesRead
    do throws(JoinError) { try join(&out.text, &out.ends, &out.tally) } catch { out.failure = error }
    return OrderedSection(outcome: out)
  }

  private func join(_ text: inout TextBuffer, _ ends: inout [Int], _ tally: inout JoinTally) throws(JoinError) {
    tally.used.reserveCapacity(requests.count)
    var found = FoundAnswer(.ok)
    for number in requests {
      let request = try finder.request(number)
      try finder.find(request, last: requests.upperBound - 1, &tally, into: &found)
      switch product {
      case .nothing: break
      case .answers(let writer): writer.write(request.id, found, to: &text)
      case .retry(let outcomes, let allFailed):
        guard outcomes.contains(found.outcome), found.outcome != .failed || allFailed || found.mayPass else { break }
        let line = try finder.line(of: request)
        text.append(line.buffer(0..<line.count))
        text.append(ASCII.newline)
        ends.append(text.count)
      }
    }
  }

  func leave() {}
}
