import JSONLines

/// A text with holes for a row's columns: `Summarise in {language}: {text}`; `{{` stands for a brace.
public struct Template: Sendable {
  enum Part: Equatable, Sendable {
    /// As the inside of a JSON string.
    case text([UInt8])
    /// Index into ``columns``.
    case column(Int)
    /// Counts the requests from 1.
    case number
    /// The line in the source.
    case line
  }

  let parts: [Part]
  /// The columns that are asked for, each once.
  let columns: [String]

  /// - Throws: ``TemplateError`` where a brace is not closed.
  public init(_ text: String) throws {
    var parts: [Part] = []
    var columns: [String] = []
    var plain: [UInt8] = []
    let bytes = Array(text.utf8)
    var i = 0
    func endPlain() {
      var escaped: [UInt8] = []
      plain.withUnsafeBufferPointer { JSONText.appendEscaped($0, to: &escaped) }
      if !escaped.isEmpty { parts.append(.text(escaped)) }
      plain = []
    }
    while i < bytes.count {
      let byte = bytes[i]
      let isDoubled = i + 1 < bytes.count && bytes[i + 1] == byte
      if byte == ASCII.openBrace, !isDoubled {
        guard let end = bytes[i...].firstIndex(of: ASCII.closeBrace) else {
          throw TemplateError("the '{' at character \(i + 1) is not closed; '{{' stands for a brace itself")
        }
        endPlain()
        let name = String(decoding: bytes[i + 1..<end], as: UTF8.self)
        switch name {
        case "": throw TemplateError("'{}' names no column; '{{' stands for a brace itself")
        case "n": parts.append(.number)
        case "line": parts.append(.line)
        default:
          if !columns.contains(name) { columns.append(name) }
          parts.append(.column(columns.firstIndex(of: name) ?? 0))
        }
        i = end + 1
      } else {
        plain.append(byte)
        i += isDoubled && (byte == ASCII.openBrace || byte == ASCII.closeBrace) ? 2 : 1
      }
    }
    endPlain()
    self.parts = parts
    self.columns = columns
  }

  /// Whether no two requests can get the same text: the counter and nothing else that changes. The line is something
  /// else: `{n}{line}` is 111 for the first request on line 11 and for the eleventh on line 1 of another input.
  var isUnique: Bool {
    parts.filter { $0 == .number }.count == 1 && columns.isEmpty && !parts.contains(.line)
  }
}

/// What is wrong with a template.
public struct TemplateError: Error, CustomStringConvertible, Sendable {
  public let description: String

  init(_ description: String) { self.description = description }
}
