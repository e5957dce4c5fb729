import Foundation
import TestSupport
import Testing

/// Names that are equal only to Unicode count as different.
@Suite struct NameTests {
  /// The letter é in one code point and in two.
  private static let names = ["\u{E9}", "e\u{301}"]

  @Test(arguments: ["json", "csv"]) func columns(_ kind: String) throws {
    let names = NameTests.names
    let text =
      kind == "csv" ? "\(names[0]),\(names[1])\n1,2\n" : #"{"\#(names[0])":"1","\#(names[1])":"2"}"#
    let place = try Workplace("a.\(kind)", text)
    let outcome = try place.convert("--prompt", "{\(names[0])}|{\(names[1])}")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(#""content":"1|2""#))
  }

  @Test func settings() throws {
    let place = try Workplace("a.json", Workplace.body)
    let outcome = try place.convert(
      "--provider", "openai", "--set", "metadata.\(NameTests.names[0])=a", "--set", "metadata.\(NameTests.names[1])=b")
    #expect(outcome.output.unicodeScalars.contains("\u{E9}"))
    #expect(outcome.output.unicodeScalars.contains("\u{301}"))
  }

  @Test func modelsOfAFile() throws {
    let scratch = try Scratch()
    let lines = NameTests.names.enumerated().map { k, name in
      #"{"custom_id":"\#(k)","method":"POST","url":"/v1/chat/completions","body":{"model":"\#(name)","messages":"#
        + #"[{"role":"user","content":"a"}]}}"#
    }
    try scratch.file("a.jsonl", lines.joined(separator: "\n") + "\n")
    let outcome = try Program.run("check", "--provider", "openai", "a.jsonl", in: scratch.url)
    #expect(outcome.output.contains("a.jsonl:2:") && outcome.output.contains("error[mismatched_model]"))
  }

  @Test func warningsAreCountedForEachName() throws {
    let scratch = try Scratch()
    let members = NameTests.names.map { #""\#($0)":1"# }.joined(separator: ",")
    let line =
      #"{"custom_id":"a","method":"POST","url":"/v1/chat/completions",\#(members),"body":{"model":"#
      + #""openai/gpt-oss-20b","messages":[{"role":"user","content":"a"}]}}"#
    try scratch.file("a.jsonl", line + "\n")
    let output = try Program.run("check", "--format", "concise", "a.jsonl", in: scratch.url).output
    #expect(output.split(separator: "\n").count { $0.contains("warning[unknown_parameter]") } == 2)
  }

  @Test func namesOfTools() throws {
    let scratch = try Scratch()
    let line =
      #"{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"openai/gpt-oss-20b","messages":"#
      + #"[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"\#(NameTests.names[0])"}}],"#
      + #""tool_choice":{"type":"function","function":{"name":"\#(NameTests.names[1])"}}}}"#
    try scratch.file("a.jsonl", line + "\n")
    let output = try Program.run("check", "a.jsonl", in: scratch.url).output
    #expect(output.contains("which is not among the tools"))
  }
}

/// Inputs that users can make very long take time in proportion to their size.
@Suite struct LongInputTests {
  /// A template with as many names as the row has columns. A search through all columns for each name would take
  /// minutes.
  @Test(.timeLimit(.minutes(1)), arguments: ["json", "csv"]) func columns(_ kind: String) throws {
    let count = 6_000
    let names = (0..<count).map { "c\($0)" }
    let text =
      kind == "csv"
      ? names.joined(separator: ",") + "\n" + names.joined(separator: ",") + "\n"
      : "{" + names.map { #""\#($0)":"\#($0)""# }.joined(separator: ",") + "}"
    let place = try Workplace("a.\(kind)", text)
    try place.scratch.file("template", names.map { "{\($0)}" }.joined(separator: " "))
    let outcome = try place.convert("--prompt", "@template")
    #expect(outcome.output.contains(#""content":"\#(names.joined(separator: " "))""#))
  }

  @Test(.timeLimit(.minutes(1))) func bracesThatAreText() throws {
    let place = try Workplace("a.txt", "a\n")
    let braces = String(repeating: "{\"", count: 200_000) + String(repeating: "}", count: 200_000)
    try place.scratch.file("template", braces)
    let outcome = try place.convert("--prompt", "@template")
    #expect(outcome.status == 0)
    #expect(outcome.output.count { $0 == "{" } == 200_003)
  }

  @Test func aProviderWithTooManyModelsIsRefused() throws {
    let scratch = try Scratch()
    let models = (0..<70_000).map { #""m\#($0)""# }.joined(separator: ",")
    try scratch.file(
      "p.json",
      #"{"name":"a","source":"a","date":"a","urls":["/v1/x"],"models":[\#(models)],"#
        + #""max_bytes":1,"max_requests":1,"one_model_per_file":false,"body_schema":"none"}"#)
    let outcome = try Program.run("check", "--provider", "./p.json", "p.json", in: scratch.url)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("'models' has 70000 entries"))
  }
}
