import Foundation
import JSONLines

/// One conversion: records become lines in a block, the block is checked as any batch file is, and what passes is written.
package final class ConversionRun {
  private static let blockSize = 256 << 10

  private let builder: BatchBuilder
  private let writer: RequestWriter
  private let target: any ConversionTarget
  private let sink: any ConversionSink
  private let checker: LineChecker
  private let ids: IDCollector
  private var idTable = IDTable()

  private var block = TextBuffer(capacity: ConversionRun.blockSize * 2)
  /// Where each line of the block begins, and the source's line it was made of.
  private var starts: [Int] = []
  private var sources: [Int] = []
  /// Findings since the last block, not yet in the order of their lines.
  private var pending: [Finding] = []
  private var input = ""
  private var number = 0
  private var result = BatchBuilder.Result()
  private var isBad = false
  private var isOverLimit = false
  private var namedFirst: Set<Int> = []

  package init(_ builder: BatchBuilder, target: any ConversionTarget, sink: any ConversionSink) {
    self.builder = builder
    self.target = target
    self.sink = sink
    writer = RequestWriter(builder.recipe)
    // Ids with nothing but the counter in them cannot come twice.
    ids = IDCollector(builder.recipe.id.isUnique ? .texts(of: []) : .texts(of: nil), wantsExcerpts: false)
    var provider = builder.provider
    if !provider.urls.contains(builder.recipe.url) { provider.urls.append(builder.recipe.url) }
    checker = LineChecker(rules: RuleSet(provider: provider, models: .groq), wantsExcerpts: false, ids: ids)
  }

  /// - Throws: `InputError`, `OutputError`, `MissingColumn`.
  package func convert(
    _ handle: FileHandle, kind: InputKind, name: String, progress: ((Int) -> Void)? = nil
  ) throws {
    input = name
    let source: any RowSource =
      switch kind {
      case .prompts: PromptSource(handle, separator: builder.promptSeparator)
      case .csv: TableSource(handle, separator: ASCII.comma)
      case .tsv: TableSource(handle, separator: ASCII.tab)
      case .json: JSONSource(handle, isLines: false)
      case .jsonl: JSONSource(handle, isLines: true)
      }
    try source.bind(writer.columns)
    while let item = try source.next() {
      number += 1
      switch item {
      case .row(let row): write(row)
      case .fault(let fault): report(fault)
      }
      if block.count >= ConversionRun.blockSize {
        try settle()
        progress?(source.bytesRead)
        if isOverLimit { break }
      }
    }
    try settle()
    result.blankLines += source.blankLines
  }

  /// Brings the output to its place, or takes it back where something was wrong.
  package func finish() throws -> BatchBuilder.Result {
    if number == 0 {
      report(
        SourceFault(
          line: 0, code: .emptyFile,
          message: Sentences.emptyFile))
      try settle()
    }
    if isBad && !builder.skipsBad || isOverLimit || result.requests == 0 {
      target.discard()
      result.requests = 0
    } else {
      result.files = try target.commit()
    }
    return result
  }

  private func write(_ row: SourceRow) {
    let start = block.count
    if let fault = writer.write(row, number: number, to: &block) {
      block.truncate(to: start)
      report(fault)
      return
    }
    starts.append(start)
    sources.append(row.line)
  }

  /// Checks the block and hands on its good lines.
  private func settle() throws {
    if !starts.isEmpty {
      _ = checker.check(block.lines, isFirst: false)
      var bad = Set<Int>()
      for finding in checker.findings.takeAll() { take(finding, &bad) }
      findDuplicates(&bad)
      try writeGood(bad)
    }
    let ordered = pending.enumerated().sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }
    for (_, finding) in ordered { sink.take(finding, input: input) }
    pending.removeAll(keepingCapacity: true)
    block.clear()
    starts.removeAll(keepingCapacity: true)
    sources.removeAll(keepingCapacity: true)
  }

  private func take(_ finding: Finding, _ bad: inout Set<Int>) {
    let k = (finding.line ?? 1) - 1
    if finding.severity == .error, bad.insert(k).inserted { result.skipped += 1 }
    var finding = finding
    finding.line = sources[k]
    // Places in the line that was made are none in the source.
    finding.column = nil
    finding.offset = nil
    if finding.code == .invalidJSONLine {
      // What was put in is right but for its encoding.
      finding.code = .invalidValue
      finding.message = "The text is not UTF-8."
    }
    hand(finding)
  }

  private func findDuplicates(_ bad: inout Set<Int>) {
    let (recorded, texts) = ids.takeIDs()
    for id in recorded {
      let k = id.line - 1
      guard let first = idTable.insert(texts[id.text], hash: id.hash, line: sources[k]) else { continue }
      if bad.insert(k).inserted { result.skipped += 1 }
      let text = Words.cut(String(decoding: texts[id.text], as: UTF8.self))
      // Both lines get one: which of the two is wrong, only the user knows.
      if namedFirst.insert(first).inserted {
        hand(duplicate(text, line: first, note: "it comes again on line \(sources[k])", first: nil))
      }
      hand(duplicate(text, line: sources[k], note: "first used on line \(first)", first: first))
    }
  }

  private func duplicate(_ id: String, line: Int, note: String, first: Int?) -> Finding {
    Finding(
      code: .duplicateCustomID, severity: .error, message: Words.duplicate(id), param: "custom_id", line: line,
      length: 0, customID: id, note: note, firstLine: first)
  }

  private func writeGood(_ bad: Set<Int>) throws {
    guard !isOverLimit, !isBad || builder.skipsBad else { return }
    for k in starts.indices where !bad.contains(k) {
      let end = k + 1 < starts.count ? starts[k + 1] : block.count
      switch try target.write(block.written(starts[k]..<end), requests: 1) {
      case nil: result.requests += 1
      case .lineOverLimit(let size):
        report(
          SourceFault(
            line: sources[k], code: .maximumInputFileSizeExceeded,
            message: "The request has \(size) bytes, more than the \(builder.provider.maxBytes) a file may have."))
      case .outputOverLimit(let code, let limit):
        isOverLimit = true
        report(
          SourceFault(
            line: sources[k], code: code, message: "The requests are more than one file may hold (\(limit)).",
            note: "with -o FILE they go into several files"))
        return
      }
    }
  }

  private func report(_ fault: SourceFault) {
    result.skipped += 1
    hand(
      Finding(
        code: fault.code, severity: .error, message: fault.message, param: fault.param,
        line: fault.line > 0 ? fault.line : nil, length: 0, note: fault.note))
  }

  private func hand(_ finding: Finding) {
    if finding.severity == .error { isBad = true }
    pending.append(finding)
  }
}
