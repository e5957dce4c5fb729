import Foundation
import JSONLines

/// Prompts one after the other: a line each, a paragraph each, or ended by NUL.
final class PromptSource: RowSource {
  private let reader: LineReader
  private let separator: PromptSeparator
  private let block = LineBlock()
  private var position = 0
  /// Of the line, or the NUL-ended prompt, that comes next.
  private var lineNumber = 1
  private var columns: [String] = []
  private var isAtEnd = false
  /// A prompt of several lines, put together.
  private var joined = TextBuffer()
  private(set) var blankLines = 0

  init(_ handle: FileHandle, separator: PromptSeparator) {
    self.separator = separator
    reader = LineReader(handle, delimiter: separator == .null ? 0 : ASCII.newline)
  }

  var bytesRead: Int { reader.bytesRead }

  func bind(_ columns: [String]) throws {
    if let other = columns.first(where: { $0 != "prompt" }) {
      throw MissingColumn(column: other, available: ["prompt"])
    }
    self.columns = columns
  }

  func next(_ row: inout SourceRow) throws(InputError) -> SourceItem {
    switch separator {
    case .line, .null: try nextLine(&row)
    case .blankLine: try nextParagraph(&row)
    }
  }

  private func nextLine(_ row: inout SourceRow) throws(InputError) -> SourceItem {
    while let (bytes, line) = try readLine() {
      if let fault = cutFault(line) { return .fault(fault) }
      if separator == .line, isBlank(bytes) {
        blankLines += 1
        continue
      }
      if separator == .null, bytes.count == 0 {
        blankLines += 1
        continue
      }
      fill(&row, bytes, line)
      return .row
    }
    return .end
  }

  private func nextParagraph(_ row: inout SourceRow) throws(InputError) -> SourceItem {
    joined.clear()
    var first = 0
    while let (bytes, line) = try readLine() {
      if let fault = cutFault(line) { return .fault(fault) }
      if isBlank(bytes) {
        // They separate paragraphs: nothing to tell anyone.
        if joined.count > 0 { break }
        continue
      }
      if joined.count == 0 { first = line } else { joined.append(ASCII.newline) }
      joined.append(bytes.buffer(0..<bytes.count))
    }
    if joined.count == 0 { return .end }
    joined.append(ASCII.newline)
    fill(&row, joined.lines, first)
    return .row
  }

  /// The next line without its end.
  private func readLine() throws(InputError) -> (PaddedBytes, Int)? {
    if position >= block.count {
      if isAtEnd { return nil }
      do throws(ReadError) {
        guard try reader.fill(block) else {
          isAtEnd = true
          return nil
        }
        position = 0
      } catch {
        throw InputError(code: error.code)
      }
    }
    let end = block.endOfLine(from: position, delimiter: reader.delimiter)
    var textEnd = end
    if separator != .null, textEnd > position, block.bytes[textEnd - 1] == ASCII.carriageReturn { textEnd -= 1 }
    var start = position
    // A byte-order mark is no part of the first prompt.
    if lineNumber == 1, textEnd - start >= 3, block.bytes[start] == 0xEF, block.bytes[start + 1] == 0xBB,
      block.bytes[start + 2] == 0xBF
    {
      start += 3
    }
    let bytes = block.bytes.part(start..<textEnd)
    defer {
      position = end + 1
      lineNumber += separator == .null ? bytes.buffer(0..<bytes.count).count { $0 == ASCII.newline } : 1
    }
    return (bytes, lineNumber)
  }

  private func cutFault(_ line: Int) -> SourceFault? {
    block.cutLineLength.map {
      SourceFault(
        line: line, code: .invalidValue, message: "The prompt is longer than what is read of one.",
        note: "it has \($0) bytes")
    }
  }

  private func fill(_ row: inout SourceRow, _ bytes: PaddedBytes, _ line: Int) {
    row.bytes = bytes
    row.line = line
    row.cells.removeAll(keepingCapacity: true)
    for _ in columns { row.cells.append(SourceRow.Cell(range: 0..<bytes.count, form: .plain)) }
  }

  private func isBlank(_ bytes: PaddedBytes) -> Bool {
    for i in 0..<bytes.count where !ASCII.isBlank(bytes[i]) { return false }
    return true
  }
}
