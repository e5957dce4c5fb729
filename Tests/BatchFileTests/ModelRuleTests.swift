import BatchFile
import TestSupport
import Testing

/// The rules about what single models take.
@Suite("Model rules")
struct ModelRuleTests {
  static let scout = Body.scout
  static let llamas = ["llama-3.1-8b-instant", "llama-3.3-70b-versatile"]
  static let gptOSS = ["openai/gpt-oss-20b", "openai/gpt-oss-120b"]
  static let compounds = ["groq/compound", "groq/compound-mini"]
  static let unheardOf = "example/unheard-of"

  // MARK: - Reasoning

  static func efforts(_ model: String, takes: [String]) -> [BodyCase] {
    ["none", "default", "low", "medium", "high"].map { effort in
      var one = BodyCase(Body.with(#""reasoning_effort":"\#(effort)""#, model: model))
      if takes.isEmpty {
        one.found = [.error(.invalidRequest, "body.reasoning_effort")]
      } else if !takes.contains(effort) {
        one.found = [.error(.invalidValue, "body.reasoning_effort")]
      }
      return one
    }
  }

  static let efforts: [BodyCase] =
    gptOSS.flatMap { efforts($0, takes: ["low", "medium", "high"]) }
    + ["qwen/qwen3-32b", "qwen/qwen3.6-27b"].flatMap { efforts($0, takes: ["none", "default"]) }
    + efforts("qwen/qwen3.8-27b", takes: ["none", "default", "low", "medium", "high"])
    + (llamas + [scout, "meta-llama/llama-guard-4-12b"] + compounds).flatMap { efforts($0, takes: []) }
    + efforts(unheardOf, takes: ["none", "default", "low", "medium", "high"])
    + [BodyCase(Body.with(#""reasoning_effort":null"#, model: llamas[0]))]

  @Test("reasoning_effort that the model does not take is an error", arguments: efforts)
  func effort(_ one: BodyCase) throws { try Check.expect(one) }

  static let formats: [BodyCase] =
    (llamas + [scout]).map {
      BodyCase(Body.with(#""reasoning_format":"parsed""#, model: $0), .error(.invalidRequest, "body.reasoning_format"))
    }
    + gptOSS.map {
      BodyCase(Body.with(#""reasoning_format":"parsed""#, model: $0), .warning(.doubtfulValue, "body.reasoning_format"))
    }
    + ["qwen/qwen3-32b", "qwen/qwen3.6-27b", "qwen/qwen3.8-27b", unheardOf].map {
      BodyCase(Body.with(#""reasoning_format":"parsed""#, model: $0))
    }
    + (llamas + gptOSS).map { BodyCase(Body.with(#""reasoning_format":null"#, model: $0)) }

  @Test("reasoning_format for a model without it is an error", arguments: formats)
  func format(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - Schemas

  static func schema(_ model: String, strict: Bool, _ found: Found...) -> BodyCase {
    let empty = BodyRuleTests.object("", required: "")
    var one = BodyCase(
      Body.with(
        #""response_format":{"type":"json_schema","json_schema":{"name":"s","schema":\#(empty),"strict":\#(strict)}}"#,
        model: model))
    one.found = found
    return one
  }

  static let schemas: [BodyCase] =
    (llamas + compounds).flatMap {
      [
        schema($0, strict: false, .error(.invalidRequest, "body.response_format.type")),
        schema($0, strict: true, .error(.invalidRequest, "body.response_format.type")),
      ]
    }
    + gptOSS.flatMap { [schema($0, strict: false), schema($0, strict: true)] }
    + [scout, "qwen/qwen3-32b"].flatMap {
      [
        schema($0, strict: false),
        schema($0, strict: true, .warning(.doubtfulValue, "body.response_format.json_schema.strict")),
      ]
    }
    + [schema(unheardOf, strict: false), schema(unheardOf, strict: true)]
    + llamas.map {
      BodyCase(
        Body.with(
          #""response_format":{"type":"json_object"}"#, model: $0, messages: #"{"role":"user","content":"JSON"}"#))
    }

  @Test("json_schema for a model without it is an error", arguments: schemas)
  func schema(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - Images

  static let image = #"{"type":"image_url","image_url":{"url":"https://a.org/b.png"}}"#

  static func images(_ model: String, _ counts: Int...) -> String {
    let messages = counts.map { count in
      let parts = Array(repeating: image, count: count).joined(separator: ",")
      return #"{"role":"user","content":[\#(parts)]}"#
    }
    return Body.messages(messages.joined(separator: ","), model: model)
  }

  static let images: [BodyCase] =
    (llamas + gptOSS).map { BodyCase(images($0, 1), .error(.invalidRequest, "body.messages[0].content[0]")) } + [
      BodyCase(images(scout, 1)),
      BodyCase(images(scout, 5)),
      BodyCase(images(scout, 2, 3)),
      BodyCase(images(scout, 6), .error(.invalidRequest, "body.messages[0].content[5]")),
      BodyCase(images(scout, 3, 3), .error(.invalidRequest, "body.messages[1].content[2]")),
      BodyCase(images(scout, 9), .error(.invalidRequest, "body.messages[0].content[5]")),
      BodyCase(images(unheardOf, 5)),
      BodyCase(images(unheardOf, 6), .warning(.doubtfulValue, "body.messages[0].content[5]")),
      BodyCase(Body.messages(#"{"role":"user","content":[{"type":"text","text":"Hi"}]}"#, model: llamas[0])),
    ]

  @Test("images for a model without them, and too many images, are errors", arguments: images)
  func image(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("images in base64 of less than 4 MB are accepted", arguments: [[1_000_000], [1_900_000, 1_900_000]])
  func smallImages(sizes: [Int]) throws { #expect(try ModelRuleTests.findings(sizes, "data").isEmpty) }

  @Test(
    "images in base64 of more than 4 MB are an error",
    arguments: [[4_100_000], [2_100_000, 2_100_000], [10, 4_100_000]])
  func largeImages(sizes: [Int]) throws {
    let found = try ModelRuleTests.findings(sizes, "data")
    #expect(
      found == [.warning(.doubtfulValue, "body.messages[0].content[\(sizes.count - 1)].image_url.url")])
  }

  @Test("a long url does not count as an image in base64")
  func longURL() throws { #expect(try ModelRuleTests.findings([4_100_000], "http").isEmpty) }

  static func findings(_ sizes: [Int], _ scheme: String) throws -> [Found] {
    let parts = sizes.map { size in
      let text = String(repeating: "A", count: size)
      return #"{"type":"image_url","image_url":{"url":"\#(scheme):image/png;base64,\#(text)"}}"#
    }
    let message = #"{"role":"user","content":[\#(parts.joined(separator: ","))]}"#
    return try Check.findings(body: Body.messages(message, model: scout)).map(Found.init)
  }

  // MARK: - Tools

  static let function = #"{"type":"function","function":{"name":"f"}}"#

  static let tools: [BodyCase] =
    compounds.flatMap {
      [
        BodyCase(Body.with(#""tools":[\#(function)]"#, model: $0), .error(.invalidRequest, "body.tools")),
        BodyCase(Body.with(#""tools":[]"#, model: $0)),
        BodyCase(Body.with(#""tools":null"#, model: $0)),
      ]
    }
    + (llamas + gptOSS + [scout, unheardOf]).map { BodyCase(Body.with(#""tools":[\#(function)]"#, model: $0)) }
    + ["browser_search", "code_interpreter"].flatMap { type in
      (gptOSS + [unheardOf]).map { BodyCase(Body.with(#""tools":[{"type":"\#(type)"}]"#, model: $0)) }
        + (llamas + [scout]).map {
          BodyCase(Body.with(#""tools":[{"type":"\#(type)"}]"#, model: $0), .error(.invalidValue, "body.tools[0].type"))
        }
    }
    + llamas.map { BodyCase(Body.with(#""tools":[{"type":"mcp","server_label":"s"}]"#, model: $0)) }

  @Test("tools that the model does not take are errors", arguments: tools)
  func tool(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - The table

  @Test("a model table that is given replaces Groq's")
  func table() throws {
    let body = Body.with(#""reasoning_effort":"low""#, model: ModelRuleTests.llamas[0])
    var checker = BatchChecker()
    #expect(try Check.findings(bodies: [body], checker: checker)[0].count == 1)
    checker.modelTable = ModelTable([:])
    #expect(try Check.findings(bodies: [body], checker: checker)[0].isEmpty)
    checker.modelTable = ModelTable([ModelRuleTests.llamas[0]: .init(reasoningEfforts: ["high"])])
    #expect(try Check.findings(bodies: [body], checker: checker)[0].map(\.code) == [.invalidValue])
  }

  @Test("a conversion checks models by the table that is given")
  func conversionTable() throws {
    let folder = try Scratch()
    let prompts = try folder.file("prompts.txt", "Hi\n").path
    let output = folder.url.appendingPathComponent("out.jsonl").path
    var recipe = ConversionRecipe()
    recipe.model = "meta-llama/llama-guard-4-12b"
    try recipe.settings.set("reasoning_effort", to: "low")
    var builder = BatchBuilder(recipe)
    builder.replacesFiles = true
    let input = BatchBuilder.Input(path: prompts, kind: .prompts)
    #expect(try builder.convert([input], to: output).findings.count == 1)
    builder.modelTable = ModelTable([:])
    #expect(try builder.convert([input], to: output).findings.isEmpty)
  }

  @Test("all cases in one file give the same findings as alone")
  func together() throws {
    try Check.expectTogether(
      ModelRuleTests.efforts + ModelRuleTests.formats + ModelRuleTests.schemas + ModelRuleTests.images
        + ModelRuleTests.tools)
  }
}
