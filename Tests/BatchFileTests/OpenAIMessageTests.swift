import BatchFile
import Testing

/// Messages, tools and schemas of a chat completion at OpenAI.
@Suite("OpenAI: messages and tools")
struct OpenAIMessageTests {

  static func messages(
    _ name: String, _ template: String = "…", model: String = OpenAIBodies.chat, accepts: [String] = [],
    finds: KeyValuePairs<String, [Found]> = [:]
  ) -> OpenAIBodies {
    OpenAIBodies(
      name: name,
      cases: BodyCase.cases(
        at: "body.messages[0]", in: OpenAIBodies.chat("", model: model, messages: template), accepts: accepts,
        finds: finds))
  }

  static let call = #"{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}"#
  static let answer = #"{"role":"tool","tool_call_id":"c1","content":"1"}"#
  static let missingContent: [Found] = [.error(.missingRequiredParameter, ".content")]
  static let contentType: [Found] = [.error(.invalidType, ".content")]

  static let roles: [OpenAIBodies] = [
    messages(
      "roles",
      accepts: ["system", "developer", "user", "assistant"].map { #"{"role":"\#($0)","content":"Hi"}"# },
      finds: [
        #"{"content":"Hi"}"#: [.error(.missingRequiredParameter, ".role")],
        #"{"role":"robot","content":"Hi"}"#: [.error(.invalidValue, ".role")],
        #"{"role":1,"content":"Hi"}"#: [.error(.invalidType, ".role")], "1": Found.type,
        #"{"role":"function","name":"f","content":"1"}"#: [.warning(.deprecatedParameter, ".role")],
      ]),
    messages(
      "content of a user", #"{"role":"user","content":…}"#,
      accepts: [#""Hi""#, #""""#, #"[{"type":"text","text":"Hi"}]"#],
      finds: ["null": contentType, "[]": [.warning(.doubtfulValue, ".content")], "1": contentType]),
    messages(
      "content of others", "…",
      accepts: [
        #"{"role":"system","content":[{"type":"text","text":"Hi"}],"name":"a"}"#, #"{"role":"developer","content":""}"#,
      ],
      finds: [
        #"{"role":"system","content":[{"type":"image_url","image_url":{"url":"https://a.org"}}]}"#: [
          .error(.invalidValue, ".content[0].type")
        ],
        #"{"role":"developer","content":null}"#: contentType,
        #"{"role":"user","content":[{"type":"refusal","refusal":"No"}]}"#: [.error(.invalidValue, ".content[0].type")],
        #"{"role":"assistant","content":[{"type":"refusal"}]}"#: [
          .error(.missingRequiredParameter, ".content[0].refusal")
        ],
        #"{"role":"assistant","content":[{"type":"input_audio","input_audio":{"data":"A","format":"wav"}}]}"#: [
          .error(.invalidValue, ".content[0].type")
        ],
        #"{"role":"function","content":"1"}"#: [
          .error(.missingRequiredParameter, ".name"), .warning(.deprecatedParameter, ".role"),
        ],
        #"{"role":"function","name":"f","content":null}"#: [
          .warning(.deprecatedParameter, ".role"), .warning(.doubtfulValue, ".content"),
        ],
        #"{"role":"assistant","function_call":{"name":"f","arguments":"{}"}}"#: [
          .warning(.deprecatedParameter, ".function_call")
        ],
        #"{"role":"assistant","content":"Hi","function_call":{"name":"f"}}"#: [
          .warning(.deprecatedParameter, ".function_call"),
          .error(.missingRequiredParameter, ".function_call.arguments"),
        ],
        #"{"role":"assistant","content":"Hi","audio":{}}"#: [.error(.missingRequiredParameter, ".audio.id")],
        #"{"role":"user","content":"Hi","tool_calls":[]}"#: [.warning(.ignoredParameter, ".tool_calls")],
      ]),
    messages("no content", finds: [#"{"role":"user"}"#: missingContent, #"{"role":"system"}"#: missingContent]),
    messages(
      "content of an assistant", #"{"role":"assistant",…}"#,
      accepts: [
        #""content":"Hi""#, #""content":null,"refusal":"No.""#, #""audio":{"id":"a"}"#,
        #""content":[{"type":"refusal","refusal":"No."},{"type":"text","text":"Hi"}]"#,
      ],
      finds: [
        #""content":null"#: contentType, #""name":"a""#: missingContent,
        #""content":null,"tool_calls":null"#: [
          .error(.invalidType, ".content"), .warning(.doubtfulValue, ".tool_calls"),
        ],
        #""content":"Hi","tool_calls":null"#: [.warning(.doubtfulValue, ".tool_calls")],
        #""tool_calls":[]"#: [.error(.emptyArray, ".tool_calls")],
        #""content":[{"type":"image_url","image_url":{"url":"https://a.org"}}]"#: [
          .error(.invalidValue, ".content[0].type")
        ],
      ]),
    messages(
      "unknown members", #"{"role":"assistant","content":"Hi",…}"#, accepts: [#""name":"a""#, #""refusal":null"#],
      finds: [
        #""reasoning_content":"x""#: [.error(.unknownParameter, ".reasoning_content")],
        #""id":"x""#: [.error(.unknownParameter, ".id")],
        #""tool_call_id":"x""#: [.warning(.ignoredParameter, ".tool_call_id")],
      ]),
    messages(
      "names", #"{"role":"user","content":"Hi","name":…}"#, accepts: [#""Ann_1-b""#],
      finds: [
        #""Ann B""#: [.error(.invalidValue, ".name")], #""Änn""#: [.warning(.doubtfulValue, ".name")],
        "1": [.error(.invalidType, ".name")],
      ]),
    messages(
      "lengths", #"{"role":"user","content":…}"#,
      accepts: [OpenAIChatTests.long("x", 1_048_576)],
      finds: [
        OpenAIChatTests.long("x", 1_048_577): [.warning(.doubtfulValue, ".content")],
        OpenAIChatTests.long("x", 10_485_761): [.error(.stringAboveMaxLength, ".content")],
      ]),
  ]

  static func part(
    _ name: String, model: String = OpenAIBodies.chat, _ accepts: [String], _ finds: KeyValuePairs<String, [Found]>
  ) -> OpenAIBodies {
    OpenAIBodies(
      name: name,
      cases: BodyCase.cases(
        at: "body.messages[0].content[0]",
        in: OpenAIBodies.chat("", model: model, messages: #"{"role":"user","content":[…]}"#), accepts: accepts,
        finds: finds))
  }

  static let parts: [OpenAIBodies] = [
    part(
      "text",
      [#"{"type":"text","text":"Hi"}"#, #"{"type":"text","text":"Hi","prompt_cache_breakpoint":{"mode":"explicit"}}"#],
      [
        #"{"type":"text"}"#: [.error(.missingRequiredParameter, ".text")],
        #"{"text":"Hi"}"#: [.error(.missingRequiredParameter, ".type")],
        #"{"type":"input_text","text":"Hi"}"#: [.error(.invalidValue, ".type")],
        #"{"type":"text","text":"Hi","cache_control":{}}"#: [.warning(.unknownParameter, ".cache_control")],
        #"{"type":"text","text":1}"#: [.error(.invalidType, ".text")],
        #"{"type":"text","text":"Hi","prompt_cache_breakpoint":{"mode":"x"}}"#: [
          .error(.invalidValue, ".prompt_cache_breakpoint.mode")
        ],
        #"{"type":"input_image","image_url":"https://a.org"}"#: [.error(.invalidValue, ".type")],
      ]),
    part(
      "text of later models", model: "gpt-5.2", [#"{"type":"text","text":"Hi"}"#],
      [#"{"type":"text","text":"Hi","cache_control":{}}"#: [.error(.unknownParameter, ".cache_control")]]),
    part(
      "image",
      [
        #"{"type":"image_url","image_url":{"url":"https://a.org/b.png","detail":"low"}}"#,
        #"{"type":"image_url","image_url":{"url":"data:image\/png;base64,AAAA"}}"#,
        #"{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,AAAA"}}"#,
      ],
      [
        #"{"type":"image_url","image_url":"https://a.org/b.png"}"#: [.error(.invalidType, ".image_url")],
        #"{"type":"image_url"}"#: [.error(.missingRequiredParameter, ".image_url")],
        #"{"type":"image_url","image_url":{"detail":"low"}}"#: [.error(.missingRequiredParameter, ".image_url.url")],
        #"{"type":"image_url","image_url":{"url":"iVBORw0KGgo="}}"#: [.error(.invalidValue, ".image_url.url")],
        #"{"type":"image_url","image_url":{"url":"/tmp/a.png"}}"#: [.error(.invalidValue, ".image_url.url")],
        #"{"type":"image_url","image_url":{"url":"data:image/tiff;base64,AA"}}"#: [
          .warning(.doubtfulValue, ".image_url.url")
        ],
        #"{"type":"image_url","image_url":{"url":"https://a.org","detail":"max"}}"#: [
          .error(.invalidValue, ".image_url.detail")
        ],
      ]),
    part(
      "sound and files",
      [
        #"{"type":"input_audio","input_audio":{"data":"AA","format":"wav"}}"#,
        #"{"type":"file","file":{"file_id":"f_1"}}"#, #"{"type":"file","file":{"file_data":"AA","filename":"a.pdf"}}"#,
      ],
      [
        #"{"type":"input_audio","input_audio":{"data":"AA","format":"ogg"}}"#: [
          .error(.invalidValue, ".input_audio.format")
        ],
        #"{"type":"input_audio","input_audio":{"format":"wav"}}"#: [
          .error(.missingRequiredParameter, ".input_audio.data")
        ],
        #"{"type":"file","file":{"file_id":1}}"#: [.error(.invalidType, ".file.file_id")],
        #"{"type":"file","file":{"file_id":"f_1","x":1}}"#: [.error(.unknownParameter, ".file.x")],
        #"{"type":"file","file":{"filename":"a.pdf"}}"#: [.warning(.doubtfulValue, ".file")],
        #"{"type":"video_url","video_url":{}}"#: [.error(.invalidValue, ".type")],
      ]),
  ]

  /// Cases with whole conversations, whose expected paths are complete.
  static func talk(_ name: String, _ cases: BodyCase...) -> OpenAIBodies { OpenAIBodies(name: name, cases: cases) }

  static func conversation(_ messages: String...) -> String {
    OpenAIBodies.chat("", messages: messages.joined(separator: ","))
  }

  static func asks(_ call: String) -> String { #"{"role":"assistant","content":null,"tool_calls":[\#(call)]}"# }

  static let user = #"{"role":"user","content":"Hi"}"#

  static let calls: [OpenAIBodies] = [
    talk(
      "calls and answers",
      BodyCase(conversation(user, asks(call), answer)),
      BodyCase(conversation(user, asks(call), answer, user)),
      BodyCase(conversation(user, answer), .error(.invalidRequest, "body.messages[1].role")),
      BodyCase(conversation(user, asks(call)), .error(.invalidRequest, "body.messages[1].role")),
      BodyCase(
        conversation(asks(call), user, answer), .error(.invalidRequest, "body.messages[0].role"),
        .error(.invalidRequest, "body.messages[2].role")),
      BodyCase(
        conversation(asks(call), answer.replacingOccurrences(of: "c1", with: "c2")),
        .error(.invalidRequest, "body.messages[0].role"), .error(.invalidRequest, "body.messages[1].role")),
      BodyCase(
        conversation(asks(#"{"id":"c1","type":"custom","custom":{"name":"f","input":"x"}}"#), answer)),
      BodyCase(
        conversation(asks(#"{"id":"c1","type":"custom","custom":{"name":"f"}}"#), answer),
        .error(.missingRequiredParameter, "body.messages[0].tool_calls[0].custom.input")),
      BodyCase(
        conversation(asks(#"{"id":"c1","function":{"name":"f","arguments":"{}"}}"#), answer),
        .error(.missingRequiredParameter, "body.messages[0].tool_calls[0].type")),
      BodyCase(
        conversation(asks(call), #"{"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"1"}]}"#)),
      BodyCase(
        conversation(asks(call), answer.replacingOccurrences(of: #""1""#, with: "null")),
        .error(.invalidType, "body.messages[1].content")),
      BodyCase(
        conversation(user, #"{"role":"tool","content":"1"}"#),
        .error(.missingRequiredParameter, "body.messages[1].tool_call_id")),
      BodyCase(
        conversation(asks("\(call),\(call.replacingOccurrences(of: "c1", with: "c2"))"), answer),
        .error(.invalidRequest, "body.messages[0].role")),
      BodyCase(
        conversation(asks(#"{"index":0,\#(call.dropFirst())"#), answer),
        .warning(.unknownParameter, "body.messages[0].tool_calls[0].index")),
      BodyCase(
        conversation(asks(#"{"id":"c1","type":"function","function":{"name":"a b","arguments":"{}"}}"#), answer),
        .error(.invalidValue, "body.messages[0].tool_calls[0].function.name")),
      BodyCase(
        conversation(asks(#"{"id":"c1","type":"function","function":{"name":"f","arguments":{}}}"#), answer),
        .error(.invalidType, "body.messages[0].tool_calls[0].function.arguments")),
      BodyCase(
        conversation(
          asks(call.replacingOccurrences(of: "c1", with: String(repeating: "c", count: 41))),
          answer.replacingOccurrences(of: "c1", with: String(repeating: "c", count: 41))),
        .warning(.doubtfulValue, "body.messages[0].tool_calls[0].id")))
  ]

  static let tool = #"{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}"#

  static func function(_ members: String) -> String { #"[{"type":"function","function":{\#(members)}}]"# }

  static let tools: [OpenAIBodies] = [
    .member(
      "tools",
      accepts: [
        "[\(tool)]", Body.list(tool, count: 128), "null", function(#""name":"f""#),
        function(#""name":"f","strict":null"#), function(#""name":\#(OpenAIChatTests.long("f", 64))"#),
        function(#""name":"f","description":\#(OpenAIChatTests.long("d", 1_025))"#),
        #"[{"type":"custom","custom":{"name":"c","description":"d"}}]"#,
        #"[{"type":"custom","custom":{"name":"c","format":{"type":"grammar","grammar":{"definition":"x","syntax":"lark"}}}}]"#,
        #"[{"type":"custom","custom":{"name":"c","format":{"type":"text"}}}]"#,
      ],
      finds: [
        "[]": [.error(.emptyArray)], Body.list(tool, count: 129): [.error(.arrayAboveMaxLength)],
        #"[{"type":"function","name":"f","parameters":{}}]"#: [
          .error(.missingRequiredParameter, "[0].function"), .warning(.unknownParameter, "[0].name"),
          .warning(.unknownParameter, "[0].parameters"),
        ],
        #"[{"type":"web_search"}]"#: [.error(.invalidValue, "[0].type")],
        #"[{"function":{"name":"f"}}]"#: [.error(.missingRequiredParameter, "[0].type")],
        #"[{"type":"custom"}]"#: [.error(.missingRequiredParameter, "[0].custom")],
        #"[{"type":"custom","custom":{}}]"#: [.error(.missingRequiredParameter, "[0].custom.name")],
        #"[{"type":"mcp","server_label":"s"}]"#: [
          .error(.invalidValue, "[0].type")
        ],
        function(""): [.error(.missingRequiredParameter, "[0].function.name")],
        function(#""name":"f","parameters":"{}""#): [.error(.invalidType, "[0].function.parameters")],
        function(#""name":"f","strict":1"#): [.error(.invalidType, "[0].function.strict")],
        function(#""name":"a b""#): [.error(.invalidValue, "[0].function.name")],
        function(#""name":\#(OpenAIChatTests.long("f", 65))"#): [.error(.stringAboveMaxLength, "[0].function.name")],
        function(#""name":"f","parameters":{}"#): [.warning(.doubtfulValue, "[0].function.parameters")],
        function(#""name":"f","parameters":{"type":"object"}"#): [.warning(.doubtfulValue, "[0].function.parameters")],
        function(#""name":"f","parameters":{"type":"string"}"#): [
          .error(.invalidFunctionParameters, "[0].function.parameters.type")
        ],
        function(#""name":"f","parameters":{"type":"object","properties":{"a":{"type":"array"}}}"#): [
          .error(.invalidFunctionParameters, "[0].function.parameters.properties.a")
        ],
        function(#""name":"f","strict":true,"parameters":{"type":"object","properties":{}}"#): [
          .error(.invalidFunctionParameters, "[0].function.parameters")
        ],
        #"[{"type":"custom","custom":{"name":"c","format":{"type":"grammar","grammar":{"definition":"x","syntax":"y"}}}}]"#:
          [
            .error(.invalidValue, "[0].custom.format.grammar.syntax")
          ],
      ]),
    .member(
      "tool_choice", with: #""tools":[\#(tool)],"tool_choice":…"#,
      accepts: [
        #""none""#, #""auto""#, #""required""#, "null", #"{"type":"function","function":{"name":"f"}}"#,
        #"{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{}]}}"#,
      ],
      finds: [
        #""any""#: Found.value, "{}": [.error(.missingRequiredParameter, ".type")],
        #"{"type":"function"}"#: [.error(.missingRequiredParameter, ".function")],
        #"{"type":"function","function":{"name":"g"}}"#: [.error(.invalidRequest, ".function.name")],
        #"{"type":"custom","custom":{"name":"f"}}"#: [.error(.invalidRequest, ".custom.name")],
        #"{"type":"allowed_tools","allowed_tools":{"mode":"none","tools":[]}}"#: [
          .error(.invalidValue, ".allowed_tools.mode")
        ],
        #"{"type":"allowed_tools","allowed_tools":{"mode":"auto"}}"#: [
          .error(.missingRequiredParameter, ".allowed_tools.tools")
        ],
        #"{"type":"file_search"}"#: [.error(.invalidValue, ".type")],
      ]),
    .member(
      "tool_choice", accepts: ["null"], finds: [#""none""#: Found.request, #""auto""#: Found.request]),
    .member(
      "parallel_tool_calls", accepts: ["null"],
      finds: ["true": Found.doubt, "1": [.error(.invalidType), .warning(.doubtfulValue)]]),
    .member("parallel_tool_calls", with: #""tools":[\#(tool)],"parallel_tool_calls":…"#, accepts: ["true", "false"]),
  ]

  @Test("messages: what is accepted and what is found", arguments: roles + parts + calls)
  func conversation(_ bodies: OpenAIBodies) throws { try bodies.expect() }

  @Test("tools: what is accepted and what is found", arguments: tools)
  func offered(_ bodies: OpenAIBodies) throws { try bodies.expect() }

  @Test("a text of more than 1,048,576 characters is doubtful in every place", arguments: [1_048_576, 1_048_577])
  func longTexts(count: Int) throws {
    let text = OpenAIChatTests.long("x", count)
    let body = OpenAIBodies.chat(
      "",
      messages: #"{"role":"developer","content":\#(text)},{"role":"user","content":[{"type":"text","text":\#(text)}]},"#
        + #"{"role":"assistant","content":\#(text)},"#
        + #"{"role":"assistant","content":[{"type":"refusal","refusal":\#(text)}]},"#
        + #"{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},"#
        + #"{"role":"tool","tool_call_id":"c","content":\#(text)},{"role":"function","name":"f","content":\#(text)}"#)
    let places = [
      "[0].content", "[1].content[0].text", "[2].content", "[3].content[0].refusal", "[5].content", "[6].content",
    ]
    var wanted = count == 1_048_576 ? [] : places.map { Found.warning(.doubtfulValue, "body.messages\($0)") }
    wanted.insert(.warning(.deprecatedParameter, "body.messages[6].role"), at: max(0, wanted.count - 1))
    let found = try Check.findings(bodies: [body], checker: OpenAIBodies.checker)[0]
    #expect(found.map(Found.init) == wanted)
  }
}
