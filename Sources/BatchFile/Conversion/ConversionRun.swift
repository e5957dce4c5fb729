import Foundation
import JSONLines

/// One conversion: records are read and made into lines in order, the lines are checked as any batch file is, side by
/// side, and those that pass are written in order.
package final class ConversionRun: @unchecked Sendable {  // what is shared, OrderedWork guards
  /// Lines are handed on when there is this much text, in bytes.
  private static let batchSize = 256 << 10
  /// Or as many records without any.
  private static let mostFaults = 1_000

  private let builder: BatchBuilder
  private let rules: RuleSet
  private let writer: RequestWriter
  private let settler: ConversionSettler
  private let jobs: Int
  /// Records so far.
  private var number = 0
  private var blankLines = 0
  /// Used again by later inputs.
  private var workers: [Worker] = []

  private let lock = NSLock()
  private var idleBatches: [ConversionBatch] = []

  package init(
    _ builder: BatchBuilder, target: any ConversionTarget, sink: any ConversionSink,
    jobs: Int = ProcessInfo.processInfo.activeProcessorCount
  ) {
    self.builder = builder
    self.jobs = max(1, jobs)
    var provider = builder.provider
    if !provider.urls.contains(builder.recipe.url) { provider.urls.append(builder.recipe.url) }
    rules = RuleSet(provider: provider, models: .groq)
    writer = RequestWriter(builder.recipe)
    settler = ConversionSettler(builder, target: target, sink: sink)
  }

  /// - Throws: `InputError`, `OutputError`, `MissingColumn`.
  package func convert(
    _ handle: FileHandle, kind: InputKind, name: String, progress: ((Int) -> Void)? = nil
  ) throws {
    let source: any RowSource =
      switch kind {
      case .prompts: PromptSource(handle, separator: builder.promptSeparator)
      case .csv: TableSource(handle, separator: ASCII.comma)
      case .tsv: TableSource(handle, separator: ASCII.tab)
      case .json: JSONSource(handle, isLines: false)
      case .jsonl: JSONSource(handle, isLines: true)
      }
    let input = settler.begin(name)
    try source.bind(writer.columns)
    let feed = Feed(source: source, input: input)
    let work = OrderedWork<Worker>(
      jobs: jobs,
      makeWorker: { [self] in
        let worker = workers.popLast() ?? Worker(self)
        worker.feed = feed
        return worker
      },
      settle: { [self] batch in
        try settler.settle(batch)
        progress?(batch.bytesRead)
        lock.withLock { idleBatches.append(batch) }
      })
    try work.run()
    blankLines += source.blankLines
  }

  /// Brings the output to its place, or takes it back where something was wrong.
  package func finish() throws -> BatchBuilder.Result {
    if number == 0 {
      let empty = ConversionBatch()
      empty.faults = [SourceFault(line: 0, code: .emptyFile, message: Sentences.emptyFile)]
      try settler.settle(empty)
    }
    var result = try settler.finish()
    result.blankLines = blankLines
    return result
  }

  /// One input, as far as it has been read.
  private final class Feed {
    let source: any RowSource
    let input: Int
    var row = SourceRow()
    var isAtEnd = false

    init(source: any RowSource, input: Int) {
      self.source = source
      self.input = input
    }
  }

  private final class Worker: OrderedWorker {
    private unowned let run: ConversionRun
    private let checker: LineChecker
    private let ids: IDCollector
    var feed: Feed?
    private var batch = ConversionBatch()

    init(_ run: ConversionRun) {
      self.run = run
      // Ids with nothing but the counter in them cannot come twice.
      ids = IDCollector(run.builder.recipe.id.isUnique ? .nothing : .texts(of: nil), detail: .places)
      checker = LineChecker(rules: run.rules, detail: .places, ids: ids)
    }

    func take() throws -> OrderedPiece? {
      guard let feed, !feed.isAtEnd, !run.settler.hasEnded else { return nil }
      batch = run.lock.withLock { run.idleBatches.popLast() } ?? ConversionBatch()
      batch.clear(input: feed.input)
      try run.fill(batch, from: feed)
      return OrderedPiece(bytesRead: batch.bytesRead, isAlone: run.rules.wantsOrder)
    }

    func work() -> ConversionBatch {
      if !batch.lines.isEmpty {
        _ = checker.check(batch.text.lines, isFirst: false)
        batch.findings = checker.findings.takeAll()
        (batch.ids, batch.idTexts) = ids.takeIDs()
      }
      return batch
    }

    func leave() { run.workers.append(self) }
  }

  /// Makes lines of the next records.
  private func fill(_ batch: ConversionBatch, from feed: Feed) throws(InputError) {
    // A class's members are checked for exclusive access at every use: what every record uses stays here meanwhile.
    let source = feed.source
    var row = SourceRow()
    swap(&row, &feed.row)
    var text = TextBuffer(capacity: 0)
    swap(&text, &batch.text)
    var lines: [ConversionBatch.Line] = []
    swap(&lines, &batch.lines)
    var number = self.number
    defer {
      swap(&row, &feed.row)
      swap(&text, &batch.text)
      swap(&lines, &batch.lines)
      self.number = number
    }
    var faults = 0
    while text.count < ConversionRun.batchSize, faults < ConversionRun.mostFaults {
      let item = try source.next(&row)
      if case .end = item {
        feed.isAtEnd = true
        break
      }
      number += 1
      let start = text.count
      let fault: SourceFault?
      if case .fault(let found) = item { fault = found } else { fault = writer.write(row, number: number, to: &text) }
      if let fault {
        text.truncate(to: start)
        batch.faults.append(fault)
        faults += 1
      } else {
        lines.append(ConversionBatch.Line(start: start, sourceLine: row.line))
      }
    }
    batch.bytesRead = source.bytesRead
  }
}

/// Lines that were made of records, on their way to be checked and written.
final class ConversionBatch: @unchecked Sendable {  // one thread has it at a time
  struct Line {
    /// Where it begins in the text.
    var start: Int
    /// The source's line that it was made of.
    var sourceLine: Int
  }

  var text = TextBuffer(capacity: 512 << 10)
  var lines: [Line] = []
  /// Records that could not become lines.
  var faults: [SourceFault] = []
  var input = 0
  /// Of the input, up to the last record.
  var bytesRead = 0

  /// What is wrong with the lines, and their ids.
  var findings: [Finding] = []
  var ids: [IDCollector.RecordedID] = []
  var idTexts: [UInt8] = []

  func clear(input: Int) {
    text.clear()
    lines.removeAll(keepingCapacity: true)
    faults.removeAll()
    findings.removeAll()
    ids.removeAll()
    idTexts.removeAll()
    self.input = input
    bytesRead = 0
  }
}
