import Foundation
import JSONLines

/// One join. First all requests are read, then the lines of the result files are looked up among them. At last the
/// answer of each request is fetched, in order.
final class JoinRun: @unchecked Sendable {  // what is shared, OrderedWork guards
  /// What the join writes for each request.
  enum Product {
    case nothing
    case answers(AnswerWriter)
    /// The request itself, if its outcome is one of those to try again.
    case retry(outcomes: Set<Outcome>, allFailed: Bool)
  }

  /// The most faulty lines of a file that are named.
  static let mostExamples = 3

  let join: ResultJoin
  private let product: Product
  let files: [JoinFile]
  let models: ModelNames
  /// The threads share these two and do not change them.
  let requestIndex: RequestIndex
  let answers: AnswerIndex
  let lineNumbers: LineNumbers
  let oddLines: Account.OddLines
  let strangersByHash: [Int: (count: Int, first: [LinePlace])]
  let resultFaults: [PlaceScan.Fault]

  private let bytesScanned: Int
  private(set) var resultFaultCounts: [Int]
  /// The first lines of each file of which only the beginning was read before, and which turned out not to be JSON.
  private(set) var broken: [Int: [LinePlace]] = [:]
  /// For each line of the index, whether a request has taken it. It is apart from the index because threads share the
  /// index unchanged.
  private(set) var isUsed = ContiguousArray<Bool>()
  private var tally = JoinTally()

  let blocks = JoinedBlocks()
  private let early: EarlyJoin?

  /// Opens the files and notes the places of all ids.
  /// - Parameter early: joins requests with their answers meanwhile.
  /// - Throws: ``JoinError``; ``EarlyJoin/Conflict``, and what the output of `early` throws.
  init(_ join: ResultJoin, _ product: Product, early: EarlyJoin? = nil) throws {
    self.join = join
    self.product = product
    self.early = early
    let files = try JoinRun.open(join)
    let models = ModelNames(join.prices)
    (self.files, self.models) = (files, models)

    let own = PlaceScan(files, join, models, known: nil, delaysTable: early != nil) { join.progress?($0) }
    try own.run()
    if !own.faults.isEmpty { throw JoinError.requests(own.faults.map { RequestFault($0, files) }) }
    let repeated = try RepeatedRequests(files, own.requests).faults()
    if !repeated.isEmpty { throw JoinError.requests(repeated) }
    let sizeOfRequests = own.bytesRead

    var index = own.takeRequests()
    let others = PlaceScan(files, join, models, known: index, early: early) { join.progress?(sizeOfRequests + $0) }
    try others.run()
    var answers = others.takeAnswers()
    answers.link(to: &index)
    // The rows of a table are found by their ids, but for anything else only the order of the requests matters now.
    if case .nothing = product {} else { index.forgetHashes() }
    (requestIndex, self.answers) = (index, answers)
    lineNumbers = own.lineNumbers
    oddLines = own.oddLines
    strangersByHash = others.strangers
    resultFaults = others.faults
    resultFaultCounts = others.faultCounts
    bytesScanned = sizeOfRequests + others.bytesRead
    if !join.isPartial { try refuseOtherRequests() }
  }

  private static func open(_ join: ResultJoin) throws -> [JoinFile] {
    var files = try join.requests.map { try JoinFile($0, .requests) }
    for part in join.parts {
      switch part.state {
      case .ended: break
      case .running: files += try part.requests.map { try JoinFile($0, .pending) }
      case .unsent: files += try part.requests.map { try JoinFile($0, .unsent) }
      }
      files += try part.results.map { try JoinFile($0, .results(attempt: part.attempt)) }
    }
    guard files.count < LinePlace.mostFiles else { throw JoinError.tooManyFiles(limit: LinePlace.mostFiles) }
    return files
  }

  /// Refuses result files of which most ids belong to no request. Few answers to many requests are no reason to refuse:
  /// a batch may have answered only one of fourteen.
  private func refuseOtherRequests() throws(JoinError) {
    var matching = early?.requests ?? 0
    for k in 0..<answers.count {
      if case .results = files[answers[k].file].role { matching += 1 }
    }
    let all = matching + strangersByHash.values.reduce(0) { $0 + $1.count }
    let hasUnreadable = resultFaultCounts.contains { $0 > 0 }
    guard matching * 2 < all || all == 0 && hasUnreadable else { return }
    throw JoinError.otherRequests(matching: matching, of: all, unreadable: unreadableFiles())
  }

  /// A sentence about each result file with lines that are not results.
  private func unreadableFiles() -> [String] {
    files.enumerated().compactMap { number, file in
      guard resultFaultCounts[number] > 0 else { return nil }
      if let kind = ForeignResults.kind(of: file) { return "\(file.path) \(kind)" }
      return resultFaults.first { $0.file == number }.map { "\(file.path):\($0.line): \($0.words)" }
    }
  }

  // MARK: - The join itself

  /// Joins the requests with their answers, as far as they were not joined before.
  /// - Parameter settle: takes the text of the blocks in order, and where each piece of a text ends.
  func run(_ settle: @escaping (UnsafeRawBufferPointer, [Int]) throws -> Void) throws -> Account {
    tally = early?.tally ?? JoinTally()
    isUsed = ContiguousArray(repeating: false, count: answers.count)
    let course = JoinCourse(self, from: early?.requests ?? 0, bytes: early?.bytes ?? 0)
    try OrderedWork<JoinWorker>(
      jobs: self.join.jobs, makeWorker: { [self] in JoinWorker(self, product, course) },
      settle: { [self] block throws(SettleError) in
        if let failure = block.failure { throw SettleError(failure) }
        for used in block.tally.used { isUsed[Int(used)] = true }
        for broken in block.tally.broken { noteBroken(Int(broken)) }
        tally.add(block.tally)
        do { try settle(block.text.written(0..<block.text.count), block.ends) } catch { throw SettleError(error) }
        join.progress?(bytesScanned + block.bytesRead)
        blocks.giveBack(block)
      }
    ).runUnwrapping()
    return account(tally)
  }

  /// Notes a line of which only the beginning was read before, and which is not JSON.
  private func noteBroken(_ index: Int) {
    guard !isUsed[index] else { return }
    isUsed[index] = true
    let line = answers[index]
    resultFaultCounts[line.file] += 1
    if broken[line.file, default: []].count < JoinRun.mostExamples { broken[line.file, default: []].append(line) }
  }
}

/// Carries an error of any type through ``OrderedWork``, whose errors have one type.
struct SettleError: Error {
  var cause: any Error

  init(_ cause: any Error) { self.cause = cause }
}

extension OrderedWork where Worker.Failure == SettleError {
  func runUnwrapping() throws {
    do throws(SettleError) { try run() } catch { throw error.cause }
  }
}
