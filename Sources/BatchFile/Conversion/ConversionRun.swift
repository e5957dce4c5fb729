import Foundation
import JSONLines

/// One conversion: records are found in order, made into lines and checked as any batch file is side by side, and the
/// lines that pass are written in order.
package final class ConversionRun: @unchecked Sendable {  // OrderedWork guards what its threads share
  /// Blocks with more memory than this, in bytes, are not kept for later.
  private static let largestIdle = 4 << 20
  /// Only one thread at a time finds records and only one writes. With more threads than these, some would only wait
  /// for the two, and take memory.
  private static let mostJobs = 4

  private let builder: BatchBuilder
  private let rules: RuleSet
  private let fileNames: FileNames
  private let writer: RequestWriter
  private let settler: ConversionSettler
  private let jobs: Int
  /// Records so far.
  private var number = 0
  /// Used again by later inputs.
  private var workers: [Worker] = []

  private let lock = NSLock()
  private var idleBlocks: [ConversionBlock] = []

  package init(_ builder: BatchBuilder, target: any ConversionTarget, sink: any ConversionSink) {
    self.builder = builder
    jobs = min(max(1, builder.jobs), ConversionRun.mostJobs)
    var provider = builder.provider
    if !provider.urls.has(builder.recipe.url) { provider.urls.append(builder.recipe.url) }
    if let model = builder.recipe.model, !provider.models.has(model) { provider.models.append(model) }
    rules = RuleSet(provider: provider, models: builder.modelTable)
    fileNames = FileNames(provider)
    writer = RequestWriter(builder.recipe, form: PromptForm.of(builder.recipe.url, at: provider))
    settler = ConversionSettler(builder, target: target, sink: sink)
  }

  /// - Throws: `InputError`, `OutputError`, `RecipeError`; the output is removed before.
  package func convert(
    _ handle: FileHandle, kind: InputKind, name: String, progress: ((Int) -> Void)? = nil
  ) throws {
    do {
      try read(handle, kind, name, progress)
    } catch {
      settler.discard()
      throw error
    }
  }

  private func read(
    _ handle: FileHandle, _ kind: InputKind, _ name: String, _ progress: ((Int) -> Void)?
  ) throws {
    let (text, prefix) = try WideText.opened(handle)
    let source = try makeSource(text, prefix, kind)
    let input = settler.begin(name)
    let work = OrderedWork<Worker>(
      jobs: jobs, mostAhead: jobs + 4,
      makeWorker: { [self] in
        let worker = workers.popLast() ?? Worker(self)
        worker.begin(source, input)
        return worker
      },
      settle: { [self] block in
        try settler.settle(block)
        progress?(block.bytesRead)
        if block.size <= ConversionRun.largestIdle { lock.withLock { idleBlocks.append(block) } }
      })
    try work.run()
    settler.endInput()
  }

  /// Whether lines must be checked one after the other: where all requests of a file must share a model or a url, the
  /// first one decides which, so no later line can be checked before it.
  private var wantsOrder: Bool { !fileNames.isSettled }

  private func makeSource(_ handle: FileHandle, _ prefix: [UInt8], _ kind: InputKind) throws -> any RowSource {
    // A JSON text may be a single line of any length, so its blocks end behind a closing brace, not behind a newline.
    let delimiter: UInt8 =
      switch kind {
      case .prompts where builder.promptSeparator == .null: 0
      case .json: ASCII.closeBrace
      default: ASCII.newline
      }
    let reader = LineReader(handle, prefix: prefix, blockSize: builder.blockSize, delimiter: delimiter)
    let columns = writer.columns
    return switch kind {
    case .prompts: try PromptSource(reader, separator: builder.promptSeparator, columns: columns)
    case .csv: TableSource(reader, separator: builder.delimiter, columns: columns)
    case .tsv: TableSource(reader, separator: builder.delimiter ?? ASCII.tab, columns: columns)
    case .json: JSONSource(reader, isLines: false, columns: columns, body: builder.recipe.body)
    case .jsonl: JSONSource(reader, isLines: true, columns: columns, body: builder.recipe.body)
    }
  }

  /// Puts the output in its place, or removes it where something was wrong.
  package func finish() throws -> Conversion {
    do {
      if number == 0 {
        let empty = ConversionBlock()
        empty.faults = [SourceFault(line: 0, code: .emptyFile, message: Sentences.emptyFile)]
        try settler.settle(empty)
      }
      return try settler.finish(records: number)
    } catch {
      settler.discard()
      throw error
    }
  }

  private final class Worker: OrderedWorker {
    private unowned let run: ConversionRun
    private let checker: LineChecker
    private var source: (any RowSource)?
    private var reader: (any RowReader)?
    private var input = 0
    private var block = ConversionBlock()
    private var row = SourceRow()

    init(_ run: ConversionRun) {
      self.run = run
      // An id whose only changing part is the counter cannot come twice, so ids are not collected here; the block
      // itself keeps those that batch lines bring along.
      let ids = IDCollector(run.builder.recipe.id.isUnique ? .nothing : .texts(of: nil), detail: .places)
      checker = LineChecker(rules: run.rules, fileNames: run.fileNames, detail: .places, ids: ids)
    }

    func begin(_ source: any RowSource, _ input: Int) {
      self.source = source
      self.input = input
      reader = source.makeReader()
      // A new row, because the old one still holds cells of the last source, which would be taken for this one's.
      row = SourceRow()
    }

    func take() throws -> OrderedPiece? {
      guard let source, !run.settler.isOverLimit else { return nil }
      block = run.lock.withLock { run.idleBlocks.popLast() } ?? ConversionBlock()
      block.clear(input: input, firstNumber: run.number + 1)
      guard try source.read(into: block.source) else { return nil }
      run.number += block.source.records.count
      block.bytesRead = source.bytesRead
      return OrderedPiece(bytesRead: block.bytesRead, isAlone: run.wantsOrder)
    }

    func work() -> OrderedSection<ConversionBlock> {
      writeLines()
      if !block.lines.isEmpty {
        block.checked = checker.check(block.text.lines, isFirst: false)
      }
      return OrderedSection(outcome: block, isLarge: block.checked.findings.count > LineChecker.mostFindings)
    }

    func leave() {
      (source, reader) = (nil, nil)
      run.workers.append(self)
    }

    /// Makes lines of the block's records.
    ///
    /// What every record changes is swapped into local variables and back: Swift checks a class's member for exclusive
    /// access at each use, and members passed as `inout` make each check in the loop dearer, since it compares with
    /// them.
    private func writeLines() {
      guard let reader else { return }
      var row = SourceRow()
      swap(&row, &self.row)
      var text = TextBuffer(capacity: 0)
      swap(&text, &block.text)
      var lines: [ConversionBlock.Line] = []
      swap(&lines, &block.lines)
      let source = block.source
      let writer = run.writer
      var number = block.firstNumber
      for record in source.records {
        let start = text.count
        let fault =
          record.place == .faults
          ? source.faults[record.range.lowerBound]
          : reader.read(record, of: source, into: &row) ?? writer.write(row, number: number, to: &text)
        if var fault {
          text.truncate(to: start)
          if record.element > 0 { fault.note = ConversionBlock.note(fault.note, element: record.element) }
          block.faults.append(fault)
        } else {
          lines.append(
            ConversionBlock.Line(
              start: start, sourceLine: record.line, element: record.element,
              isOfRow: row.body == nil && row.batchLine == nil))
          if let batchLine = row.batchLine { block.note(idOf: batchLine, number: number, line: lines.count) }
          if writer.isPromptEmpty(row) { block.emptyPrompts.append(lines.count - 1) }
        }
        number += 1
      }
      swap(&row, &self.row)
      swap(&text, &block.text)
      swap(&lines, &block.lines)
    }
  }
}

/// Lines that were made of records, on their way to be checked and written.
final class ConversionBlock: @unchecked Sendable {  // one thread has it at a time
  struct Line {
    /// Where it begins in the text.
    var start: Int
    /// The source's line that it was made of.
    var sourceLine: Int
    /// Which element of an array it was, where others stand on the same line; 0 elsewhere.
    var element: Int
    /// Whether it was made of a row, so that it differs from other rows' lines in its texts alone.
    var isOfRow: Bool
  }

  let source = SourceBlock()
  /// The number of the first record, counted from 1 over all inputs.
  var firstNumber = 1
  var text = TextBuffer(capacity: 512 << 10)
  var lines: [Line] = []
  /// Records that could not become lines.
  var faults: [SourceFault] = []
  var input = 0
  /// Of the input, up to the last record.
  var bytesRead = 0

  /// What is wrong with the lines, and their ids.
  var checked = CheckedBlock()
  /// The ids of records that were batch lines already, and the counts of these records.
  var batchLineIDs = CollectedIDs()
  var batchLineNumbers: [Int] = []
  /// Lines whose prompt is empty.
  var emptyPrompts: [Int] = []

  /// The memory that it takes, in bytes, roughly.
  var size: Int { source.lines.count + source.gathered.count + text.count }

  func clear(input: Int, firstNumber: Int) {
    source.clear()
    self.firstNumber = firstNumber
    text.clear()
    lines.removeAll(keepingCapacity: true)
    faults.removeAll()
    checked = CheckedBlock()
    batchLineIDs = CollectedIDs()
    batchLineNumbers.removeAll()
    emptyPrompts.removeAll()
    self.input = input
    bytesRead = 0
  }

  /// Keeps the id that a batch line brings along.
  func note(idOf line: JSONValue, number: Int, line index: Int) {
    batchLineNumbers.append(number)
    guard let id = line["custom_id"], id.kind == .string else { return }
    let start = batchLineIDs.texts.count
    id.appendText(to: &batchLineIDs.texts)
    let text = start..<batchLineIDs.texts.count
    let hash = batchLineIDs.texts[text].withUnsafeBytes { TextHash.hash($0, seed: TextHash.seed) }
    batchLineIDs.recorded.append(
      IDCollector.RecordedID(hash: hash, line: index, text: text, place: 0..<0, columns: 0..<0))
  }

  /// A note that says which element of an array it is about.
  static func note(_ note: String?, element: Int) -> String {
    "element #\(element)" + (note.map { "; \($0)" } ?? "")
  }
}
