import Foundation
import JSONLines

/// One pass over a file. Workers check blocks of whole lines at the same time, and their findings are put together in
/// order.
final class CheckRun: @unchecked Sendable {  // OrderedWork guards what its threads share
  private let checker: BatchChecker
  private let rules: RuleSet
  private let reader: LineReader
  private let sink: any FindingSink
  private let idMode: IDCollector.Mode
  private let progress: (@Sendable (Int) -> Void)?
  private let fileNames: FileNames

  private var ids = IDTable()
  private var summary = CheckSummary()
  private var foreign = ForeignTally()
  private var furtherInputs = 0
  /// The warnings about retired models that were given; each comes once a file.
  private var retirements: Set<String> = []

  /// The hashes of all ids, once the pass has ended.
  private(set) var hashes: [ContiguousArray<UInt64>] = []

  init(
    _ checker: BatchChecker, rules: RuleSet, handle: FileHandle, sink: any FindingSink, ids: IDCollector.Mode,
    _ progress: (@Sendable (Int) -> Void)?
  ) {
    self.checker = checker
    self.rules = rules
    self.sink = sink
    idMode = ids
    fileNames = FileNames(rules.provider)
    self.progress = progress
    reader = LineReader(handle, blockSize: checker.blockSize, lineLimit: checker.lineLimit)
  }

  /// Whether lines must be checked one after the other: where all requests of a file must share a model or a url, the
  /// first one decides which, so no later line can be checked before it.
  private var wantsOrder: Bool { !fileNames.isSettled }

  func run() throws(InputError) {
    sink.begin()
    try OrderedWork<Worker>(
      jobs: min(max(1, self.checker.jobs), BatchChecker.mostJobs), makeWorker: { Worker(self) }, settle: settle
    ).run()
  }

  private struct Outcome {
    var block: CheckedBlock
    /// How many bytes of the file were read, to the block's end.
    var bytesRead: Int
  }

  private final class Worker: OrderedWorker {
    private let run: CheckRun
    private var lines: LineChecker
    private let block = LineBlock()
    private var bytesRead = 0
    /// Where in the block the lines begin that are not checked yet.
    private var position = 0

    init(_ run: CheckRun) {
      self.run = run
      lines = LineChecker(
        rules: run.rules, fileNames: run.fileNames, detail: run.checker.detail,
        ids: IDCollector(run.idMode, detail: run.checker.detail), lineLimit: run.checker.lineLimit)
    }

    func take() throws(InputError) -> OrderedPiece? {
      guard try run.reader.fill(block) else { return nil }
      bytesRead = run.reader.bytesRead
      position = 0
      return OrderedPiece(bytesRead: bytesRead, isAlone: run.wantsOrder)
    }

    func work() -> OrderedSection<Outcome> {
      let checked = lines.check(block, from: position)
      position = checked.rest ?? block.count
      return OrderedSection(
        outcome: Outcome(block: checked, bytesRead: bytesRead), isLast: checked.rest == nil,
        isLarge: checked.findings.count > LineChecker.mostFindings)
    }

    func leave() {}
  }

  /// Takes the outcomes in order: gives the findings the line numbers of the file, finds duplicate ids, and hands the
  /// findings to the sink.
  private func settle(_ outcome: Outcome) {
    let block = outcome.block
    let base = summary.lines
    summary.lines += block.lines
    summary.requests += block.requests
    foreign.add(block.foreign)
    for further in block.furtherInputs { furtherInputs += further.count }
    var findings = block.findings
    if findings.contains(where: { $0.code == .retiredModel }) {
      findings.removeAll { $0.code == .retiredModel && !retirements.insert($0.message).inserted }
    }
    for k in findings.indices { findings[k].line = base + (findings[k].line ?? 0) }
    let duplicates = block.ids.recorded.compactMap { id -> Finding? in
      let line = base + id.line
      guard let first = ids.insert(block.ids.texts[id.text], hash: id.hash, line: line) else { return nil }
      return CheckRun.duplicate(id, JSONText.string(block.ids.texts[id.text]), line: line, first: first)
    }
    findings = CheckRun.merge(duplicates, findings)
    if !checker.ignoredCodes.isEmpty { findings.removeAll { checker.ignoredCodes.contains($0.code) } }
    for finding in findings { count(finding) }
    if !block.ids.hashes.isEmpty { hashes.append(block.ids.hashes) }
    if !findings.isEmpty { sink.take(findings) }
    progress?(outcome.bytesRead)
  }

  private static func duplicate(_ recorded: IDCollector.RecordedID, _ id: String, line: Int, first: Int) -> Finding {
    Finding(
      code: .duplicateCustomID, severity: .error,
      message: Words.duplicate(Words.cut(id)),
      param: "custom_id", line: line, column: recorded.columns.lowerBound, offset: recorded.place.lowerBound,
      length: recorded.place.count, customID: id, note: "first used on line \(first)", firstLine: first,
      excerpt: recorded.excerpt, endColumn: recorded.columns.upperBound)
  }

  /// Merges two lists by line. On the same line the duplicate comes first, because a line's `custom_id` is checked
  /// first.
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

  /// Ends the pass.
  /// - Returns: the totals, and the findings about the file as a whole.
  func finish() -> (CheckSummary, [Finding]) {
    summary.bytes = reader.bytesRead
    if !checker.ignoredCodes.contains(.foreignFile) { summary.foreign = foreign.verdict(requests: summary.requests) }
    let findings = fileFindings().filter { !checker.ignoredCodes.contains($0.code) }
    for finding in findings { count(finding) }
    return (summary, findings)
  }

  private func fileFindings() -> [Finding] {
    var findings: [Finding] = []
    func add(
      _ code: Code, as severity: Finding.Severity = .error, _ message: String, note: String? = nil,
      remedy: Finding.Remedy? = nil
    ) {
      findings.append(Finding(code: code, severity: severity, message: message, length: 0, note: note, remedy: remedy))
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
        remedy: .splitFile)
    } else if provider.doubtfulBytes > 0, summary.bytes > provider.doubtfulBytes {
      add(
        .maximumInputFileSizeExceeded, as: .warning,
        "The batch input file has \(summary.bytes) bytes; the API's documents disagree on whether it takes more than \(provider.doubtfulBytes).",
        remedy: .splitFile)
    }
    // Each request has at least one input, so only the further ones are counted.
    let inputs = summary.requests + furtherInputs
    if provider.maxInputs > 0, furtherInputs > 0, inputs > provider.maxInputs {
      add(
        .maximumInputsExceeded,
        "The batch input file has \(inputs) embedding inputs, more than the \(provider.maxInputs) maximum.",
        remedy: .splitFile)
    }
    if provider.maxRequests > 0, summary.requests > provider.maxRequests {
      add(
        .maximumRequestsExceeded,
        "The batch input file has \(summary.requests) requests, more than the \(provider.maxRequests) maximum.",
        remedy: .splitFile)
    }
    return findings
  }
}
