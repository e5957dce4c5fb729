import JSONLines

/// Reads the rows of a block of a table, one after the other.
///
///     |  rows read before  |  next row  |  later rows  |
///     0                    position                    count
struct TableScanner {
  enum Row {
    /// A row, whose cells are in ``TableScanner/cells``.
    case row
    /// A blank line.
    case blank
    case fault(SourceFault)
    /// A row whose last quoted cell does not end in the block.
    case open(OpenQuote)
  }

  /// A quote that the block does not close.
  struct OpenQuote {
    /// The line of the quote.
    var line: Int
    /// The line on which its row begins.
    var row: Int
    /// Where its row begins in the block.
    var rowStart: Int
  }

  private let text: PaddedBytes
  private let count: Int
  private let separator: UInt8
  private(set) var position: Int
  /// The line of the source on which the next row begins.
  private(set) var line: Int
  private(set) var cells: [SourceRow.Cell] = []

  /// - Parameters:
  ///   - start: where the first row begins in the block.
  ///   - line: the line of the source on which that row begins.
  init(_ block: LineBlock, from start: Int, separator: UInt8, line: Int) {
    text = block.bytes
    count = block.count
    position = start
    self.separator = separator
    self.line = line
  }

  mutating func clearCells() { cells.removeAll(keepingCapacity: true) }

  /// Reads the row at `position`, which must be before the block's end.
  mutating func next() -> Row {
    clearCells()
    if let lineEnd = lengthOfLineEnd(at: position) {
      position += lineEnd
      line += 1
      return .blank
    }
    let rowStart = position
    let rowLine = line
    var start = position
    while true {
      var end: Int
      if text[start] == ASCII.quote {
        let quoteLine = line
        guard let (close, isDoubled) = closingQuote(from: start + 1) else {
          line = rowLine
          return .open(OpenQuote(line: quoteLine, row: rowLine, rowStart: rowStart))
        }
        cells.append(SourceRow.Cell(range: start + 1..<close, form: isDoubled ? .doubledQuotes : .plain))
        end = close + 1
        guard text[end] == separator || lengthOfLineEnd(at: end) != nil else {
          let fault = SourceFault(
            line: line, code: .invalidValue, message: "Something follows the closing quote of a cell.",
            note: "inside a quoted cell, a quote is written twice")
          position = text.endOfLine(from: end) + 1
          line += 1
          return .fault(fault)
        }
      } else {
        end = text.find(separator, or: ASCII.newline, from: start)
        let isCRLF = text[end] == ASCII.newline && end > start && text[end - 1] == ASCII.carriageReturn
        if isCRLF { end -= 1 }
        cells.append(SourceRow.Cell(range: start..<end, form: .plain))
      }
      if text[end] == separator {
        start = end + 1
        continue
      }
      position = end + (lengthOfLineEnd(at: end) ?? 0)
      line += 1
      return .row
    }
  }

  /// The index of the quote that closes a cell, and whether there are doubled quotes before it; nil where the cell does
  /// not end in this block.
  private mutating func closingQuote(from start: Int) -> (Int, isDoubled: Bool)? {
    var isDoubled = false
    let quote = text.findSingleQuote(from: start, countingNewlines: &line, hasDoubled: &isDoubled)
    return quote < count ? (quote, isDoubled) : nil
  }

  /// The length of the line end that begins at an index: 1 for LF, 2 for CRLF; nil where there is none.
  private func lengthOfLineEnd(at i: Int) -> Int? {
    if text[i] == ASCII.newline { return 1 }
    return text[i] == ASCII.carriageReturn && text[i + 1] == ASCII.newline ? 2 : nil
  }
}
