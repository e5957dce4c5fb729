import JSONLines

/// Rows of a CSV or TSV file (RFC 4180): a header, quoted cells over several lines, doubled quotes, CRLF or LF.
final class TableSource: RowSource {
  private let reader: LineReader
  private let separator: UInt8
  private let columns: [String]
  private var header: [String]?
  /// For each column asked for, its index in the header.
  private var wanted: [Int] = []
  private var line = 1
  /// The quote of a cell that goes on behind the last block.
  private var openQuote: TableScanner.OpenQuote?
  private var isOver = false

  /// - Parameter reader: a row over its limit is taken for an unclosed quote.
  init(_ reader: LineReader, separator: UInt8, columns: [String]) {
    self.separator = separator
    self.columns = columns
    self.reader = reader
  }

  var bytesRead: Int { reader.bytesRead }

  func makeReader() -> any RowReader { TableReader(columnCount: columns.count) }

  func read(into block: SourceBlock) throws -> Bool {
    if isOver { return false }
    guard try reader.fill(block) else {
      isOver = true
      if header != nil { return false }
      block.add(
        SourceFault(line: 1, code: .emptyFile, message: "The table is empty: not even a header is there."))
      return true
    }
    if block.lines.cutLineLength != nil {
      let what = openQuote == nil ? "line" : "cell that begins here"
      end(
        with: SourceFault(
          line: openQuote?.line ?? line, code: .invalidValue,
          message: "The \(what) is longer than what is read of one.",
          note: openQuote == nil ? "nothing behind it is read" : "is its quote closed? nothing behind it is read"),
        block)
      return true
    }
    openQuote = nil
    var rows = TableScanner(block.lines, separator: separator, line: line)
    if header == nil, try !readHeader(&rows, block) { return true }
    findRows(&rows, block)
    return true
  }

  /// - Returns: whether there is one.
  private func readHeader(_ rows: inout TableScanner, _ block: SourceBlock) throws -> Bool {
    switch rows.next() {
    case .row: break
    case .blank: rows.clearCells()
    case .fault(let fault):
      end(with: fault, block)
      return false
    case .open(let quote):
      goOn(after: quote, block)
      return false
    }
    let text = block.lines.bytes
    let names = rows.cells.map { cell in
      var name: [UInt8] = []
      TextCell.appendText(text, cell, to: &name)
      return String(decoding: name, as: UTF8.self)
    }
    for (k, name) in names.enumerated() where names[..<k].contains(name) {
      let message = "Two columns are called '\(Words.cut(name))'."
      end(with: SourceFault(line: 1, code: .duplicateKey, message: message, param: name), block)
      return false
    }
    wanted = try columns.map { column in
      guard let index = names.firstIndex(of: column) else { throw MissingColumn(column: column, available: names) }
      return index
    }
    header = names
    return true
  }

  private func findRows(_ rows: inout TableScanner, _ block: SourceBlock) {
    let width = header?.count ?? 0
    while rows.position < block.lines.count {
      let first = rows.line
      let start = rows.position
      switch rows.next() {
      case .blank: block.blankLines += 1
      case .fault(let fault): block.add(fault)
      case .open(let quote): return goOn(after: quote, block)
      case .row where rows.cells.count == width:
        block.records.append(
          SourceBlock.Record(range: start..<rows.position, line: first, cells: block.cells.count))
        for k in wanted { block.cells.append(rows.cells[k]) }
      case .row:
        block.add(
          SourceFault(
            line: first, code: .invalidValue,
            message: "The row has \(count(rows.cells.count)), the header has \(count(width)).",
            note: "a cell with a separator, a quote or a line end in it is quoted"))
      }
    }
    line = rows.line
  }

  private func count(_ cells: Int) -> String { "\(cells) cell\(cells == 1 ? "" : "s")" }

  /// The row at the block's end goes on, and is read again with the next block.
  private func goOn(after quote: TableScanner.OpenQuote, _ block: SourceBlock) {
    openQuote = quote
    line = quote.row
    guard reader.isAtEnd else { return reader.putBack(block.lines, from: quote.rowStart) }
    end(
      with: SourceFault(
        line: quote.line, code: .invalidValue, message: "The quote of a cell that begins here is never closed.",
        note: quote.line == quote.row ? nil : "the row begins on line \(quote.row)"),
      block)
  }

  private func end(with fault: SourceFault, _ block: SourceBlock) {
    isOver = true
    block.add(fault)
  }

}

/// The cells are found already.
private final class TableReader: RowReader {
  private let columnCount: Int

  init(columnCount: Int) { self.columnCount = columnCount }

  func read(_ record: SourceBlock.Record, of block: SourceBlock, into row: inout SourceRow) -> SourceFault? {
    row.bytes = block.lines.bytes
    row.line = record.line
    row.cells.removeAll(keepingCapacity: true)
    for k in record.cells..<record.cells + columnCount { row.cells.append(block.cells[k]) }
    return nil
  }
}
