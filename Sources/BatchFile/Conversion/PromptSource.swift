import JSONLines

/// The prompts of a text, which are separated by line ends, by blank lines or by NUL.
final class PromptSource: RowSource {
  private let reader: LineReader
  private let separator: PromptSeparator
  private let columnCount: Int
  /// The number of the next line. Where NUL separates the prompts, the number of the line on which the next one begins.
  private var line = 1
  private var isOver = false

  /// - Throws: `RecipeError` where a template names another column than `prompt`.
  init(_ reader: LineReader, separator: PromptSeparator, columns: [String]) throws {
    self.separator = separator
    self.reader = reader
    columnCount = columns.count
    if let other = columns.first(where: { $0 != "prompt" }) {
      throw RecipeError.missingColumn(other, available: ["prompt"])
    }
  }

  var bytesRead: Int { reader.bytesRead }

  func makeReader() -> any RowReader { PromptReader(columnCount: columnCount) }

  func read(into block: SourceBlock) throws -> Bool {
    guard !isOver, try reader.fill(block) else { return false }
    if let length = block.lines.cutLineLength {
      // Reading stops inside a paragraph that is over the limit. Where the paragraph ends is not known, so the prompts
      // after it cannot be found.
      isOver = separator == .blankLine
      block.add(
        SourceFault(
          line: line, code: .invalidValue, message: "The prompt is longer than this program reads.",
          note: (isOver ? "nothing after it was read" : "it has \(Words.grouped(length)) bytes")
            + ", and at most \(LineReader.limitText) are read"))
      line += 1
      return true
    }
    switch separator {
    case .line: findLines(in: block)
    case .null: findEnded(in: block)
    case .blankLine: findParagraphs(in: block)
    }
    return true
  }

  private func findLines(in block: SourceBlock) {
    // A local variable, because Swift checks a class's member for exclusive access at each use.
    var records: [SourceBlock.Record] = []
    swap(&records, &block.records)
    let text = block.lines.bytes
    var number = line
    var position = block.lines.textStart
    while position < block.lines.count {
      let newline = text.endOfLine(from: position)
      let prompt = position..<PromptSource.endOfText(text, position, newline)
      if PromptSource.isBlank(text, prompt) {
        block.blankLines += 1
      } else {
        records.append(SourceBlock.Record(range: prompt, line: number))
      }
      position = newline + 1
      number += 1
    }
    line = number
    swap(&records, &block.records)
  }

  private func findEnded(in block: SourceBlock) {
    let text = block.lines.bytes
    var position = block.lines.textStart
    while position < block.lines.count {
      let end = text.endOfLine(from: position, delimiter: 0)
      if end == position {
        block.blankLines += 1
      } else {
        block.records.append(SourceBlock.Record(range: position..<end, line: line))
      }
      line += text.count(of: ASCII.newline, in: position..<end)
      position = end + 1
    }
  }

  /// Where a block ends inside a paragraph, the paragraph is given back to the reader and read again with the next
  /// block.
  private func findParagraphs(in block: SourceBlock) {
    let text = block.lines.bytes
    var position = block.lines.textStart
    var paragraph: (range: Range<Int>, line: Int)?
    while position < block.lines.count {
      let newline = text.endOfLine(from: position)
      let end = PromptSource.endOfText(text, position, newline)
      if PromptSource.isBlank(text, position..<end) {
        // Blank lines separate paragraphs here and are not reported.
        if let ended = paragraph { add(ended.range, ended.line, to: block) }
        paragraph = nil
      } else {
        paragraph = ((paragraph?.range.lowerBound ?? position)..<end, paragraph?.line ?? line)
      }
      position = newline + 1
      line += 1
    }
    guard let open = paragraph else { return }
    if reader.isAtEnd {
      add(open.range, open.line, to: block)
    } else {
      reader.putBack(block.lines, from: open.range.lowerBound)
      line = open.line
    }
  }

  /// Adds a paragraph as a record. The line ends inside it become newlines.
  private func add(_ range: Range<Int>, _ line: Int, to block: SourceBlock) {
    let text = block.lines.bytes
    if text.count(of: ASCII.carriageReturn, in: range) == 0 {
      block.records.append(SourceBlock.Record(range: range, line: line))
      return
    }
    let start = block.gathered.count
    var position = range.lowerBound
    while position < range.upperBound {
      let newline = min(text.endOfLine(from: position), range.upperBound)
      if position > range.lowerBound { block.gathered.append(ASCII.newline) }
      // The carriage return of the last line is not in the range, so one at the range's end is text.
      let end = newline == range.upperBound ? newline : PromptSource.endOfText(text, position, newline)
      block.gathered.append(text.buffer(position..<end))
      position = newline + 1
    }
    block.addGathered(from: start, line: line)
  }

  /// Where the text of a line ends: before its newline, and before a carriage return in front of that.
  @inline(__always)
  private static func endOfText(_ text: PaddedBytes, _ start: Int, _ newline: Int) -> Int {
    newline > start && text[newline - 1] == ASCII.carriageReturn ? newline - 1 : newline
  }

  @inline(__always)
  private static func isBlank(_ text: PaddedBytes, _ range: Range<Int>) -> Bool {
    for i in range where !ASCII.isBlank(text[i]) { return false }
    return true
  }
}

/// Makes rows from prompts. `prompt` is the only column that templates can name, so each cell is the whole prompt.
private final class PromptReader: RowReader {
  private let columnCount: Int

  init(columnCount: Int) { self.columnCount = columnCount }

  func read(_ record: SourceBlock.Record, of block: SourceBlock, into row: inout SourceRow) -> SourceFault? {
    row.bytes = block.bytes(of: record)
    row.line = record.line
    let cell = SourceRow.Cell(range: 0..<record.range.count, form: .plain)
    if row.cells.count == columnCount {
      for k in row.cells.indices { row.cells[k] = cell }
    } else {
      row.cells = Array(repeating: cell, count: columnCount)
    }
    return nil
  }
}
