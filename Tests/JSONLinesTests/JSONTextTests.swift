import Foundation
import TestSupport
import Testing

@testable import JSONLines

@Suite("JSONText")
struct JSONTextTests {
  /// The text of a string value, read by the scanner and by the value itself.
  private static func read(_ json: [UInt8]) throws -> (text: String, bytes: [UInt8]) {
    let document = JSONDocument()
    return try PaddedBytes.withCopy(of: json) { padded in
      try #require(JSONScanner.scan(padded, into: document) == nil)
      var bytes: [UInt8] = []
      document.root.appendText(to: &bytes)
      return (document.root.text, bytes)
    }
  }

  private static let ranges: [ClosedRange<Int>] = [
    0x00...0x1F, 0x20...0x7E, 0x22...0x22, 0x5C...0x5C, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF,
    0x1_0000...0x10_FFFF,
  ]

  private static func scalars(_ random: inout SeededGenerator) -> [Unicode.Scalar] {
    let count = random.number(0...60)
    return (0..<count).compactMap { _ in Unicode.Scalar(UInt32(random.number(random.pick(ranges)))) }
  }

  private static func text(_ scalars: [Unicode.Scalar]) -> String { String(String.UnicodeScalarView(scalars)) }

  @Test("writes strings that read back as they were")
  func roundTrip() throws {
    var random = SeededGenerator(21)
    for _ in 0..<500 {
      let text = JSONTextTests.text(JSONTextTests.scalars(&random))
      var json: [UInt8] = []
      JSONText.appendString(text, to: &json)
      let found = try JSONTextTests.read(json)
      #expect(Array(found.text.utf8) == Array(text.utf8))
      #expect(found.bytes == Array(text.utf8))
      let foundation = try JSONSerialization.jsonObject(with: Data(json), options: .fragmentsAllowed) as? String
      #expect(foundation.map { Array($0.utf8) } == Array(text.utf8))
    }
  }

  @Test(
    "escapes what must be",
    arguments: [
      ("", #""""#), ("a/é😀\u{7f}\u{2028}", "\"a/é😀\u{7f}\u{2028}\""), ("\"\\", #""\"\\""#),
      ("\u{8}\t\n\u{c}\r", #""\b\t\n\f\r""#), ("\u{0}\u{1}\u{b}\u{1f}", #""\u0000\u0001\u000b\u001f""#),
    ])
  func escape(text: String, json: String) {
    var out: [UInt8] = []
    JSONText.appendString(text, to: &out)
    #expect(String(decoding: out, as: UTF8.self) == json)
  }

  /// Text is escaped in steps of several bytes. The texts take several steps, with escapes at every place of a step.
  @Test("escapes long texts, of quotes alone or in pairs", arguments: [false, true], [2, 12, 90])
  func escapeLong(quotesAreDoubled: Bool, density: Int) {
    var random = SeededGenerator(UInt64(density))
    for _ in 0..<60 {
      var text: [UInt8] = []
      var expected: [UInt8] = []
      let length = random.number(0...9_000)
      while text.count < length {
        let special = random.number(0...99) < density
        let byte = UInt8(
          special ? random.pick([0x22, 0x5C, 0x0A, 0x0D, 0x09, 0x00, 0x07, 0x08, 0x0B, 0x0E, 0x1F]) : 0x61)
        text += quotesAreDoubled && byte == 0x22 ? [byte, byte] : [byte]
        var json: [UInt8] = []
        [byte].withUnsafeBufferPointer { JSONText.appendEscaped($0, to: &json) }
        expected += json
      }
      let start = random.number(0...min(1, text.count))
      let dropped = [UInt8](repeating: 0x22, count: start)
      var out = TextBuffer(capacity: 1)
      PaddedBytes.withCopy(of: dropped + text) {
        JSONText.appendEscaped($0, start..<$0.count, quotesAreDoubled: quotesAreDoubled, to: &out)
      }
      #expect(Array(out.written(0..<out.count)) == expected)
    }
  }

  @Test("reads text with any escapes")
  func spellings() throws {
    var random = SeededGenerator(22)
    for _ in 0..<500 {
      let scalars = JSONTextTests.scalars(&random)
      let json = scalars.map { JSONTextTests.spell($0, &random) }.joined()
      let expected = Array(JSONTextTests.text(scalars).utf8)
      let found = try JSONTextTests.read(Array("\"\(json)\"".utf8))
      #expect(found.bytes == expected, Comment(rawValue: json))
      #expect(Array(found.text.utf8) == expected, Comment(rawValue: json))
    }
  }

  /// One of the ways to write a character.
  private static func spell(_ scalar: Unicode.Scalar, _ random: inout SeededGenerator) -> String {
    let short: [Unicode.Scalar: String] = [
      "\"": #"\""#, "\\": #"\\"#, "/": #"\/"#, "\u{8}": #"\b"#, "\u{c}": #"\f"#, "\n": #"\n"#, "\r": #"\r"#,
      "\t": #"\t"#,
    ]
    if let short = short[scalar], random.number(0...1) == 0 { return short }
    let mayBeRaw = scalar.value >= 0x20 && scalar != "\"" && scalar != "\\"
    if mayBeRaw, random.number(0...2) == 0 { return String(scalar) }
    return String(scalar).utf16.map { unit in
      let digits = String(unit, radix: 16, uppercase: random.number(0...1) == 0)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }

  // MARK: - Lone surrogates

  @Test(
    "shows half of a surrogate pair as one U+FFFD",
    arguments: [
      (#""a\ud800b""#, "a\u{FFFD}b"), (#""\udfff""#, "\u{FFFD}"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
      (#""é\ude00\ud83d\u0041""#, "é\u{FFFD}\u{FFFD}A"), (#""\ud83d\\ude00""#, #"�\ude00"#),
    ])
  func loneSurrogates(json: String, text: String) throws {
    #expect(Array(try JSONTextTests.read(Array(json.utf8)).text.utf8) == Array(text.utf8))
  }

  @Test("strings that differ only in a lone surrogate stay different")
  func differentSurrogates() throws {
    let spelt = [#""\ud800""#, #""\ud801""#, #""\udbff""#, #""\udc00""#, #""\udfff""#, #""\ufffd""#]
    #expect(Set(try spelt.map { try JSONTextTests.read(Array($0.utf8)).bytes }).count == spelt.count)
  }
}
