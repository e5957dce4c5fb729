import Foundation
import JSONLines

/// Rows of a CSV or TSV file (RFC 4180): a header, quoted cells over several lines, doubled quotes, CRLF or LF.
///
///     |  rows handed out  |  row at hand  |  unread  |  padding |
///     0                   rowStart        position   count
final class TableSource: RowSource {
  private let reader: LineReader
  private let separator: UInt8
  private let incoming = LineBlock()
  /// Whole lines; the row at hand may go on in lines that are not read yet.
  private var buffer = TextBuffer()
  private var position = 0
  private var isAtEnd = false
  private var line = 1
  private var header: [String] = []
  private var cells: [SourceRow.Cell] = []
  /// For each column asked for, its index in the header.
  private var wanted: [Int] = []
  private var pendingFault: SourceFault?
  private(set) var blankLines = 0

  /// Rows longer than this are taken for an unclosed quote, in bytes.
  private static let longestRow = 64 << 20

  init(_ handle: FileHandle, separator: UInt8) {
    self.separator = separator
    reader = LineReader(handle)
  }

  var bytesRead: Int { reader.bytesRead }

  func bind(_ columns: [String]) throws {
    try readHeader()
    if pendingFault != nil { return }
    wanted = try columns.map { column in
      guard let index = header.firstIndex(of: column) else { throw MissingColumn(column: column, available: header) }
      return index
    }
  }

  private func readHeader() throws(InputError) {
    guard try fill() else {
      pendingFault = SourceFault(
        line: 1, code: .emptyFile, message: "The table is empty: not even a header is there.")
      return
    }
    if buffer.count >= 3, buffer.lines[0] == 0xEF, buffer.lines[1] == 0xBB, buffer.lines[2] == 0xBF { position = 3 }
    if case .fault(let fault) = try readRow() {
      pendingFault = fault
      return
    }
    header = cells.map { cell in
      var text: [UInt8] = []
      TextCell.appendText(buffer.lines, cell, to: &text)
      return String(decoding: text, as: UTF8.self)
    }
    for (k, name) in header.enumerated() where header[..<k].contains(name) {
      pendingFault = SourceFault(
        line: 1, code: .duplicateKey, message: "Two columns are called '\(Words.cut(name))'.", param: name)
      return
    }
  }

  func next(_ row: inout SourceRow) throws(InputError) -> SourceItem {
    if let fault = pendingFault {
      // Without a header, or behind an unclosed quote, nothing can be read any more.
      pendingFault = nil
      isAtEnd = true
      position = buffer.count
      return .fault(fault)
    }
    while true {
      if position >= buffer.count {
        guard try fill() else { return pendingFault == nil ? .end : try next(&row) }
      }
      let first = line
      switch try readRow() {
      case .blank: blankLines += 1
      case .fault(let fault): return .fault(fault)
      case .row:
        guard cells.count == header.count else {
          return .fault(
            SourceFault(
              line: first, code: .invalidValue,
              message: "The row has \(count(cells.count)), the header has \(count(header.count)).",
              note: "a cell with a separator, a quote or a line end in it is quoted"))
        }
        row.bytes = buffer.lines
        row.line = first
        row.cells.removeAll(keepingCapacity: true)
        for k in wanted { row.cells.append(cells[k]) }
        return .row
      }
    }
  }

  private func count(_ cells: Int) -> String { "\(cells) cell\(cells == 1 ? "" : "s")" }

  // MARK: - Rows

  private enum RowOutcome {
    case row, blank
    case fault(SourceFault)
  }

  /// Reads the row at `position` into `cells`; the buffer holds at least one whole line from there on.
  private func readRow() throws(InputError) -> RowOutcome {
    cells.removeAll(keepingCapacity: true)
    let first = line
    var start = position
    var bytes = buffer.lines
    if bytes[start] == ASCII.newline || bytes[start] == ASCII.carriageReturn && bytes[start + 1] == ASCII.newline {
      position = start + (bytes[start] == ASCII.newline ? 1 : 2)
      line += 1
      return .blank
    }
    while true {
      var end: Int
      if bytes[start] == ASCII.quote {
        var isDoubled = false
        var from = start + 1
        let quoteLine = line
        while true {
          let found = find(ASCII.quote, from: from)
          if found >= buffer.count {
            // The cell goes on in lines that are not here yet. All that was found so far moves with the row.
            line += newlines(in: from..<buffer.count)
            let searched = buffer.count
            let moved = position
            guard buffer.count - moved <= TableSource.longestRow, try extend() else {
              return unclosed(quoteLine, first)
            }
            bytes = buffer.lines
            start -= moved
            from = searched - moved
            for k in cells.indices { cells[k].range = cells[k].range.moved(by: -moved) }
            continue
          }
          line += newlines(in: from..<found)
          if bytes[found + 1] == ASCII.quote {
            isDoubled = true
            from = found + 2
            continue
          }
          end = found
          break
        }
        cells.append(SourceRow.Cell(range: start + 1..<end, form: isDoubled ? .doubledQuotes : .plain))
        end += 1
        let after = bytes[end]
        guard after == separator || after == ASCII.newline || isLineEnd(bytes, end) else {
          let fault = SourceFault(
            line: line, code: .invalidValue, message: "Something follows the closing quote of a cell.",
            note: "inside a quoted cell, a quote is written twice")
          skipLine(from: end)
          return .fault(fault)
        }
      } else {
        end = start
        while bytes[end] != separator, bytes[end] != ASCII.newline { end += 1 }
        let isCRLF = bytes[end] == ASCII.newline && end > start && bytes[end - 1] == ASCII.carriageReturn
        if isCRLF { end -= 1 }
        cells.append(SourceRow.Cell(range: start..<end, form: .plain))
      }
      if bytes[end] == separator {
        start = end + 1
        continue
      }
      position = end + (bytes[end] == ASCII.carriageReturn ? 2 : 1)
      line += 1
      return .row
    }
  }

  private func isLineEnd(_ bytes: PaddedBytes, _ i: Int) -> Bool {
    bytes[i] == ASCII.carriageReturn && bytes[i + 1] == ASCII.newline
  }

  private func unclosed(_ line: Int, _ first: Int) -> RowOutcome {
    position = buffer.count
    isAtEnd = true
    return .fault(
      SourceFault(
        line: line, code: .invalidValue, message: "The quote of a cell that begins here is never closed.",
        note: line == first ? nil : "the row begins on line \(first)"))
  }

  private func skipLine(from start: Int) {
    position = min(buffer.count, find(ASCII.newline, from: start) + 1)
    line += 1
  }

  /// Where the byte stands next, `buffer.count` where it does not.
  private func find(_ byte: UInt8, from start: Int) -> Int {
    guard start < buffer.count else { return buffer.count }
    let text = buffer.written(start..<buffer.count)
    guard let found = memchr(text.baseAddress!, Int32(byte), text.count) else { return buffer.count }
    return start + (UnsafeRawPointer(found) - text.baseAddress!)
  }

  private func newlines(in range: Range<Int>) -> Int {
    var count = 0
    var from = range.lowerBound
    while from < range.upperBound {
      from = find(ASCII.newline, from: from) + 1
      if from <= range.upperBound { count += 1 }
    }
    return count
  }

  // MARK: - Reading

  /// Replaces what has been handed out by the next block.
  private func fill() throws(InputError) -> Bool {
    buffer.clear()
    position = 0
    return try read()
  }

  /// Keeps the row at hand, moved to the buffer's beginning, and adds the next block.
  private func extend() throws(InputError) -> Bool {
    buffer.dropFirst(position)
    position = 0
    return try read()
  }

  private func read() throws(InputError) -> Bool {
    if isAtEnd { return false }
    do throws(ReadError) {
      guard try reader.fill(incoming) else {
        isAtEnd = true
        return false
      }
    } catch {
      throw InputError(code: error.code)
    }
    if incoming.cutLineLength != nil {
      pendingFault = SourceFault(
        line: line, code: .invalidValue, message: "The line is longer than what is read of one.")
      isAtEnd = true
      return false
    }
    buffer.append(incoming.part(0..<incoming.count))
    return true
  }
}

extension Range<Int> {
  func moved(by distance: Int) -> Range<Int> { lowerBound + distance..<upperBound + distance }
}
