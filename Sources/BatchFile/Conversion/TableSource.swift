import JSONLines

/// The rows of a CSV or TSV file (RFC 4180). The file has a header; quoted cells may go over several lines, and quotes
/// in them are doubled; lines end with CRLF or LF.
///
/// A column without a name cannot be used in a template. Two columns with the same name are a fault only if a template
/// uses that name.
final class TableSource: RowSource {
  private let reader: LineReader
  /// The byte between cells; nil as long as the user has named none and the header has not been read.
  private(set) var separator: UInt8?
  /// The file's bytes before the first row: a byte-order mark, a line `sep=;`, the header.
  private(set) var head: [UInt8] = []
  /// The columns that the templates use.
  private let columns: [String]
  /// The names of all columns; nil as long as the header has not been read.
  private(set) var header: [String]?
  /// For each of `columns`, its index in the header.
  private var wanted: [Int] = []
  /// The line of the source on which the next row begins.
  private var line = 1
  /// The quote of a cell that did not end in the last block.
  private var openQuote: TableScanner.OpenQuote?
  /// Whether no further row is read: at the end, and after a fault behind which rows cannot be found.
  private var isOver = false

  /// - Parameters:
  ///   - reader: where a row is over its limit, the quote that is open there was probably never closed.
  ///   - separator: the byte between cells. Nil for a comma, or for the semicolon or tab of a header without a comma.
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
        SourceFault(line: 1, code: .emptyFile, message: "The table is empty: it has not even a header."))
      return true
    }
    if block.lines.cutLineLength != nil {
      let what = openQuote == nil ? "line" : "cell that begins here"
      end(
        with: SourceFault(
          line: openQuote?.line ?? line, code: .invalidValue,
          message: "The \(what) is longer than this program reads (\(LineReader.limitText)).",
          note: "nothing after it was read" + (openQuote == nil ? "" : "; its closing quote may be missing")),
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

  /// Where the header or the first row begins in a block. Blank lines before the header are skipped, and so is a first
  /// line `sep=;`, which some spreadsheet programs write. At the header it is decided what the separator is.
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

  /// The separator by the line of the header: a comma if there is one outside of quotes; else the more frequent of
  /// semicolon and tab; else a comma.
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

  /// Reads the header.
  /// - Returns: false where there is none yet, or a fault.
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
    // Names are compared as bytes, because `String ==` takes some different spellings as equal.
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
            note: "a cell that contains a separator, a quote or a line end must be quoted"))
      }
    }
    line = rows.line
  }

  private func count(_ cells: Int) -> String { "\(cells) cell\(cells == 1 ? "" : "s")" }

  /// Handles a row that does not end in the block. It is read again together with the next block; at the end of the
  /// file, its quote was never closed.
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

/// Makes rows from records of a table. Their cells were already found by ``TableSource``.
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
