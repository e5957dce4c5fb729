import BatchFile
import Testing

/// The messages of the findings, one of each kind. They have the words of the APIs.
@Suite("Message texts")
struct MessageTextTests {
  /// A body, and the message and the note of its only finding.
  struct Sentence: Sendable, CustomTestStringConvertible {
    var body: String
    var message: String
    var note: String?
    var testDescription: String { message }

    init(_ body: String, _ message: String, note: String? = nil) {
      self.body = body
      self.message = message
      self.note = note
    }
  }

  static let sentences = [
    Sentence(Body.messages(#"{"content":"Hi"}"#), "Missing required parameter: 'body.messages[0].role'."),
    Sentence(
      Body.with(#""user":1"#), "Invalid type for 'body.user': expected a string, but got an integer instead."),
    Sentence(
      Body.with(#""temperature":"1""#),
      "Invalid type for 'body.temperature': expected a number, but got a string instead."),
    Sentence(
      Body.with(#""seed":1.5"#), "Invalid type for 'body.seed': expected an integer, but got a decimal number instead."),
    Sentence(
      Body.with(#""documents":{}"#),
      "Invalid type for 'body.documents': expected an array of objects, but got an object instead."),
    Sentence(
      Body.with(#""stop":true"#),
      "Invalid type for 'body.stop': expected one of a string or an array of strings, but got a boolean instead."),
    Sentence(
      Body.with(#""tool_choice":null"#),
      "Invalid type for 'body.tool_choice': expected one of a string or an object, but got null instead."),
    Sentence(
      Body.with(#""citation_options":"on""#), "Invalid value: 'on'. Supported values are: 'enabled' and 'disabled'."),
    Sentence(
      Body.with(#""service_tier":"felx""#),
      "Invalid value: 'felx'. Supported values are: 'auto', 'on_demand', 'flex', and 'performance'.",
      note: "did you mean 'flex'?"),
    Sentence(
      Body.with(#""temprature":1"#), "Unknown parameter: 'body.temprature'.", note: "did you mean 'temperature'?"),
    Sentence(Body.with(#""thinking":{}"#), "Unknown parameter: 'body.thinking'."),
    Sentence(
      Body.with(#""temperature":9"#),
      "Invalid 'body.temperature': decimal above maximum value. Expected a value <= 2, but got 9 instead."),
    Sentence(
      Body.with(#""top_p":-0.1"#),
      "Invalid 'body.top_p': decimal below minimum value. Expected a value >= 0, but got -0.1 instead."),
    Sentence(
      Body.with(#""n":2"#), "Invalid 'body.n': integer above maximum value. Expected a value <= 1, but got 2 instead."),
    Sentence(
      Body.with(#""max_completion_tokens":0"#),
      "Invalid 'body.max_completion_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead."),
    Sentence(
      #"{"model":"\#(Body.model)","messages":[]}"#,
      "Invalid 'body.messages': empty array. Expected an array with minimum length 1, but got an empty array instead."),
    Sentence(
      Body.with(#""stop":["a","b","c","d","e"]"#),
      "Invalid 'body.stop': array too long. Expected an array with maximum length 4, but got an array with length 5 instead."
    ),
    Sentence(Body.with(#""stream":true"#), "Chat Completions: Streaming is not supported in the Batch API."),
    Sentence(
      Body.with(model: "llama-3.1-8b"), "The provided model 'llama-3.1-8b' is not supported by the Batch API."),
    Sentence(
      Body.with(#""response_format":{"type":"json_object"}"#),
      "'body.messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."),
    Sentence(
      Body.with(#""max_tokens":9"#), "'body.max_tokens' is deprecated.", note: "use max_completion_tokens"),
    Sentence(
      Body.with(#""store":true"#), "'body.store' has no effect.", note: "Groq does not support it yet"),
    Sentence(
      Body.with(#""logprobs":true"#), "'body.logprobs' is not supported.", note: "Groq answers it with a 400"),
  ]

  @Test("have the words of the API's request validator", arguments: sentences)
  func sentence(_ one: Sentence) throws {
    let findings = try Check.findings(body: one.body)
    #expect(findings.map(\.message) == [one.message])
    if let note = one.note { #expect(findings.first?.note == note) }
  }

  @Test("a long value is cut after 64 characters")
  func cut() throws {
    let text = String(repeating: "é", count: 65)
    let findings = try Check.findings(body: Body.with(#""citation_options":"\#(text)""#))
    #expect(
      findings.map(\.message) == [
        "Invalid value: '\(text.prefix(64))…'. Supported values are: 'enabled' and 'disabled'."
      ])
  }

  @Test("columns count code points and point at the value")
  func column() throws {
    let body = Body.with(#""user":"é😀","temperature":9"#)
    let finding = try #require(try Check.findings(body: body).first)
    let line = #"{"custom_id":"r-100000","method":"POST","url":"/v1/chat/completions","body":\#(body)}"#
    let before = try #require(line.range(of: #""temperature":"#)).upperBound
    #expect(finding.column == line[..<before].unicodeScalars.count + 1)
    #expect(finding.offset == line[..<before].utf8.count)
    #expect(finding.length == 1)
    #expect(finding.customID == "r-100000")
  }

  @Test("findings of a line come in the order of their places")
  func order() throws {
    let body = #"{"stream":true,"messages":[{"role":"x"},{"role":"user"}],"n":2,"model":"m"}"#
    let findings = try Check.findings(body: body)
    #expect(
      findings.map(\.param) == [
        "body.stream", "body.messages[0].role", "body.messages[1].content", "body.n", "body.model",
      ])
  }
}
