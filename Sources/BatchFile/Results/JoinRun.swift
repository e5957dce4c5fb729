import Foundation
import JSONLines

/// One join: ids of requests and results are noted, the requests read again in order, and each one's answer looked up.
final class JoinRun: @unchecked Sendable {  // what is shared, OrderedWork guards
  /// What is written of each request.
  enum Product {
    case nothing
    case answers(AnswerWriter)
    /// The request itself, where its outcome is to be tried again.
    case retry(outcomes: Set<Outcome>, allFailed: Bool)
  }

  private static let largestIdle = 4 << 20

  let join: ResultJoin
  let files: [JoinFile]
  private let requests: [Int]
  private(set) var index = PlaceIndex()
  /// Where the requests stand.
  private(set) var requestIndex = PlaceIndex()
  private var resultFaults: [PlaceScan.Fault] = []
  private var resultFaultCounts: [Int] = []
  /// The first of each file.
  private var broken: [Int: [Place]] = [:]
  /// Whether a request took the place of this index. Apart from the index, which the threads share and do not change.
  private var isUsed = ContiguousArray<Bool>()
  private var tally = JoinTally()
  private var lines = 0

  private let lock = NSLock()
  private var idle: [JoinedBlock] = []

  /// Opens the files and notes where everything stands.
  /// - Throws: ``JoinError``
  init(_ join: ResultJoin) throws {
    self.join = join
    var files = try join.requests.map { try JoinFile($0, .requests) }
    requests = Array(files.indices)
    for part in join.parts {
      switch part.state {
      case .ended: break
      case .running: files += try part.requests.map { try JoinFile($0, .pending) }
      case .unsent: files += try part.requests.map { try JoinFile($0, .unsent) }
      }
      files += try part.results.map { try JoinFile($0, .results(attempt: part.attempt)) }
    }
    guard files.count < Place.mostFiles else { throw JoinError.tooManyFiles(limit: Place.mostFiles) }
    self.files = files
    try prepare()
  }

  private func prepare() throws {
    let own = PlaceScan(files, jobs: join.jobs, blockSize: join.blockSize)
    try own.run { $0 == .requests }
    if !own.faults.isEmpty { throw JoinError.requests(own.faults.map(requestFault)) }
    let duplicates = try repeatedRequests(own.index)
    if !duplicates.isEmpty { throw JoinError.requests(duplicates) }

    let results = PlaceScan(files, jobs: join.jobs, blockSize: join.blockSize)
    try results.run { $0 != .requests }
    index = results.index
    requestIndex = own.index
    resultFaults = results.faults
    resultFaultCounts = results.faultCounts
    if !join.isPartial { try refuseOtherRequests(own.index) }
  }

  private func requestFault(_ fault: PlaceScan.Fault) -> RequestFault {
    RequestFault(path: files[fault.file].path, line: fault.line, reason: fault.requestReason)
  }

  /// Requests whose id an earlier one has.
  private func repeatedRequests(_ own: PlaceIndex) throws(JoinError) -> [RequestFault] {
    guard own.distinct < own.count else { return [] }
    let fetcher = LineFetcher(files)
    let document = JSONDocument()
    func id(_ place: Place) throws(JoinError) -> [UInt8] {
      var text: [UInt8] = []
      let line = try fetcher.fetch(place)
      guard JSONScanner.scan(line, into: document) == nil, let value = document.root["custom_id"] else {
        throw JoinError.changed(path: files[place.file].path)
      }
      value.appendText(to: &text)
      return text
    }
    defer { withExtendedLifetime((fetcher, document)) {} }
    var faults: [RequestFault] = []
    for k in 0..<own.count where own[k].next != 0 && own.first(own[k].hash) == k {
      var firsts: [[UInt8]: Place] = [:]
      var next: Int? = k
      while let at = next, faults.count < 1_000 {
        next = own.next(after: at)
        let place = own[at]
        let text = try id(place)
        if let first = firsts[text] {
          // The places of one file stand in its order.
          let file = files[place.file]
          let line = file.lines(at: [place.offset])[0]
          let firstLine = files[first.file].lines(at: [first.offset])[0]
          faults.append(
            RequestFault(
              path: file.path, line: line, reason: .duplicate(of: firstLine, id: JSONText.string(text))))
          if faults.count >= 20 { return faults }
        } else {
          firsts[text] = place
        }
      }
    }
    return faults
  }

  /// Few answers to many requests are no reason: a batch may have answered one of fourteen, paid for. Answers to
  /// others are.
  private func refuseOtherRequests(_ own: PlaceIndex) throws(JoinError) {
    var all = 0
    var matching = 0
    for k in 0..<index.count {
      let place = index[k]
      guard case .results = files[place.file].role else { continue }
      all += 1
      if own.first(place.hash) != nil { matching += 1 }
    }
    let hasUnreadable = resultFaultCounts.contains { $0 > 0 }
    guard matching * 2 < all || all == 0 && hasUnreadable else { return }
    throw JoinError.otherRequests(matching: matching, of: all, unreadable: unreadableFiles())
  }

  /// A word on each result file with lines that are no results.
  private func unreadableFiles() -> [String] {
    files.enumerated().compactMap { number, file in
      guard resultFaultCounts[number] > 0 else { return nil }
      if let kind = ForeignResults.kind(of: file) { return "\(file.path) \(kind)" }
      return resultFaults.first { $0.file == number }.map { "\(file.path):\($0.line) is \($0.words)" }
    }
  }

  // MARK: - The join itself

  /// - Parameter settle: takes the text of one block after the other, and where each piece of it ends.
  func run(_ product: Product, settle: @escaping (UnsafeRawBufferPointer, [Int]) throws -> Void) throws -> Account {
    var reading = requests.makeIterator()
    var reader: LineReader?
    var bytesBefore = 0
    let next: (LineBlock) throws(JoinError) -> OrderedPiece? = { [self] block throws(JoinError) in
      while true {
        if let open = reader {
          do throws(InputError) {
            if try open.fill(block) { return OrderedPiece(bytesRead: bytesBefore + open.bytesRead) }
          } catch {
            throw JoinError.unreadable(files[0].path, error.reason)
          }
          bytesBefore += open.bytesRead
        }
        guard let file = reading.next() else { return nil }
        reader = files[file].reader(blockSize: join.blockSize)
      }
    }
    (tally, lines) = (JoinTally(), 0)
    isUsed = ContiguousArray(repeating: false, count: index.count)
    try OrderedWork<Worker>(
      jobs: join.jobs, makeWorker: { [self] in Worker(self, product, next) },
      settle: { [self] block throws(SettleError) in
        if let failure = block.failure { throw SettleError(failure) }
        for used in block.tally.used { isUsed[Int(used)] = true }
        for broken in block.tally.broken { noteBroken(Int(broken)) }
        tally.add(block.tally, lines: lines)
        lines += block.lines
        do { try settle(block.text.written(0..<block.text.count), block.ends) } catch { throw SettleError(error) }
        if block.text.count <= JoinRun.largestIdle { lock.withLock { idle.append(block) } }
      }
    ).runUnwrapping()
    return finishAccount()
  }

  final class JoinedBlock {
    var text = TextBuffer(capacity: 256 << 10)
    var ends: [Int] = []
    var tally = JoinTally()
    var lines = 0
    var failure: JoinError?

    func clear() {
      text.clear()
      ends.removeAll(keepingCapacity: true)
      tally = JoinTally()
      lines = 0
      failure = nil
    }
  }

  private final class Worker: OrderedWorker {
    private let run: JoinRun
    private let product: Product
    private let next: (LineBlock) throws(JoinError) -> OrderedPiece?
    private let finder: AnswerFinder
    private let block = LineBlock()
    private let document = JSONDocument()

    init(_ run: JoinRun, _ product: Product, _ next: @escaping (LineBlock) throws(JoinError) -> OrderedPiece?) {
      self.run = run
      self.product = product
      self.next = next
      finder = AnswerFinder(
        run.files, run.index, run.join.prices, unanswered: run.join.unanswered)
    }

    func take() throws(SettleError) -> OrderedPiece? {
      do throws(JoinError) { return try next(block) } catch { throw SettleError(error) }
    }

    func work() -> OrderedSection<JoinedBlock> { OrderedSection(outcome: joined()) }

    private func joined() -> JoinedBlock {
      let out = run.lock.withLock { run.idle.popLast() } ?? JoinedBlock()
      out.clear()
      do throws(JoinError) { try join(out) } catch { out.failure = error }
      return out
    }

    private func join(_ out: JoinedBlock) throws(JoinError) {
      var tally = JoinTally()
      let bytes = block.bytes
      var start = block.textStart
      while start <= bytes.count {
        out.lines += 1
        var end = start
        let rest = bytes.part(start..<bytes.count)
        if let newline = JSONScanner.scanFirstLine(of: rest, into: document, remembered: nil) {
          end = start + newline
        } else {
          end = bytes.endOfLine(from: start)
          if let error = JSONScanner.scan(bytes.part(start..<end), into: document) {
            // It was read once before, without a fault.
            guard error.reason == .empty else { throw JoinError.changed(path: run.files[0].path) }
            start = end + 1
            continue
          }
        }
        let request = try request(line: out.lines)
        let found = try finder.find(request, &tally)
        switch product {
        case .nothing: break
        case .answers(let writer): writer.write(request.id, found.outcome, found.answer, found.result, to: &out.text)
        case .retry(let outcomes, let allFailed):
          guard outcomes.contains(found.outcome), found.outcome != .failed || allFailed || found.mayPass else { break }
          out.text.append(bytes.buffer(start..<end))
          out.text.append(ASCII.newline)
          out.ends.append(out.text.count)
        }
        start = end + 1
      }
      out.tally = tally
    }

    private func request(line: Int) throws(JoinError) -> JoinRequest {
      guard let request = JoinRequest(document.root, line: line) else {
        throw JoinError.changed(path: run.files[0].path)
      }
      return request
    }

    func leave() {}
  }

  /// A line that was not read from end to end before, and is no JSON.
  private func noteBroken(_ place: Int) {
    guard !isUsed[place] else { return }
    isUsed[place] = true
    let file = index[place].file
    resultFaultCounts[file] += 1
    if broken[file, default: []].count < 3 { broken[file, default: []].append(index[place]) }
  }

  private func brokenFaults() -> [PlaceScan.Fault] {
    let (fetcher, document) = (LineFetcher(files), JSONDocument())
    return withExtendedLifetime((fetcher, document)) {
      broken.flatMap { number, places in
        let places = places.sorted { $0.offset < $1.offset }
        return zip(files[number].lines(at: places.map(\.offset)), places).map { line, place in
          let text = try? fetcher.fetch(place)
          let reason = text.flatMap { JSONScanner.scan($0, into: document)?.reason }
          return PlaceScan.Fault(file: number, line: line, reason: .unreadable(reason ?? .cutShort))
        }
      }
    }
  }

  // MARK: - The account

  private func finishAccount() -> Account {
    var account = tally.account(join.prices)
    account.repeatedExamples = tally.repetitions.map { repetition in
      "  '\(Words.cut(repetition.id))': \(position(repetition.taken)) taken, \(position(repetition.other)) not"
    }
    let faultsByLine = (resultFaults + brokenFaults()).sorted { $0.line < $1.line }
    var strangers: [Int: (count: Int, first: [Place])] = [:]
    for k in 0..<index.count where !isUsed[k] {
      let place = index[k]
      guard case .results = files[place.file].role else { continue }
      var known = strangers[place.file] ?? (0, [])
      known.count += 1
      if known.first.count < 3 { known.first.append(place) }
      strangers[place.file] = known
    }
    for (number, file) in files.enumerated() {
      guard case .results = file.role else { continue }
      var faults = Account.ResultFileFaults(path: file.path)
      faults.unreadable = resultFaultCounts[number]
      faults.examples = faultsByLine.filter { $0.file == number }.prefix(3).map {
        "  \(file.path):\($0.line): \($0.words)"
      }
      if let known = strangers[number] {
        faults.strangers = known.count
        let lines = file.lines(at: known.first.map(\.offset))
        faults.examples += zip(lines, known.first).map { line, place in
          "  \(file.path):\(line): '\(Words.cut(id(at: place)))' is no request's"
        }
      }
      if faults.unreadable > 0 { faults.kind = ForeignResults.kind(of: file) }
      if faults.unreadable + faults.strangers > 0 { account.resultFiles.append(faults) }
    }
    return account
  }

  private func position(_ place: Int) -> String {
    let file = files[index[place].file]
    return "\(file.path):\(file.lines(at: [index[place].offset])[0])"
  }

  private func id(at place: Place) -> String {
    let (fetcher, document) = (LineFetcher(files), JSONDocument())
    return withExtendedLifetime((fetcher, document)) {
      guard let line = try? fetcher.fetch(place), JSONScanner.scan(line, into: document) == nil else { return "" }
      return document.root["custom_id"]?.text ?? ""
    }
  }
}

/// Carries an error of any type through work in order.
struct SettleError: Error {
  var cause: any Error

  init(_ cause: any Error) { self.cause = cause }
}

extension OrderedWork where Worker.Failure == SettleError {
  fileprivate func runUnwrapping() throws {
    do throws(SettleError) { try run() } catch { throw error.cause }
  }
}

extension PlaceScan.Fault {
  var words: String {
    switch reason {
    case .unreadable(let reason): JSONError(reason, at: 0).description
    case .tooLong: "longer than what is read of one line"
    case .noObject: "no JSON object"
    case .noID: "without a custom_id"
    case .isRequest: "a request, no result"
    case .isResult: "a result, no request"
    }
  }

  var requestReason: RequestFault.Reason {
    switch reason {
    case .noID: .noID
    default: .unreadable(words)
    }
  }
}
