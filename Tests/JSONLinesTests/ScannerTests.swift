import Testing

@testable import JSONLines

@Suite("JSONScanner")
struct ScannerTests {
  static func fault(_ text: String) -> JSONError? { fault(Array(text.utf8)) }

  static func fault(_ bytes: [UInt8]) -> JSONError? {
    let document = JSONDocument()
    return PaddedBytes.withCopy(of: bytes) { JSONScanner.scan($0, into: document) }
  }

  @Test(
    "accepts",
    arguments: [
      "null", "true", "false", "0", "-0", "-0.0", "12", "1.5", "1e5", "1E+5", "1e-05", "-12.340e10", "1e400",
      #""""#, #""a""#, #""\"\\\/\b\f\n\r\t\u0041""#, #""\u00e9\uD83D\uDE00""#, #""\ud800""#, "\"\u{2028}\u{7f}\"",
      "[]", "[ ]", "{}", "{ }", " [1 , -0.5e+3]\t", "\t{}\r", #"{"":"\ud83d\ude00"}"#, "[[],{}]", "[[[[1]]]]",
      #"{"a":1,"a":2}"#, #"{"a":{"b":[{"c":null},true,false]}}"#, #"{ "a" : [ 1 , 2 ] , "b" : { } }"#,
      "\"\u{10FFFF}\u{E000}\u{D7FF}\u{FFFD}\u{80}\u{800}\u{10000}\"",
    ])
  func accepts(text: String) {
    #expect(ScannerTests.fault(text) == nil)
  }

  @Test(
    "rejects with reason and place",
    arguments: [
      ("", .empty, 0), (" \t\r", .empty, 3),
      ("[", .cutShort, 1), ("{", .cutShort, 1), ("[1", .cutShort, 2), ("[1,", .cutShort, 3), ("{\"a\"", .cutShort, 4),
      ("{\"a\":", .cutShort, 5), ("{\"a\":1", .cutShort, 6), ("{\"a\":1,", .cutShort, 7), ("-", .cutShort, 1),
      ("1.", .cutShort, 2), ("1e", .cutShort, 2), ("1e+", .cutShort, 3), ("[[1]", .cutShort, 4), ("[ ", .cutShort, 2),
      ("]", .expectedValue, 0), ("[,1]", .expectedValue, 1), ("[1,,2]", .expectedValue, 3),
      ("{\"a\":}", .expectedValue, 5),
      ("{\"a\":]", .expectedValue, 5), ("abc", .expectedValue, 0), ("[1,é]", .expectedValue, 3),
      ("#", .expectedValue, 0),
      ("/* */ 1", .expectedValue, 0), ("\u{0}", .expectedValue, 0), ("[\u{0}]", .expectedValue, 1),
      ("\u{0C}1", .expectedValue, 0), ("[1,\u{A0}2]", .expectedValue, 3),
      ("{1:2}", .expectedKey, 1), ("{a:1}", .expectedKey, 1), ("{,}", .expectedKey, 1),
      ("{\"a\":1,2}", .expectedKey, 7),
      ("{]", .expectedKey, 1), ("{\"a\":1,,}", .expectedKey, 7),
      ("{\"a\" 1}", .expectedColon, 5), ("{\"a\"}", .expectedColon, 4), ("{\"a\",\"b\"}", .expectedColon, 4),
      ("[1 2]", .expectedCommaOrEnd, 3), ("[1}", .expectedCommaOrEnd, 2), ("{\"a\":1]", .expectedCommaOrEnd, 6),
      ("{\"a\":1 \"b\":2}", .expectedCommaOrEnd, 7), ("[truex]", .expectedCommaOrEnd, 5),
      ("[\"a\":1]", .expectedCommaOrEnd, 4),
      ("[\"a\"\u{0}]", .expectedCommaOrEnd, 4),
      ("[1,]", .trailingComma, 3), ("[1, ]", .trailingComma, 4), ("{\"a\":1,}", .trailingComma, 7),
      ("{\"a\":1, \t}", .trailingComma, 9),
      ("1 2", .trailingBytes, 2), ("{}{}", .trailingBytes, 2), ("{},", .trailingBytes, 2), ("[]]", .trailingBytes, 2),
      ("nullx", .trailingBytes, 4), ("1,", .trailingBytes, 1), ("0x10", .trailingBytes, 1),
      ("{}\u{0}", .trailingBytes, 2),
      ("\"a\"b", .trailingBytes, 3), ("1.5.5", .trailingBytes, 3),
      ("\"", .unterminatedString, 0), ("\"abc", .unterminatedString, 0), ("[\"abc", .unterminatedString, 1),
      ("\"\\u12", .unterminatedString, 0), ("{\"a", .unterminatedString, 1), (#""a\"#, .unterminatedString, 0),
      ("\"\\\"", .unterminatedString, 0),
      ("\"a\tb\"", .controlCharacter, 2), ("\"\u{0}\"", .controlCharacter, 1), ("\"\n\"", .controlCharacter, 1),
      ("{\"\r\":1}", .controlCharacter, 2), ("\"\\\\\u{1f}\"", .controlCharacter, 3),
      (#""\x""#, .invalidEscape, 1), (#""a\'""#, .invalidEscape, 2), (#""\u12G4""#, .invalidEscape, 5),
      (#""\U0041""#, .invalidEscape, 1), (#""\u 123""#, .invalidEscape, 3), (#""\u12""#, .invalidEscape, 5),
      (#""\0""#, .invalidEscape, 1), (#""\n\n\n\n\x""#, .invalidEscape, 9),
      ("01", .leadingZero, 0), ("-01", .leadingZero, 1), ("[00]", .leadingZero, 1), ("007", .leadingZero, 0),
      ("+1", .invalidNumber, 0), (".5", .invalidNumber, 0), ("-.5", .invalidNumber, 1), ("1.e5", .invalidNumber, 2),
      ("1ex", .invalidNumber, 2), ("1e+-5", .invalidNumber, 3), ("--1", .invalidNumber, 1), ("[1.]", .invalidNumber, 3),
      ("[-]", .invalidNumber, 2), ("1e5.5", .trailingBytes, 3), ("-a", .invalidNumber, 1),
      ("nul", .invalidLiteral, 0), ("tru", .invalidLiteral, 0), ("[falsy]", .invalidLiteral, 1),
      ("nULL", .invalidLiteral, 0), ("{\"a\":t}", .invalidLiteral, 5), ("f", .invalidLiteral, 0),
      ("NaN", .notANumberLiteral, 0), ("[Infinity]", .notANumberLiteral, 1), ("[1,-Infinity]", .notANumberLiteral, 3),
      ("{\"a\":NaN}", .notANumberLiteral, 5),
      ("'a'", .singleQuote, 0), ("{'a':1}", .singleQuote, 1), ("{\"a\":'b'}", .singleQuote, 5),
      ("\u{FEFF}{}", .byteOrderMark, 0),
    ] as [(String, JSONError.Reason, Int)])
  func rejects(text: String, reason: JSONError.Reason, offset: Int) {
    #expect(ScannerTests.fault(text) == JSONError(reason, at: offset))
  }

  // MARK: - Depth

  @Test("takes 1,000 levels and no more", arguments: [999, 1_000, 1_001, 1_000_000], ["[", "{\"\":"])
  func depth(levels: Int, opening: String) {
    let closing = opening == "[" ? "]" : "}"
    let text = String(repeating: opening, count: levels) + "1" + String(repeating: closing, count: levels)
    let place = 1_000 * opening.utf8.count
    #expect(ScannerTests.fault(text) == (levels > 1_000 ? JSONError(.tooDeep, at: place) : nil))
  }

  @Test("a line over the scanner's limit is that error, whatever is in it")
  func length() {
    let document = JSONDocument()
    let error = PaddedBytes.withCopy(of: Array("{}".utf8)) {
      // The scanner reads nothing of a line that is too long, so the pointer need not lead to such a line.
      JSONScanner.scan(
        PaddedBytes(base: $0.buffer(0..<1).baseAddress!, count: JSONScanner.lengthLimit + 1), into: document)
    }
    #expect(error == JSONError(.tooLong, at: JSONScanner.lengthLimit))
  }

  @Test("closed containers do not count as nesting levels")
  func breadth() {
    #expect(ScannerTests.fault("[" + String(repeating: "[[]],{},", count: 2_000) + "1]") == nil)
  }

  // MARK: - Strings

  @Test("rejects a raw control character anywhere in a string", arguments: 0..<0x20 as Range<UInt8>)
  func controlCharacters(byte: UInt8) {
    for position in 0...80 {
      let bytes: [UInt8] = [0x22] + Array(repeating: 0x61, count: position) + [byte, 0x62, 0x22]
      #expect(ScannerTests.fault(bytes) == JSONError(.controlCharacter, at: position + 1))
    }
  }

  static let brokenUTF8: [(name: String, bytes: [UInt8])] = [
    ("overlong, two bytes", [0xC0, 0x80]), ("overlong, two bytes, the last", [0xC1, 0xBF]),
    ("overlong, three bytes", [0xE0, 0x80, 0x80]), ("overlong, three bytes, the last", [0xE0, 0x9F, 0xBF]),
    ("overlong, four bytes", [0xF0, 0x80, 0x80, 0x80]), ("overlong, four bytes, the last", [0xF0, 0x8F, 0xBF, 0xBF]),
    ("first surrogate", [0xED, 0xA0, 0x80]), ("last surrogate", [0xED, 0xBF, 0xBF]),
    ("surrogate pair", [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]), ("U+110000", [0xF4, 0x90, 0x80, 0x80]),
    ("lead F5", [0xF5, 0x80, 0x80, 0x80]), ("five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80]), ("FE", [0xFE]),
    ("FF", [0xFF]), ("one of two", [0xC3]), ("one of three", [0xE2]), ("two of three", [0xE2, 0x82]),
    ("one of four", [0xF0]), ("two of four", [0xF0, 0x9F]), ("three of four", [0xF0, 0x9F, 0x98]),
    ("lone continuation", [0x80]), ("lone last continuation", [0xBF]), ("Latin-1 é", [0xE9]),
  ]

  @Test("rejects broken UTF-8 anywhere in a string", arguments: brokenUTF8)
  func invalidUTF8(name: String, bytes: [UInt8]) {
    for position in 0...80 {
      for rest in [0, 1, 15, 80] {
        let text: [UInt8] =
          [0x22] + Array(repeating: 0x61, count: position) + bytes + Array(repeating: 0x62, count: rest) + [0x22]
        let expected = JSONError(.invalidUTF8, at: position + 1)
        #expect(ScannerTests.fault(text) == expected, "\(name), \(rest) bytes after it")
      }
    }
  }

  @Test("rejects a surplus continuation byte anywhere", arguments: ["é", "€", "😀"])
  func extraContinuation(character: String) {
    for position in 0...80 {
      let head: [UInt8] = [0x22] + Array(repeating: 0x61, count: position) + Array(character.utf8)
      for rest in [0, 80] {
        let text = head + [0x80] + Array(repeating: 0x62, count: rest) + [0x22]
        #expect(ScannerTests.fault(text) == JSONError(.invalidUTF8, at: head.count))
      }
    }
  }

  @Test("accepts characters of every length anywhere", arguments: ["\u{80}", "é", "\u{800}", "€", "\u{FFFF}", "😀"])
  func multiByte(character: String) {
    for position in 0...80 {
      for rest in [0, 1, 15, 80] {
        let head = String(repeating: "a", count: position)
        let text = "\"" + head + character + String(repeating: "b", count: rest) + "\""
        #expect(ScannerTests.fault(text) == nil, "at \(position), \(rest) bytes after it")
      }
    }
  }

  @Test("names the first fault of a string, whatever its kind")
  func firstFault() {
    #expect(ScannerTests.fault([0x22, 0xFF, 0x09, 0x22]) == JSONError(.invalidUTF8, at: 1))
    #expect(ScannerTests.fault([0x22, 0x09, 0xFF, 0x22]) == JSONError(.controlCharacter, at: 1))
    #expect(ScannerTests.fault([0x22, 0xE2, 0x82]) == JSONError(.invalidUTF8, at: 1))
  }

  @Test("bytes from 0x80 on outside of strings are that error and not another")
  func nonASCIIOutsideStrings() {
    #expect(ScannerTests.fault([0x5B, 0xFF, 0x5D]) == JSONError(.invalidUTF8, at: 1))
    #expect(ScannerTests.fault([0x5B, 0xE2, 0x82, 0xAC, 0x5D]) == JSONError(.expectedValue, at: 1))
  }

  @Test("uses a document again for another line")
  func reuse() {
    let document = JSONDocument()
    for text in [#"["\ud800"]"#, "[1", #"{"a":"b"}"#] {
      let fault = PaddedBytes.withCopy(of: text.utf8) { JSONScanner.scan($0, into: document) }
      #expect((fault != nil) == (text == "[1"))
      #expect(document.hasLoneSurrogate == text.contains("ud800"))
    }
  }
}
