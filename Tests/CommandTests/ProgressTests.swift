import Foundation
import TestSupport
import Testing

/// Work that takes longer than half a second shows on a terminal how far it is. The program's clock runs faster here, so
/// that a small file takes as long.
@Suite("The progress line", .enabled(if: FaultLibrary.isAvailable, "needs Linux and a C compiler"))
struct ProgressTests {
  static let name = "requests-\(String(repeating: "x", count: 60)).jsonl"
  private static let count = 8_000

  private static func request(_ id: Int) -> String {
    #"{"custom_id":"r-\#(id)","method":"POST","url":"/v1/chat/completions","body":{"model":"openai/gpt-oss-20b","#
      + #""messages":[{"role":"user","content":"\#(String(repeating: "word ", count: 40))"}]}}"#
  }

  private static func result(_ id: Int) -> String {
    #"{"id":"b","custom_id":"r-\#(id)","response":{"status_code":200,"body":{"model":"openai/gpt-oss-20b","choices":[{"#
      + #""index":0,"message":{"content":"\#(String(repeating: "word ", count: 40))"},"finish_reason":"stop"}]}},"error":null}"#
  }

  private static func place() throws -> Workplace {
    let place = try Workplace(name, (1...count).map { request($0) + "\n" }.joined())
    try place.scratch.file("out.jsonl", (1...count).map { result($0) + "\n" }.joined())
    try place.scratch.file(
      "in.csv", "prompt\n" + (1...count).map { "word \($0) \(String(repeating: "a", count: 200))\n" }.joined())
    return place
  }

  /// Command lines, and the name that their line begins with.
  static let working: [(words: [String], name: String)] = {
    let cut = "…" + name.suffix(39)
    return [
      (["check", name], cut), (["split", name, "-o", "part.jsonl"], cut),
      (["convert", "--model", "m", "in.csv", "-o", "made.jsonl"], "in.csv"),
      (["results", name, "--from", "out.jsonl", "-o", "answers.jsonl"], "joining"),
      (["results", name, "--from", "out.jsonl", "-o", "answers.csv", "--format", "csv"], "joining"),
      (["retry", name, "--from", "out.jsonl", "-o", "again.jsonl"], "joining"),
      (["submit", "--dry-run", name], cut),
    ]
  }()

  @Test("says how much of how much is read, never less than before, and is gone at the end", arguments: working.indices)
  func shown(index: Int) throws {
    let (words, name) = ProgressTests.working[index]
    let place = try ProgressTests.place()
    let terminal = try Terminal()
    let environment = try FaultLibrary.fast(20_000).merging(["TERM": "xterm", "GROQ_API_KEY": ""]) { $1 }
    let program = try RunningProgram(
      Program.path, words, terminal: terminal, in: place.scratch.url, environment: environment)
    while program.isRunning {
      _ = terminal.text
      usleep(1_000)
    }
    #expect(try program.wait().status == 0)
    let written = terminal.text.replacing(/\u{1B}\[[KJ]/, with: "").split(whereSeparator: \.isNewline)
    let lines = written.filter { $0.hasPrefix("\(name): ") && $0.contains(" MB") }
    let percents = lines.compactMap { line in line.wholeMatch(of: /.*: \d+ of \d+ MB, (\d+) %/).flatMap { Int($0.1) } }
    #expect(percents.count == lines.count, "\(lines)")
    #expect(!percents.isEmpty)
    #expect(percents == percents.sorted())
    #expect(percents.allSatisfy { $0 <= 100 })
    #expect(lines.allSatisfy { $0.count < 80 })
    #expect(!terminal.screen.contains { $0.contains(" MB, ") }, "\(terminal.screen)")
  }

  @Test("is not in a file or pipe, and not on a terminal that cannot wipe it", arguments: [true, false])
  func notShown(isDumb: Bool) throws {
    let place = try ProgressTests.place()
    let terminal = isDumb ? try Terminal() : nil
    let environment = try FaultLibrary.fast(20_000).merging(["TERM": isDumb ? "dumb" : "xterm"]) { $1 }
    let outcome = try RunningProgram(
      Program.path, ["check", ProgressTests.name], terminal: terminal, in: place.scratch.url, environment: environment
    ).wait()
    #expect(outcome.status == 0)
    let shown: String = terminal.map(\.text) ?? outcome.errors
    #expect(shown == "")
  }
}
