import Foundation
import JSONLines

/// Objects from JSON Lines, or from one JSON text that is an object or an array of objects, read as a stream.
///
/// An object with `messages` is a request body; any other is a row, its members the columns.
final class JSONSource: RowSource {
  private let reader: LineReader
  private let isLines: Bool
  private let incoming = LineBlock()
  private var position = 0
  private var line = 1
  private var isAtEnd = false
  private var isBroken = false
  private var columns: [String] = []
  private let document = JSONDocument()
  /// The object at hand, without the line breaks between its tokens.
  private var object = TextBuffer()
  /// In a JSON text: whether it is an array, and whether it is over.
  private var form = TextForm.unknown
  private(set) var blankLines = 0

  private enum TextForm { case unknown, single, array, over }

  init(_ handle: FileHandle, isLines: Bool) {
    self.isLines = isLines
    reader = LineReader(handle)
  }

  var bytesRead: Int { reader.bytesRead }

  func bind(_ columns: [String]) throws { self.columns = columns }

  func next(_ row: inout SourceRow) throws(InputError) -> SourceItem {
    if isBroken { return .end }
    return isLines ? try nextLine(&row) : try nextOfText(&row)
  }

  // MARK: - Lines

  private func nextLine(_ row: inout SourceRow) throws(InputError) -> SourceItem {
    while try fill() {
      let number = line
      if let fault = cutFault() { return .fault(fault) }
      let end = incoming.endOfLine(from: position)
      let bytes = incoming.bytes.part(position..<end)
      position = end + 1
      line += 1
      if let error = JSONScanner.scan(bytes, into: document) {
        if error.reason == .empty {
          blankLines += 1
          continue
        }
        return .fault(notJSON(error, number, bytes))
      }
      return fill(&row, bytes, number)
    }
    return .end
  }

  // MARK: - One text

  private func nextOfText(_ row: inout SourceRow) throws(InputError) -> SourceItem {
    guard let byte = try peekToken() else {
      if form == .array { return broken("The array is not closed.", line) }
      return form == .unknown ? broken("There is no JSON value.", line) : .end
    }
    switch form {
    case .unknown where byte == ASCII.openBracket:
      form = .array
      position += 1
      guard let first = try peekToken() else { return broken("The array is not closed.", line) }
      if first == ASCII.closeBracket { return try endOfArray() }
    case .unknown: form = .single
    case .array where byte == ASCII.closeBracket: return try endOfArray()
    case .array where byte == ASCII.comma:
      position += 1
      guard try peekToken() != nil else { return broken("The array is not closed.", line) }
    case .array: return broken("Expected ',' or ']' after an element of the array.", line)
    case .single, .over:
      return broken("Something follows the JSON value.", line, note: "for one object a line, use jsonl")
    }
    return try readObject(&row)
  }

  private func endOfArray() throws(InputError) -> SourceItem {
    position += 1
    form = .over
    return try peekToken() == nil ? .end : broken("Something follows the array.", line)
  }

  /// Reads the object that begins at `position`, over as many lines as it takes.
  private func readObject(_ row: inout SourceRow) throws(InputError) -> SourceItem {
    let first = line
    object.clear()
    var depth = 0
    var isInString = false
    repeat {
      guard object.count <= LineReader.defaultLineLimit, try fill() else {
        return broken("The JSON value that begins here is not closed.", first)
      }
      let bytes = incoming.bytes
      var i = position
      var isDone = false
      while i < incoming.count {
        let byte = bytes[i]
        if isInString {
          if byte == ASCII.newline { return broken("A string is not closed on its line.", line) }
          if byte == ASCII.backslash { i += 1 } else if byte == ASCII.quote { isInString = false }
        } else if byte == ASCII.quote {
          isInString = true
        } else if byte == ASCII.openBrace || byte == ASCII.openBracket {
          depth += 1
        } else if byte == ASCII.closeBrace || byte == ASCII.closeBracket {
          depth -= 1
        } else if byte == ASCII.newline {
          line += 1
          let isCRLF = i > position && bytes[i - 1] == ASCII.carriageReturn
          object.append(incoming.part(position..<(isCRLF ? i - 1 : i)))
          position = i + 1
          if depth == 0 { isDone = true }
        } else if depth == 0, byte == ASCII.comma {
          isDone = true
          i -= 1
        }
        if depth == 0, byte == ASCII.closeBrace || byte == ASCII.closeBracket { isDone = true }
        i += 1
        if isDone { break }
      }
      object.append(incoming.part(position..<max(position, i)))
      position = max(position, i)
      if isDone { break }
    } while true
    object.append(ASCII.newline)
    let bytes = object.lines
    if let error = JSONScanner.scan(bytes, into: document) { return .fault(notJSON(error, first, bytes)) }
    return fill(&row, bytes, first)
  }

  /// The next byte that is no white space, left where it is; nil at the end.
  private func peekToken() throws(InputError) -> UInt8? {
    while try fill() {
      if incoming.cutLineLength != nil {
        position = incoming.count
        return nil
      }
      let bytes = incoming.bytes
      if line == 1, position == 0, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
      while position < incoming.count, ASCII.isBlank(bytes[position]) || bytes[position] == ASCII.newline {
        if bytes[position] == ASCII.newline { line += 1 }
        position += 1
      }
      if position < incoming.count { return bytes[position] }
    }
    return nil
  }

  private func broken(_ message: String, _ line: Int, note: String? = nil) -> SourceItem {
    isBroken = true
    return .fault(SourceFault(line: line, code: .invalidJSONLine, message: message, note: note))
  }

  // MARK: - Both

  /// Makes sure that there is something at `position`.
  private func fill() throws(InputError) -> Bool {
    if position < incoming.count { return true }
    if isAtEnd { return false }
    position = 0
    do throws(ReadError) {
      if try reader.fill(incoming) { return true }
    } catch {
      throw InputError(code: error.code)
    }
    isAtEnd = true
    incoming.clear()
    return false
  }

  private func cutFault() -> SourceFault? {
    guard let length = incoming.cutLineLength else { return nil }
    position = incoming.count
    defer { line += 1 }
    return SourceFault(
      line: line, code: .invalidJSONLine, message: "The line is longer than what is read of one.",
      note: "it has \(length) bytes")
  }

  private func notJSON(_ error: JSONError, _ line: Int, _ bytes: PaddedBytes) -> SourceFault {
    SourceFault(
      line: line, code: .invalidJSONLine, message: "This is not parseable as valid JSON.",
      note: isLines ? Oddities.note(on: bytes, error, isFirstLine: line == 1) : "\(error)")
  }

  private func fill(_ row: inout SourceRow, _ bytes: PaddedBytes, _ line: Int) -> SourceItem {
    let root = document.root
    guard root.kind == .object else {
      return .fault(
        SourceFault(
          line: line, code: .invalidType,
          message: "Expected an object, but got \(Words.typeName(root)) instead.",
          note: "a request body with 'messages', or a row with the columns of the templates"))
    }
    row.bytes = bytes
    row.line = line
    row.body = root["messages"] != nil ? root : nil
    row.cells.removeAll(keepingCapacity: true)
    for column in columns { row.cells.append(root.member(named: column).map(JSONSource.cell)) }
    return .row
  }

  private static func cell(_ value: JSONValue) -> SourceRow.Cell {
    switch value.kind {
    case .string: SourceRow.Cell(range: value.contentRange, form: .jsonString(value.traits))
    case .null: SourceRow.Cell(range: value.range.lowerBound..<value.range.lowerBound, form: .plain)
    default: SourceRow.Cell(range: value.range, form: .plain)
    }
  }
}

extension JSONValue {
  /// The last member with this name.
  func member(named name: String) -> JSONValue? {
    var found: JSONValue?
    for (key, value) in fields {
      let isSame =
        key.traits.contains(.escaped)
        ? key.text == name : key.bytes.buffer(key.contentRange).elementsEqual(name.utf8)
      if isSame { found = value }
    }
    return found
  }
}
