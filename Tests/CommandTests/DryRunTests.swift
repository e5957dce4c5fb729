import Foundation
import TestSupport
import Testing

/// What `submit` makes parts of, it does not report as a fault of the file.
@Suite("Dry runs")
struct DryRunTests {
  private static func line(_ id: Int, _ url: String, _ body: String) -> String {
    #"{"custom_id":"\#(id)","method":"POST","url":"\#(url)","body":{\#(body)}}"# + "\n"
  }
  /// What `check` finds in a file for OpenAI, and into how many parts `submit` cuts it.
  static let cut: [(text: String, code: String, parts: String)] = [
    (
      line(1, "/v1/responses", #""model":"gpt-5-mini","input":"a""#)
        + line(2, "/v1/chat/completions", #""model":"gpt-5-mini","messages":[{"role":"user","content":"a"}]"#),
      "invalid_url", "2 requests in 2 parts"
    ),
    (
      (1...3).map { line($0, "/v1/responses", #""model":"gpt-5\#($0 == 2 ? "-mini" : "")","input":"a""#) }.joined(),
      "mismatched_model", "3 requests in 2 parts"
    ),
    (
      (1...26).map { id in
        let inputs = Array(repeating: "\"a\"", count: 2_000).joined(separator: ",")
        return line(id, "/v1/embeddings", #""model":"text-embedding-3-small","input":[\#(inputs)]"#)
      }.joined(),
      "maximum_inputs_exceeded", "26 requests in 2 parts"
    ),
  ]

  @Test("a file that breaks a rule for one batch is cut into parts that keep it", arguments: cut.indices)
  func parts(index: Int) throws {
    let (text, code, parts) = DryRunTests.cut[index]
    let place = try Workplace("in.jsonl", text)
    let check = try Program.run("check", "--provider", "openai", "in.jsonl", in: place.scratch.url)
    #expect(check.status == 1)
    #expect(check.output.contains("error[\(code)]"))
    let dry = try Program.run("submit", "--dry-run", "--provider", "openai", "in.jsonl", in: place.scratch.url)
    #expect(dry.status == 0)
    #expect(dry.output.hasPrefix(parts + "\n"), "\(dry.output)")
  }
}
