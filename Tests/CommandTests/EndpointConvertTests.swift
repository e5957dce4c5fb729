import Foundation
import TestSupport
import Testing

/// `convert` for other urls than chat completions: rows and whole bodies become what the url takes, and nothing is
/// written that the API must refuse.
@Suite("convert for other endpoints")
struct EndpointConvertTests {
  private static func openAI(_ url: String, _ model: String? = nil) -> [String] {
    ["--provider", "openai", "--url", url] + (model.map { ["--model", $0] } ?? [])
  }

  private static func line(_ url: String, _ body: String) -> String {
    #"{"custom_id":"request-1","method":"POST","url":"\#(url)","body":\#(body)}"# + "\n"
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var url: String
    var model: String
    var options: [String] = []
    var body: String
    var testDescription: String { "\(url) \(options)" }
  }

  // batchfile's contract: these urls get `input` or `prompt`, a system text `instructions` where there is one.
  static let rows = [
    Row(
      url: "/v1/embeddings", model: "text-embedding-3-small",
      body: #"{"model":"text-embedding-3-small","input":"river"}"#),
    Row(url: "/v1/responses", model: "gpt-4.1-mini", body: #"{"model":"gpt-4.1-mini","input":"river"}"#),
    Row(
      url: "/v1/responses", model: "gpt-4.1-mini", options: ["--system", "Be brief.", "--set", "max_output_tokens=64"],
      body: #"{"model":"gpt-4.1-mini","instructions":"Be brief.","input":"river","max_output_tokens":64}"#),
    Row(
      url: "/v1/moderations", model: "omni-moderation-latest",
      body: #"{"model":"omni-moderation-latest","input":"river"}"#),
    Row(
      url: "/v1/completions", model: "ft:davinci-003:org::id",
      body: #"{"model":"ft:davinci-003:org::id","prompt":"river"}"#
    ),
  ]

  @Test("a row's words go where the url takes them", arguments: rows)
  func row(_ row: Row) throws {
    let place = try Workplace("words.csv", "id,prompt\n1,river\n")
    let outcome = try place.run(EndpointConvertTests.openAI(row.url, row.model) + row.options + ["words.csv"])
    #expect(outcome.output == EndpointConvertTests.line(row.url, row.body), "\(outcome)")
    #expect(outcome.status == 0)
    let check = try Program.run(
      "check", "--provider", "openai", "-", input: Data(outcome.output.utf8), in: place.scratch.url)
    #expect(check.status == 0, "\(check.output)")
  }

  static let bodies = [
    ("/v1/embeddings", #"{"model":"text-embedding-3-small", "input":["a","b"],"dimensions":256}"#),
    ("/v1/embeddings", #"{"input":[1,2,3],"model":"text-embedding-3-small"}"#),
    ("/v1/responses", #"{"model":"gpt-4.1-mini","input":[{"role":"user","content":"Hi"}], "store":false}"#),
    ("/v1/moderations", #"{"model":"omni-moderation-latest","input":"Hi"}"#),
    ("/v1/completions", #"{"model":"ft:davinci-003:org::id","prompt":"Once", "max_tokens":9}"#),
  ]

  @Test("a whole body goes through byte for byte", arguments: bodies)
  func body(url: String, body: String) throws {
    for (name, text) in [("calls.jsonl", body + "\n"), ("calls.json", "[\(body)]")] {
      let place = try Workplace(name, text)
      let outcome = try place.run(EndpointConvertTests.openAI(url) + [name])
      #expect(outcome.output == EndpointConvertTests.line(url, body), "\(outcome)")
      #expect(outcome.status == 0)
    }
  }

  @Test("a body that names no model gets the one that is given")
  func model() throws {
    let place = try Workplace("calls.jsonl", #"{"input":"Hi"}"# + "\n")
    let outcome = try place.run(
      EndpointConvertTests.openAI("/v1/embeddings", "text-embedding-3-small") + ["calls.jsonl"])
    #expect(
      outcome.output
        == EndpointConvertTests.line("/v1/embeddings", #"{"input":"Hi","model":"text-embedding-3-small"}"#),
      "\(outcome)")
  }

  @Test("an object with a prompt and no model is a row for completions")
  func promptRow() throws {
    let place = try Workplace("rows.jsonl", #"{"prompt":"Once","n":7}"# + "\n")
    let outcome = try place.run(
      EndpointConvertTests.openAI("/v1/completions", "ft:davinci-003:org::id") + ["rows.jsonl"])
    #expect(
      outcome.output
        == EndpointConvertTests.line("/v1/completions", #"{"model":"ft:davinci-003:org::id","prompt":"Once"}"#),
      "\(outcome)")
  }

  @Test("an object with an input is a row where the url takes messages")
  func inputRow() throws {
    let place = try Workplace("rows.jsonl", #"{"input":"Hi"}"# + "\n")
    let outcome = try place.run(["--model", "openai/gpt-oss-20b", "--prompt", "{input}", "rows.jsonl"])
    #expect(
      outcome.output
        == EndpointConvertTests.line(
          "/v1/chat/completions", #"{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"Hi"}]}"#),
      "\(outcome)")
  }

  @Test(
    "what the API must refuse is not written",
    arguments: [
      // A chat's body at another url.
      (
        "/v1/responses", #"{"model":"gpt-4.1-mini","messages":[{"role":"user","content":"Hi"}]}"#,
        "unsupported_parameter"
      ),
      (
        "/v1/embeddings", #"{"model":"text-embedding-3-small","messages":[{"role":"user","content":"Hi"}]}"#,
        "missing_required_parameter"
      ),
      // No row can become a body of these.
      ("/v1/images/generations", #"{"prompt":"A lake"}"#, "invalid_url"),
      ("/v1/videos", #"{"prompt":"A lake"}"#, "invalid_url"),
      ("/v1/embeddings", #"{"model":"text-embedding-3-small","input":""}"#, "empty_string"),
    ])
  func refused(url: String, object: String, code: String) throws {
    let place = try Workplace("a.jsonl", object + "\n")
    let outcome = try place.run(EndpointConvertTests.openAI(url) + ["-o", "out.jsonl", "a.jsonl"])
    #expect(outcome.output.contains("error[\(code)]"), "\(outcome)")
    #expect(outcome.status == 1)
    #expect(try place.files == [])
  }

  @Test("a system text is refused where there is no place for it", arguments: ["/v1/embeddings", "/v1/moderations"])
  func system(url: String) throws {
    let place = try Workplace("words.csv", "prompt\nriver\n")
    let outcome = try place.run(
      EndpointConvertTests.openAI(url, "some-model") + ["--system", "Be brief.", "-o", "out.jsonl", "words.csv"])
    #expect(outcome.output.contains("takes no system text"), "\(outcome)")
    #expect(outcome.status == 1)
    #expect(try place.files == [])
  }

  @Test("what is wrong with a row's own words is told of each row")
  func ownWords() throws {
    let place = try Workplace("words.csv", "prompt,x\n,1\nlake,2\n,3\n")
    let outcome = try place.run(
      EndpointConvertTests.openAI("/v1/embeddings", "text-embedding-3-small") + ["-o", "out.jsonl", "words.csv"])
    let errors = outcome.output.split(separator: "\n").filter { $0.contains("error[empty_string]") }
    #expect(errors.map { $0.prefix(12) } == ["words.csv:2:", "words.csv:4:"], "\(outcome)")
    #expect(!outcome.output.contains("same in every row"))
  }

  // MARK: - 50,000 inputs, here fewer, in all requests of a file together

  /// A provider like OpenAI, which takes so many inputs.
  private static func limited(_ inputs: Int, in place: Workplace) throws -> [String] {
    let file = try place.scratch.file(
      "small.json",
      #"{"name":"small","body_schema":"openai","urls":["/v1/embeddings"],"models":["*"],"max_inputs":\#(inputs)}"#)
    return ["--provider", file.path]
  }

  private static func input(_ count: Int) -> String {
    "[" + Array(repeating: #""w""#, count: count).joined(separator: ",") + "]"
  }

  static let cuts: [(counts: [Int], pieces: [Int])] = [
    ([2, 2, 2], [2, 1]), ([4], [1]), ([1, 1, 1, 1, 1], [5]), ([3, 1, 1], [2, 1]), ([1, 4, 1], [1, 1, 1]),
    // A request alone over the limit cannot be cut.
    ([1, 9, 1], [1, 1, 1]),
  ]

  @Test("split cuts by inputs", arguments: cuts)
  func split(counts: [Int], pieces: [Int]) throws {
    let text = counts.enumerated().map { k, count in
      #"{"custom_id":"r-\#(k)","method":"POST","url":"/v1/embeddings","body":{"model":"m","input":"#
        + "\(EndpointConvertTests.input(count))}}\n"
    }
    let place = try Workplace("in.jsonl", text.joined())
    let outcome = try Program.run(
      Program.path, ["split"] + (try EndpointConvertTests.limited(4, in: place)) + ["in.jsonl"], in: place.scratch.url)
    #expect(outcome.status == 0, "\(outcome)")
    let names = pieces.indices.map { "in-0000\($0 + 1).jsonl" }
    #expect(try place.files == names + ["small.json"])
    #expect(try names.map { try place.ids($0).count } == pieces)
    #expect(try names.map { try place.text($0) }.joined() == text.joined())
  }

  @Test("an array of numbers, and what is no embedding, is one input")
  func one() throws {
    let text = #"{"custom_id":"a","method":"POST","url":"/v1/embeddings","body":{"model":"m","input":[1,2,3,4,5]}}"#
    let other =
      #"{"custom_id":"b","method":"POST","url":"/v1/other","body":{"model":"m","input":["a","b","c","d","e"]}}"#
    let place = try Workplace("in.jsonl", "\(text)\n\(other)\n\(text)\n")
    _ = try Program.run(
      Program.path, ["split"] + (try EndpointConvertTests.limited(4, in: place)) + ["in.jsonl"], in: place.scratch.url)
    #expect(try place.files == ["in-00001.jsonl", "small.json"])
  }

  @Test("convert begins another file where there are too many inputs", arguments: cuts.dropLast())
  func convert(counts: [Int], pieces: [Int]) throws {
    let text = counts.map { #"{"model":"m","input":\#(EndpointConvertTests.input($0))}"# + "\n" }.joined()
    let place = try Workplace("in.jsonl", text)
    let outcome = try place.run(
      (try EndpointConvertTests.limited(4, in: place)) + ["--url", "/v1/embeddings", "-o", "out.jsonl", "in.jsonl"])
    #expect(outcome.status == 0, "\(outcome)")
    let names = pieces.count == 1 ? ["out.jsonl"] : pieces.indices.map { "out-0000\($0 + 1).jsonl" }
    #expect(try place.files == names + ["small.json"])
    #expect(try names.map { try place.ids($0).count } == pieces)
  }
}
