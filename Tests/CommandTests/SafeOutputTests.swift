import BatchFile
import Foundation
import TestSupport
import Testing

/// No output carries a control character, a bidi control or a line end of the user's data or of a file's name.
@Suite struct SafeOutputTests {
  /// The characters that no output may have: controls of ASCII and ISO 6429, line and paragraph separators, bidi
  /// controls.
  static let unsafe: [Unicode.Scalar] = {
    let ranges: [ClosedRange<UInt32>] = [
      0x01...0x1F, 0x7F...0x9F, 0x061C...0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF...0xFEFF,
    ]
    return ranges.flatMap { $0.compactMap(Unicode.Scalar.init) }
  }()

  static let text = unsafe.reduce(into: "") { $0.unicodeScalars.append($1) }
  static let name = "a\(text).jsonl"
  /// The same characters inside a JSON string, escaped where JSON requires it.
  static let inJSON = unsafe.reduce(into: "") { out, scalar in
    if scalar.value < 0x20 {
      out += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
    } else {
      out.unicodeScalars.append(scalar)
    }
  }

  /// Lines with faults whose messages quote a value and whose excerpts show it.
  private static let faulty =
    #"{"custom_id":"\#(inJSON)","method":"\#(inJSON)","url":"\#(inJSON)","\#(inJSON)":1,"body":{"model":"\#(inJSON)","#
    + #""messages":[{"role":"\#(inJSON)","content":"a"}],"service_tier":"\#(inJSON)","\#(inJSON)":1}}"# + "\n"
    + #"{"custom_id":"\#(inJSON)","method":"POST","url":"/v1/chat/completions","body":[]}"# + "\n"
    + "{\"custom_id\":\"a\(text.filter { $0 != "\n" && $0 != "\r\n" })\",}\n"

  private func place() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.file(SafeOutputTests.name, SafeOutputTests.faulty)
    return scratch
  }

  /// - Parameter allowed: the characters that the program itself writes.
  private func expectSafe(_ outcome: Program.Outcome, allowed: Set<Unicode.Scalar> = ["\n"]) {
    SafeOutputTests.expectSafe(outcome, allowed: allowed)
  }

  /// - Parameters:
  ///   - allowed: what the output has of its own.
  ///   - dataOnOutput: whether standard output has the user's data, which stays as it is: only messages are looked at.
  static func expectSafe(
    _ outcome: Program.Outcome, allowed: Set<Unicode.Scalar> = ["\n"], dataOnOutput: Bool = false
  ) {
    for stream in dataOnOutput ? [outcome.errors] : [outcome.output, outcome.errors] {
      let found = stream.unicodeScalars.first { SafeOutputTests.unsafe.contains($0) && !allowed.contains($0) }
      #expect(found == nil, "U+\(String(found?.value ?? 0, radix: 16)) in \(stream.debugDescription)")
    }
    // GitHub's runner takes these for commands.
    let commands = outcome.errors.split(separator: "\n").filter { $0.drop { $0.isWhitespace }.hasPrefix("::") }
    #expect(commands == [])
  }

  @Test(arguments: ReportFormat.allCases) func checksAreSafe(_ format: ReportFormat) throws {
    let scratch = try place()
    let outcome = try Program.run(
      "check", "--format", format.rawValue, "--max-findings", "0", SafeOutputTests.name, in: scratch.url)
    #expect(outcome.status == 1)
    expectSafe(outcome)
    let missing = try Program.run("check", "--format", format.rawValue, "b\(SafeOutputTests.name)", in: scratch.url)
    #expect(missing.status == 2)
    expectSafe(missing)
  }

  /// A reader of JSON gets the user's text unchanged.
  @Test func jsonKeepsTheText() throws {
    let scratch = try place()
    let outcome = try Program.run("check", "--format", "jsonl", SafeOutputTests.name, in: scratch.url)
    let findings = try Workplace.lines(of: outcome.output)
    #expect(findings.allSatisfy { $0["file"] as? String == SafeOutputTests.name })
    #expect(findings.contains { $0["custom_id"] as? String == SafeOutputTests.text })
  }

  @Test func diffsAreSafe() throws {
    let scratch = try place()
    let outcome = try Program.run("fix", "--diff", SafeOutputTests.name, in: scratch.url)
    expectSafe(outcome, allowed: ["\n", "\t", "\u{FEFF}"])
    let mended = #"{"custom_id":"\#(SafeOutputTests.inJSON)","method":"post","url":"/v1/chat/completions","body":{}}"#
    try scratch.file(SafeOutputTests.name, mended + "\n" + SafeOutputTests.faulty)
    let diff = try Program.run("fix", "--diff", SafeOutputTests.name, in: scratch.url)
    #expect(diff.output.contains("\n-{"))
    expectSafe(diff, allowed: ["\n", "\t", "\u{FEFF}"])
  }

  @Test func fixedFilesAreReportedSafely() throws {
    let scratch = try place()
    expectSafe(try Program.run("fix", "--in-place", SafeOutputTests.name, in: scratch.url))
  }

  @Test(arguments: ["txt", "csv", "json", "jsonl"]) func conversionsAreSafe(_ kind: String) throws {
    let scratch = try place()
    let name = "\(SafeOutputTests.name).\(kind)"
    try scratch.file(name, SafeOutputTests.faulty)
    expectSafe(
      try Program.run(
        "convert", "--model", SafeOutputTests.text, "-o", "o\(SafeOutputTests.name)", name, in: scratch.url))
    expectSafe(
      try Program.run(
        "convert", "--model", "m", "--prompt", "{\(SafeOutputTests.text)}", "-o", "p.jsonl", name, in: scratch.url))
  }

  @Test func splitsAreSafe() throws {
    let scratch = try place()
    expectSafe(try Program.run("split", "--max-requests", "1", SafeOutputTests.name, in: scratch.url))
    expectSafe(try Program.run("split", "--max-bytes", "1", SafeOutputTests.name, in: scratch.url))
  }

  @Test(arguments: [
    ["TEXT"], ["check", "--TEXT"], ["explain", "TEXT"], ["check", "--provider", "TEXT"], ["check", "--ignore", "TEXT"],
    ["convert", "--set", "TEXT", "a.txt"], ["convert", "--from", "TEXT"], ["split", "TEXT"], ["completion", "TEXT"],
    ["help", "TEXT"], ["check", "--max-bytes", "TEXT"], ["fix", "--TEXT"],
  ])
  func messagesAboutWordsAreSafe(_ words: [String]) throws {
    let outcome = try Program.run(
      Program.path, words.map { $0.replacingOccurrences(of: "TEXT", with: SafeOutputTests.text) })
    #expect(outcome.status == 2)
    expectSafe(outcome)
  }

  @Test func providersAreShownSafely() throws {
    let scratch = try Scratch()
    try scratch.file(
      "p.json",
      #"{"name":"\#(SafeOutputTests.inJSON)","source":"a","date":"a","urls":["/v1/x"],"#
        + #""models":["\#(SafeOutputTests.inJSON)"],"max_bytes":1,"max_requests":1,"one_model_per_file":false,"#
        + #""body_schema":"none"}"#)
    expectSafe(try Program.run("explain", "--provider", "./p.json", in: scratch.url))
    try scratch.file("a.jsonl", SafeOutputTests.faulty)
    expectSafe(try Program.run("check", "--provider", "./p.json", "a.jsonl", in: scratch.url))
  }

  /// GitHub's runner takes a line that begins with `::` as a command.
  @Test(arguments: ReportFormat.allCases) func aFileCalledLikeACommandBeginsNoLine(_ format: ReportFormat) throws {
    let scratch = try Scratch()
    let name = "::error title=a::b.jsonl"
    try scratch.file(name, "::warning::a\n{}\n")
    for command in [["check", "--format", format.rawValue], ["fix", "--diff"]] {
      let outcome = try Program.run(Program.path, command + [name], in: scratch.url)
      let lines = (outcome.output + outcome.errors).split(separator: "\n")
      let commands = lines.filter { $0.drop { $0 == " " }.hasPrefix("::") }
      #expect(commands.allSatisfy { format == .github && $0.contains("file=%3A%3Aerror title=a%3A%3Ab.jsonl,") })
    }
  }

  @Test func commandsInTheMiddleOfALineAreBroken() throws {
    let scratch = try Scratch()
    try scratch.file("a.jsonl", ###"{"custom_id":"a","method":"##[error]a","url":"##vso[task.x]","body":{}}"###)
    let output = try Program.run("check", "--format", "concise", "a.jsonl", in: scratch.url).output
    #expect(!output.contains("##[") && !output.contains("##vso["))
    #expect(output.contains(#"##\u005Berror]a"#) && output.contains(#"##vso\u005Btask.x]"#))
  }
}
