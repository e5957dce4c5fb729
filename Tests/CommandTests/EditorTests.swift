import Foundation
import TestSupport
import Testing

/// The settings in the README with which editors jump to findings.
@Suite("Editors")
struct EditorTests {
  static let folder = Program.package.appendingPathComponent("Fixtures/editors")

  static func concise(_ more: String...) throws -> String {
    let words = ["check", "--format", "concise", "--max-requests", "3", "--quiet", "Fixtures/formats/faulty.jsonl"]
    return try Program.run(Program.path, words + more).output
  }

  static func captures(_ pattern: String, _ line: String) throws -> [String]? {
    let expression = try NSRegularExpression(pattern: pattern)
    guard let match = expression.firstMatch(in: line, range: NSRange(line.startIndex..., in: line)) else { return nil }
    return (1..<match.numberOfRanges).map { Range(match.range(at: $0), in: line).map { String(line[$0]) } ?? "" }
  }

  @Test("each line is understood by exactly one of VS Code's problem matchers")
  func problemMatchers() throws {
    let data = try Data(contentsOf: EditorTests.folder.appendingPathComponent("tasks.json"))
    let file = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let task = try #require((file["tasks"] as? [[String: Any]])?.first)
    let matchers = try #require(task["problemMatcher"] as? [[String: Any]])
    let patterns = matchers.compactMap { $0["pattern"] as? [String: Any] }
    let expressions = patterns.compactMap { $0["regexp"] as? String }
    try #require(expressions.count == 2)
    let lines = try EditorTests.concise().split(separator: "\n").map(String.init)
    #expect(lines.count == 10)
    for line in lines {
      let places = try EditorTests.captures(expressions[0], line)
      let files = try EditorTests.captures(expressions[1], line)
      #expect((places == nil) != (files == nil))
      let found = try #require(places ?? files)
      let pattern = patterns[places == nil ? 1 : 0]
      func value(_ key: String) throws -> String { found[try #require(pattern[key] as? Int) - 1] }
      #expect(try value("file") == "Fixtures/formats/faulty.jsonl")
      let head = try "\(value("severity"))[\(value("code"))]: \(value("message"))"
      let place = try places == nil ? "" : ":\(value("line")):\(value("column"))"
      #expect(line == "Fixtures/formats/faulty.jsonl\(place): \(head)")
      #expect(try ["error", "warning"].contains(value("severity")))
    }
    #expect(try EditorTests.captures(expressions[0], "7 requests, 1 error, 0 warnings") == nil)
    #expect(try EditorTests.captures(expressions[1], "7 requests, 1 error, 0 warnings") == nil)
  }

  @Test("each line is understood by vim's errorformat", .enabled(if: Shell.has("vim")))
  func errorformat() throws {
    let scratch = try Scratch()
    let output = try scratch.file("output", EditorTests.concise())
    let script = try scratch.file(
      "list.vim",
      """
      set nocompatible
      source \(EditorTests.folder.appendingPathComponent("errorformat.vim").path)
      cgetfile \(output.path)
      let lines = map(getqflist(), {_, f -> join([bufname(f.bufnr), f.lnum, f.col, f.vcol, f.type, f.valid, f.text], "|")})
      call writefile(lines, "\(scratch.url.appendingPathComponent("list").path)")
      qall!
      """)
    let vim = try Shell.run("vim -es -u NONE -i NONE -n -S \"$1\" < /dev/null", script.path)
    #expect(vim.status == 0)
    let list = try String(contentsOf: scratch.url.appendingPathComponent("list"), encoding: .utf8)
    let expected = try EditorTests.concise().split(separator: "\n").map { line in
      let pattern = #"^(.+?)(?::(\d+):(\d+))?: (.)(?:rror|arning)\[(.*)$"#
      let found = try #require(try EditorTests.captures(pattern, String(line)))
      let hasPlace = !found[1].isEmpty
      return [
        found[0], hasPlace ? found[1] : "0", hasPlace ? found[2] : "0", hasPlace ? "1" : "0", found[3], "1", found[4],
      ].joined(separator: "|")
    }
    #expect(list.split(separator: "\n").map(String.init) == expected)
  }
}
