import Foundation
import JSONLines

/// Prompts one after the other: a line each, a paragraph each, or ended by NUL.
final class PromptSource: RowSource {
  private let reader: LineReader
  private let separator: PromptSeparator
  private let block = LineBlock()
  /// The block's text and how far it has been read: in plain memory, since members of a class are guarded.
  private struct Place {
    var text = PaddedBytes(base: UnsafeRawPointer(bitPattern: 64)!, count: 0)
    var end = 0
    var position = 0
    /// Of the line, or the NUL-ended prompt, that comes next.
    var line = 1
  }
  private let place = UnsafeMutablePointer<Place>.allocate(capacity: 1)
  private var columns: [String] = []
  private var isAtEnd = false
  /// A prompt of several lines, put together.
  private var joined = TextBuffer()
  private(set) var blankLines = 0

  init(_ handle: FileHandle, separator: PromptSeparator) {
    self.separator = separator
    reader = LineReader(handle, delimiter: separator == .null ? 0 : ASCII.newline)
    place.initialize(to: Place())
  }

  deinit { place.deallocate() }

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
    if place.pointee.position >= place.pointee.end {
      guard try fillBlock() else { return nil }
      (place.pointee.text, place.pointee.end, place.pointee.position) = (block.bytes, block.count, 0)
    }
    let text = place.pointee.text
    let delimiter = separator == .null ? 0 : ASCII.newline
    let end = text.endOfLine(from: place.pointee.position, delimiter: delimiter)
    var start = place.pointee.position
    var textEnd = end
    if separator != .null, textEnd > start, text[textEnd - 1] == ASCII.carriageReturn { textEnd -= 1 }
    // A byte-order mark is no part of the first prompt.
    if place.pointee.line == 1, textEnd - start >= 3, text[start] == 0xEF, text[start + 1] == 0xBB,
      text[start + 2] == 0xBF
    {
      start += 3
    }
    let bytes = text.part(start..<textEnd)
    let line = place.pointee.line
    place.pointee.position = end + 1
    place.pointee.line += separator == .null ? bytes.buffer(0..<bytes.count).count { $0 == ASCII.newline } : 1
    return (bytes, line)
  }

  private func fillBlock() throws(InputError) -> Bool {
    if isAtEnd { return false }
    do throws(ReadError) {
      isAtEnd = try !reader.fill(block)
    } catch {
      throw InputError(code: error.code)
    }
    return !isAtEnd
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
    let cell = SourceRow.Cell(range: 0..<bytes.count, form: .plain)
    if row.cells.count == columns.count {
      for k in row.cells.indices { row.cells[k] = cell }
    } else {
      row.cells = columns.map { _ in cell }
    }
  }

  private func isBlank(_ bytes: PaddedBytes) -> Bool {
    for i in 0..<bytes.count where !ASCII.isBlank(bytes[i]) { return false }
    return true
  }
}
