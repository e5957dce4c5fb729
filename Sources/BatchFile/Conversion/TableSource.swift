import JSONLines

/// Rows of a CSV or TSV file (RFC 4180): a header, quoted cells over several lines, doubled quotes, CRLF or LF.
///
/// A column without a name cannot be used in a template. Two columns with the same name are a fault only if a template
/// uses that name.
final class TableSource: RowSource {
  private let reader: LineReader
  /// Nil where the user named none and the header has not been read yet.
  private(set) var separator: UInt8?
  /// What stands in the file up to the first row: a byte-order mark, a line `sep=;`, the header.
  private(set) var head: [UInt8] = []
  private let columns: [String]
  private(set) var header: [String]?
  /// For each column asked for, its index in the header.
  private var wanted: [Int] = []
  private var line = 1
  /// The quote of a cell that goes on behind the last block.
  private var openQuote: TableScanner.OpenQuote?
  private var isOver = false

  /// - Parameters:
  ///   - reader: a row over its limit is taken for an unclosed quote.
  ///   - separator: nil for a comma, or what the header has in its place.
  init(_ reader: LineReader, separator: UInt8?, columns: [String]) {
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
    let start = skipToHeader(block)
    if start == block.lines.count { return true }
    var rows = TableScanner(block.lines, from: start, separator: separator ?? ASCII.comma, line: line)
    if header == nil, try !readHeader(&rows, block) { return true }
    findRows(&rows, block)
    return true
  }

  /// Where the rows of a block begin: blank lines before the header, and a first line `sep=;` that spreadsheets write,
  /// are passed over. The separator is settled by the header's line.
  private func skipToHeader(_ block: SourceBlock) -> Int {
    var start = block.lines.textStart
    guard header == nil else { return start }
    let text = block.lines.bytes
    while start < block.lines.count {
      let newline = text.endOfLine(from: start)
      let end = newline > start && text[newline - 1] == ASCII.carriageReturn ? newline - 1 : newline
      if let named = TableSource.namedSeparator(text.buffer(start..<end)), line == 1 {
        separator = separator ?? named
      } else if !(start..<end).allSatisfy({ ASCII.isBlank(text[$0]) && text[$0] != separator }) {
        if separator == nil { separator = TableSource.separator(of: text.buffer(start..<end)) }
        return start
      }
      start = newline + 1
      line += 1
    }
    return start
  }

  /// The separator that a line `sep=;` names.
  private static func namedSeparator(_ line: UnsafeRawBufferPointer) -> UInt8? {
    line.count == 5 && line.prefix(4).elementsEqual(Array("sep=".utf8)) ? line[4] : nil
  }

  /// What separates the cells of a header: a comma, or a semicolon or tab where it has no comma outside of quotes.
  private static func separator(of header: UnsafeRawBufferPointer) -> UInt8 {
    var isQuoted = false
    var semicolons = 0
    var tabs = 0
    for byte in header {
      switch byte {
      case ASCII.quote: isQuoted.toggle()
      case ASCII.comma where !isQuoted: return ASCII.comma
      case 0x3B where !isQuoted: semicolons += 1
      case ASCII.tab where !isQuoted: tabs += 1
      default: break
      }
    }
    return semicolons == 0 && tabs == 0 ? ASCII.comma : semicolons >= tabs ? 0x3B : ASCII.tab
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
    // By their bytes: two Strings of different bytes can be equal.
    var places: [[UInt8]: Int] = [:]
    var twice: Set<[UInt8]> = []
    for (k, name) in names.enumerated() where places.updateValue(k, forKey: Array(name.utf8)) != nil {
      twice.insert(Array(name.utf8))
    }
    for column in columns where twice.contains(Array(column.utf8)) {
      let message = "Two columns are called '\(Words.cut(column))'."
      end(with: SourceFault(line: line, code: .duplicateKey, message: message, param: column), block)
      return false
    }
    wanted = try columns.map { column in
      guard let index = places[Array(column.utf8)] else {
        throw RecipeError.missingColumn(column, available: names.filter { !$0.isEmpty })
      }
      return index
    }
    header = names
    head = Array(block.lines.part(0..<rows.position))
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
