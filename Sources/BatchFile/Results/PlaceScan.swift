import Foundation
import JSONLines

/// One pass over some files that notes the place of each `custom_id`. The first pass reads the requests. The second
/// reads all other files, and looks their lines up among the requests.
final class PlaceScan: @unchecked Sendable {  // what is shared, OrderedWork guards
  /// A fault of a line.
  struct Fault {
    enum Reason {
      case unreadable(JSONError.Reason)
      /// The line is longer than the most that is read of one.
      case tooLong
      case noObject
      case noID
      /// The line is a request, and a result is expected.
      case isRequest
      /// The line is a result, and a request is expected.
      case isResult
    }

    var file: Int
    /// The line's number, from 1.
    var line: Int
    var reason: Reason
  }

  private static let mostFaults = 1_000

  private let files: [JoinFile]
  private let join: ResultJoin
  private let models: ModelNames
  /// The requests among which lines are looked up; nil in the pass that reads the requests.
  private var known: RequestIndex?
  private let readsRequests: Bool
  private let delaysTable: Bool
  private let early: EarlyJoin?
  private let progress: (Int) -> Void
  private var current = -1
  private var reader: LineReader?
  private var bytesBefore = 0
  /// How many lines of each file are settled.
  private var linesSettled: [Int]

  private(set) var bytesRead = 0
  private(set) var requests = RequestIndex()
  private(set) var lineNumbers = LineNumbers()
  private(set) var answers = AnswerIndex()
  /// For each result file, how many lines have an id that no request has, and the first of these.
  private(set) var strangers: [Int: (count: Int, first: [LinePlace])] = [:]
  /// The first faults; `faultCounts` has the number of all faults of each file.
  private(set) var faults: [Fault] = []
  private(set) var faultCounts: [Int]
  /// Lines of the requests' files that the API would refuse, but that can be joined as they are.
  private(set) var oddLines = Account.OddLines()

  /// - Parameters:
  ///   - known: nil for the pass that reads the requests; otherwise the requests among which the lines of the other
  ///     files are looked up.
  ///   - early: joins the lines of results with the requests as they come.
  ///   - delaysTable: whether requests in ascending order need not be found by their hashes at first.
  ///   - progress: is called with the number of bytes read so far.
  init(
    _ files: [JoinFile], _ join: ResultJoin, _ models: ModelNames, known: RequestIndex?,
    early: EarlyJoin? = nil, delaysTable: Bool = false, progress: @escaping (Int) -> Void
  ) {
    self.files = files
    self.join = join
    self.models = models
    self.known = known
    readsRequests = known == nil
    self.delaysTable = delaysTable
    self.early = early
    self.progress = progress
    linesSettled = Array(repeating: 0, count: files.count)
    faultCounts = linesSettled
  }

  /// - Throws: ``JoinError``, and what the output of the early join throws.
  func run() throws {
    try OrderedWork<Worker>(
      jobs: self.join.jobs, makeWorker: { Worker(self) },
      settle: { (block: ScannedBlock) throws(SettleError) in
        do {
          let isJoined = try self.early?.settle(block.joined, block.answers) ?? false
          self.settle(block, isJoined: isJoined)
        } catch { throw SettleError(error) }
      }
    ).runUnwrapping()
    if readsRequests { requests.build(delaysTable: delaysTable) }
    known = nil
  }

  /// Hands the requests over. The index must have one owner, or the whole of it would be copied when lines are linked.
  func takeRequests() -> RequestIndex {
    var taken = RequestIndex()
    swap(&taken, &requests)
    return taken
  }

  /// Hands the lines over, for the same reason.
  func takeAnswers() -> AnswerIndex {
    var taken = AnswerIndex()
    swap(&taken, &answers)
    return taken
  }

  /// Whether a file is read in this pass.
  private func isWanted(_ file: JoinFile) -> Bool { (file.role == .requests) == readsRequests }

  private struct ScannedBlock {
    var file: Int
    var bytesRead: Int
    var lines = 0
    var requests: [RequestPlace] = []
    /// For a file of requests, the blank lines of the block, and how many requests of the block come before each.
    var blanks: [(line: Int, requests: Int)] = []
    var answers: [(line: LinePlace, request: Int)] = []
    /// The ids of `requests`, one after the other.
    var ids: [UInt8] = []
    /// The answers of the block, where they were joined with their requests.
    var joined: JoinedBlock?
    var strangers = 0
    var firstStrangers: [LinePlace] = []
    /// The faults; their lines count from the block's beginning.
    var faults: [Fault] = []
    var faultCount = 0
    var odd = Account.OddLines()
  }

  /// - Parameter isJoined: whether the lines of results were joined with their requests, so that nobody looks for them.
  private func settle(_ block: ScannedBlock, isJoined: Bool) {
    if block.odd.count > 0 { oddLines.add(block.odd, lines: linesSettled.reduce(0, +)) }
    for blank in block.blanks { lineNumbers.addBlank(before: requests.count + blank.requests) }
    requests.append(block.requests, ids: block.ids)
    if !isJoined { for (line, request) in block.answers { answers.append(line, request: request) } }
    if block.strangers > 0 {
      var all = strangers[block.file] ?? (0, [])
      all.count += block.strangers
      all.first += block.firstStrangers.prefix(max(0, JoinRun.mostExamples - all.first.count))
      strangers[block.file] = all
    }
    for var fault in block.faults where faults.count < PlaceScan.mostFaults {
      fault.line += linesSettled[block.file]
      faults.append(fault)
    }
    faultCounts[block.file] += block.faultCount
    linesSettled[block.file] += block.lines
    bytesRead = block.bytesRead
    progress(bytesRead)
  }

  private final class Worker: OrderedWorker {
    private let scan: PlaceScan
    private let block = LineBlock()
    private let requestReader: RequestReader
    private let document = JSONDocument()
    private let answers: AnswerReader?
    private let models: RecentModels
    private let seed = TextHash.seed
    private var file = 0
    private var bytesRead = 0
    private var unescaped: [UInt8] = []
    /// Memory for `Found` that is used again.
    private var idle: [Found.Line] = []

    init(_ scan: PlaceScan) {
      self.scan = scan
      requestReader = RequestReader(usesForms: scan.join.usesForms)
      models = RecentModels(scan.models)
      answers = scan.early.map { _ in AnswerReader(scan.join, scan.models) }
    }

    func take() throws(SettleError) -> OrderedPiece? {
      while true {
        if let reader = scan.reader {
          do throws(InputError) {
            if try reader.fill(block) {
              file = scan.current
              bytesRead = scan.bytesBefore + reader.bytesRead
              return OrderedPiece(bytesRead: bytesRead)
            }
          } catch {
            throw SettleError(JoinError.unreadable(scan.files[scan.current].path, error.reason))
          }
          scan.bytesBefore += reader.bytesRead
          scan.reader = nil
        }
        repeat { scan.current += 1 } while scan.current < scan.files.count && !scan.isWanted(scan.files[scan.current])
        guard scan.current < scan.files.count else { return nil }
        scan.reader = scan.files[scan.current].reader(blockSize: scan.join.blockSize)
      }
    }

    func work() -> OrderedSection<ScannedBlock> { OrderedSection(outcome: scanned()) }

    func leave() {}

    /// What is read of the current block. It is a local value, because each access to a member of this class would be
    /// checked for exclusivity, twice a line.
    private struct Found {
      typealias Line = (hash: UInt64, line: LinePlace)
      let file: Int
      /// Where the block begins in the file.
      let offset: Int
      /// The lines whose ids are to be looked up, with the hashes of the ids.
      var lines: [Line]

      @inline(__always)
      func place(_ start: Int, _ end: Int) -> LinePlace {
        LinePlace(file: file, offset: offset + start, length: end - start)
      }
    }

    private func scanned() -> ScannedBlock {
      var out = ScannedBlock(file: file, bytesRead: bytesRead)
      var found = Found(file: file, offset: block.offset, lines: [])
      swap(&found.lines, &idle)
      if block.cutLineLength != nil {
        out.lines = 1
        fault(.tooLong, &out)
        return out
      }
      let bytes = block.bytes
      var start = block.textStart
      if start > 0, scan.files[file].role == .requests { out.odd.add(line: 1) }
      if let joined = joinEarly(bytes, found, &out) {
        out.joined = joined
        return out
      }
      while start <= bytes.count {
        out.lines += 1
        let end =
          switch scan.files[file].role {
          case .requests: readRequest(bytes, start, found, &out)
          case .results: readResult(bytes, start, &found, &out)
          case .pending, .unsent: readSent(bytes, start, &found)
          }
        start = end + 1
      }
      if let known = scan.known { lookUp(found.lines, known, &out) }
      found.lines.removeAll(keepingCapacity: true)
      swap(&found.lines, &idle)
      return out
    }

    /// Looks all lines of the block up in one loop. Each look-up waits for memory, and in a loop the processor begins
    /// the next ones meanwhile.
    private func lookUp(_ lines: [Found.Line], _ known: RequestIndex, _ out: inout ScannedBlock) {
      out.answers.reserveCapacity(lines.count)
      let isResult = if case .results = scan.files[file].role { true } else { false }
      var last = -1
      var table: RequestTable?
      for (hash, line) in lines {
        // OpenAI's answers are in the order of the requests, so the next request is looked at first.
        var request = known.guessed(last + 1, hash)
        if request == nil {
          if table == nil { table = known.readyTable() }
          request = known.first(hash, in: table!)
        }
        if let request {
          last = request
          out.answers.append((line, request))
        } else if isResult {
          out.strangers += 1
          if out.firstStrangers.count < JoinRun.mostExamples { out.firstStrangers.append(line) }
        }
      }
    }

    /// Joins the lines of a block of results with their requests, if they come in the same order.
    /// - Returns: nil where they do not, so that each line must be looked up.
    private func joinEarly(_ bytes: PaddedBytes, _ found: Found, _ out: inout ScannedBlock) -> JoinedBlock? {
      guard let early = scan.early, let answers, let known = scan.known, case .results = scan.files[file].role,
        early.isOn
      else { return nil }
      var start = block.textStart
      while start < bytes.count, bytes[start] == ASCII.newline { start += 1 }
      guard let id = QuickID.find(bytes, from: start), let first = number(of: id, bytes, known) else { return nil }
      var lines: [(line: LinePlace, request: Int)] = []
      lines.reserveCapacity(512)
      let joined = early.join(bytes, from: block.textStart, first: first, known, answers) { line, request in
        lines.append((found.place(line.lowerBound, line.upperBound), request))
      }
      guard let joined else { return nil }
      out.answers = lines
      out.lines = joined.lines
      return joined
    }

    /// The number of the request with an id.
    private func number(of id: Range<Int>, _ bytes: PaddedBytes, _ known: RequestIndex) -> Int? {
      if known.isAscending { return known.numberOfAscending(bytes, id) }
      return known.first(TextHash.hash(bytes.buffer(id), seed: seed), in: known.readyTable())
    }

    private func fault(_ reason: Fault.Reason, _ out: inout ScannedBlock) {
      out.faultCount += 1
      if out.faults.count < PlaceScan.mostFaults {
        out.faults.append(Fault(file: file, line: out.lines, reason: reason))
      }
    }

    private func hash(_ id: SpeltText) -> UInt64 {
      if !id.isEscaped { return TextHash.hash(id.spelling, seed: seed) }
      unescaped.removeAll(keepingCapacity: true)
      id.appendText(to: &unescaped)
      return unescaped.withUnsafeBytes { TextHash.hash($0, seed: seed) }
    }

    /// Reads a request.
    /// - Returns: where its line ends.
    private func readRequest(_ bytes: PaddedBytes, _ start: Int, _ found: Found, _ out: inout ScannedBlock) -> Int {
      switch requestReader.read(bytes.part(start..<bytes.count)) {
      case .blank(let length):
        out.odd.add(line: out.lines)
        out.blanks.append((out.lines, out.requests.count))
        return start + length
      case .fault(let reason, let length):
        fault(reason, &out)
        return start + length
      case .request(let request):
        if !request.isWhole { out.odd.add(line: out.lines) }
        if out.requests.isEmpty { out.requests.reserveCapacity(1_024) }
        out.ids.append(contentsOf: request.id.spelling)
        out.requests.append(
          RequestPlace(
            found.place(start, start + request.end), hash: hash(request.id), id: request.id.range,
            isEscaped: request.id.isEscaped, model: request.model.map { models.number(of: $0) } ?? 0,
            kind: request.kind, hasURL: request.hasURL))
        return start + request.end
      }
    }

    /// Reads a request of a part that has not ended or was never sent, and notes that for the request with the same id.
    private func readSent(_ bytes: PaddedBytes, _ start: Int, _ found: inout Found) -> Int {
      switch requestReader.read(bytes.part(start..<bytes.count)) {
      case .blank(let length): return start + length
      case .fault(_, let length): return start + length
      case .request(let request):
        found.lines.append((hash(request.id), found.place(start, start + request.end)))
        return start + request.end
      }
    }

    private func readResult(
      _ bytes: PaddedBytes, _ start: Int, _ found: inout Found, _ out: inout ScannedBlock
    ) -> Int {
      if let id = QuickID.find(bytes, from: start) {
        let end = bytes.endOfLine(from: id.upperBound)
        found.lines.append((TextHash.hash(bytes.buffer(id), seed: seed), found.place(start, end)))
        return end
      }
      var end = start
      let rest = bytes.part(start..<bytes.count)
      if let newline = JSONScanner.scanFirstLine(of: rest, into: document, remembered: nil) {
        end = start + newline
      } else {
        end = bytes.endOfLine(from: start)
        if let error = JSONScanner.scan(bytes.part(start..<end), into: document) {
          if error.reason != .empty { fault(.unreadable(error.reason), &out) }
          return end
        }
      }
      let members = LineMembers(document.root, isRequest: false)
      if let reason = members.fault {
        fault(reason, &out)
      } else if let id = members.id {
        found.lines.append((hash(SpeltText(id)), found.place(start, end)))
      }
      return end
    }
  }
}

extension PlaceScan.Fault {
  var words: String {
    switch reason {
    case .unreadable(let reason): JSONError(reason, at: 0).description
    case .tooLong: "longer than this program reads"
    case .noObject: "not a JSON object"
    case .noID: "without a custom_id"
    case .isRequest: "a request and not a result"
    case .isResult: "a result and not a request"
    }
  }

  var requestReason: RequestFault.Reason {
    switch reason {
    case .noID: .noID
    default: .unreadable(words)
    }
  }
}
