import BatchFile
import Testing

/// The members of a chat completion's body at OpenAI: an accepted and a refused value of each.
@Suite("OpenAI: chat completions")
struct OpenAIChatTests {
  typealias Bodies = OpenAIBodies
  static let hi = Bodies.hi

  static let numbers: [Bodies] = [
    .member(
      "temperature", accepts: ["0", "2", "1.5", "null"],
      finds: ["2.1": Found.decimalAbove, "-0.1": Found.decimalBelow, #""1""#: Found.type, "true": Found.type]),
    .member(
      "top_p", accepts: ["0", "1", "null"],
      finds: ["1.1": Found.decimalAbove, "-1": Found.decimalBelow, #""1""#: Found.type]),
    .member(
      "frequency_penalty", accepts: ["-2", "2", "null"], finds: ["2.5": Found.decimalAbove, "false": Found.type]),
    .member(
      "presence_penalty", accepts: ["-2", "2", "null"], finds: ["-2.5": Found.decimalBelow, #""0""#: Found.type]),
    .member(
      "max_completion_tokens", accepts: ["1", "16384", "null"], finds: ["0": Found.integerBelow, "1.5": Found.type]),
    .member(
      "max_tokens", accepts: ["null"],
      finds: [
        "1": [.warning(.deprecatedParameter)],
        "0": [.warning(.deprecatedParameter), .error(.integerBelowMinValue)],
      ]),
    .member("n", accepts: ["1", "128", "null"], finds: ["0": Found.integerBelow, "129": Found.integerAbove]),
    .member("seed", accepts: ["0", "-5", "9223372036854775807", "null"], finds: [#""1""#: Found.type]),
    .member(
      "top_logprobs", with: #""logprobs":true,"top_logprobs":…"#, accepts: ["0", "20", "null"],
      finds: ["21": Found.integerAbove, "-1": Found.integerBelow]),
  ]

  static let strings: [Bodies] = [
    .member("user", accepts: [#""u""#, #""""#, "null"], finds: ["1": Found.type]),
    .member(
      "prompt_cache_key", accepts: [long("k", 64), long("é", 64), "null"],
      finds: [long("k", 65): [.error(.stringAboveMaxLength)], "1": Found.type]),
    .member(
      "safety_identifier", accepts: [long("k", 64), "null"],
      finds: [long("k", 65): Found.doubt, long("k", 128): Found.doubt, long("k", 129): [.error(.stringAboveMaxLength)]]),
    .member(
      "service_tier", accepts: [#""auto""#, #""default""#, #""flex""#, #""priority""#, #""fast""#, "null"],
      finds: [#""scale""#: Found.doubt, #""slow""#: Found.value]),
    .member(
      "verbosity", model: "gpt-5.2", accepts: [#""low""#, #""medium""#, #""high""#, "null"],
      finds: [#""max""#: Found.value, "1": Found.type]),
    .member(
      "reasoning_effort", model: "some-new-model",
      accepts: ["none", "minimal", "low", "medium", "high", "xhigh", "max"].map { "\"\($0)\"" } + ["null"],
      finds: [#""huge""#: Found.value, "1": Found.type]),
    .member(
      "prompt_cache_retention", accepts: ["null"],
      finds: [
        #""24h""#: [.warning(.deprecatedParameter)], #""in_memory""#: [.warning(.deprecatedParameter)],
        #""1h""#: [.warning(.deprecatedParameter), .error(.invalidValue)],
      ]),
    .member(
      "stop", accepts: [#""END""#, #"["a"]"#, #"["a","b","c","d"]"#, "null"],
      finds: [
        #"["a","b","c","d","e"]"#: [.error(.arrayAboveMaxLength)], "[]": Found.doubt, "1": Found.type,
        "[1]": [.error(.invalidType, "[0]")],
      ]),
  ]

  static func long(_ character: String, _ count: Int) -> String {
    "\"" + String(repeating: character, count: count) + "\""
  }

  static func pairs(_ count: Int) -> String {
    "{" + (0..<count).map { #""k\#($0)":"v""# }.joined(separator: ",") + "}"
  }

  static let objects: [Bodies] = [
    .member(
      "metadata", with: #""store":true,"metadata":…"#,
      accepts: ["{}", pairs(16), #"{"k":\#(long("v", 512))}"#, #"{\#(long("k", 64)):"v"}"#, "null"],
      finds: [
        pairs(17): [.error(.objectAboveMaxProperties)],
        #"{"k":\#(long("v", 513))}"#: [.error(.stringAboveMaxLength, ".k")],
        #"{\#(long("k", 65)):"v"}"#: [
          .error(.propertyNameAboveMaxLength, "." + String(repeating: "k", count: 64) + "…")
        ],
        #"{"k":1}"#: [.error(.invalidType, ".k")], "[]": Found.type,
      ]),
    .member(
      "logit_bias", accepts: ["{}", #"{"50256":-100,"1":100}"#, "null"],
      finds: [
        #"{"1":-101}"#: [.error(.integerBelowMinValue, ".1")], "[]": Found.type,
        #"{"1":101}"#: [.error(.integerAboveMaxValue, ".1")], #"{"1":"5"}"#: [.error(.invalidType, ".1")],
      ]),
    .member("logprobs", accepts: ["true", "false", "null"], finds: ["1": Found.type]),
    .member("store", accepts: ["true", "false", "null"], finds: [#""yes""#: Found.type]),
    .member("stream", accepts: ["false", "null"], finds: ["true": [.error(.streamingUnsupported)], "0": Found.type]),
    .member(
      "stream_options", accepts: ["null"],
      finds: [
        #"{"include_usage":true}"#: Found.request,
        #"{"x":true}"#: [.error(.invalidRequest), .error(.unknownParameter, ".x")],
      ]),
    .member(
      "modalities", with: #""audio":{"voice":"alloy","format":"wav"},"modalities":…"#, accepts: [#"["text","audio"]"#],
      finds: [#"["video"]"#: [.error(.invalidValue, "[0]")]]),
    .member(
      "modalities", accepts: [#"["text"]"#, "null"], finds: [#"["text","audio"]"#: [.warning(.doubtfulValue, "[1]")]]),
    .member(
      "audio", accepts: [#"{"voice":"alloy","format":"wav"}"#, #"{"voice":{"id":"v_1"},"format":"pcm16"}"#, "null"],
      finds: [
        #"{"voice":"alloy"}"#: [.error(.missingRequiredParameter, ".format")],
        #"{"voice":"alloy","format":"ogg"}"#: [.error(.invalidValue, ".format")],
      ]),
    .member(
      "prediction",
      accepts: [
        #"{"type":"content","content":"x"}"#, #"{"type":"content","content":[{"type":"text","text":"x"}]}"#, "null",
      ],
      finds: [
        #"{"type":"text","content":"x"}"#: [.error(.invalidValue, ".type")],
        #"{"type":"content","content":[]}"#: [.error(.emptyArray, ".content")],
      ]),
    .member(
      "moderation", accepts: [#"{"model":"m"}"#, #"{"model":"m","policy":{"input":{"mode":"block"}}}"#, "null"],
      finds: [
        "{}": [.error(.missingRequiredParameter, ".model")],
        #"{"model":"m","policy":{"input":{"mode":"no"}}}"#: [.error(.invalidValue, ".policy.input.mode")],
        #"{"model":"m","policy":{"output":{}}}"#: [.error(.missingRequiredParameter, ".policy.output.mode")],
      ]),
    .member(
      "prompt_cache_options", model: "gpt-5.6-luna", accepts: [#"{"mode":"explicit","ttl":"30m"}"#, "{}", "null"],
      finds: [
        #"{"ttl":"1h"}"#: [.warning(.doubtfulValue, ".ttl")], #"{"x":1}"#: [.error(.unknownParameter, ".x")],
        #"{"mode":"x"}"#: [.error(.invalidValue, ".mode")],
      ]),
    .member(
      "web_search_options", accepts: ["null"],
      finds: [
        // A comment in OpenAI's code says that a batch cannot search.
        "{}": Found.doubt, #"{"search_context_size":"low","user_location":null}"#: Found.doubt,
        #"{"user_location":{"type":"approximate","approximate":{"city":"Rome","timezone":"Europe/Rome"}}}"#: Found
          .doubt,
        #"{"search_context_size":"huge"}"#: Found.doubt + [.error(.invalidValue, ".search_context_size")],
        #"{"user_location":{"type":"approximate"}}"#: Found.doubt + [
          .error(.missingRequiredParameter, ".user_location.approximate")
        ],
        #"{"user_location":{"type":"exact","approximate":{}}}"#: Found.doubt + [
          .error(.invalidValue, ".user_location.type")
        ],
      ]),
    .member(
      "functions", accepts: ["null"],
      finds: [
        #"[{"name":"f","description":"d","parameters":{}}]"#: [.warning(.deprecatedParameter)],
        Body.list(#"{"name":"f"}"#, count: 128): [.warning(.deprecatedParameter)],
        Body.list(#"{"name":"f"}"#, count: 129): [.warning(.deprecatedParameter), .error(.arrayAboveMaxLength)],
        #"[{"description":"d"}]"#: [.warning(.deprecatedParameter), .error(.missingRequiredParameter, "[0].name")],
        "[]": [.warning(.deprecatedParameter), .error(.emptyArray)],
      ]),
    .member(
      "function_call", accepts: ["null"],
      finds: [
        // It is only allowed with functions.
        #""auto""#: [.warning(.deprecatedParameter), .warning(.doubtfulValue)],
        #"{"name":"f"}"#: [.warning(.deprecatedParameter), .warning(.doubtfulValue)],
      ]),
  ]

  static let format = #"{"type":"json_schema","json_schema":{…}}"#

  static func schema(_ members: String) -> String { format.replacingOccurrences(of: "…", with: members) }

  static let formats: [Bodies] = [
    .member(
      "response_format",
      accepts: [
        #"{"type":"text"}"#, "null", schema(#""name":"s","schema":{"type":"object"},"strict":null,"description":"d""#),
        schema(#""name":\#(long("s", 64)),"schema":{"type":"object"}"#),
      ],
      finds: [
        "{}": [.error(.missingRequiredParameter, ".type")], #"{"type":"xml"}"#: [.error(.invalidValue, ".type")],
        #""json_object""#: Found.type,
        #"{"type":"json_schema"}"#: [.error(.missingRequiredParameter, ".json_schema")],
        schema(#""schema":{"type":"object"}"#): [.error(.missingRequiredParameter, ".json_schema.name")],
        schema(#""name":"a b","schema":{"type":"object"}"#): [.error(.invalidValue, ".json_schema.name")],
        schema(#""name":\#(long("s", 65)),"schema":{"type":"object"}"#): [
          .error(.stringAboveMaxLength, ".json_schema.name")
        ],
        schema(#""name":"s""#): [.warning(.doubtfulValue, ".json_schema")],
        schema(#""name":"s","schema":"{}""#): [.error(.invalidType, ".json_schema.schema")],
        schema(#""name":"s","schema":{"type":"object"},"strict":"yes""#): [.error(.invalidType, ".json_schema.strict")],
        schema(#""name":"s","schema":{"type":"object"},"x":1"#): [.warning(.unknownParameter, ".json_schema.x")],
        #"{"type":"text","x":1}"#: [.error(.unknownParameter, ".x")],
      ])
  ]

  static let needed: [Bodies] = [
    Bodies(
      name: "model",
      cases: [
        BodyCase("{\(hi)}", .error(.invalidRequest, "body.model")),
        BodyCase(#"{"model":null,\#(hi)}"#, .error(.invalidRequest, "body.model")),
        BodyCase(#"{"model":"",\#(hi)}"#, .error(.invalidRequest, "body.model")),
        BodyCase(#"{"model":1,\#(hi)}"#, .error(.invalidType, "body.model")),
        BodyCase(#"{"model":"anything","messages":[{"role":"user","content":"Hi"}]}"#),
      ]),
    Bodies(
      name: "messages",
      cases: [
        BodyCase(#"{"model":"gpt-4.1"}"#, .error(.invalidRequest, "body.messages")),
        BodyCase(#"{"model":"gpt-4.1","messages":null}"#, .error(.invalidRequest, "body.messages")),
        BodyCase(#"{"model":"gpt-4.1","messages":[]}"#, .error(.emptyArray, "body.messages")),
        BodyCase(#"{"model":"gpt-4.1","messages":"Hi"}"#, .error(.invalidType, "body.messages")),
      ]),
  ]

  static let unknown: [Bodies] = [
    Bodies(
      name: "unknown members",
      cases: ["temprature", "input", "max_output_tokens", "thinking", "top_k", "instructions", "extra_body"].map {
        BodyCase(Bodies.chat(#""\#($0)":1"#), .error(.unknownParameter, "body.\($0)"))
      })
  ]

  @Test(
    "members of the body: what is accepted and what is found",
    arguments: numbers + strings + objects + formats + needed + unknown
  )
  func members(_ bodies: OpenAIBodies) throws { try bodies.expect() }

  @Test(
    "an unknown member is told its name here",
    arguments: [
      ("/v1/chat/completions", hi, "input", "messages"),
      ("/v1/chat/completions", hi, "max_output_tokens", "max_completion_tokens"),
      ("/v1/chat/completions", hi, "temprature", "temperature"),
      ("/v1/responses", #""input":"Hi""#, "max_tokens", "max_output_tokens"),
      ("/v1/responses", #""input":"Hi""#, "reasoning_effort", "reasoning.effort"),
      ("/v1/embeddings", #""input":"Hi""#, "messages", "input"),
      ("/v1/completions", #""prompt":"Hi""#, "messages", "prompt"),
    ])
  func suggestion(url: String, member: String, name: String, here: String) throws {
    let line =
      #"{"custom_id":"r","method":"POST","url":"\#(url)","body":{"model":"gpt-4.1",\#(member),"\#(name)":1}}"#
    let findings = try Check.findings(lines: [line], checker: BatchChecker(provider: .openai))
      .filter { $0.code == .unknownParameter }
    #expect(findings.map(\.note) == ["did you mean '\(here)'?"])
  }

  // The texts were recorded by llama-stack: tests/integration/batches/test_batches_errors.py.
  @Test("the envelope's errors have the texts of OpenAI's Batch API")
  func words() throws {
    func check(_ bodies: String...) throws -> [String] {
      let lines = bodies.enumerated().map {
        #"{"custom_id":"r-\#($0)","method":"POST","url":"/v1/chat/completions","body":\#($1)}"#
      }
      return try Check.findings(lines: lines, checker: BatchChecker(provider: .openai)).map(\.message)
    }
    #expect(try check("{\(OpenAIChatTests.hi)}") == ["Model parameter is required."])
    #expect(try check(#"{"model":"gpt-4.1"}"#) == ["Messages parameter is required."])
    #expect(
      try check(Bodies.chat(#""stream":true"#)) == ["Chat Completions: Streaming is not supported in the Batch API."])
    #expect(
      try check(Bodies.chat(#""response_format":{"type":"object"}"#)) == [
        "Invalid value: 'object'. Supported values are: 'text', 'json_object', and 'json_schema'."
      ])
  }
}
