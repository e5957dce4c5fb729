import Foundation
import TestSupport
import Testing

/// Requests that are not one a line are one finding, not one for each line.
@Suite("Layout in reports for people")
struct LayoutFoldTests {
  private static let printed = """
    {
      "custom_id": "r-1",
      "messages": [
        {
          "role": "user"
        }
      ]
    }

    """

  private static func lines(_ text: String, _ options: [String] = []) throws -> [Substring] {
    try Program.run(Program.path, ["check", "--quiet"] + options, input: Data(text.utf8)).output.split(separator: "\n")
  }

  @Test("a request printed over several lines is one finding, with its other lines", arguments: ["full", "concise"])
  func printed(format: String) throws {
    let lines = try LayoutFoldTests.lines(LayoutFoldTests.printed + LayoutFoldTests.printed, ["--format", format])
    let headlines = lines.filter { $0.hasPrefix("<stdin>:") }
    #expect(headlines.count == 2, "\(lines)")
    #expect(headlines[0].hasPrefix("<stdin>:1:2: error[invalid_json_line]"))
    #expect(headlines[1].hasPrefix("<stdin>:9:2: error[invalid_json_line]"))
    #expect(lines.contains("   = and on 7 more lines: 2–8"))
    #expect(lines.contains("   = and on 7 more lines: 10–16"))
    #expect(lines.contains { $0.contains("`batchfile fix` gives each request its line") })
    #expect(!lines.contains { $0.contains("comma") })
  }

  @Test("an array of requests is one finding")
  func array() throws {
    let request = #"{"custom_id":"r-1","method":"GET"}"#
    let lines = try LayoutFoldTests.lines("[\n\(request),\n\(request.replacing("r-1", with: "r-2"))\n]\n")
    let invalid = lines.filter { $0.contains("invalid_json_line") }
    #expect(invalid.count == 1 && invalid[0].hasPrefix("<stdin>:1:"), "\(lines)")
    #expect(lines.contains("   = and on 2 more lines: 2, 4"))
    // An element of the array that is JSON on its line is checked as usual.
    #expect(lines.contains { $0.hasPrefix("<stdin>:3:") && $0.contains("invalid_method") })
  }

  /// As `json.dumps` with an indent and as jq print lists, and as people write objects inside.
  static let layouts: [(text: String, lines: Int)] = [
    ("{\n  \"stop\": [\n    \"a\",\n    \"b\"\n  ],\n  \"logit_bias\": {}\n}\n", 7),
    ("{\n  \"x\": [\n    1,\n    [\n      2,\n      3\n    ],\n    true,\n    null\n  ]\n}\n", 11),
    ("{\n  \"messages\": [\n    {\"role\": \"system\"},\n    {\"role\": \"user\", \"x\": 1}\n  ]\n}\n", 6),
    ("[\n  {\n    \"stop\": [\n      \"a\"\n    ],\n    \"n\": [\n      2\n    ]\n  }\n]\n", 10),
  ]

  @Test(
    "a line inside a printed request that is JSON by itself is not reported as a request", arguments: layouts,
    ["full", "concise"])
  func inside(layout: (text: String, lines: Int), format: String) throws {
    let lines = try LayoutFoldTests.lines(layout.text, ["--format", format])
    #expect(lines.filter { $0.hasPrefix("<stdin>:") }.map { $0.prefix(12) } == ["<stdin>:1:2:"], "\(lines)")
    #expect(lines.last == "   = and on \(layout.lines - 1) more lines: 2–\(layout.lines)")
  }

  @Test("a request after a line that was cut short is checked as usual")
  func behind() throws {
    let lines = try LayoutFoldTests.lines("{\n" + #"{"custom_id":"r-1","method":"POST"}"# + "\n\"a\"\n")
    #expect(lines.contains { $0.hasPrefix("<stdin>:2:1: error[missing_required_parameter]") }, "\(lines)")
    #expect(lines.contains { $0.hasPrefix("<stdin>:3:1: error[invalid_type]") }, "\(lines)")
  }

  @Test("for printed JSON that is not a batch line, convert and fix do not point to each other")
  func adviceOfBoth() throws {
    let body = "{\n  \"model\": \"m\",\n  \"messages\": []\n}\n"
    let checked = try LayoutFoldTests.lines(body).joined()
    #expect(checked.contains("`batchfile convert` makes batch lines from request bodies"))
    let fixed = try Program.run("fix", input: Data(body.utf8))
    #expect(fixed.output == body)
    #expect(fixed.errors.contains("`batchfile convert` makes batch lines from request bodies"))
    #expect(!fixed.errors.contains("`batchfile fix`"))
    let converted = try Program.run(
      "convert", "--from", "json", "--model", "m",
      input: Data(body.replacing("[]", with: #"[{"role":"user","content":"a"}]"#).utf8))
    #expect(converted.status == 0)
  }

  @Test("a line that is not JSON for another reason is a finding of its own")
  func apart() throws {
    let good = #"{"custom_id":"r-9"}"#
    let lines = try LayoutFoldTests.lines("\(LayoutFoldTests.printed)\(good)\nbroken\n")
    #expect(lines.contains { $0.hasPrefix("<stdin>:10:1: error[invalid_json_line]") }, "\(lines)")
  }

  @Test("with --max-findings 0, and in json, every line has its finding", arguments: ["concise", "json"])
  func complete(format: String) throws {
    let text = try LayoutFoldTests.lines(LayoutFoldTests.printed, ["--format", format, "--max-findings", "0"]).joined()
    #expect(text.components(separatedBy: "invalid_json_line").count == 9, "\(text)")
  }
}
