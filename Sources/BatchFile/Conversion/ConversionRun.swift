import Foundation
import JSONLines

/// One conversion. One thread at a time finds the next records of the source, in order. Several threads make lines from
/// records and check them as ``BatchChecker`` would. The lines without errors are written in order.
///
/// Unchecked, because the compiler cannot see that ``OrderedWork`` guards what the threads share.
package final class ConversionRun: @unchecked Sendable {
  /// The most bytes of memory that a block may have to be kept and used again.
  private static let largestIdle = 4 << 20
  /// The most threads. Only one thread at a time finds records and only one writes, so further threads would wait for
  /// these two and only take memory.
  private static let mostJobs = 4

  private let builder: BatchBuilder
  private let rules: RuleSet
  private let fileNames: FileNames
  /// How bodies of the recipe's url ask something; nil where no row can become one.
  private let form: PromptForm?
  private let writer: RequestWriter
  private let settler: ConversionSettler
  private let jobs: Int
  /// How many records were found so far, in all inputs.
  private var number = 0
  private var inputCount = 0
  /// The only input, where it is a table whose rows only their places tell apart and the output keeps a note of it;
  /// otherwise nil.
  private var table: (name: String, digest: ContentDigest)?
  /// The workers of earlier inputs, which later inputs use again.
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
    form = PromptForm.of(builder.recipe.url, at: provider)
    writer = RequestWriter(builder.recipe, form: form)
    settler = ConversionSettler(builder, target: target, sink: sink)
  }

  /// Converts one input.
  /// - Throws: `InputError`, `OutputError` or `RecipeError`, after the output was removed.
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
    inputCount += 1
    table = nil
    let input = settler.begin(name)
    if let kind = ForeignKind.ofFirstBytes(text) { return try refuse(kind, input) }
    if inputCount == 1, kind == .csv || kind == .tsv, builder.recipe.id.isByPosition, settler.expectNote() {
      table = (name, ContentDigest())
    }
    let source = try makeSource(text, prefix, kind)
    let work = OrderedWork<Worker>(
      jobs: self.jobs, mostAhead: jobs + 4,
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

  /// What is no text is told as what it is: its bytes would only be cells that make no sense.
  private func refuse(_ kind: ForeignKind, _ input: Int) throws {
    let block = ConversionBlock()
    block.clear(input: input, firstNumber: number + 1)
    block.faults = [
      SourceFault(line: 0, code: .foreignFile, message: "This is no text: it is \(kind.name).", note: kind.wayToText)
    ]
    number += 1
    try settler.settle(block)
    settler.endInput()
  }

  /// Whether lines must be checked one after the other: where all requests of a file must share a model or a url, the
  /// first one decides which, so no later line can be checked before it.
  private var wantsOrder: Bool { !fileNames.isSettled }

  private func makeSource(_ handle: FileHandle, _ prefix: [UInt8], _ kind: InputKind) throws -> any RowSource {
    // A JSON text may be a single line of any length, so its blocks end after a closing brace and not after a newline.
    let delimiter: UInt8 =
      switch kind {
      case .prompts where builder.promptSeparator == .null: 0
      case .json: ASCII.closeBrace
      default: ASCII.newline
      }
    let reader = LineReader(handle, prefix: prefix, blockSize: builder.blockSize, delimiter: delimiter)
    if table != nil {
      prefix.withUnsafeBytes { table?.digest.update($0) }
      // Only one thread at a time reads.
      reader.observer = { [unowned self] in table?.digest.update($0) }
    }
    let columns = writer.columns
    return switch kind {
    case .prompts: try PromptSource(reader, separator: builder.promptSeparator, columns: columns)
    case .csv: TableSource(reader, separator: builder.delimiter, columns: columns)
    case .tsv: TableSource(reader, separator: builder.delimiter ?? ASCII.tab, columns: columns)
    case .json: JSONSource(reader, isLines: false, columns: columns, body: builder.recipe.body, form: form)
    case .jsonl: JSONSource(reader, isLines: true, columns: columns, body: builder.recipe.body, form: form)
    }
  }

  /// Ends the conversion: gives the output its name, or removes it where an error keeps it from being written.
  /// - Throws: `OutputError`, after the output was removed.
  package func finish() throws -> Conversion {
    do {
      if number == 0 {
        let empty = ConversionBlock()
        empty.faults = [SourceFault(line: 0, code: .emptyFile, message: Sentences.emptyFile)]
        try settler.settle(empty)
      }
      let note = table.map { ConversionNote(table: $0.name, digest: $0.digest, id: builder.recipe.id.spelling) }
      return try settler.finish(records: number, note: note)
    } catch {
      settler.discard()
      throw error
    }
  }

  private final class Worker: OrderedWorker {
    private unowned let run: ConversionRun
    private var checker: LineChecker
    private var source: (any RowSource)?
    private var reader: (any RowReader)?
    private var input = 0
    private var block = ConversionBlock()
    private var row = SourceRow()

    init(_ run: ConversionRun) {
      self.run = run
      // An id that changes only by the counter cannot come twice, so the checker need not collect the ids of rows. The
      // block itself keeps the ids of records that were lines of a batch file already.
      let ids = IDCollector(run.builder.recipe.id.isUnique ? .nothing : .texts(of: nil), detail: .places)
      checker = LineChecker(rules: run.rules, fileNames: run.fileNames, detail: .places, ids: ids)
    }

    func begin(_ source: any RowSource, _ input: Int) {
      self.source = source
      self.input = input
      reader = source.makeReader()
      // The old row holds cells of the last source. They would be taken for cells of this one, so the row is made anew.
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

    /// Makes lines from the block's records.
    ///
    /// The values that every record changes are swapped into local variables for the loop. As members of a class they
    /// would be checked for exclusive access at each use, and each member that is lent out as `inout` makes these checks
    /// slower.
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
          let isOfRow = row.body == nil && row.batchLine == nil
          lines.append(
            ConversionBlock.Line(start: start, sourceLine: record.line, element: record.element, isOfRow: isOfRow))
          if isOfRow {
            if writer.isPromptEmpty(row) { block.emptyPrompts.append(lines.count - 1) }
          } else if let batchLine = row.batchLine {
            block.note(idOf: batchLine, number: number, line: lines.count)
          }
        }
        number += 1
      }
      swap(&row, &self.row)
      swap(&text, &block.text)
      swap(&lines, &block.lines)
    }
  }
}

/// A block of records of the source, and the lines of the batch file that are made from them.
///
/// Unchecked, because the compiler cannot see that only one thread has a block at a time.
final class ConversionBlock: @unchecked Sendable {
  struct Line {
    /// Where the line begins in ``ConversionBlock/text``.
    var start: Int
    /// The line of the source on which the record begins.
    var sourceLine: Int
    /// The record's number in its array, from 1, where the array has several elements on that line; otherwise 0.
    var element: Int
    /// Whether the record is a row. The lines made from rows differ only in the texts that the templates fill in.
    var isOfRow: Bool
  }

  let source = SourceBlock()
  /// The number of the first record, counted from 1 over all inputs.
  var firstNumber = 1
  /// The lines that were made, each with its newline.
  var text = TextBuffer(capacity: 512 << 10)
  var lines: [Line] = []
  /// The faults of records that could not become lines.
  var faults: [SourceFault] = []
  /// The number of the input, from 0.
  var input = 0
  /// How many bytes of the input were read, to the end of the last record.
  var bytesRead = 0

  /// What the check found in the lines, and their ids.
  var checked = CheckedBlock()
  /// The ids of records that were lines of a batch file already.
  var batchLineIDs = CollectedIDs()
  /// The numbers of those records, counted from 1 over all inputs.
  var batchLineNumbers: [Int] = []
  /// The indexes in `lines` of those with an empty prompt.
  var emptyPrompts: [Int] = []

  /// The memory that the block takes, in bytes, approximately.
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

  /// Keeps the id of a record that was a line of a batch file already.
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

  /// The note with the number of the array's element that it is about.
  static func note(_ note: String?, element: Int) -> String {
    "element #\(element)" + (note.map { "; \($0)" } ?? "")
  }
}
