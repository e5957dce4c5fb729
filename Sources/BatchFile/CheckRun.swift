import Foundation
import JSONLines

/// One pass over a file: blocks of whole lines go to workers, and their results are put together in order.
///
/// Each worker takes the next block under the reader's lock, checks it alone, and delivers. Whoever delivers the block
/// that is due also deals with those waiting behind it. The result does not depend on the number of workers.
final class CheckRun: @unchecked Sendable {  // `condition` guards all that is shared
  /// What a worker found in one block, line numbers counted from the block's beginning.
  private struct BlockResult {
    var lines: Int
    var findings: [Finding]
    var ids: [IDCollector.RecordedID]
    var texts: [UInt8]
  }

  /// Workers wait for the one that is behind when this many blocks are ahead of it.
  private static let mostAhead = 16
  /// A second thread costs more than it brings below this size, in bytes.
  private static let worthThreads = 1 << 20

  private static let looksBeforeSleep = 40_000

  private let checker: BatchChecker
  private let rules: RuleSet
  private let reader: LineReader
  private let sink: any FindingSink
  private let idMode: IDCollector.Mode
  private let progress: (@Sendable (Int) -> Void)?

  private let readerLock = NSLock()
  private let condition = NSCondition()
  private var waiting: [Int: BlockResult] = [:]
  private var nextOrdinal = 0
  private var runningWorkers = 0
  private var failure: ReadError?
  private var ids = IDTable()
  private var summary = BatchChecker.Summary()

  /// The hashes of all ids, after the run.
  private(set) var hashes: [ContiguousArray<UInt64>] = []

  init(
    _ checker: BatchChecker, rules: RuleSet, handle: FileHandle, sink: any FindingSink, ids: IDCollector.Mode,
    _ progress: (@Sendable (Int) -> Void)?
  ) {
    self.checker = checker
    self.rules = rules
    self.sink = sink
    idMode = ids
    self.progress = progress
    reader = LineReader(handle, blockSize: checker.blockSize, lineLimit: checker.lineLimit)
  }

  func run() throws(InputError) {
    sink.begin()
    runningWorkers = 1
    work(mayStartOthers: true)
    condition.lock()
    while runningWorkers > 0 { condition.wait() }
    condition.unlock()
    if let failure { throw InputError(code: failure.code) }
  }

  private func startOthers() {
    let others = max(1, checker.jobs) - 1
    condition.withLock { runningWorkers += others }
    for _ in 0..<others {
      let thread = Thread { [self] in work(mayStartOthers: false) }
      // Rules about JSON schemas follow nested objects, a thousand levels at most.
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  private func work(mayStartOthers: Bool) {
    let collector = IDCollector(idMode, detail: checker.detail)
    let lines = LineChecker(rules: rules, detail: checker.detail, ids: collector)
    let block = LineBlock()
    var mayStartOthers = mayStartOthers && checker.jobs > 1
    while true {
      lockReader()
      let hasFailed = condition.withLock { failure != nil }
      let isFilled: Bool
      do throws(ReadError) {
        isFilled = hasFailed ? false : try reader.fill(block)
      } catch {
        condition.withLock { failure = error }
        isFilled = false
      }
      // Until the file's one model is known, the blocks are checked one after the other.
      let isAlone = isFilled && rules.provider.oneModelPerFile && !rules.fileModel.isSettled
      let bytesRead = reader.bytesRead
      if !isAlone { readerLock.unlock() }
      guard isFilled else { break }
      if mayStartOthers, bytesRead >= CheckRun.worthThreads {
        mayStartOthers = false
        startOthers()
      }
      let count = lines.check(block)
      if isAlone { readerLock.unlock() }
      let (ids, texts) = collector.takeIDs()
      deliver(
        BlockResult(lines: count, findings: lines.findings.takeAll(), ids: ids, texts: texts), block.ordinal, bytesRead)
    }
    condition.withLock {
      hashes += collector.takeHashes()
      summary.requests += lines.requests
      runningWorkers -= 1
      condition.broadcast()
    }
  }

  /// Filling a block takes some ten microseconds, waking a thread that sleeps for it takes longer: look a few times first.
  private func lockReader() {
    for _ in 0..<CheckRun.looksBeforeSleep where readerLock.try() { return }
    readerLock.lock()
  }

  private func deliver(_ result: BlockResult, _ ordinal: Int, _ bytesRead: Int) {
    condition.lock()
    defer { condition.unlock() }
    while ordinal >= nextOrdinal + CheckRun.mostAhead { condition.wait() }
    waiting[ordinal] = result
    while let due = waiting.removeValue(forKey: nextOrdinal) {
      settle(due)
      nextOrdinal += 1
    }
    condition.broadcast()
    progress?(bytesRead)
  }

  /// Numbers the lines, finds duplicate ids, and hands the findings on.
  private func settle(_ result: BlockResult) {
    let base = summary.lines
    summary.lines += result.lines
    var findings = result.findings
    for k in findings.indices { findings[k].line = base + (findings[k].line ?? 0) }
    let duplicates = result.ids.compactMap { id -> Finding? in
      let line = base + id.line
      guard let first = ids.insert(result.texts[id.text], hash: id.hash, line: line) else { return nil }
      return CheckRun.duplicate(id, JSONText.string(result.texts[id.text]), line: line, first: first)
    }
    findings = CheckRun.merge(duplicates, findings)
    if !checker.ignoredCodes.isEmpty { findings.removeAll { checker.ignoredCodes.contains($0.code) } }
    for finding in findings { count(finding) }
    if !findings.isEmpty { sink.take(findings) }
  }

  private static func duplicate(_ recorded: IDCollector.RecordedID, _ id: String, line: Int, first: Int) -> Finding {
    Finding(
      code: .duplicateCustomID, severity: .error,
      message: Words.duplicate(Words.cut(id)),
      param: "custom_id", line: line, column: recorded.column, offset: recorded.place.lowerBound,
      length: recorded.place.count, customID: id, note: "first used on line \(first)", firstLine: first,
      excerpt: recorded.excerpt)
  }

  /// Of one line, the duplicate comes first: `custom_id` is the first thing that is looked at.
  private static func merge(_ duplicates: [Finding], _ others: [Finding]) -> [Finding] {
    if duplicates.isEmpty { return others }
    var merged: [Finding] = []
    merged.reserveCapacity(duplicates.count + others.count)
    var k = 0
    for duplicate in duplicates {
      while k < others.count, others[k].line! < duplicate.line! {
        merged.append(others[k])
        k += 1
      }
      merged.append(duplicate)
    }
    return merged + others[k...]
  }

  private func count(_ finding: Finding) {
    if finding.severity == .error { summary.errors += 1 } else { summary.warnings += 1 }
  }

  // MARK: - The file as a whole

  /// - Returns: the totals and what is wrong with the file itself.
  func finish() -> (BatchChecker.Summary, [Finding]) {
    summary.bytes = reader.bytesRead
    let findings = fileFindings().filter { !checker.ignoredCodes.contains($0.code) }
    for finding in findings { count(finding) }
    return (summary, findings)
  }

  private func fileFindings() -> [Finding] {
    var findings: [Finding] = []
    func add(_ code: Code, _ message: String, note: String? = nil) {
      findings.append(Finding(code: code, severity: .error, message: message, length: 0, note: note))
    }
    let provider = rules.provider
    if summary.requests == 0 {
      add(
        .emptyFile, Sentences.emptyFile,
        note: summary.lines > 0 ? "there are only blank lines" : nil)
    }
    if provider.maxBytes > 0, summary.bytes > provider.maxBytes {
      add(
        .maximumInputFileSizeExceeded,
        "The batch input file is larger than the \(provider.maxBytes) maximum. It has \(summary.bytes) bytes.",
        note: "`batchfile split` makes several files of it")
    }
    if provider.maxRequests > 0, summary.requests > provider.maxRequests {
      add(
        .maximumRequestsExceeded,
        "The batch input file has \(summary.requests) requests, more than the \(provider.maxRequests) maximum.",
        note: "`batchfile split` makes several files of it")
    }
    return findings
  }
}
