import Foundation
import TestSupport
import Testing

/// How reports for people fold findings that repeat, and where they stop.
@Suite("What repeats")
struct FoldTests {
  static func line(_ id: Int, _ body: String) -> String {
    #"{"custom_id":"r-\#(id)","method":"POST","url":"/v1/chat/completions","body":{"model":"openai/gpt-oss-20b","#
      + #""messages":[{"role":"user","content":"Hi"}]\#(body)}}"#
  }

  static func check(_ lines: [String], _ options: String...) throws -> [String] {
    let input = Data((lines.joined(separator: "\n") + "\n").utf8)
    let outcome = try Program.run(Program.path, ["check"] + options, input: input)
    return outcome.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  static func withoutFaults(_ count: Int) -> [String] { (1...count).map { line($0, "") } }

  @Test("in full an error is shown three times, and then its other lines are listed")
  func errorInFull() throws {
    var lines = (1...1200).map { FoldTests.line($0, #","temprature":1"#) }
    lines[9] = FoldTests.line(10, "")
    let report = try FoldTests.check(lines, "--format", "full")
    #expect(report.count { $0.contains("error[unknown_parameter]") } == 3)
    #expect(report.contains("   = and on 1,196 more lines: 4–9, 11–1,200"))
    #expect(report.suffix(2) == ["1,200 requests for groq, 1,199 errors, 0 warnings", ""])
  }

  @Test("errors that repeat on the same line are counted there")
  func sameLine() throws {
    let messages = (1...5).map { _ in #"{"role":"human","content":"x"}"# }.joined(separator: ",")
    let line = FoldTests.line(1, "").replacingOccurrences(of: #"{"role":"user","content":"Hi"}"#, with: messages)
    let report = try FoldTests.check([line], "--format", "full")
    #expect(report.count { $0.contains("error[invalid_value]") } == 3)
    #expect(report.contains("   = and 2 more on this line"))
  }

  @Test("in concise each error has its line, and a note is given once")
  func errorInConcise() throws {
    let report = try FoldTests.check((1...5).map { FoldTests.line($0, #","temprature":1"#) }, "--format", "concise")
    #expect(report.count == 7)
    for (k, line) in report.prefix(5).enumerated() {
      #expect(line.hasPrefix("<stdin>:\(k + 1):"))
      #expect(line.contains("error[unknown_parameter]: Unknown parameter: 'body.temprature'."))
      #expect(line.hasSuffix("(did you mean 'temperature'?)") == (k == 0))
    }
  }

  @Test("a warning is shown once, with the number of its lines", arguments: ["full", "concise"])
  func warning(format: String) throws {
    let report = try FoldTests.check((1...1500).map { FoldTests.line($0, #","max_tokens":1"#) }, "--format", format)
    let told = report.filter { $0.contains("warning[deprecated_parameter]") }
    try #require(told.count == 1)
    #expect(told[0].hasPrefix("<stdin>:1:"))
    #expect(told[0].hasSuffix("(on 1,500 lines)"))
  }

  @Test("a flood stops after 200 findings and says how many more there are, by code", arguments: ["full", "concise"])
  func flood(format: String) throws {
    // The members have different names, so no two errors are folded into one.
    let lines = (1...1500).map { FoldTests.line($0, #","x\#($0)":1"#) } + ["x"]
    let report = try FoldTests.check(lines, "--format", format)
    #expect(report.count { $0.hasPrefix("<stdin>:") } == 200)
    let last = report.suffix(3)
    #expect(
      last.first
        == "   1,301 more findings not shown (unknown_parameter 1,300, invalid_json_line 1); --max-findings 0 shows all"
    )
    let few = try FoldTests.check(lines, "--format", format, "--max-findings", "7")
    #expect(few.count { $0.hasPrefix("<stdin>:") } == 7)
  }

  @Test("with 0 all are shown and nothing is folded", arguments: ["full", "concise"])
  func all(format: String) throws {
    let lines = (1...300).map { FoldTests.line($0, #","temprature":1,"max_tokens":1"#) }
    let report = try FoldTests.check(lines, "--format", format, "--max-findings", "0")
    #expect(report.count { $0.contains("error[unknown_parameter]") } == 300)
    #expect(report.count { $0.contains("warning[deprecated_parameter]") } == 300)
    #expect(report.count { $0.contains("did you mean 'temperature'?") } == 300)
    #expect(!report.contains { $0.contains("more") })
  }

  /// The patterns that editors use, from the fixture that the README shows.
  @Test("no line about hidden findings looks like a finding to an editor", arguments: ["full", "concise"])
  func looksLikeNone(format: String) throws {
    let lines = (1...250).map { FoldTests.line($0, #","x\#($0 % 240)":1,"temprature":1"#) }
    let report = try FoldTests.check(lines, "--format", format)
    let others = report.filter { $0.contains("more") || $0.contains("requests for") }
    #expect(others.count >= 2)
    let tasks = try JSONSerialization.jsonObject(
      with: Data(contentsOf: EditorTests.folder.appendingPathComponent("tasks.json")))
    let matchers = try #require(((tasks as? [String: Any])?["tasks"] as? [[String: Any]])?.first?["problemMatcher"])
    for matcher in try #require(matchers as? [[String: Any]]) {
      let pattern = try #require((matcher["pattern"] as? [String: Any])?["regexp"] as? String)
      for line in others { #expect(try EditorTests.captures(pattern, line) == nil) }
    }
  }
}
