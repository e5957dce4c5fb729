import Foundation
import JSONLines

/// One conversion: this thread reads records and makes lines of them, another one checks the lines as any batch file is
/// and writes those that pass.
package final class ConversionRun: @unchecked Sendable {  // `lock` guards `idle`
  private static let batchSize = 256 << 10
  /// Batches between the two threads.
  private static let batchCount = 3

  private let builder: BatchBuilder
  private let writer: RequestWriter
  private let settler: ConversionSettler
  private let queue = DispatchQueue(label: "batchfile.convert")
  private let free = DispatchSemaphore(value: ConversionRun.batchCount - 1)
  private let lock = NSLock()
  private var idle: [ConversionBatch] = []
  private var number = 0
  private var input = 0
  private var blankLines = 0

  package init(_ builder: BatchBuilder, target: any ConversionTarget, sink: any ConversionSink) {
    self.builder = builder
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
    input = queue.sync { settler.begin(name) }
    try source.bind(writer.columns)
    var batch = newBatch()
    var row = SourceRow()
    reading: while true {
      switch try source.next(&row) {
      case .end: break reading
      case .fault(let fault):
        number += 1
        batch.faults.append(fault)
      case .row:
        number += 1
        let start = batch.text.count
        if let fault = writer.write(row, number: number, to: &batch.text) {
          batch.text.truncate(to: start)
          batch.faults.append(fault)
        } else {
          batch.starts.append(start)
          batch.lines.append(row.line)
        }
      }
      if batch.text.count >= ConversionRun.batchSize {
        submit(batch)
        batch = newBatch()
        progress?(source.bytesRead)
        if settler.hasEnded { break }
      }
    }
    // In this thread's time: a small input needs no other, and errors are to be thrown.
    try queue.sync { try settler.settle(batch) }
    lock.withLock { idle.append(batch) }
    blankLines += source.blankLines
  }

  /// Brings the output to its place, or takes it back where something was wrong.
  package func finish() throws -> BatchBuilder.Result {
    try queue.sync {
      if number == 0 {
        let empty = ConversionBatch()
        empty.faults = [SourceFault(line: 0, code: .emptyFile, message: Sentences.emptyFile)]
        try settler.settle(empty)
      }
      var result = try settler.finish()
      result.blankLines = blankLines
      return result
    }
  }

  private func newBatch() -> ConversionBatch {
    let batch = lock.withLock { idle.popLast() } ?? ConversionBatch()
    batch.clear(input: input)
    return batch
  }

  private func submit(_ batch: ConversionBatch) {
    free.wait()
    queue.async { [self] in
      // What goes wrong is thrown by the next call that is waited for.
      settler.settleLater(batch)
      lock.withLock { idle.append(batch) }
      free.signal()
    }
  }
}

/// Lines that were made of records, on their way to be checked.
final class ConversionBatch: @unchecked Sendable {  // one thread has it at a time
  var text = TextBuffer(capacity: 512 << 10)
  /// Where each line begins.
  var starts: [Int] = []
  /// The source's line that each was made of.
  var lines: [Int] = []
  /// Records that could not become lines.
  var faults: [SourceFault] = []
  var input = 0

  func clear(input: Int) {
    text.clear()
    starts.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
    faults.removeAll()
    self.input = input
  }
}
