import JSONLines

/// Hands out the requests of a join in order, in blocks.
final class JoinCourse {
  private static let mostRequests = 1_024
  /// The most bytes of the answers' lines of a block, unless a single line has more.
  private static let mostBytes = 1 << 20

  private let run: JoinRun
  private var next = 0
  private var bytes = 0

  init(_ run: JoinRun) { self.run = run }

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

/// The text and the counts of a block of requests.
final class JoinedBlock {
  var text = TextBuffer(capacity: 256 << 10)
  /// Where each piece of the text ends.
  var ends: [Int] = []
  var tally = JoinTally()
  var bytesRead = 0
  var failure: JoinError?

  func clear() {
    text.clear()
    ends.removeAll(keepingCapacity: true)
    tally = JoinTally()
    failure = nil
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
    let out = run.takeBlock()
    out.bytesRead = bytesRead
    do throws(JoinError) { try join(out) } catch { out.failure = error }
    return OrderedSection(outcome: out)
  }

  private func join(_ out: JoinedBlock) throws(JoinError) {
    var tally = JoinTally()
    tally.used.reserveCapacity(requests.count)
    for number in requests {
      let request = try finder.request(number)
      let found = try finder.find(request, last: requests.upperBound - 1, &tally)
      switch product {
      case .nothing: break
      case .answers(let writer): writer.write(request.id, found, to: &out.text)
      case .retry(let outcomes, let allFailed):
        guard outcomes.contains(found.outcome), found.outcome != .failed || allFailed || found.mayPass else { break }
        let line = try finder.line(of: request)
        out.text.append(line.buffer(0..<line.count))
        out.text.append(ASCII.newline)
        out.ends.append(out.text.count)
      }
    }
    out.tally = tally
  }

  func leave() {}
}
