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
    #expect(outcome.output == "3 requests for groq, nothing wrong\n")
    #expect(outcome.status == 0)
  }
}
