import BatchFile
import Testing

/// Every field of the body by itself.
@Suite("Body fields")
struct BodyFieldTests {
  static let unused: [Found] = [.warning(.ignoredParameter)]
  static let outdated: [Found] = [.warning(.deprecatedParameter)]
  static let wrongType: [Found] = [.error(.invalidType)]
  static let wrongValue: [Found] = [.error(.invalidValue)]

  // MARK: - Required

  static let requiredFields: [BodyCase] =
    [
      BodyCase(
        "{}", .error(.missingRequiredParameter, "body.model"), .error(.missingRequiredParameter, "body.messages")),
      BodyCase(#"{"messages":[\#(Body.hi)]}"#, .error(.missingRequiredParameter, "body.model")),
      BodyCase(#"{"model":"\#(Body.model)"}"#, .error(.missingRequiredParameter, "body.messages")),
    ]
    + BodyCase.cases(
      at: "body.model", in: #"{"model":…,"messages":[\#(Body.hi)]}"#,
      accepts: [#""openai/gpt-oss-20b""#],
      finds: [
        "null": wrongType, "1": wrongType, #"["openai/gpt-oss-20b"]"#: wrongType,
        #""""#: [.error(.modelNotFound)], #""OpenAI/gpt-oss-20b""#: [.error(.modelNotFound)],
      ])
    + BodyCase.cases(
      at: "body.messages", in: #"{"model":"\#(Body.model)","messages":…}"#,
      accepts: ["[\(Body.hi)]", "[\(Body.hi),\(Body.hi)]"],
      finds: [
        "null": wrongType, #""Hi""#: wrongType, Body.hi: wrongType, "[]": [.error(.emptyArray)],
        "[null]": [.error(.invalidType, "[0]")], #"[\#(Body.hi),"Hi"]"#: [.error(.invalidType, "[1]")],
      ])

  @Test("each required field: what is accepted and what is found", arguments: requiredFields)
  func required(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - Flags

  static let flags: [BodyCase] = [
    BodyCase.field(
      "disable_tool_validation", accepts: ["true", "false"],
      finds: ["null": wrongType, #""true""#: wrongType, "1": wrongType]),
    BodyCase.field(
      "include_reasoning", accepts: ["null", "true", "false"], finds: [#""true""#: wrongType, "0": wrongType]),
    BodyCase.field(
      "logprobs", accepts: ["null"],
      finds: ["true": [.error(.invalidRequest)], "false": unused, #""true""#: wrongType, "1": wrongType]),
    BodyCase.field(
      "parallel_tool_calls", accepts: ["null", "true", "false"], finds: [#""no""#: wrongType, "[]": wrongType]),
    BodyCase.field(
      "store", accepts: ["null"],
      finds: ["true": unused, "false": unused, #""yes""#: unused + wrongType]),
    BodyCase.field(
      "stream", accepts: ["null", "false"],
      finds: ["true": [.error(.streamingUnsupported)], #""true""#: wrongType, "1": wrongType]),
  ].flatMap { $0 }

  @Test("each boolean field: what is accepted and what is found", arguments: flags)
  func flag(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - Numbers

  static let aboveDecimal: [Found] = [.error(.decimalAboveMaxValue)]
  static let belowDecimal: [Found] = [.error(.decimalBelowMinValue)]
  static let above: [Found] = [.error(.integerAboveMaxValue)]
  static let below: [Found] = [.error(.integerBelowMinValue)]
  static let refused: [Found] = [.error(.invalidRequest)]

  static func penalty(_ name: String) -> [BodyCase] {
    BodyCase.field(
      name, accepts: ["null", "0", "0.0", "-0"],
      finds: [
        "2": unused, "-2": unused, "0.1": unused, "2.1": unused + aboveDecimal, "-2.1": unused + belowDecimal,
        #""1""#: unused + wrongType,
      ])
  }

  static let numbers: [BodyCase] = [
    penalty("frequency_penalty"),
    penalty("presence_penalty"),
    BodyCase.field(
      "max_completion_tokens", accepts: ["null", "1", "65536"],
      finds: ["0": below, "-1": below, "1.5": wrongType, #""9""#: wrongType, "true": wrongType]),
    BodyCase.field(
      "max_tokens", accepts: ["null"],
      finds: ["1": outdated, "0": outdated + below, #""9""#: outdated + wrongType, "1.5": outdated + wrongType]),
    BodyCase.field(
      "n", accepts: ["null", "1"],
      finds: ["0": below, "2": above, "-1": below, #""1""#: wrongType, "true": wrongType]),
    BodyCase.field(
      "seed", accepts: ["null", "0", "-1", "2147483648"],
      finds: ["0.5": wrongType, #""0""#: wrongType, "false": wrongType]),
    BodyCase.field(
      "temperature", accepts: ["null", "0", "2", "0.7", "1e-8", "0.2e1"],
      finds: [
        "-0.1": belowDecimal, "2.1": aboveDecimal, "3": aboveDecimal, #""1""#: wrongType, "true": wrongType,
        "[1]": wrongType, "{}": wrongType,
      ]),
    BodyCase.field(
      "top_logprobs", accepts: ["null"],
      finds: [
        "0": refused, "20": refused, "21": refused + above, "-1": refused + below, #""5""#: wrongType,
        "false": wrongType,
      ]),
    BodyCase.field(
      "top_p", accepts: ["null", "0", "1", "0.95"],
      finds: ["-0.1": belowDecimal, "1.1": aboveDecimal, #""1""#: wrongType, "true": wrongType]),
  ].flatMap { $0 }

  @Test("each number field: what is accepted and what is found", arguments: numbers)
  func number(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - Words

  static let words: [BodyCase] = [
    BodyCase.field(
      "citation_options", accepts: ["null", #""enabled""#, #""disabled""#],
      finds: [#""on""#: wrongValue, #""Enabled""#: wrongValue, #""""#: wrongValue, "true": wrongType]),
    BodyCase.field(
      "reasoning_effort", model: "qwen/qwen3.8-27b",
      accepts: ["null", #""none""#, #""default""#, #""low""#, #""medium""#, #""high""#],
      finds: [#""minimal""#: wrongValue, #""High""#: wrongValue, "1": wrongType]),
    BodyCase.field(
      "reasoning_format", model: "qwen/qwen3-32b", accepts: ["null", #""hidden""#, #""raw""#, #""parsed""#],
      finds: [#""none""#: wrongValue, #""""#: wrongValue, "false": wrongType]),
    BodyCase.field(
      "service_tier", accepts: ["null", #""auto""#, #""on_demand""#, #""flex""#, #""performance""#],
      finds: [#""default""#: wrongValue, #""Flex""#: wrongValue, "1": wrongType]),
    BodyCase.field("user", accepts: ["null", #""""#, #""u-1""#], finds: ["1": wrongType, "{}": wrongType]),
    BodyCase.field(
      "stop", accepts: ["null", #""""#, #""x""#, "[]", #"["a"]"#, #"["a","b","c","d"]"#],
      finds: [
        #"["a","b","c","d","e"]"#: [.error(.arrayAboveMaxLength)], "1": wrongType, "{}": wrongType,
        "[null]": [.error(.invalidType, "[0]")], #"["a",1]"#: [.error(.invalidType, "[1]")],
      ]),
  ].flatMap { $0 }

  @Test("each string field: what is accepted and what is found", arguments: words)
  func word(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - Lists and objects

  static func domains(_ name: String) -> [BodyCase] {
    BodyCase.field(
      name, accepts: ["null"],
      finds: [
        #"["a.org"]"#: outdated, "[]": outdated, #""a.org""#: outdated + wrongType,
        "[null]": outdated + [.error(.invalidType, "[0]")],
      ])
  }

  /// `stream_options` without `stream` is doubtful, whatever its value is.
  static let unusedOptions: [Found] = [.warning(.ignoredParameter), .warning(.doubtfulValue)]

  static let containers: [BodyCase] = [
    domains("exclude_domains"),
    domains("include_domains"),
    BodyCase.field(
      "logit_bias", accepts: ["null"],
      finds: [
        "{}": unused, #"{"50256":-100}"#: refused, #"{"1":"5"}"#: refused + [.error(.invalidType, ".1")],
        #"{"1":0.5}"#: refused + [.error(.invalidType, ".1")], "[]": wrongType,
      ]),
    BodyCase.field(
      "metadata", accepts: ["null"],
      finds: [
        "{}": unused, #"{"a":"b"}"#: unused, #"{"a":1}"#: unused + [.error(.invalidType, ".a")],
        #"{"a":null}"#: unused + [.error(.invalidType, ".a")], #""a""#: unused + wrongType,
      ]),
    BodyCase.field(
      "stream_options", accepts: ["null"],
      finds: [
        "{}": unusedOptions, #"{"include_usage":true}"#: unusedOptions, #"{"include_usage":null}"#: unusedOptions,
        #"{"include_usage":1}"#: unusedOptions + [.error(.invalidType, ".include_usage")],
        #"{"chunks":1}"#: unusedOptions + [.warning(.unknownParameter, ".chunks")],
      ]),
  ].flatMap { $0 }

  @Test("each array or object field: what is accepted and what is found", arguments: containers)
  func container(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("stream_options of another type than object is an error", arguments: [#""x""#, "[]", "true"])
  func streamOptionsType(value: String) throws {
    let findings = try Check.findings(body: Body.with(#""stream_options":\#(value)"#))
    #expect(findings.map(Found.init).contains(.error(.invalidType, "body.stream_options")))
  }

  // MARK: - Members that the API does not know

  /// All but the last three are recorded as refused. The last three are a misspelt name, a null, and a name in the
  /// wrong case.
  static let unknownMembers = [
    ("reasoning", "{}"), ("thinking", "{}"), ("prompt_cache_key", #""k""#), ("chat_template_kwargs", "{}"),
    ("scheduling_context", "{}"), ("reasoningEffort", #""low""#), ("min_p", "0"), ("enable_thinking", "true"),
    ("temprature", "1"), ("top_k", "null"), ("Model", #""m""#),
  ]

  @Test("an unknown member of the body is an error", arguments: unknownMembers)
  func unknown(name: String, value: String) throws {
    try Check.expect(BodyCase(Body.with(#""\#(name)":\#(value)"#), .error(.unknownParameter, "body.\(name)")))
  }

  @Test("a body with every field has no findings")
  func allAtOnce() throws {
    let members = [
      #""citation_options":"enabled","compound_custom":null,"disable_tool_validation":false,"documents":[]"#,
      #""exclude_domains":null,"frequency_penalty":0,"function_call":null,"functions":null,"include_domains":null"#,
      #""include_reasoning":true,"logit_bias":null,"logprobs":null,"max_completion_tokens":9,"max_tokens":null"#,
      #""metadata":null,"n":1,"parallel_tool_calls":false,"presence_penalty":0,"reasoning_effort":"low""#,
      #""reasoning_format":null,"response_format":null,"search_settings":{},"seed":1,"service_tier":"auto""#,
      #""stop":[],"store":null,"stream":false,"stream_options":null,"temperature":1,"tool_choice":"auto","tools":[]"#,
      #""top_logprobs":null,"top_p":1,"user":"u""#,
    ]
    try Check.expect(BodyCase(Body.with(members.joined(separator: ","))))
  }

  @Test("all cases in one file give the same findings as alone")
  func together() throws {
    try Check.expectTogether(
      BodyFieldTests.requiredFields + BodyFieldTests.flags + BodyFieldTests.numbers + BodyFieldTests.words
        + BodyFieldTests.containers)
  }
}
