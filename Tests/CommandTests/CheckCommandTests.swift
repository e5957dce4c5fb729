import Foundation
import TestSupport
import Testing

@Suite("batchfile check")
struct CheckCommandTests {
  /// The only recorded error of a batch at Groq: the example in its guide.
  @Test("gives Groq's own example byte for byte")
  func goldenCase() throws {
    let outcome = try Program.run("check", "--format", "json", "Fixtures/groq-guide-line-4-is-get.jsonl")
    let error =
      #"{"code":"invalid_method","message":"Invalid value: 'GET'. Supported values are: 'POST'","#
      + #""param":"method","line":4}"#
    #expect(outcome.output == #"{"object":"list","data":[\#(error)]}"# + "\n")
    #expect(outcome.status == 1)
    #expect(outcome.errors.isEmpty)
  }

  @Test("passes the guide's valid example")
  func validExample() throws {
    let outcome = try Program.run("check", "Fixtures/groq-guide.jsonl")
    // Its model was shut down since.
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("Fixtures/groq-guide.jsonl:1:95: warning[retired_model]: ") == true)
    #expect(lines.last == "3 requests for groq, 0 errors, 1 warning")
    #expect(outcome.status == 0)
  }
}
