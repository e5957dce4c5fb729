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
