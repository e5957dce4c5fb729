import JSONLines

/// A text with names of columns in braces, which the values of a row replace: `Summarise in {language}: {text}`.
///
/// `{{` stands for one brace. Braces around a text that cannot be the name of a column stay as they are. `{a.b}` is the
/// member `b` of the object `a`. `{n}` is the number of the record, `{line}` the line of the source.
public struct Template: Sendable {
  enum Part: Equatable, Sendable {
    /// A constant text, escaped for the inside of a JSON string.
    case text([UInt8])
    /// A column, by its index in ``columns``.
    case column(Int)
    /// The record's number, from 1 over all inputs.
    case number
    /// The line of the source on which the record begins, from 1.
    case line
  }

  /// The text of the template.
  package let spelling: String
  let parts: [Part]
  /// The columns that the template names, each once.
  let columns: [String]

  /// - Throws: ``RecipeError`` where a brace is not closed.
  public init(_ text: String) throws {
    var parts: [Part] = []
    var columns = ColumnList()
    var plain: [UInt8] = []
    let bytes = Array(text.utf8)
    var i = 0
    func endPlain() {
      var escaped: [UInt8] = []
      plain.withUnsafeBufferPointer { JSONText.appendEscaped($0, to: &escaped) }
      if !escaped.isEmpty { parts.append(.text(escaped)) }
      plain = []
    }
    // How many opening braces were text, because what follows cannot be the name of a column (as in an example of
    // JSON). Their closing braces are text too.
    var openTexts = 0
    while i < bytes.count {
      let byte = bytes[i]
      let isDoubled = i + 1 < bytes.count && bytes[i + 1] == byte
      if byte == ASCII.closeBrace, openTexts > 0 {
        plain.append(byte)
        openTexts -= 1
        i += 1
      } else if byte == ASCII.openBrace, !isDoubled || openTexts > 0 {
        guard let end = Template.endOfName(bytes, from: i + 1) else {
          throw RecipeError.template("the '{' at character \(i + 1) is not closed; '{{' stands for a brace itself")
        }
        guard bytes[end] == ASCII.closeBrace, !bytes[i + 1..<end].allSatisfy(ASCII.isBlank) else {
          plain.append(byte)
          openTexts += 1
          i += 1
          continue
        }
        endPlain()
        let name = String(decoding: bytes[i + 1..<end], as: UTF8.self)
        switch name {
        case "n": parts.append(.number)
        case "line": parts.append(.line)
        default:
          parts.append(.column(columns.place(of: name)))
        }
        i = end + 1
      } else {
        plain.append(byte)
        i += isDoubled && (byte == ASCII.openBrace || byte == ASCII.closeBrace) ? 2 : 1
      }
    }
    endPlain()
    spelling = text
    self.parts = parts
    self.columns = columns.names
  }

  /// Whether the texts of two rows differ only by the rows' places.
  package var isByPosition: Bool { columns.isEmpty }

  /// The number of the record for which the template gives this text; nil where there is none. The template must be
  /// ``isUnique``.
  func count(giving text: ArraySlice<UInt8>) -> Int? {
    guard let place = parts.firstIndex(of: .number) else { return nil }
    let before = Template.plain(parts[..<place])
    let after = Template.plain(parts[(place + 1)...])
    guard text.count > before.count + after.count, text.starts(with: before), text.suffix(after.count) == after[...]
    else { return nil }
    let digits = text.dropFirst(before.count).dropLast(after.count)
    guard digits.first != ASCII.zero, digits.allSatisfy(ASCII.isDigit) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// The constant texts of some parts, without their JSON escapes.
  private static func plain(_ parts: ArraySlice<Part>) -> [UInt8] {
    var plain: [UInt8] = []
    for case .text(let escaped) in parts {
      PaddedBytes.withCopy(of: escaped) { JSONText.unescape($0, 0..<$0.count, into: &plain) }
    }
    return plain
  }

  /// The index of the brace that closes a name, or of the first byte that cannot be in a name: a quote, a colon,
  /// another opening brace or a newline, all of which JSON and code have. A search for the closing brace alone would
  /// take time quadratic in the opening ones.
  private static func endOfName(_ bytes: [UInt8], from start: Int) -> Int? {
    let ends: [UInt8] = [ASCII.closeBrace, ASCII.quote, ASCII.colon, ASCII.openBrace, ASCII.newline]
    return bytes[start...].firstIndex { ends.contains($0) }
  }

  /// Whether no two requests can get the same text. That is so where the number is all that changes. With the line
  /// beside it, two texts can be equal: `{n}{line}` is 111 for the first request on line 11, and for the eleventh
  /// request on line 1 of another input.
  var isUnique: Bool {
    parts.filter { $0 == .number }.count == 1 && columns.isEmpty && !parts.contains(.line)
  }
}
