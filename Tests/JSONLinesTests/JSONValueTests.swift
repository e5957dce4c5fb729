import Foundation
import TestSupport
import Testing

@testable import JSONLines

@Suite("JSONValue")
struct JSONValueTests {
  private static func scan<R>(_ text: String, _ body: (JSONValue) throws -> R) throws -> R {
    let document = JSONDocument()
    return try PaddedBytes.withCopy(of: text.utf8) { padded in
      try #require(JSONScanner.scan(padded, into: document) == nil)
      return try body(document.root)
    }
  }

  /// The value written again from what its iterators return.
  private static func rewrite(_ value: JSONValue) -> String {
    switch value.kind {
    case .object: "{" + value.fields.map { rewrite($0.key) + ":" + rewrite($0.value) }.joined(separator: ",") + "}"
    case .array: "[" + value.items.map(rewrite).joined(separator: ",") + "]"
    default: value.bytes.text(value.range)
    }
  }

  @Test(
    "iterates over all there is",
    arguments: [
      "{}", "[]", "1", #""a""#, "null", "[[]]", "[{}]", #"{"a":{}}"#, "[1,[2,[3,[4]]],5]", "[true,false,null]",
      #"{"a":1,"b":[{"c":"d"},[],{}],"e":{"f":{"g":-1.5e3}},"a":2}"#,
      "[" + (0..<600).map(String.init).joined(separator: ",") + "]",
    ])
  func iteration(text: String) throws {
    #expect(try JSONValueTests.scan(text, JSONValueTests.rewrite) == text)
  }

  @Test(
    "a value that is not an object has no fields, and one that is not an array no items",
    arguments: ["1", #""a""#, "null"])
  func noMembers(text: String) throws {
    #expect(try JSONValueTests.scan(text) { Array($0.fields).isEmpty && Array($0.items).isEmpty })
    #expect(try JSONValueTests.scan("[\(text)]") { Array($0.fields).isEmpty })
    #expect(try JSONValueTests.scan(#"{"a":\#(text)}"#) { Array($0.items).isEmpty })
  }

  @Test("knows the place of every value")
  func ranges() throws {
    let text = #" {"k" : [ 12 , "é" ] , "z":null} "#
    try JSONValueTests.scan(text) { root in
      #expect(root.bytes.text(root.lineRange) == #"{"k" : [ 12 , "é" ] , "z":null}"#)
      #expect(root.fields.map { $0.key.bytes.text($0.key.lineRange) } == [#""k""#, #""z""#])
      #expect(root.fields.map { $0.value.bytes.text($0.value.lineRange) } == [#"[ 12 , "é" ]"#, "null"])
      #expect(root.fields.first { _ in true }?.value.items.map { $0.range.count } == [2, 4])
    }
  }

  @Test(
    "finds the last member with a key, however it is spelt",
    arguments: [
      (#"{"key":1}"#, "1"), (#"{"key":1,"key":2}"#, "2"), (#"{"\u006bey":3,"kex":4}"#, "3"),
      (#"{"key":1,"k\u0065y":5}"#, "5"),
      (#"{"Key":1,"key ":2,"ke":3,"keyy":4}"#, "none"), (#"[{"key":1}]"#, "none"), ("{}", "none"),
    ])
  func subscripts(text: String, expected: String) throws {
    #expect(try JSONValueTests.scan(text) { root in root["key"].map { $0.bytes.text($0.range) } ?? "none" } == expected)
  }

  @Test("visits every string, keys too, in order")
  func strings() throws {
    let text = #"{"a":["b",{"c":"d"},1],"e":{"f":[[["g"]]]}}"#
    var found: [String] = []
    try JSONValueTests.scan(text) { root in root.forEachString { found.append($0.text) } }
    #expect(found == ["a", "b", "c", "d", "e", "f", "g"])
  }

  // MARK: - Numbers

  private static func double(_ text: String) throws -> Double? { try scan(text) { $0.number } }

  private static func digits(_ count: Int, _ random: inout SeededGenerator) -> String {
    String((0..<count).map { _ in Character(String(random.number(0...9))) })
  }

  private static func number(_ random: inout SeededGenerator) -> String {
    var text = random.pick(["", "-"])
    text += random.number(0...2) == 0 ? "0" : "\(random.number(1...9))" + digits(random.number(0...20), &random)
    if random.number(0...1) == 0 { text += "." + digits(random.number(1...25), &random) }
    if random.number(0...2) == 0 {
      text += random.pick(["e", "E"]) + random.pick(["", "+", "-"]) + digits(random.number(1...3), &random)
    }
    return text
  }

  @Test("reads a number as Swift does", arguments: [31, 32, 33] as [UInt64])
  func randomNumbers(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    for _ in 0..<2_000 {
      let text = JSONValueTests.number(&random)
      let found = try JSONValueTests.double(text)
      #expect(found?.bitPattern == Double(text)?.bitPattern, Comment(rawValue: text))
    }
  }

  @Test(
    "reads the borders of what a double holds",
    arguments: [
      ("0", 0), ("-0", -0.0), ("-0.0", -0.0), ("0.1", 0.1), ("999999999999999", 999_999_999_999_999),
      ("1000000000000000", 1e15), ("9007199254740993", 9_007_199_254_740_992), ("0.000000000000001", 1e-15),
      ("-0.00000000000001", -1e-14), ("123456789.123456", 123_456_789.123456), ("1e308", 1e308), ("1e309", .infinity),
      ("-1e309", -.infinity), ("1e-400", 0), ("-1e-400", -0.0), ("5e-324", .leastNonzeroMagnitude), ("1e22", 1e22),
      ("0e999", 0),
    ] as [(String, Double)])
  func numbers(text: String, expected: Double) throws {
    #expect(try JSONValueTests.double(text)?.bitPattern == expected.bitPattern)
  }

  @Test(
    "tells integers by how they are written",
    arguments: [("1", true), ("-10", true), ("1.0", false), ("1e2", false), ("1E2", false), (#""1""#, false)])
  func integers(text: String, expected: Bool) throws {
    #expect(try JSONValueTests.scan(text) { $0.isWrittenAsInteger } == expected)
  }
}
