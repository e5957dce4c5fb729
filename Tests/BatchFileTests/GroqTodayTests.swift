import BatchFile
import Foundation
import JSONLines
import Testing

/// Groq by its newer documents: limits of output, audio, strict tools, retired models.
@Suite("Groq today")
struct GroqTodayTests {
  static func tokens(_ model: String, _ limit: Int) -> [BodyCase] {
    ["max_completion_tokens", "max_tokens"].flatMap { member -> [BodyCase] in
      let old: [Found] = member == "max_tokens" ? [.warning(.deprecatedParameter, "body.max_tokens")] : []
      var good = BodyCase(Body.with(#""\#(member)":\#(limit)"#, model: model))
      var bad = BodyCase(Body.with(#""\#(member)":\#(limit + 1)"#, model: model))
      good.found = old
      bad.found = old + [.error(.integerAboveMaxValue, "body.\(member)")]
      return [good, bad]
    }
  }

  // "`max_completion_tokens` must be less than or equal to `8192`" is on record three times.
  static let limits: [BodyCase] =
    tokens("openai/gpt-oss-20b", 65_536) + tokens(Body.scout, 8_192) + tokens("llama-3.3-70b-versatile", 32_768)
    + tokens("meta-llama/llama-guard-4-12b", 1_024)
    + [BodyCase(Body.with(#""max_completion_tokens":9000000"#, model: "example/unheard-of"))]

  static let tool = #"{"type":"function","function":{"name":"f","strict":true,"parameters":…}}"#
  static let at = "body.tools[0].function.parameters"

  static func schemas(_ template: String, accepts: [String], finds: KeyValuePairs<String, [Found]>) -> [BodyCase] {
    BodyCase.cases(at: at, in: Body.with(#""tools":[\#(template)]"#), accepts: accepts, finds: finds)
  }

  static let closed = #""additionalProperties":false"#

  static let strictTools: [BodyCase] =
    schemas(
      tool,
      accepts: [
        #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],\#(closed)}"#,
        #"{"type":"object","properties":{},\#(closed)}"#,
      ],
      finds: [
        #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#: [.error(.invalidRequest)],
        #"{"type":"object","properties":{"a":{},"b":{}},"required":["a"],\#(closed)}"#: [.error(.invalidRequest)],
      ])
    + schemas(
      tool.replacingOccurrences(of: "true", with: "false"),
      accepts: [#"{"type":"object","properties":{"a":{"type":"string"}}}"#],
      finds: [
        #"{"type":"object","properties":{"o":{"type":"object","required":["d"]}}}"#: [
          .error(.invalidRequest, ".properties.o.required")
        ]
      ])

  static func branch(_ first: String, _ more: String) -> String {
    #"{"type":"object","properties":{\#(first),"\#(more)":{"type":"integer"}},"required":["\#(first.split(separator: "\"")[0])","\#(more)"],\#(closed)}"#
  }

  static func choice(_ keyword: String, _ branches: String...) -> String {
    #"{"type":"object","properties":{"x":{"\#(keyword)":[\#(branches.joined(separator: ","))]}},"required":["x"],\#(closed)}"#
  }

  static let choices: [BodyCase] = schemas(
    tool,
    accepts: [
      choice("anyOf", branch(#""a":{"type":"string"}"#, "p"), branch(#""b":{"type":"string"}"#, "q")),
      choice(
        "anyOf", branch(#""k":{"type":"string","enum":["one"]}"#, "p"),
        branch(#""k":{"type":"string","enum":["two"]}"#, "q")),
      choice("anyOf", branch(#""k":{"const":"one"}"#, "p"), branch(#""k":{"const":"two"}"#, "q")),
      choice("anyOf", #"{"type":"string"}"#, #"{"type":"null"}"#),
    ],
    finds: [
      choice("anyOf", branch(#""a":{"type":"string"}"#, "p"), branch(#""a":{"type":"string"}"#, "q")): [
        .error(.invalidRequest, ".properties.x.anyOf")
      ],
      choice(
        "anyOf", branch(#""k":{"type":"string","enum":["one"]}"#, "p"),
        branch(#""k":{"type":"string","enum":["one"]}"#, "q")):
        [.error(.invalidRequest, ".properties.x.anyOf")],
      choice("oneOf", #"{"type":"object","properties":{}}"#): [.error(.invalidRequest, ".properties.x.oneOf[0]")],
    ])

  @Test("a limit of output above the model's is an error", arguments: limits)
  func limit(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("strict tools and tool choices: what is accepted and what is found", arguments: strictTools + choices)
  func schema(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("a wrong reasoning effort names those that the model takes")
  func efforts() throws {
    let findings = try Check.findings(body: Body.with(#""reasoning_effort":"minimal""#))
    #expect(findings.map(\.message) == ["Invalid value: 'minimal'. Supported values are: 'low', 'medium', and 'high'."])
  }

  // MARK: - Audio

  static func audio(_ body: String, url: String = "/v1/audio/transcriptions") throws -> [Found] {
    let line = #"{"custom_id":"a","method":"POST","url":"\#(url)","body":\#(body)}"#
    return try Check.findings(lines: [line], checker: BatchChecker()).map(Found.init)
  }

  @Test("the audio endpoints are accepted, with a warning that documents disagree about them")
  func taken() throws {
    let body =
      #"{"model":"whisper-large-v3","language":"en","url":"https://example.com/a.wav","response_format":"verbose_json","timestamp_granularities":["segment"]}"#
    #expect(try GroqTodayTests.audio(body) == [.warning(.doubtfulValue, "url")])
  }

  @Test(
    "what an audio body lacks",
    arguments: [
      (#"{"model":"whisper-large-v3"}"#, Found.error(.missingRequiredParameter, "body.url")),
      (#"{"model":"openai/gpt-oss-20b","url":"https://a.org"}"#, .error(.modelNotFound, "body.model")),
      (
        #"{"model":"whisper-large-v3","url":"https://a.org","response_format":"srt"}"#,
        .error(.invalidValue, "body.response_format")
      ),
    ])
  func lacking(body: String, found: Found) throws {
    #expect(try GroqTodayTests.audio(body) == [.warning(.doubtfulValue, "url"), found])
  }

  @Test("whisper in a chat is an error, and so is a translation by the turbo model")
  func elsewhere() throws {
    #expect(try Check.findings(body: Body.with(model: "whisper-large-v3")).map(\.code) == [.modelNotFound])
    let body = #"{"model":"whisper-large-v3-turbo","url":"https://a.org"}"#
    #expect(
      try GroqTodayTests.audio(body, url: "/v1/audio/translations") == [
        .warning(.doubtfulValue, "url"), .error(.modelNotFound, "body.model"),
      ])
  }
}

/// Rules that the requests of a file must keep together, and findings that come once a file.
@Suite("What a file's requests share")
struct SharedByFileTests {
  static func line(
    _ id: Int, url: String = "/v1/chat/completions", model: String = "gpt-4.1-mini", _ members: String? = nil
  ) -> String {
    #"{"custom_id":"r-\#(id)","method":"POST","url":"\#(url)","body":{"model":"\#(model)",\#(members ?? OpenAIBodies.hi)}}"#
  }

  static func openAI(_ lines: String...) throws -> [Finding] {
    try Check.findings(lines: lines, checker: BatchChecker(provider: .openai))
  }

  // Recorded: llama-stack, tests/integration/batches/test_batches_errors.py.
  @Test("OpenAI: a second url in a file is an error")
  func urls() throws {
    let found = try SharedByFileTests.openAI(
      SharedByFileTests.line(1), SharedByFileTests.line(2, url: "/v1/responses", #""input":"Hi""#),
      SharedByFileTests.line(3))
    #expect(found.map(\.line) == [2])
    #expect(found.map(\.code) == [.invalidURL])
    #expect(found.map(\.message) == ["The URL provided for this request does not match the batch endpoint."])
  }

  @Test("OpenAI: a second model in a file is an error")
  func models() throws {
    let found = try SharedByFileTests.openAI(
      SharedByFileTests.line(1), SharedByFileTests.line(2, model: "gpt-4.1"), SharedByFileTests.line(3))
    #expect(found.map(\.line) == [2])
    #expect(found.map(\.code) == [.mismatchedModel])
  }

  @Test("the inputs of all lines count together for the limit", arguments: [(24, 0), (25, 0), (26, 1)])
  func inputs(lines: Int, errors: Int) throws {
    let input = #""input":\#(Body.list(#""a""#, count: 2_000))"#
    let text = (0..<lines).map {
      SharedByFileTests.line($0, url: "/v1/embeddings", model: "text-embedding-3-small", input)
    }
    let found = try Check.findings(lines: text, checker: BatchChecker(provider: .openai))
    #expect(found.map(\.code) == Array(repeating: .maximumInputsExceeded, count: errors))
  }

  @Test("an array of token numbers counts as one input")
  func tokens() throws {
    var checker = BatchChecker(provider: .openai)
    checker.provider.maxInputs = 2
    let lines = ["[1,2,3]", "[4,5,6]"].enumerated().map {
      SharedByFileTests.line($0, url: "/v1/embeddings", model: "text-embedding-3-small", #""input":\#($1)"#)
    }
    #expect(try Check.findings(lines: lines, checker: checker).isEmpty)
  }

  @Test("a retired model is reported once, with its last day and its successor", arguments: [1, 2, 4])
  func retired(jobs: Int) throws {
    var checker = BatchChecker()
    checker.jobs = jobs
    checker.blockSize = 4_096
    let lines = (1...400).map {
      SharedByFileTests.line(
        $0, model: $0 < 200 ? "openai/gpt-oss-20b" : $0 % 2 == 0 ? "llama3-8b-8192" : "llama3-70b-8192")
    }
    let found = try Check.findings(lines: lines, checker: checker)
    #expect(found.map(\.line) == [200, 201])
    #expect(found.map(\.severity) == [.warning, .warning])
    #expect(found.map(\.message).first == "The model 'llama3-8b-8192' was shut down on 2025-08-30.")
    #expect(
      found.map(\.note).first
        == "its successor is llama-3.1-8b-instant, which is gone too and followed by openai/gpt-oss-20b")
  }

  // The models of the project's two documents and of Groq's later batch pages; https://console.groq.com/docs/deprecations.
  @Test(
    "Groq's models that are gone are told with the day, the plans and the successor",
    arguments: [
      (
        "llama-3.1-8b-instant", "2026-08-16 for the free and developer plans; enterprise contracts keep it.",
        "openai/gpt-oss-20b"
      ),
      (
        "llama-3.3-70b-versatile", "2026-08-16 for the free and developer plans; enterprise contracts keep it.",
        "openai/gpt-oss-120b"
      ),
      ("meta-llama/llama-4-scout-17b-16e-instruct", "2026-07-17.", "openai/gpt-oss-120b or qwen/qwen3.6-27b"),
    ])
  func goneAtGroq(model: String, when: String, successor: String) throws {
    let found = try Check.findings(lines: [SharedByFileTests.line(1, model: model)], checker: BatchChecker())
    #expect(found.map(Found.init) == [.warning(.retiredModel, "body.model")])
    #expect(found.first?.message == "The model '\(model)' was shut down on \(when)")
    #expect(found.first?.note == "its successor is \(successor)")
  }

  @Test("models that live are taken without a word", arguments: ["openai/gpt-oss-20b", "openai/gpt-oss-120b"])
  func aliveAtGroq(model: String) throws {
    #expect(try Check.findings(lines: [SharedByFileTests.line(1, model: model)], checker: BatchChecker()).isEmpty)
  }

  // https://developers.openai.com/api/docs/deprecations as of 2026-10-15; a model that is to end later lives.
  @Test(
    "OpenAI's models that are gone",
    arguments: [
      ("gpt-3.5-turbo-0125", "2026-10-23", "gpt-5.6-terra"),
      ("gpt-3.5-turbo-1106", "2026-09-28", "gpt-5-mini or gpt-4.1-mini"),
      ("gpt-4-turbo", "2026-10-23", "gpt-5.6-sol"), ("gpt-4", "2026-10-23", "gpt-5.6-sol"),
      ("o1-2024-12-17", "2026-10-23", "gpt-5.6-sol"), ("o3-mini", "2026-10-23", "gpt-5.6-sol"),
      ("o4-mini", "2026-10-23", "gpt-5.6-terra"), ("gpt-4.1-nano", "2026-10-23", "gpt-5.6-luna"),
      ("ft:gpt-4.1-nano:org::id", "2026-10-23", "gpt-5.6-luna"),
      ("chatgpt-4o-latest", "2026-02-17", "gpt-5.1-chat-latest, which is gone too and followed by gpt-5.6-sol"),
    ])
  func gone(model: String, day: String, successor: String) throws {
    let found = try SharedByFileTests.openAI(SharedByFileTests.line(1, model: model))
    #expect(found.map(Found.init) == [.warning(.retiredModel, "body.model")])
    #expect(found.first?.message == "The model '\(model)' was shut down on \(day).")
    #expect(found.first?.note == "its successor is \(successor)")
  }

  @Test(
    "OpenAI's models that live",
    arguments: ["gpt-4.1-mini", "o3", "gpt-4o", "gpt-5-nano", "gpt-5.6-luna", "ft:gpt-4.1:org::id"])
  func alive(model: String) throws {
    #expect(try SharedByFileTests.openAI(SharedByFileTests.line(1, model: model)).isEmpty)
  }

  @Test("a file with another API's models and urls gets that provider's name as advice")
  func other() throws {
    let lines = (1...3).map { SharedByFileTests.line($0) }
    let found = try Check.findings(lines: lines, checker: BatchChecker())
    #expect(found.map(\.code) == [.modelNotFound, .modelNotFound, .modelNotFound])
    #expect(found.allSatisfy { if case .chooseProvider("openai")? = $0.remedy { true } else { false } })
  }

  @Test("Groq: a file over 100 MB is a warning, over 200 MB an error")
  func size() throws {
    var checker = BatchChecker()
    checker.provider.doubtfulBytes = 100
    let lines = [SharedByFileTests.line(1, model: "openai/gpt-oss-20b")]
    #expect(
      try Check.findings(lines: lines, checker: checker).map(Found.init) == [
        .warning(.maximumInputFileSizeExceeded, nil)
      ])
    checker.provider.maxBytes = 101
    #expect(
      try Check.findings(lines: lines, checker: checker).map(Found.init) == [.error(.maximumInputFileSizeExceeded, nil)]
    )
    #expect(Provider.groq.doubtfulBytes == 100_000_000)
    #expect(Provider.groq.maxBytes == 200_000_000)
  }

  @Test("a provider's file needs only a name")
  func file() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("provider-\(UUID().uuidString).json")
    try Data(#"{"name":"mine","max_requests":7}"#.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    var expected = Provider.groq
    expected.name = "mine"
    expected.maxRequests = 7
    #expect(try Provider(file: Path(file.path)) == expected)
  }
}
