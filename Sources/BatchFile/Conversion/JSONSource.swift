import JSONLines

/// The objects of a JSON Lines file, or of a JSON text that is one object or an array of objects, read as a stream.
///
/// An object with `messages`, or with the member that the endpoint takes in its place, is a request body. An object with a
/// `custom_id` and a `body` is a line of a batch file. Any other object is a row, and its members are the columns.
final class JSONSource: RowSource {
  private let reader: LineReader
  private let isLines: Bool
  // The members from here to `end` are for a JSON text, which is read piece by piece.
  private let incoming = LineBlock()
  /// Where in `incoming` reading goes on.
  private var position = 0
  /// Where the bytes of `incoming` end.
  private var end = 0
  /// The current line of the source, from 1.
  private var line = 1
  private var isAtEnd = false
  /// Whether there was a fault after which the rest of the text cannot be read.
  private var isBroken = false
  private let columns: [String]
  private let body: String?
  private let form: PromptForm?
  /// The current object, byte for byte.
  private var object = TextBuffer()
  /// The message for a value that is longer than the limit; nil where there is none.
  private var tooLong: String?
  /// What is known of a JSON text so far.
  private var textForm = TextForm.unknown
  /// How many elements of the array were read, and the line on which the last one ended.
  private var elements = 0
  private var lastEnd = 0

  private enum TextForm { case unknown, single, array, over }

  /// A block is full when its objects have this many bytes, or when it has this many records.
  private static let blockSize = 256 << 10
  private static let mostRecords = 4_096

  /// - Parameters:
  ///   - reader: a reader of lines; for a JSON text, a reader whose delimiter is a closing brace.
  ///   - body: where in each object its request body is, keys separated by points; nil for the object itself.
  ///   - form: where a request body of the endpoint has its prompt; nil where no row can become a body.
  init(_ reader: LineReader, isLines: Bool, columns: [String], body: String?, form: PromptForm?) {
    self.isLines = isLines
    self.columns = columns
    self.body = body
    self.form = form
    self.reader = reader
  }

  var bytesRead: Int { reader.bytesRead }

  func makeReader() -> any RowReader { JSONReader(isLines: isLines, columns: columns, body: body, form: form) }

  func read(into block: SourceBlock) throws -> Bool {
    if isBroken { return false }
    return try isLines ? readLines(into: block) : readObjects(into: block)
  }

  // MARK: - Lines

  private func readLines(into block: SourceBlock) throws -> Bool {
    guard try reader.fill(block) else { return false }
    if let length = block.lines.cutLineLength {
      block.add(
        SourceFault(
          line: line, code: .invalidJSONLine, message: "The line is longer than this program reads.",
          note: "it has \(Words.grouped(length)) bytes, and at most \(LineReader.limitText) are read"))
      line += 1
      return true
    }
    let text = block.lines.bytes
    var position = block.lines.textStart
    while position < block.lines.count {
      let newline = text.endOfLine(from: position)
      if (position..<newline).allSatisfy({ ASCII.isBlank(text[$0]) }) {
        block.blankLines += 1
      } else {
        block.records.append(SourceBlock.Record(range: position..<newline, line: line))
      }
      position = newline + 1
      line += 1
    }
    return true
  }

  // MARK: - One text

  private func readObjects(into block: SourceBlock) throws -> Bool {
    while block.gathered.count < JSONSource.blockSize, block.records.count < JSONSource.mostRecords, !isBroken {
      switch try nextOfText() {
      case .end: return !block.records.isEmpty
      case .fault(let fault): block.add(fault)
      case .object(let first):
        let start = block.gathered.count
        let text = object.written(0..<object.count)
        if line == first {
          block.gathered.append(text)
        } else {
          JSONText.withoutWhiteSpace(text).withUnsafeBytes { block.gathered.append($0) }
        }
        block.addGathered(from: start, line: first)
        nameElement(at: first, in: block)
      }
    }
    return true
  }

  /// Gives the element that was added last its number, and the one before it, where both stand on the same line. An
  /// element that is alone on its line is found by the line's number.
  private func nameElement(at first: Int, in block: SourceBlock) {
    guard textForm == .array else { return }
    elements += 1
    let last = block.records.count - 1
    if first == lastEnd {
      block.records[last].element = elements
      if last > 0 { block.records[last - 1].element = elements - 1 }
    }
    lastEnd = line
  }

  /// What is found next in a JSON text.
  private enum Item {
    /// A value, whose bytes are in `object`, and the line on which it begins.
    case object(Int)
    case fault(SourceFault)
    case end
  }

  private func nextOfText() throws(InputError) -> Item {
    guard let byte = try peekToken() else {
      if let tooLong { return broken(tooLong, line) }
      if textForm == .array { return broken("The array is not closed.", line) }
      return textForm == .unknown ? broken("There is no JSON value.", line) : .end
    }
    switch textForm {
    case .unknown where byte == ASCII.openBracket:
      textForm = .array
      position += 1
      guard let first = try peekToken() else { return broken(tooLong ?? "The array is not closed.", line) }
      if first == ASCII.closeBracket { return try endOfArray() }
    case .unknown: textForm = .single
    case .array where byte == ASCII.closeBracket: return try endOfArray()
    case .array where byte == ASCII.comma:
      position += 1
      let commaLine = line
      guard let next = try peekToken() else { return broken(tooLong ?? "The array is not closed.", line) }
      if next == ASCII.closeBracket {
        return broken("Expected a value after ','.", commaLine, note: "JSON has no comma after the last element")
      }
    case .array: return broken("Expected ',' or ']' after an element of the array.", line)
    case .single, .over:
      return broken("Something follows the JSON value.", line, note: "for one object a line, use jsonl")
    }
    return try readValue()
  }

  private func endOfArray() throws(InputError) -> Item {
    position += 1
    textForm = .over
    return try peekToken() == nil ? .end : broken("Something follows the array.", line)
  }

  /// Reads the value that begins at `position`, over as many lines as it takes.
  private func readValue() throws(InputError) -> Item {
    let first = line
    object.clear()
    var depth = 0
    var isInString = false
    var isDone = false
    while !isDone {
      guard object.count <= LineReader.defaultLineLimit, try fill() else {
        // The end of the text ends a number, `true`, `false` or `null`; other values need their closing byte.
        if depth == 0, !isInString, object.count > 0 { break }
        return broken(tooLong ?? "The JSON value that begins here is not closed.", first)
      }
      let bytes = incoming.bytes
      var i = position
      scanning: while i < end, !isDone {
        let byte = bytes[i]
        if isInString {
          if byte == ASCII.newline { return broken("A string is not closed on its line.", line) }
          if byte == ASCII.backslash, bytes[i + 1] != ASCII.newline {
            i += 1
          } else if byte == ASCII.quote {
            isInString = false
            isDone = depth == 0
          }
        } else {
          switch byte {
          case ASCII.quote: isInString = true
          case ASCII.openBrace, ASCII.openBracket: depth += 1
          case ASCII.closeBrace, ASCII.closeBracket:
            isDone = depth <= 1
            if depth == 0 { break scanning }
            depth -= 1
          case ASCII.comma, ASCII.newline:
            isDone = depth == 0
            if isDone { break scanning }
            if byte == ASCII.newline { line += 1 }
          default: break
          }
        }
        i += 1
      }
      i = min(i, end)
      object.append(incoming.part(position..<i))
      position = i
    }
    if object.count == 0 { return broken("Expected a value.", line) }
    return .object(first)
  }

  /// The next byte that is not white space, which is not consumed; nil at the end of the text.
  private func peekToken() throws(InputError) -> UInt8? {
    while try fill() {
      let bytes = incoming.bytes
      while position < end, ASCII.isBlank(bytes[position]) || bytes[position] == ASCII.newline {
        if bytes[position] == ASCII.newline { line += 1 }
        position += 1
      }
      if position < end { return bytes[position] }
    }
    return nil
  }

  private func broken(_ message: String, _ line: Int, note: String? = nil) -> Item {
    isBroken = true
    return .fault(SourceFault(line: line, code: .invalidJSONLine, message: message, note: note))
  }

  /// Reads more of the text if all that was read is consumed.
  /// - Returns: whether there is a byte at `position`.
  private func fill() throws(InputError) -> Bool {
    if position < end { return true }
    if isAtEnd { return false }
    position = 0
    if try reader.fill(incoming) {
      end = incoming.count
      if incoming.cutLineLength == nil {
        // If the text does not end with a brace, the reader has added one, which does not belong to the text.
        if incoming.lacksFinalNewline { end -= 1 }
        position = incoming.textStart
        return true
      }
      tooLong = "The JSON value is longer than this program reads (\(LineReader.limitText))."
    }
    isAtEnd = true
    end = 0
    incoming.clear()
    return false
  }
}

/// Makes rows from objects.
private final class JSONReader: RowReader {
  /// For this many columns, each is found by a walk over the object's members. For more, an index of the members is
  /// faster.
  private static let mostWalks = 8

  private let isLines: Bool
  private let columns: [(name: String, isPath: Bool)]
  private let body: String?
  private let form: PromptForm?
  private let document = JSONDocument()

  init(isLines: Bool, columns: [String], body: String?, form: PromptForm?) {
    self.form = form
    self.isLines = isLines
    self.columns = columns.map { ($0, $0.utf8.contains(ASCII.point)) }
    self.body = body
  }

  func read(_ record: SourceBlock.Record, of block: SourceBlock, into row: inout SourceRow) -> SourceFault? {
    let bytes = block.bytes(of: record)
    if let error = JSONScanner.scan(bytes, into: document) {
      return SourceFault(
        line: record.line, code: .invalidJSONLine, message: "This is not parseable as valid JSON.",
        note: isLines ? Oddities.note(on: bytes, error, isFirstLine: record.line == 1) : "\(error)")
    }
    let root = document.root
    guard root.kind == .object else {
      return SourceFault(
        line: record.line, code: .invalidType,
        message: "Expected an object, but got \(Words.typeName(root)) instead.",
        note: "an object is a request body with 'messages', or a row with the columns of the templates")
    }
    row.bytes = bytes
    row.line = record.line
    row.body = nil
    row.batchLine = nil
    row.cells.removeAll(keepingCapacity: true)
    if let body {
      guard let inner = root.member(at: body), inner.kind == .object else {
        return SourceFault(
          line: record.line, code: .missingRequiredParameter, message: "There is no object at '\(Words.cut(body))'.",
          param: Words.cut(body))
      }
      row.body = inner
    } else if root["messages"] != nil || form?.isBody(root) == true {
      row.body = root
    } else if Envelope(root).isBatchLine {
      row.batchLine = root
    }
    if row.batchLine != nil { return nil }
    let members = columns.count > JSONReader.mostWalks ? MemberIndex(root) : nil
    for (column, isPath) in columns {
      let isTwice = if let members { members.hasTwice(column) } else { root.hasTwice(column) }
      guard !isTwice else {
        return SourceFault(
          line: record.line, code: .duplicateKey, message: "The object has the key '\(Words.cut(column))' twice.",
          param: Words.cut(column), note: "it is not clear which of the two values the template should use")
      }
      let member: JSONValue?
      if let members {
        member = members.member(at: column)
      } else {
        member = isPath ? root.member(at: column) : root.member(named: column)
      }
      row.cells.append(member.map(JSONReader.cell))
    }
    return nil
  }

  private static func cell(_ value: JSONValue) -> SourceRow.Cell {
    switch value.kind {
    case .string: SourceRow.Cell(range: value.contentRange, form: .jsonString(value.traits))
    case .null: SourceRow.Cell(range: value.range.lowerBound..<value.range.lowerBound, form: .plain)
    default: SourceRow.Cell(range: value.range, form: .plain)
    }
  }
}

extension Envelope {
  /// Whether the object is a request of a batch file.
  fileprivate var isBatchLine: Bool { customID != nil && body?.kind == .object }
}

extension JSONValue {
  /// The last member with this name.
  func member(named name: String) -> JSONValue? {
    var found: JSONValue?
    for (key, value) in fields where key.hasText(name) { found = value }
    return found
  }

  /// The member at a path such as `a.b`: the member whose name is the whole path, points included; if there is none,
  /// the member `b` of the object `a`.
  func member(at path: String) -> JSONValue? {
    if let member = member(named: path) { return member }
    guard path.utf8.contains(ASCII.point) else { return nil }
    var value = self
    for key in path.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false) {
      guard let inner = value.member(named: String(key)) else { return nil }
      value = inner
    }
    return value
  }

  /// Whether the object has several members with this name.
  fileprivate func hasTwice(_ name: String) -> Bool {
    var count = 0
    for (key, _) in fields where key.hasText(name) { count += 1 }
    return count > 1
  }

  /// Whether the string's text has the same bytes as `text`. `String ==` takes some different spellings as equal.
  func hasText(_ text: String) -> Bool {
    if traits.contains(.escaped) { return self.text.utf8.elementsEqual(text.utf8) }
    // Most names differ in their length, so the lengths are compared first.
    let range = contentRange
    return range.count == text.utf8.count && bytes.buffer(range).elementsEqual(text.utf8)
  }
}
