import Foundation
import TestSupport
import Testing

/// The notes about lines that are not JSON. The advice must fit what is on the line.
@Suite("Oddities")
struct OddityTests {
  static func notes(_ text: Data) throws -> [String] {
    let outcome = try Program.run("check", "--format", "jsonl", input: text)
    return try outcome.output.split(separator: "\n").map {
      let finding = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      return finding?["note"] as? String ?? ""
    }
  }

  /// Lines and what their note says.
  static let lines: [(line: String, note: String)] = [
    (#"{"custom_id":"r-1","body":{"stop":None}}"#, "None is Python; JSON has null (byte 35)"),
    (#"{"a":True}"#, "True and False are Python; JSON has true and false (byte 6)"),
    ("INFO 1 request written", "expected a value (byte 1)"), ("Note: nothing", "expected a value (byte 1)"),
    ("name;question", "expected a value (byte 1)"), ("final", "expected a value (byte 1)"),
    ("nul", "expected true, false or null (byte 1)"), (#"{"a":treu}"#, "expected true, false or null (byte 6)"),
    (#"{"a":NaN}"#, "NaN and Infinity are not JSON (byte 6)"),
    (#"{"a":-Infinity}"#, "NaN and Infinity are not JSON (byte 6)"),
    (#"{"a":Infinity}"#, "NaN and Infinity are not JSON (byte 6)"),
    (#"{"a":1},"#, "something follows the value (byte 8); lines are not separated by commas"),
    (#"{"a":1}, "#, "something follows the value (byte 8); lines are not separated by commas"),
    (#"  "custom_id": "r-1","#, "something follows the value (byte 14)"),
    (#"{"a":1} x,"#, "something follows the value (byte 9)"),
  ]

  @Test("the note names what is on the line in place of JSON", arguments: lines)
  func line(line: String, note: String) throws {
    #expect(try OddityTests.notes(Data("\n\(line)\n".utf8)).last == note)
  }

  @Test("only requests printed over several lines get the note that says so")
  func prettyPrinted() throws {
    let notes = try OddityTests.notes(
      Data(contentsOf: Program.package.appendingPathComponent("Fixtures/check/pretty-printed.jsonl")))
    #expect(notes[0].contains("pretty-printed JSON"))
    #expect(!notes.contains { $0.contains("commas") })
  }

  @Test("bytes that are not text get no advice about Latin-1")
  func binary() throws {
    let notes = try OddityTests.notes(Data([0x22, 0xE4, 0x01, 0x22, 0x0A]))
    #expect(notes.count == 1)
    #expect(!notes[0].contains("Latin-1"))
    let latin = try OddityTests.notes(Data([0x22, 0xE4, 0x22, 0x0A]))
    #expect(latin[0].contains("Latin-1"))
  }

  @Test("a line over the limit is this tool's own error, with the option for the limit")
  func longLine() throws {
    let line = Data((FoldTests.line(1, "") + "\n").utf8)
    let outcome = try Program.run("check", "--max-line-bytes", "100", input: line)
    #expect(outcome.status == 1)
    let message = "The line has \(line.count - 1) bytes; this tool reads lines of at most 100 bytes."
    #expect(outcome.output.hasPrefix("<stdin>:1:1: error[line_too_long]: \(message) (--max-line-bytes N reads longer"))
    #expect(try Program.run("check", "--max-line-bytes", "\(line.count)", input: line).status == 0)
  }

  /// Words that must not be taken for misspellings of a known one.
  @Test(
    "no suggestion for short words and for what means something else",
    arguments: [
      "top_k", "min_tokens", "encoding_format", "nn", "n1", "x", "st", "input", "min_p",
    ])
  func noSuggestion(name: String) throws {
    let report = try FoldTests.check([FoldTests.line(1, #","\#(name)":1"#)], "--format", "concise")
    #expect(report.contains { $0.contains("Unknown parameter: 'body.\(name)'.") })
    #expect(!report.contains { $0.contains("did you mean") })
  }
}
