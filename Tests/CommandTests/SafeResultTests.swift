import Foundation
import TestSupport
import Testing

/// What `results` and `retry` say of result files is safe for terminals and logs, whatever ids, answers, errors and file
/// names are.
///
/// The answers themselves are data. In a file or a pipe they are as the API wrote them: escapes of JSON stay escapes, so
/// that no control of ASCII comes into a line, and everything else stays what it is. On a terminal they are shown safely.
@Suite("Safe words about results")
struct SafeResultTests {
  static let text = SafeOutputTests.inJSON
  static let requests = "a\(SafeOutputTests.text).jsonl"
  static let output = "::error o\(SafeOutputTests.text).jsonl"
  static let table = "t\(SafeOutputTests.text).csv"
  static let answers = "::error title=b\(SafeOutputTests.text).jsonl"

  static func request(_ id: String) -> String {
    #"{"custom_id":"\#(id)","method":"POST","url":"/v1/chat/completions","body":{"model":"\#(text)","messages":[]}}"#
  }

  static func result(_ id: String, status: Int = 200, body: String) -> String {
    #"{"id":"\#(text)","custom_id":"\#(id)","response":{"status_code":\#(status),"request_id":"\#(text)","body":\#(body)},"#
      + #""error":null}"#
  }

  static func body(_ content: String, finish: String = "stop") -> String {
    #"{"model":"other\#(text)","choices":[{"index":0,"message":{"role":"assistant","content":"\#(content)"},"#
      + #""finish_reason":"\#(finish)"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#
  }

  /// Good answers, answers twice, failures, strangers and lines that cannot be read.
  static let results = [
    result("\(text)1", body: body("\\u0000\(text)")),
    result("\(text)2", body: body(text, finish: text)),
    result("\(text)3", status: 429, body: #"{"error":{"code":"\#(text)","message":"\#(text)"}}"#),
    result("\(text)4", status: 500, body: #"{"error":"\#(text)"}"#),
    result("\(text)1", body: body("another")),
    result("\(text)9", body: body("a stranger")),
    "{\"custom_id\":\"\(SafeOutputTests.text.filter { $0 != "\n" && $0 != "\r\n" })\",}",
    #"{"custom_id":1}"#,
  ]

  static func place() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.file(requests, (1...5).map { request("\(text)\($0)") + "\n" }.joined())
    try scratch.file(output, results.map { $0 + "\n" }.joined())
    let cells = SafeOutputTests.text.replacingOccurrences(of: "\r", with: "")
    try scratch.file(
      table, "\"id\(cells)\",\"b\(cells)\"\n" + (1...6).map { "\"\(cells)\($0)\",\"\(cells)\"\n" }.joined())
    // Of requests of other ids, and of an id that comes twice.
    try scratch.file("others.jsonl", request("x") + "\n")
    try scratch.file("twice\(requests)", [request(text), request(text), "{", "[]"].map { $0 + "\n" }.joined())
    return scratch
  }

  static let data = ["results", requests, "--from", output]

  static let cases: [[String]] = [
    data + ["-o", answers, "--account", "c\(answers)"], data + ["-o", requests], data + ["-o", output, "-f"],
    data + ["-o", "missing\(SafeOutputTests.text)/a"], data + ["--account", output],
    data + ["--table", table, "--id", "{id\(SafeOutputTests.text)}"], data + ["--table", table, "--id", "{n}"],
    data + ["--table", table, "--id", "a", "--by-position"], data + ["--table", "missing\(table)", "--id", "{b}"],
    data + ["--format", SafeOutputTests.text], data + ["--price", SafeOutputTests.text],
    data + ["--delimiter", SafeOutputTests.text], data + ["--from", output], data + ["--from", "missing\(output)"],
    data + ["--\(SafeOutputTests.text)"], ["results", "others.jsonl", "--from", output],
    ["results", "twice\(requests)", "--from", output], ["results", output, "--from", requests],
    ["results", requests], ["results", requests, "--run-dir", SafeOutputTests.text],
    ["results", "missing\(requests)", "--from", output],
    ["retry", requests, "--from", output, "-o", answers], ["retry", requests, "--from", output, "-o", requests],
    ["retry", requests, "--from", output, "-o", answers, "--outcome", SafeOutputTests.text],
    ["retry", requests], ["retry", "missing\(requests)", "--from", output, "-o", answers],
    ["retry", requests, "--from", output, "-o", answers, "--max-requests", "1"],
  ]

  @Test("messages have no control characters", arguments: cases)
  func messages(words: [String]) throws {
    let scratch = try SafeResultTests.place()
    let first = try Program.run(Program.path, words, in: scratch.url)
    #expect(!first.errors.isEmpty)
    SafeOutputTests.expectSafe(first)
    // Once more, over what was written.
    SafeOutputTests.expectSafe(try Program.run(Program.path, words, in: scratch.url))
  }

  @Test("answers are written with the API's own bytes")
  func answersAreData() throws {
    let scratch = try SafeResultTests.place()
    let outcome = try Program.run(Program.path, SafeResultTests.data, in: scratch.url)
    #expect(outcome.status == 1)
    SafeOutputTests.expectSafe(outcome, dataOnOutput: true)
    #expect(outcome.output.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    let lines = try Workplace.lines(of: outcome.output)
    let text = SafeOutputTests.text
    #expect(lines.map { $0["custom_id"] as? String } == (1...5).map { "\(text)\($0)" })
    #expect(lines.first?["content"] as? String == "\u{0}" + text)
    #expect((lines[2]["error"] as? [String: Any])?["code"] as? String == text)
    #expect(outcome.output.contains("\"content\":\"\\u0000\(SafeOutputTests.inJSON)\""))
  }

  @Test("cells of a table are written with their own bytes")
  func cellsAreData() throws {
    let scratch = try SafeResultTests.place()
    let outcome = try Program.run(Program.path, SafeResultTests.data + ["--format", "csv"], in: scratch.url)
    SafeOutputTests.expectSafe(outcome, dataOnOutput: true)
    #expect(outcome.output.contains(SafeOutputTests.text))
    let table = try Program.run(
      Program.path, SafeResultTests.data + ["--table", SafeResultTests.table, "--id", "a", "--by-position"],
      in: scratch.url)
    SafeOutputTests.expectSafe(table, dataOnOutput: true)
  }

  /// Carriage returns are the terminal's own: it makes them of line ends.
  @Test(
    "a terminal gets control characters as escapes", .enabled(if: Shell.has("script")), arguments: ["jsonl", "csv"])
  func terminal(format: String) throws {
    let scratch = try SafeResultTests.place()
    let outcome = try Shell.run(
      "script -qec 'batchfile results requests --from output --format \(format)' /dev/null < /dev/null",
      in: try SafeResultTests.plainNames(scratch))
    #expect(outcome.output.contains(#"\u009B"#) && outcome.output.contains(#"\u202E"#))
    SafeOutputTests.expectSafe(outcome, allowed: ["\n", "\r", "\t"])
  }

  @Test("a terminal is shown converted requests as escapes", .enabled(if: Shell.has("script")))
  func convertedOnTerminal() throws {
    let scratch = try Scratch()
    try scratch.file("p.txt", "a\u{9B}\u{202E}é日\n")
    let outcome = try Shell.run(
      "script -qec 'batchfile convert --model m p.txt' /dev/null < /dev/null", in: scratch.url)
    #expect(outcome.output.contains(#""content":"a\u009B\u202Eé日""#))
    SafeOutputTests.expectSafe(outcome, allowed: ["\n", "\r"])
  }

  /// For a shell within a shell.
  private static func plainNames(_ scratch: Scratch) throws -> URL {
    for (name, plain) in [(requests, "requests"), (output, "output")] {
      try FileManager.default.moveItem(
        at: scratch.url.appendingPathComponent(name), to: scratch.url.appendingPathComponent(plain))
    }
    return scratch.url
  }
}
