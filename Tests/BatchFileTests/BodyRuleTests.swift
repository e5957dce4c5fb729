import BatchFile
import Testing

/// Rules over several fields of a body: each finds its fault, and nothing in a body that is nearly the same.
@Suite("Request rules")
struct BodyRuleTests {
  static let qwen = "qwen/qwen3-32b"
  static let tool = #"{"type":"function","function":{"name":"f"}}"#
  static let json = #"{"role":"user","content":"Answer in JSON"}"#
  static let schema = #""response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{}}}"#
  static let format: [Found] = [.error(.invalidRequest, "body.reasoning_format")]
  static let formatType: Found = .error(.invalidRequest, "body.response_format.type")

  // MARK: - Output

  static let reasoning: [BodyCase] = [
    // include_reasoning and reasoning_format
    BodyCase.cases(
      at: "body", in: Body.with(#""reasoning_format":"parsed","include_reasoning":…"#, model: qwen),
      accepts: ["null"], finds: ["true": format, "false": format]),
    BodyCase.cases(
      at: "body", in: Body.with(#""include_reasoning":true,"reasoning_format":…"#, model: qwen),
      accepts: ["null"], finds: [#""hidden""#: format]),
    // raw with JSON or tools
    BodyCase.cases(
      at: "body", in: Body.with(#""reasoning_format":"raw",…"#, model: qwen, messages: json),
      accepts: [#""tools":[]"#, #""tools":null"#, #""response_format":{"type":"text"}"#, #""response_format":null"#],
      finds: [
        #""tools":[\#(tool)]"#: format, #""response_format":{"type":"json_object"}"#: format, schema: format,
      ]),
    BodyCase.cases(
      at: "body", in: Body.with(#""tools":[\#(tool)],"reasoning_format":…"#, model: qwen),
      accepts: [#""parsed""#, #""hidden""#]),
  ].flatMap { $0 }

  static let output: [BodyCase] = [
    // JSON with tools
    BodyCase.cases(
      at: "body", in: Body.with(#""tools":[\#(tool)],…"#, messages: json),
      accepts: [#""response_format":{"type":"text"}"#, #""response_format":null"#],
      finds: [#""response_format":{"type":"json_object"}"#: [formatType], schema: [formatType]]),
    BodyCase.cases(
      at: "body", in: Body.with(#""response_format":{"type":"json_object"},"tools":…"#, messages: json),
      accepts: ["[]", "null"]),
    // A schema with a stream
    BodyCase.cases(
      at: "body", in: Body.with(#"\#(schema),"stream":…"#), accepts: ["false", "null"],
      finds: ["true": [formatType, .error(.streamingUnsupported, "body.stream")]]),
    BodyCase.cases(
      at: "body",
      in: Body.with(#""response_format":{"type":…},"stream":true"#, messages: json),
      finds: [#""json_object""#: [.error(.streamingUnsupported, "body.stream")]]),
    // The word json
    BodyCase.cases(
      at: "body.messages",
      in: #"{"model":"\#(Body.model)","response_format":{"type":"json_object"},"messages":[…]}"#,
      accepts: [
        json, #"{"role":"system","content":"json"},\#(Body.hi)"#, #"{"role":"user","content":"xJsOnx"}"#,
        #"\#(Body.hi),{"role":"assistant","content":"JSON?"}"#,
        #"{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"text","text":"As JSON"}]}"#,
      ],
      finds: [
        Body.hi: [.error(.invalidRequest)], #"{"role":"user","content":"JS ON"}"#: [.error(.invalidRequest)],
        #"{"role":"user","content":[{"type":"text","text":"jso"}]}"#: [.error(.invalidRequest)],
      ]),
    BodyCase.cases(
      at: "body.messages",
      in: Body.with(#""response_format":{"type":…}"#), accepts: [#""text""#],
      finds: [#""json_object""#: [.error(.invalidRequest)]]),
  ].flatMap { $0 }

  // MARK: - Strict schemas

  static let strict: [BodyCase] =
    BodyCase.cases(
      at: "body.response_format.json_schema.schema",
      in: Body.with(
        #""response_format":{"type":"json_schema","json_schema":{"name":"s","strict":true,"schema":…}}"#),
      accepts: [
        object(#""a":{"type":"string"}"#, required: #""a""#), object("", required: ""),
        #"{"type":"object","additionalProperties":false}"#,
        object(#""a":\#(object(#""b":{}"#, required: #""b""#))"#, required: #""a""#),
        // Properties may have the names of keywords.
        object(#""items":{"type":"string"},"anyOf":{"type":"string"}"#, required: #""anyOf","items""#),
        object(#""r\u0065f":{"type":"string"}"#, required: #""ref""#),
      ],
      finds: [
        "{}": refused, #"{"type":"object"}"#: refused, #"{"type":"string"}"#: [.error(.invalidRequest, ".type")],
        #"{"type":["object","null"]}"#: refused + [.error(.invalidRequest, ".type")],
        #"{"properties":{}}"#: refused + refused,
        #"{"type":"object","additionalProperties":true}"#: refused,
        #"{"type":"object","additionalProperties":{}}"#: refused,
        #"{"type":"object","additionalProperties":false,"properties":{"a":{}}}"#: refused,
        object(#""a":{},"b":{}"#, required: #""a""#): refused,
        #"{"type":"object","properties":{"a":{}}}"#: refused + refused,
        object(#""a":{"type":"object"}"#, required: #""a""#): [.error(.invalidRequest, ".properties.a")],
        object(#""a":{"type":"array","items":{"type":"object"}}"#, required: #""a""#): [
          .error(.invalidRequest, ".properties.a.items")
        ],
        object(#""a":{"anyOf":[{"type":"string"},{"type":"object"}]}"#, required: #""a""#): [
          .error(.invalidRequest, ".properties.a.anyOf[1]")
        ],
        ##"{"$defs":{"d":{"type":"object"}},"$ref":"#/$defs/d"}"##: [.error(.invalidRequest, ".$defs.d")],
        #"{"type":"object","additionalProperties":false,"definitions":{"d":{"type":"object"}}}"#: [
          .error(.invalidRequest, ".definitions.d")
        ],
        object(
          #""a":{"type":"array","items":{"anyOf":[{"type":"array","items":{"type":"object"}}]}}"#, required: #""a""#): [
            .error(.invalidRequest, ".properties.a.items.anyOf[0].items")
          ],
        // "schema must have type 'object' and not have 'oneOf'/'anyOf'/'enum'/'not' at the top level."
        #"{"type":"array","items":{"type":"string"}}"#: [.error(.invalidRequest, ".type")],
        #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#: [.error(.invalidRequest, ".anyOf")],
        #"{"type":"object","additionalProperties":false,"oneOf":[{"type":"null"}]}"#: [
          .error(.invalidRequest, ".oneOf")
        ],
        #"{"type":"object","additionalProperties":false,"not":{}}"#: [
          .warning(.doubtfulValue, ".not"), .error(.invalidRequest, ".not"),
        ],
      ])
    + BodyCase.cases(
      at: "body",
      in: Body.with(
        #""response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}…}}"#),
      accepts: ["", #","strict":false"#, #","strict":null"#],
      finds: [#","strict":true"#: [.error(.invalidRequest, "body.response_format.json_schema.schema")]])

  static let refused: [Found] = [.error(.invalidRequest)]

  static func object(_ properties: String, required: String) -> String {
    #"{"type":"object","properties":{\#(properties)},"required":[\#(required)],"additionalProperties":false}"#
  }

  // MARK: - Tools

  static let named = #""tool_choice":{"type":"function","function":{"name":"f"}}"#
  static let choice: [Found] = [.warning(.doubtfulValue, "body.tool_choice")]

  static let tools: [BodyCase] = [
    // disable_tool_validation with a named tool
    BodyCase.cases(
      at: "body.disable_tool_validation",
      in: Body.with(#""tools":[\#(tool)],\#(named),"disable_tool_validation":…"#),
      accepts: ["false"], finds: ["true": refused]),
    BodyCase.cases(
      at: "body", in: Body.with(#""tools":[\#(tool)],"disable_tool_validation":true,"tool_choice":…"#),
      accepts: [#""auto""#, #""required""#]),
    // A named tool that `tools` does not have
    BodyCase.cases(
      at: "body.tool_choice.function.name",
      in: Body.with(#""tools":[\#(tool)],"tool_choice":{"type":"function","function":{"name":…}}"#),
      accepts: [#""f""#], finds: [#""g""#: refused, #""F""#: refused, #""""#: refused]),
    BodyCase.cases(
      at: "body.tool_choice.function.name", in: Body.with(#"\#(named),"tools":[…]"#),
      accepts: [#"{"type":"mcp"},\#(tool)"#], finds: [#"{"type":"browser_search"}"#: refused]),
    // A choice without tools
    BodyCase.cases(
      at: "body", in: Body.with("…"),
      accepts: [
        #""tool_choice":"auto""#, #""tool_choice":"none""#, #""tool_choice":"required","tools":[\#(tool)]"#,
      ],
      finds: [
        #""tool_choice":"required""#: choice, #""tool_choice":"required","tools":[]"#: choice,
        #""tool_choice":"required","tools":null"#: choice, named: choice,
      ]),
    // required without properties
    BodyCase.cases(
      at: "body.tools[0].function.parameters",
      in: Body.with(#""tools":[{"type":"function","function":{"name":"f","parameters":…}}]"#),
      accepts: [
        "{}", #"{"type":"object","properties":{},"required":[]}"#, #"{"type":"object"}"#, #"{"properties":{"a":{}}}"#,
      ],
      finds: [
        #"{"type":"object","required":["a"]}"#: [.error(.invalidRequest, ".required")],
        #"{"required":[]}"#: [.error(.invalidRequest, ".required")],
      ]),
    // Two tools of one name
    BodyCase.cases(
      at: "body", in: Body.with(#""tools":[\#(tool),{"type":"function","function":{"name":…}}]"#),
      accepts: [#""g""#, #""F""#],
      finds: [#""f""#: [.warning(.doubtfulValue, "body.tools[1].function.name")]]),
  ].flatMap { $0 }

  // MARK: - Tool messages

  static func call(_ ids: String...) -> String {
    let calls = ids.map { #"{"id":"\#($0)","type":"function","function":{"name":"f","arguments":"{}"}}"# }
    return #"{"role":"assistant","tool_calls":[\#(calls.joined(separator: ","))]}"#
  }

  static func answer(_ id: String) -> String { #"{"role":"tool","tool_call_id":"\#(id)","content":"1"}"# }

  static let answers: [BodyCase] = BodyCase.cases(
    at: "body.messages", in: Body.messages("\(Body.hi),…"),
    accepts: [
      call("a"), "\(call("a")),\(answer("a"))", "\(call("a", "b")),\(answer("b")),\(answer("a"))",
      "\(call("a")),\(answer("a")),\(Body.hi),\(answer("a"))",
      "\(call("a")),\(answer("a")),\(call("b")),\(answer("b"))",
    ],
    finds: [
      answer("a"): [.warning(.doubtfulValue, "[1].tool_call_id")],
      "\(call("a")),\(answer("b"))": [.warning(.doubtfulValue, "[2].tool_call_id")],
      "\(call("a")),\(answer("A"))": [.warning(.doubtfulValue, "[2].tool_call_id")],
      // Both are the same letter to Unicode, but the API compares bytes.
      "\(call(#"\u00e9"#)),\(answer("e\u{301}"))": [.warning(.doubtfulValue, "[2].tool_call_id")],
      "\(answer("a")),\(call("a"))": [.warning(.doubtfulValue, "[1].tool_call_id")],
      "\(call("a")),\(answer("a")),\(answer("b")),\(answer("c"))": [
        .warning(.doubtfulValue, "[3].tool_call_id"), .warning(.doubtfulValue, "[4].tool_call_id"),
      ],
    ])

  // MARK: - Keys that come twice

  /// The last of two keys counts, as in most readers of JSON. Keys inside unknown objects are found as well.
  static let twice: [BodyCase] = {
    let call = #"{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}"#
    let named = #"{"type":"function","function":{"name":"f"}}"#
    func twice(_ param: String) -> Found { .warning(.duplicateKey, param) }
    return [
      BodyCase(
        Body.with(
          #""tools":[{"type":"function","function":{"name":"f"},"type":"browser_search"}]"#,
          model: "llama-3.1-8b-instant"),
        twice("body.tools[0].type"), .error(.invalidValue, "body.tools[0].type")),
      BodyCase(
        Body.with(#""tools":[{"type":"function","function":{"name":"f","name":"f"}}]"#),
        twice("body.tools[0].function.name")),
      BodyCase(
        Body.with(#""tools":[{"type":"function","function":{"name":"f","name":"g"}},\#(named)]"#),
        twice("body.tools[0].function.name")),
      BodyCase(Body.with(#""tools":[\#(named)],"tools":[\#(named)]"#), twice("body.tools")),
      BodyCase(
        Body.messages(#"\#(Body.hi),{"role":"assistant","tool_calls":[\#(call)],"tool_calls":[]},\#(answer("a"))"#),
        twice("body.messages[1].tool_calls"), .warning(.doubtfulValue, "body.messages[1].tool_calls"),
        .warning(.doubtfulValue, "body.messages[2].tool_call_id")),
      BodyCase(
        Body.messages(#"{"rolle":"assistant","tool_calls":[\#(call)]},\#(answer("a"))"#),
        .error(.missingRequiredParameter, "body.messages[0].role")),
      BodyCase(
        Body.messages(#"{"role":"user","content":"Hi","tool_calls":[\#(call)]},\#(answer("a"))"#),
        .error(.unknownParameter, "body.messages[0].tool_calls")),
      BodyCase(
        Body.with(#""tools":[{"function":{"name":"f"}},\#(named)]"#),
        .error(.missingRequiredParameter, "body.tools[0].type"),
        .warning(.doubtfulValue, "body.tools[1].function.name")),
      BodyCase(
        Body.with(#""tools":[{"type":"mcp","function":{"name":"f"}},\#(named)]"#),
        .warning(.doubtfulValue, "body.tools[1].function.name")),
    ]
  }()

  @Test("a key that comes twice in one object is a warning", arguments: twice)
  func keysTwice(_ one: BodyCase) throws {
    #expect(try Check.findings(bodies: [one.body])[0].map(Found.init) == one.found)
  }

  @Test("an answer without a call, and a tool that comes twice, are found among many", arguments: [100, 128, 129, 400])
  func many(count: Int) throws {
    let ids = (0..<count).map { "c\($0)" }
    let calls = ids.map { BodyRuleTests.call($0) } + ids.map { BodyRuleTests.answer($0) }
    let good = Body.messages(([Body.hi] + calls).joined(separator: ","))
    let bad = Body.messages(([Body.hi] + calls + [BodyRuleTests.answer("d")]).joined(separator: ","))
    let findings = try Check.findings(bodies: [good, bad])
    #expect(findings[0].isEmpty)
    #expect(
      findings[1].map(Found.init) == [.warning(.doubtfulValue, "body.messages[\(2 * count + 1)].tool_call_id")])
    let tools = ids.map { #"{"type":"function","function":{"name":"\#($0)"}}"# }
    let repeated = try Check.findings(bodies: [Body.with(#""tools":[\#((tools + [tools[1]]).joined(separator: ","))]"#)]
    )
    #expect(
      repeated[0].map(Found.init).contains(.warning(.doubtfulValue, "body.tools[\(count)].function.name")))
    #expect(repeated[0].filter { $0.code == .doubtfulValue }.count == 1)
  }

  // MARK: - Fields that go or do not go together

  static let pairs: [BodyCase] = [
    // top_logprobs is refused with and without logprobs.
    BodyCase.cases(
      at: "body", in: Body.with("…"), accepts: [#""top_logprobs":null,"logprobs":null"#],
      finds: [
        #""top_logprobs":3"#: [.error(.invalidRequest, "body.top_logprobs")],
        #""top_logprobs":3,"logprobs":true"#: [
          .error(.invalidRequest, "body.top_logprobs"), .error(.invalidRequest, "body.logprobs"),
        ],
      ]),
    BodyCase.cases(
      at: "body.max_tokens", in: Body.with(#""max_tokens":9,"max_completion_tokens":…"#),
      finds: [
        "9": [.warning(.deprecatedParameter), .warning(.doubtfulValue)], "null": [.warning(.deprecatedParameter)],
      ]),
    BodyCase.cases(
      at: "body.stream_options", in: Body.with(#""stream_options":{"include_usage":true},"stream":…"#),
      finds: [
        "false": [.warning(.ignoredParameter), .warning(.doubtfulValue)],
        "null": [.warning(.ignoredParameter), .warning(.doubtfulValue)],
        "true": [.warning(.ignoredParameter), .error(.streamingUnsupported, "body.stream")],
      ]),
    // Groq advises against setting both, but so many files do that there is no finding.
    [BodyCase(Body.with(#""temperature":0.2,"top_p":0.9"#))],
  ].flatMap { $0 }

  @Test("parameters of reasoning that exclude each other are errors", arguments: reasoning)
  func reasoningCase(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("parameters of the output that exclude each other are found", arguments: output)
  func outputCase(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("a strict schema that the API refuses is found", arguments: strict)
  func strictCase(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("tools and tool_choice that do not fit each other are found", arguments: tools)
  func toolsCase(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("an answer of a tool without its call is a warning", arguments: answers)
  func answersCase(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("two fields that do not go together are found", arguments: pairs)
  func pairsCase(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("all cases in one file give the same findings as alone")
  func together() throws {
    try Check.expectTogether(
      BodyRuleTests.reasoning + BodyRuleTests.output + BodyRuleTests.strict + BodyRuleTests.tools
        + BodyRuleTests.answers + BodyRuleTests.pairs)
  }
}
