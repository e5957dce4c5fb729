import BatchFile
import Foundation
import TestSupport
import Testing

/// A JSON reader finds in the batch file the same texts that the source has, and the batch file has no faults.
@Suite("Conversions, there and back")
struct ConversionRoundTripTests {
  /// The user messages of the batch file that is made from a source.
  static func convert(
    _ source: [UInt8], as kind: InputKind, separator: PromptSeparator = .line
  ) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("batch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let input = folder.appendingPathComponent("input")
    let output = folder.appendingPathComponent("output.jsonl")
    try Data(source).write(to: input)

    var recipe = ConversionRecipe()
    recipe.model = "openai/gpt-oss-20b"
    var builder = BatchBuilder(recipe)
    builder.promptSeparator = separator
    let result = try builder.convert([BatchBuilder.Input(path: input.path, kind: kind)], to: output.path)
    #expect(result.findings.allSatisfy { $0.finding.message == "The prompt is empty." }, "\(result.findings)")
    let checked = try BatchChecker().check(path: output.path)
    #expect(checked.findings.isEmpty, "\(checked.findings)")
    return try Data(contentsOf: output).split(separator: 0x0A).map {
      try JSONDecoder().decode(Request.self, from: Data($0)).body.messages[0].content
    }
  }

  private struct Request: Decodable {
    struct Body: Decodable { var messages: [Message] }
    struct Message: Decodable { var content: String }
    var body: Body
  }

  /// Whether all texts have the same bytes. `==` would take e with a combining accent as equal to é.
  static func areSame(_ one: [String], _ other: [String]) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
  }

  // MARK: - Strings

  static let controls = String(String.UnicodeScalarView((1..<0x20).compactMap(Unicode.Scalar.init)))

  static let strings: [String] = [
    "a", controls, "\u{7F}\u{80}\u{9F}", "😀 👩‍👩‍👧‍👦 🇩🇪", "\u{2028}\u{2029}\u{85}", #""quoted" and ""doubled"""#,
    #"\ \\ \n \u0041 \""#,
    "שלום \u{202E}abc\u{202C} مرحبا", "e\u{301} é", "\u{FEFF}in the middle\u{FEFF}", "\u{FFFF}\u{10FFFF}", "a,b\tc;d|e",
    "line\nline\r\nline\rline", "  spaces around  ", "{n} {prompt} {{", "'", "\r", " ", "",
  ]

  /// The texts that can be prompts of a list: a NUL would end them, and an empty one is left out.
  static let prompts = strings.filter { !$0.isEmpty }

  @Test("prompts that end with NUL come back unchanged")
  func nullSeparated() throws {
    let source = Self.prompts.flatMap { text -> [UInt8] in text.utf8 + [0] }
    #expect(try Self.areSame(Self.convert(source, as: .prompts, separator: .null), Self.prompts))
  }

  @Test("paragraphs come back without the carriage return of each CRLF")
  func paragraphs() throws {
    let source = "a\r\r\n\r\nb\r\nc\r\n\r\n\r\nd\n\ne\r"
    let expected = ["a\r", "b\nc", "d", "e"]
    #expect(
      try Self.areSame(Self.convert(Array(source.utf8), as: .prompts, separator: .blankLine), expected))
  }

  @Test("the cells of a table come back unchanged", arguments: [(InputKind.csv, ","), (.tsv, "\t")])
  func cells(kind: InputKind, separator: String) throws {
    let texts = Self.strings + ["a\u{0}b"]
    let rows = texts.map { "\(Self.quoted($0))\(separator)x" }
    let source = (["prompt\(separator)other"] + rows).joined(separator: "\n")
    #expect(try Self.areSame(Self.convert(Array(source.utf8), as: kind), texts))
  }

  @Test(
    "the members of JSON objects come back unchanged", arguments: [InputKind.json, .jsonl],
    [JSONSerialization.WritingOptions(), .prettyPrinted])
  func members(kind: InputKind, options: JSONSerialization.WritingOptions) throws {
    let texts = Self.strings + ["a\u{0}b"]
    if kind == .jsonl {
      let lines = try texts.map { try JSONSerialization.data(withJSONObject: ["prompt": $0]) }
      #expect(try Self.areSame(Self.convert(Array(lines.joined(separator: [0x0A])), as: .jsonl), texts))
    } else {
      let source = try JSONSerialization.data(withJSONObject: texts.map { ["x": "y", "prompt": $0] }, options: options)
      #expect(try Self.areSame(Self.convert(Array(source), as: .json), texts))
    }
  }

  @Test("a text in which every character is an escape comes back unchanged")
  func escapes() throws {
    let texts = Self.strings.map { text in
      "{\"prompt\":\"" + text.utf16.map { "\\u" + String(0x1_0000 + Int($0), radix: 16).dropFirst() }.joined() + "\"}"
    }
    let source = Array(texts.joined(separator: "\n").utf8)
    #expect(try Self.areSame(Self.convert(source, as: .jsonl), Self.strings))
  }

  @Test("a prompt of 10 MB comes back unchanged", arguments: [InputKind.csv, .json])
  func long(kind: InputKind) throws {
    let text = String(repeating: "0123456789 \"é\" 😀\n", count: 480_000)
    let source =
      kind == .csv
      ? Data("prompt\n\(Self.quoted(text))\n".utf8) : try JSONSerialization.data(withJSONObject: ["prompt": text])
    let read = try Self.convert(Array(source), as: kind)
    #expect(Self.areSame(read, [text]))
  }

  // MARK: - Tables

  static func quoted(_ text: String) -> String {
    "\"" + text.replacingOccurrences(of: "\"", with: "\"\"", options: .literal) + "\""
  }

  /// A cell as text and as written: with quotes where it needs them, and sometimes where it does not.
  static func cell(_ generator: inout SeededGenerator, longest: Int) -> (text: String, written: String) {
    let count = generator.number(0...longest)
    let parts = ["a", "bc", " ", ",", "\"", "\"\"", "\n", "\r\n", "\t", "é", "😀", "word", "\r"]
    let text = (0..<count).map { _ in generator.pick(parts) }.joined()
    let mustQuote = text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    return (text, mustQuote || generator.number(0...3) == 0 ? quoted(text) : text)
  }

  @Test("random tables come back unchanged, some of them larger than a block", arguments: 1...18 as ClosedRange<UInt64>)
  func randomTables(seed: UInt64) throws {
    var generator = SeededGenerator(seed)
    let isLarge = seed % 6 == 0
    let longest = generator.pick(isLarge ? [40, 3_000, 150_000] : [3, 12, 60])
    let lineEnd = generator.pick(["\n", "\r\n"])
    var texts: [String] = []
    var source = "id,prompt,more" + lineEnd
    while isLarge ? source.utf8.count < 700_000 : texts.count < 200 {
      let (_, more) = Self.cell(&generator, longest: 6)
      let (text, written) = Self.cell(&generator, longest: longest)
      texts.append(text)
      source += "\(texts.count),\(written),\(more)\(lineEnd)"
    }
    if generator.number(0...1) == 0 { source.removeLast() }
    #expect(try Self.areSame(Self.convert(Array(source.utf8), as: .csv), texts))
  }

  /// The border of the block comes at every place around a doubled quote, a closing quote and a line end.
  @Test("quotes at the border of a block come back unchanged", arguments: -4...4)
  func borders(offset: Int) throws {
    let before = "prompt,x\n\""
    let filler = String(repeating: "f", count: (256 << 10) - before.utf8.count + offset)
    let texts = [filler + "\"\"\r\n\",\"", "b\n\"", "c"]
    let source = "prompt,x\n" + texts.map { "\(Self.quoted($0)),\"y\"\r\n" }.joined()
    #expect(try Self.areSame(Self.convert(Array(source.utf8), as: .csv), texts))
  }

  // MARK: - JSON

  @Test("an array larger than a block gives each of its elements", arguments: ["", "\r\n\r\n\t"])
  func arrays(space: String) throws {
    var generator = SeededGenerator(7)
    let parts = [#"}"#, #"{"#, #"]"#, #"\""#, #"\\"#, #"\n"#, "é", "word", ",", ":"]
    let inside = (0..<1_200).map { _ in (0..<generator.number(0...400)).map { _ in generator.pick(parts) }.joined() }
    let objects = inside.map { #"{\#(space)"x"\#(space):[1,\#(space){}]\#(space),"prompt":"\#($0)"\#(space)}"# }
    let source = "[\(space)" + objects.joined(separator: "\(space),\(space)") + "\(space)]\(space)"
    let texts = try inside.map {
      try JSONSerialization.jsonObject(with: Data("\"\($0)\"".utf8), options: .fragmentsAllowed) as? String ?? "?"
    }
    #expect(try Self.areSame(Self.convert(Array(source.utf8), as: .json), texts))
  }

  @Test("an object larger than a block comes back unchanged", arguments: [InputKind.json, .jsonl])
  func largeObject(kind: InputKind) throws {
    let lineEnd = kind == .json ? "\n" : " "
    let numbers = (0..<200_000).map(String.init).joined(separator: ",\(lineEnd)")
    let source = "{\"x\": [\(numbers)],\(lineEnd)\"prompt\": \"a\"}\(lineEnd)"
    #expect(try Self.convert(Array(source.utf8), as: kind) == ["a"])
  }
}
