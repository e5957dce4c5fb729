import BatchFile
import Foundation
import TestSupport
import Testing

@testable import BatchFileCommand

/// How the output fits a terminal's window, and when it has colours.
@Suite("Terminal")
struct TerminalTests {
  /// The line and the carets below it.
  static func excerpt(_ line: String, width: Int? = nil) throws -> (text: String, carets: String) {
    let environment = width.map { ["COLUMNS": String($0)] } ?? [:]
    let outcome = try Program.run(
      Program.path, ["check", "--format", "full", "--color", "never"], input: Data(line.utf8), environment: environment)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let at = try #require(lines.firstIndex { $0.hasPrefix(" 1 | ") })
    return (String(lines[at].dropFirst(5)), String(lines[at + 1].dropFirst(5)))
  }

  /// A line whose method is wrong after an id, and how many cells the id takes.
  /// Widths by https://www.unicode.org/reports/tr11/ and the emoji rules of terminals.
  static let ids: [(id: String, cells: Int)] = [
    ("abc", 3), ("größe", 5), ("日本", 4), ("한글", 4), ("ｱ", 1), ("Ａ", 2), ("e\u{301}", 1), ("🎈", 2), ("🇩🇪", 2),
    ("👩\u{200D}💻", 2), ("👍🏽", 2), ("❤\u{FE0F}", 2), ("\u{1112}\u{1161}\u{11AB}", 2), ("a\u{200B}b", 2),
  ]

  @Test("carets are below their place, counted in terminal cells", arguments: ids)
  func carets(id: String, cells: Int) throws {
    let head = #"{"custom_id":"\#(id)","method":"#
    let (text, carets) = try TerminalTests.excerpt(head + #""GET","url":"/v1/chat/completions","body":{}}"#)
    #expect(text.hasPrefix(head))
    // Without the id the head has 25 cells.
    #expect(carets == String(repeating: " ", count: 25 + cells) + "^^^^^")
  }

  @Test("a caret is as wide as what it marks")
  func wideCaret() throws {
    let (_, carets) = try TerminalTests.excerpt(
      #"{"custom_id":"r","method":"日本","url":"/v1/chat/completions","body":{}}"#)
    #expect(carets == String(repeating: " ", count: 26) + "^^^^^^")
  }

  @Test("tabs between tokens take one cell")
  func tabs() throws {
    let (text, carets) = try TerminalTests.excerpt(
      "{\t\"custom_id\":\"r\",\t\"method\":\t\"GET\",\"url\":\"/v1/chat/completions\",\"body\":{}}")
    #expect(text.hasPrefix(#"{ "custom_id":"r", "method": "GET""#))
    #expect(carets.hasSuffix(" ^^^^^"))
    #expect(text.prefix(carets.count).hasSuffix(#""GET""#))
  }

  @Test("excerpts fit the window and show the finding's place", arguments: [20, 40, 60, 79, 80, 200])
  func width(columns: Int) throws {
    let id = String(repeating: "日", count: 60)
    let line = #"{"custom_id":"\#(id)","method":"GET","url":"/v1/chat/completions","body":{}}"#
    let (text, carets) = try TerminalTests.excerpt(line, width: columns)
    let cells = text.unicodeScalars.reduce(5) { $0 + ($1 == "日" ? 2 : 1) }
    #expect(cells <= columns)
    #expect(carets.count + 5 <= columns)
    let before = text.range(of: #""GET""#).map { text[..<$0.lowerBound].unicodeScalars }
    let indent = try #require(before).reduce(0) { $0 + ($1 == "日" ? 2 : 1) }
    #expect(carets == String(repeating: " ", count: indent) + "^^^^^")
  }

  @Test("help fits the window", arguments: [40, 60, 80])
  func help(columns: Int) throws {
    for words in [["--help"]] + Subcommand.all.map({ ["help", $0.name] }) {
      let help = try Program.run(Program.path, words, environment: ["COLUMNS": String(columns)]).output
      // Examples and usage lines are not wrapped, because people copy them.
      let prose = help.components(separatedBy: "EXAMPLES:")[0].split(separator: "\n")
        .filter { !$0.contains("USAGE: ") }
      // A path has no place to be broken at.
      #expect(prose.filter { $0.count > columns && $0.drop { $0 == " " }.contains(" ") } == [])
    }
  }

  @Test("explain fits the window, except for its examples", arguments: [40, 60, 80])
  func explain(columns: Int) throws {
    for words in [["explain"]] + Code.allCases.map({ ["explain", $0.rawValue] }) {
      let text = try Program.run(Program.path, words, environment: ["COLUMNS": String(columns)]).output
      let prose = text.split(separator: "\n").filter { !$0.hasPrefix("    {") && !$0.hasPrefix("    [") }
      #expect(prose.filter { $0.count > columns && $0.drop { $0 == " " }.contains(" ") } == [], "\(words)")
    }
    #expect(try Program.run("explain").output.split(separator: "\n").count == Code.allCases.count)
  }

  @Test("a submission's excerpts fit the window too", arguments: [40, 60])
  func submission(columns: Int) throws {
    let words =
      "TERM=xterm script -qec 'stty cols \(columns); batchfile submit --dry-run Fixtures/readme/requests.jsonl' /dev/null"
    let outcome = try Shell.run("unset COLUMNS; \(words) < /dev/null")
    let excerpts = outcome.output.split(whereSeparator: \.isNewline).filter {
      $0.hasPrefix(" 2 | ") || $0.hasPrefix(" 3 | ")
    }
    #expect(excerpts.count == 5)
    #expect(excerpts.filter { $0.count > columns } == [])
    #expect(excerpts.contains { $0.count > columns - 6 })
  }

  // MARK: - Colours

  static let bad = "Fixtures/line-4-is-get.jsonl"

  /// Options, environment, and whether the output has colours where it is no terminal.
  static let colors: [([String], [String: String], Bool)] = [
    (["--format", "full"], [:], false), (["--format", "full", "--color", "always"], [:], true),
    (["--format", "full", "--color=auto"], ["FORCE_COLOR": "1"], true),
    (["--format", "full"], ["FORCE_COLOR": "0"], false), (["--format", "full"], ["FORCE_COLOR": ""], false),
    (["--format", "full"], ["FORCE_COLOR": "1", "NO_COLOR": "1"], false),
    (["--format", "full", "--color", "always"], ["NO_COLOR": "1"], true),
    (["--format", "full", "--color", "never"], ["FORCE_COLOR": "1"], false),
    (["--format", "concise"], [:], false), (["--format", "concise", "--color", "always"], [:], true),
    (["--format", "json", "--color", "always"], [:], false), (["--format", "sarif"], ["FORCE_COLOR": "1"], false),
  ]

  @Test("there are colours where they are asked for", arguments: colors)
  func color(options: [String], environment: [String: String], isColored: Bool) throws {
    let clean = ["NO_COLOR": "", "FORCE_COLOR": ""].merging(environment) { $1 }
    let outcome = try Program.run(Program.path, ["check"] + options + [TerminalTests.bad], environment: clean)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("\u{1B}[") == isColored)
  }

  @Test("a terminal gets colours and its own width", .enabled(if: Shell.has("script")))
  func terminal() throws {
    let outcome = try Shell.run(
      "unset NO_COLOR FORCE_COLOR COLUMNS; TERM=xterm script -qec 'stty cols 50; batchfile check \(TerminalTests.bad)' /dev/null < /dev/null"
    )
    #expect(outcome.output.contains("\u{1B}[1;31m"))
    let plain = outcome.output.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    let line = try #require(plain.split(whereSeparator: \.isNewline).first { $0.hasPrefix(" 4 | ") })
    #expect(line.count <= 50)
    #expect(line.count > 40)
  }
}
