import Foundation
import JSONLines

/// Takes the blocks of a conversion in order, after their lines were made and checked. It reports the findings with the
/// lines of the source, and writes the lines without errors.
final class ConversionSettler {
  private let builder: BatchBuilder
  private let target: any ConversionTarget
  private let sink: any ConversionSink
  /// What in a body differs from row to row, as findings name it.
  private let ownParts: [String]
  private var idTable = IDTable()
  /// The names of the inputs so far.
  private var inputs: [String] = []
  /// Where ids were used first that came again, so that each of these places is reported once.
  private var namedFirst: Set<Int> = []
  /// The findings that are the same for every row and were reported: each is reported once.
  private var saidOfRows: Set<String> = []
  /// The warnings about retired models that were reported: each is reported once.
  private var retirements: Set<String> = []
  /// Ids of lines of a batch file that the counter gives to a row too if there are `count` records, with the finding
  /// for that case. Only at the end is it known how many records there are.
  private var countedIDs: [(count: Int, finding: Finding)] = []
  /// The numbers of the records that were lines of a batch file already; the counter gives them no id.
  private var batchLineNumbers: Set<Int> = []
  /// How many rows of the current input have an empty prompt, and the line of the first one.
  private var emptyPrompts = (count: 0, firstLine: 0)
  private var result = Conversion()
  /// Whether there was an error.
  private var isBad = false

  private let lock = NSLock()
  private var overLimit = false
  /// Whether the output is over a limit, so that further lines would not be written. Any thread may ask.
  var isOverLimit: Bool { lock.withLock { overLimit } }

  init(_ builder: BatchBuilder, target: any ConversionTarget, sink: any ConversionSink) {
    self.builder = builder
    self.target = target
    self.sink = sink
    let form = PromptForm.of(builder.recipe.url, at: builder.provider) ?? .messages
    ownParts = form.members.map { "body.\($0)" }
  }

  /// Says that a note can be given at the end. Called before anything is written.
  /// - Returns: whether the output keeps it.
  func expectNote() -> Bool { target.expectNote() }

  /// Begins an input.
  /// - Returns: the input's number, from 0.
  func begin(_ input: String) -> Int {
    inputs.append(input)
    return inputs.count - 1
  }

  func settle(_ block: ConversionBlock) throws {
    // Other threads may have taken further blocks before the limit was reached. These are dropped, because the report
    // must not depend on how fast each thread is.
    if isOverLimit { return }
    result.blankLines += block.source.blankLines
    batchLineNumbers.formUnion(block.batchLineNumbers)
    if let first = block.emptyPrompts.first {
      if emptyPrompts.count == 0 { emptyPrompts.firstLine = block.lines[first].sourceLine }
      emptyPrompts.count += block.emptyPrompts.count
    }
    var found: [Finding] = block.faults.map(finding)
    result.skipped += block.faults.count
    if !block.lines.isEmpty {
      var bad = Set<Int>()
      for finding in block.checked.findings {
        if finding.code == .retiredModel, !retirements.insert(finding.message).inserted { continue }
        if let taken = take(finding, block, &bad) { found.append(taken) }
      }
      findDuplicates(block, &bad, &found)
      findTooLong(block, &bad, &found)
      result.skipped += bad.count
      if found.contains(where: { $0.severity == .error }) { isBad = true }
      try writeGood(block, bad, &found)
    }
    guard !found.isEmpty else { return }
    let ordered = found.enumerated().sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }
    for (_, finding) in ordered {
      if finding.severity == .error { isBad = true }
      sink.take(finding, input: inputs.isEmpty ? "" : inputs[block.input])
    }
  }

  /// Removes all output.
  func discard() { target.discard() }

  /// Reports the findings that are reported once for each input.
  func endInput() {
    guard emptyPrompts.count > 0, let input = inputs.last else { return }
    let others = emptyPrompts.count - 1
    sink.take(
      Finding(
        code: .doubtfulValue, severity: .warning, message: "The prompt is empty.", line: emptyPrompts.firstLine,
        length: 0, note: others == 0 ? nil : "in \(others) more row\(others == 1 ? "" : "s") too"), input: input)
    emptyPrompts = (0, 0)
  }

  /// Ends the conversion: commits the output, or removes it where an error keeps it from being written.
  /// - Parameters:
  ///   - records: how many records all inputs have together.
  ///   - note: stands beside the output.
  func finish(records: Int, note: ConversionNote?) throws -> Conversion {
    for (count, finding) in countedIDs where count <= records && !batchLineNumbers.contains(count) {
      isBad = true
      sink.take(finding, input: inputs.last ?? "")
    }
    if isBad && !builder.skipsBad || isOverLimit || result.requests == 0 {
      target.discard()
      result.requests = 0
    } else {
      result.files = try target.commit(note)
    }
    return result
  }

  // MARK: - Findings

  /// Turns a finding about a line that was made into one about the record it was made from; nil where the finding is
  /// the same for every row and was reported before.
  private func take(_ finding: Finding, _ block: ConversionBlock, _ bad: inout Set<Int>) -> Finding? {
    let k = (finding.line ?? 1) - 1
    if finding.severity == .error { bad.insert(k) }
    var finding = finding
    if block.lines[k].isOfRow, let param = finding.param, param != "custom_id",
      !ownParts.contains(where: param.hasPrefix)
    {
      guard saidOfRows.insert("\(finding.code.rawValue) \(param) \(finding.message)").inserted else { return nil }
      finding.note = (finding.note.map { $0 + "; " } ?? "") + "the same in every row"
    }
    finding.line = block.lines[k].sourceLine
    if block.lines[k].element > 0 {
      finding.note = ConversionBlock.note(finding.note, element: block.lines[k].element)
    }
    // Offsets and columns are places in the line that was made, not in the source.
    finding.column = nil
    finding.endColumn = nil
    finding.offset = nil
    if finding.code == .invalidJSONLine {
      // This program wrote the whole line except for the row's texts, so only their encoding can be wrong.
      finding.code = .invalidValue
      finding.message = "The text is not UTF-8."
      // The note begins with a place in the line that was made, which the user never sees. Only what follows is kept.
      let parts = (finding.note ?? "").split(separator: "; ", maxSplits: 1)
      finding.note = parts.count == 2 ? String(parts[1]) : nil
    }
    return finding
  }

  private func findDuplicates(_ block: ConversionBlock, _ bad: inout Set<Int>, _ found: inout [Finding]) {
    let hasCounter = builder.recipe.id.isUnique
    let ids = hasCounter ? block.batchLineIDs : block.checked.ids
    let texts = ids.texts
    for id in ids.recorded {
      let k = id.line - 1
      // Another request may use the id of one that is left out.
      if builder.skipsBad, bad.contains(k) { continue }
      let line = block.lines[k].sourceLine
      if hasCounter, let count = builder.recipe.id.count(giving: texts[id.text]) {
        let text = Words.cut(String(decoding: texts[id.text], as: UTF8.self))
        countedIDs.append((count, duplicate(text, line: line, note: "a row gets it from the counter", first: nil)))
      }
      guard let place = idTable.insert(texts[id.text], hash: id.hash, line: block.input << 40 | line) else { continue }
      bad.insert(k)
      let first = place & (1 << 40 - 1)
      let firstInput = place >> 40
      let text = Words.cut(String(decoding: texts[id.text], as: UTF8.self))
      let elsewhere = firstInput == block.input ? "" : " of \(inputs[firstInput])"
      // The first line gets a finding too, because only the user knows which of the two lines is wrong.
      if firstInput == block.input, namedFirst.insert(place).inserted {
        found.append(duplicate(text, line: first, note: "it comes again on line \(line)", first: nil))
      }
      found.append(duplicate(text, line: line, note: "first used on line \(first)\(elsewhere)", first: first))
    }
  }

  /// Finds the lines that are longer than a whole file may be.
  private func findTooLong(_ block: ConversionBlock, _ bad: inout Set<Int>, _ found: inout [Finding]) {
    let limit = builder.provider.maxBytes
    guard limit > 0 else { return }
    for k in block.lines.indices where block.size(k, k + 1) > limit && !bad.contains(k) {
      bad.insert(k)
      found.append(
        finding(
          SourceFault(
            line: block.lines[k].sourceLine, code: .maximumInputFileSizeExceeded,
            message: "The request has \(block.size(k, k + 1)) bytes, more than the \(limit) a file may have.")))
    }
  }

  private func duplicate(_ id: String, line: Int, note: String, first: Int?) -> Finding {
    Finding(
      code: .duplicateCustomID, severity: .error, message: Words.duplicate(id), param: "custom_id", line: line,
      length: 0, customID: id, note: note, firstLine: first)
  }

  private func finding(_ fault: SourceFault) -> Finding {
    Finding(
      code: fault.code, severity: .error, message: fault.message, param: fault.param,
      line: fault.line > 0 ? fault.line : nil, length: 0, note: fault.note,
      remedy: fault.remedy)
  }

  // MARK: - Writing

  private func writeGood(_ block: ConversionBlock, _ bad: Set<Int>, _ found: inout [Finding]) throws {
    guard !isOverLimit, !isBad || builder.skipsBad else { return }
    // Lines without errors that follow each other are written together, as many as the target has room for.
    let furtherInputs = block.furtherInputs
    var k = 0
    while k < block.lines.count {
      if bad.contains(k) {
        k += 1
        continue
      }
      var end = k + 1
      var load = block.load(k, k, furtherInputs)
      while end < block.lines.count, !bad.contains(end) {
        var longer = block.load(k, end, furtherInputs)
        longer.furtherInputs += load.furtherInputs
        if !target.hasRoom(for: longer) { break }
        load = longer
        end += 1
      }
      if let refusal = try target.write(block.lines(k, end), load) {
        lock.withLock { overLimit = true }
        found.append(
          finding(
            SourceFault(
              line: block.lines[k].sourceLine, code: refusal.code,
              message: "The requests are more than one file may hold (\(refusal.limit)).",
              remedy: .splitFile)))
        return
      }
      result.requests += end - k
      k = end
    }
  }
}

extension ConversionBlock {
  /// Where the line before line `k` ends in the text.
  private func end(_ k: Int) -> Int { k < lines.count ? lines[k].start : text.count }

  /// The bytes of the lines from `first` on up to `last`, which is not included.
  func lines(_ first: Int, _ last: Int) -> UnsafeRawBufferPointer { text.written(lines[first].start..<end(last)) }

  /// How many bytes these lines have.
  func size(_ first: Int, _ last: Int) -> Int { end(last) - lines[first].start }

  /// What the lines from one to another take, but for inputs: of those, what the last one takes.
  func load(_ first: Int, _ last: Int, _ furtherInputs: [Int]?) -> LineLoad {
    LineLoad(bytes: size(first, last + 1), requests: last + 1 - first, furtherInputs: furtherInputs?[last] ?? 0)
  }

  /// For each line the inputs of embeddings beside its first; nil where no line has any.
  var furtherInputs: [Int]? {
    if checked.furtherInputs.isEmpty { return nil }
    var counts = Array(repeating: 0, count: lines.count)
    for further in checked.furtherInputs { counts[further.line - 1] = further.count }
    return counts
  }
}
