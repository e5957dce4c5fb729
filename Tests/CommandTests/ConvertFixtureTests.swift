import Foundation
import TestSupport
import Testing

/// What `batchfile convert` writes for the inputs of `Fixtures/convert`, byte for byte.
@Suite("Fixtures of convert")
struct ConvertFixtureTests {
  struct Conversion: CustomTestStringConvertible, Sendable {
    var input: String
    var options: [String] = []
    var needsModel = true
    /// What `check` needs to know of the output.
    var checkOptions: [String] = []
    var expected: String
    var testDescription: String { ([input] + options).joined(separator: " ") }
  }

  static let conversions = [
    // The example of Groq's guide: "Converting Sync Calls to Batch Format".
    Conversion(
      input: "synchronous-call.json", options: ["--id", "quantum-1"], needsModel: false, expected: "synchronous-call"),
    Conversion(input: "api-log.jsonl", options: ["--id", "call-{n}-{line}"], needsModel: false, expected: "api-log"),
    Conversion(
      input: "pretty-printed-array.json", options: ["--id=line-{line}"], needsModel: false,
      expected: "pretty-printed-array"),
    Conversion(input: "prompts.txt", expected: "prompts"),
    Conversion(input: "paragraphs.txt", options: ["--paragraphs", "--id", "p{line}"], expected: "paragraphs"),
    Conversion(input: "null-separated.txt", options: ["--null", "--id", "{n}-{line}"], expected: "null-separated"),
    Conversion(
      input: "table.csv",
      options: [
        "--id", "sku-{sku}", "--system", "Row {n}, line {line}.", "--prompt", "In {{{language}}}: {text, original}",
      ], expected: "table"),
    Conversion(input: "table.tsv", options: ["--id", "{note}"], expected: "table-tsv"),
    Conversion(input: "rows.json", options: ["--id", "id {id}"], expected: "rows"),
    Conversion(
      input: "settings.jsonl",
      options: ["--set", "temperature=0.2", "--set", #"response_format.type="json_object""#, "--set=seed=7"],
      expected: "settings"),
    Conversion(input: "missing-model.jsonl", expected: "missing-model"),
    // Embeddings once were given messages.
    Conversion(
      input: "words.csv",
      options: [
        "--provider", "openai", "--model", "text-embedding-3-small", "--url", "/v1/embeddings", "--id", "w-{id}",
      ], needsModel: false, checkOptions: ["--provider", "openai"], expected: "words"),
    Conversion(input: "weather.txt", options: ["--prompt", "@Fixtures/convert/template.txt"], expected: "template"),
  ]

  @Test("each fixture's conversion writes its expected file to standard output", arguments: conversions)
  func output(_ one: Conversion) throws {
    let model = one.needsModel ? ["--model", "openai/gpt-oss-20b"] : []
    let outcome = try Program.run(
      Program.path, ["convert"] + model + one.options + ["Fixtures/convert/\(one.input)"])
    #expect(Data(outcome.output.utf8) == (try Self.expected(one)), "\(outcome.output)")
    #expect(outcome.status == 0)
  }

  @Test("each fixture's conversion writes its expected file to -o", arguments: conversions)
  func file(_ one: Conversion) throws {
    let scratch = try Scratch()
    let output = scratch.url.appendingPathComponent("requests.jsonl")
    let model = one.needsModel ? ["--model", "openai/gpt-oss-20b"] : []
    _ = try Program.run(
      Program.path, ["convert", "-o", output.path] + model + one.options + ["Fixtures/convert/\(one.input)"])
    #expect(try Data(contentsOf: output) == Self.expected(one))
  }

  @Test("every expected file passes `batchfile check`", arguments: conversions)
  func passes(_ one: Conversion) throws {
    let outcome = try Program.run(
      Program.path, ["check"] + one.checkOptions + ["Fixtures/convert/\(one.expected).expected.jsonl"])
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  private static func expected(_ one: Conversion) throws -> Data {
    let file = Program.package.appendingPathComponent("Fixtures/convert/\(one.expected).expected.jsonl")
    return try Data(contentsOf: file)
  }
}
