import BatchFile
import Testing

/// The messages, role by role.
@Suite("Messages")
struct MessageTests {
  static let wrongType: [Found] = [.error(.invalidType)]
  static let call = #"{"id":"c-1","type":"function","function":{"name":"f","arguments":"{}"}}"#
  /// An assistant's message with a call, which a tool message can answer.
  static let calling = #"\#(Body.hi),{"role":"assistant","tool_calls":[\#(call)]}"#

  // MARK: - Roles

  static let roles: [BodyCase] =
    BodyCase.cases(
      at: "body.messages[0].role", in: Body.messages(#"{"role":…,"content":"Hi"}"#),
      accepts: [#""system""#, #""developer""#, #""user""#, #""assistant""#],
      finds: [
        #""User""#: [.error(.invalidValue)], #""model""#: [.error(.invalidValue)], #""""#: [.error(.invalidValue)],
        "null": wrongType, "1": wrongType, #"["user"]"#: wrongType,
      ]) + [
      BodyCase(Body.messages(#"{"content":"Hi"}"#), .error(.missingRequiredParameter, "body.messages[0].role")),
      BodyCase(Body.messages("\(Body.hi),{}"), .error(.missingRequiredParameter, "body.messages[1].role")),
      BodyCase(
        Body.messages(#"{"role":"function","name":"f","content":"1"}"#),
        .warning(.deprecatedParameter, "body.messages[0].role")),
      BodyCase(Body.messages(#"\#(calling),{"role":"tool","tool_call_id":"c-1","content":"1"}"#)),
      BodyCase(Body.messages(#"{"content":"Hi","role":"user"}"#)),
    ]

  @Test("role: what is accepted and what is found", arguments: roles)
  func role(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - Content

  static let textParts = #"[{"type":"text","text":"a"},{"type":"text","text":""}]"#
  static let noContent: [Found] = [.error(.emptyArray)]

  static func instruction(_ role: String) -> [BodyCase] {
    BodyCase.cases(
      at: "body.messages[0].content", in: Body.messages(#"{"role":"\#(role)","content":…},\#(Body.hi)"#),
      accepts: [#""Hi""#, #""""#, textParts],
      finds: [
        "null": wrongType, "1": wrongType, "{}": wrongType, "[]": noContent, #"["Hi"]"#: [.error(.invalidType, "[0]")],
        "[null]": [.error(.invalidType, "[0]")],
        #"[{"type":"image_url","image_url":{"url":"u"}}]"#: [.error(.invalidValue, "[0].type")],
        #"[{"type":"document","document":{"data":{}}}]"#: [.error(.invalidValue, "[0].type")],
      ])
  }

  static let contents: [BodyCase] = [
    instruction("system"),
    instruction("developer"),
    BodyCase.cases(
      at: "body.messages[0].content",
      in: Body.messages(#"{"role":"user","content":…}"#, model: Body.scout),
      accepts: [
        #""Hi""#, #""""#, textParts, #"[{"type":"image_url","image_url":{"url":"u"}}]"#,
        #"[{"type":"document","document":{"data":{}}}]"#,
      ],
      finds: ["null": wrongType, "1": wrongType, "[]": noContent, "[1]": [.error(.invalidType, "[0]")]]),
    BodyCase.cases(
      at: "body.messages[1].content", in: Body.messages(#"\#(Body.hi),{"role":"assistant","content":…}"#),
      accepts: [#""Hi""#, #""""#, textParts],
      finds: [
        "[]": [.warning(.doubtfulValue)], "null": [.warning(.doubtfulValue, "body.messages[1]")], "1": wrongType,
        #"[{"type":"image_url","image_url":{"url":"u"}}]"#: [.error(.invalidValue, "[0].type")],
      ]),
    BodyCase.cases(
      at: "body.messages[2].content",
      in: Body.messages(#"\#(calling),{"role":"tool","tool_call_id":"c-1","content":…}"#, model: Body.scout),
      accepts: [
        #""""#, textParts, #"[{"type":"image_url","image_url":{"url":"u"}}]"#,
        #"[{"type":"document","document":{"data":{}}}]"#,
      ],
      finds: ["null": wrongType, "1": wrongType, "{}": wrongType, "[]": noContent]),
    [
      BodyCase(
        Body.messages(#"{"role":"function","name":"f","content":null}"#),
        .warning(.deprecatedParameter, "body.messages[0].role")),
      BodyCase(
        Body.messages(#"{"role":"function","name":"f","content":[]}"#),
        .warning(.deprecatedParameter, "body.messages[0].role"), .error(.invalidType, "body.messages[0].content")),
      BodyCase(
        Body.messages(#"{"role":"function","name":"f"}"#),
        .error(.missingRequiredParameter, "body.messages[0].content"),
        .warning(.deprecatedParameter, "body.messages[0].role")),
      BodyCase(
        Body.messages(#"\#(calling),{"role":"tool","tool_call_id":"c-1"}"#),
        .error(.missingRequiredParameter, "body.messages[2].content")),
    ],
    ["system", "developer", "user"].map {
      BodyCase(Body.messages(#"{"role":"\#($0)"}"#), .error(.missingRequiredParameter, "body.messages[0].content"))
    },
  ].flatMap { $0 }

  @Test("content of each role: what is accepted and what is found", arguments: contents)
  func content(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - Parts

  static let parts: [BodyCase] = BodyCase.cases(
    at: "body.messages[0].content[0]",
    in: Body.messages(#"{"role":"user","content":[…]}"#, model: Body.scout),
    accepts: [
      #"{"type":"text","text":""}"#,
      #"{"type":"image_url","image_url":{"url":"https://a.org/b.png","detail":"auto"}}"#,
      #"{"type":"image_url","image_url":{"url":"u","detail":"low"}}"#,
      #"{"type":"image_url","image_url":{"url":"u","detail":"high"}}"#,
      #"{"type":"document","document":{"data":{"a":[1]},"id":"d-1"}}"#,
      #"{"type":"document","document":{"data":{},"id":null}}"#,
    ],
    finds: [
      #"{"text":"Hi"}"#: [.error(.missingRequiredParameter, ".type")],
      #"{"type":null,"text":"Hi"}"#: [.error(.invalidType, ".type")],
      #"{"type":"video_url"}"#: [.error(.invalidValue, ".type")],
      #"{"type":"text"}"#: [.error(.missingRequiredParameter, ".text")],
      #"{"type":"text","text":null}"#: [.error(.invalidType, ".text")],
      #"{"type":"text","text":1}"#: [.error(.invalidType, ".text")],
      #"{"type":"text","text":"Hi","cache_control":{}}"#: [.warning(.unknownParameter, ".cache_control")],
      #"{"type":"image_url"}"#: [.error(.missingRequiredParameter, ".image_url")],
      #"{"type":"image_url","image_url":null}"#: [.error(.invalidType, ".image_url")],
      #"{"type":"image_url","image_url":"u"}"#: [.error(.invalidType, ".image_url")],
      #"{"type":"image_url","image_url":{}}"#: [.error(.missingRequiredParameter, ".image_url.url")],
      #"{"type":"image_url","image_url":{"url":null}}"#: [.error(.invalidType, ".image_url.url")],
      #"{"type":"image_url","image_url":{"url":"u","detail":null}}"#: [.error(.invalidType, ".image_url.detail")],
      #"{"type":"image_url","image_url":{"url":"u","detail":"full"}}"#: [.error(.invalidValue, ".image_url.detail")],
      #"{"type":"image_url","image_url":{"url":"u","w":1}}"#: [.warning(.unknownParameter, ".image_url.w")],
      #"{"type":"document"}"#: [.error(.missingRequiredParameter, ".document")],
      #"{"type":"document","document":[]}"#: [.error(.invalidType, ".document")],
      #"{"type":"document","document":{}}"#: [.error(.missingRequiredParameter, ".document.data")],
      #"{"type":"document","document":{"data":"x"}}"#: [.error(.invalidType, ".document.data")],
      #"{"type":"document","document":{"data":null}}"#: [.error(.invalidType, ".document.data")],
      #"{"type":"document","document":{"data":{},"id":1}}"#: [.error(.invalidType, ".document.id")],
      #"{"type":"document","document":{"data":{},"x":1}}"#: [.warning(.unknownParameter, ".document.x")],
    ])

  @Test("parts of a content: what is accepted and what is found", arguments: parts)
  func part(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - Other members

  static func name(_ role: String, before: String = Body.hi, more: String = "") -> [BodyCase] {
    let place = "body.messages[\(before == Body.hi ? 1 : 2)].name"
    return BodyCase.cases(
      at: place, in: Body.messages(#"\#(before),{"role":"\#(role)","content":"Hi",\#(more)"name":…}"#),
      finds: [
        #""Ann""#: [.warning(.ignoredParameter)], "null": wrongType,
        "1": [.warning(.ignoredParameter), .error(.invalidType)],
      ])
  }

  static let names: [BodyCase] = [
    name("system"), name("developer"), name("user"), name("assistant"),
    name("tool", before: calling, more: #""tool_call_id":"c-1","#),
    BodyCase.cases(
      at: "body.messages[0]", in: Body.messages(#"{"role":"function","content":"1"…}"#),
      finds: [
        #","name":"f""#: [.warning(.deprecatedParameter, ".role")],
        "": [.error(.missingRequiredParameter, ".name"), .warning(.deprecatedParameter, ".role")],
        #","name":null"#: [.warning(.deprecatedParameter, ".role"), .error(.invalidType, ".name")],
      ]),
  ].flatMap { $0 }

  @Test("name: what is accepted and what is found", arguments: names)
  func nameMember(_ one: BodyCase) throws { try Check.expect(one) }

  static let assistants: [BodyCase] = BodyCase.cases(
    at: "body.messages[1]", in: Body.messages(#"\#(Body.hi),{"role":"assistant"…}"#),
    accepts: [
      #","content":"Hi""#, #","tool_calls":[\#(call)]"#, #","content":null,"tool_calls":[\#(call)]"#,
      #","content":"Hi","reasoning":"Hm""#, #","content":"Hi","reasoning":null"#,
      #","content":"Hi","reasoning":"""#,
    ],
    finds: [
      "": [.warning(.doubtfulValue)],
      #","content":null"#: [.warning(.doubtfulValue)],
      #","reasoning":"Hm""#: [.warning(.doubtfulValue)],
      #","content":"Hi","tool_calls":[]"#: [.warning(.doubtfulValue, ".tool_calls")],
      #","content":"Hi","tool_calls":null"#: [.error(.invalidType, ".tool_calls")],
      #","content":"Hi","tool_calls":{}"#: [.error(.invalidType, ".tool_calls")],
      #","content":"Hi","tool_calls":[null]"#: [.error(.invalidType, ".tool_calls[0]")],
      #","content":"Hi","reasoning":1"#: [.error(.invalidType, ".reasoning")],
      #","content":"Hi","function_call":null"#: [.error(.invalidType, ".function_call")],
      #","function_call":{"name":"f","arguments":"{}"}"#: [.warning(.deprecatedParameter, ".function_call")],
      #","function_call":{"name":"f"}"#: [
        .warning(.deprecatedParameter, ".function_call"),
        .error(.missingRequiredParameter, ".function_call.arguments"),
      ],
      #","function_call":{"name":1,"arguments":{}}"#: [
        .warning(.deprecatedParameter, ".function_call"), .error(.invalidType, ".function_call.name"),
        .error(.invalidType, ".function_call.arguments"),
      ],
    ])

  @Test("members of an assistant's message: what is accepted and what is found", arguments: assistants)
  func assistant(_ one: BodyCase) throws { try Check.expect(one) }

  static let toolCallIDs: [BodyCase] = BodyCase.cases(
    at: "body.messages[2]", in: Body.messages(#"\#(calling),{"role":"tool","content":"1"…}"#),
    accepts: [#","tool_call_id":"c-1""#],
    finds: [
      "": [.error(.missingRequiredParameter, ".tool_call_id")],
      #","tool_call_id":null"#: [.error(.invalidType, ".tool_call_id")],
      #","tool_call_id":1"#: [.error(.invalidType, ".tool_call_id")],
    ])

  @Test("tool_call_id: what is accepted and what is found", arguments: toolCallIDs)
  func toolCallID(_ one: BodyCase) throws { try Check.expect(one) }

  static let calls: [BodyCase] = BodyCase.cases(
    at: "body.messages[1].tool_calls[0]", in: Body.messages(#"\#(Body.hi),{"role":"assistant","tool_calls":[…]}"#),
    accepts: [
      call, #"{"id":"","type":"function","function":{"name":"","arguments":"null"}}"#,
      #"{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":\"\\u00e9\\n\"}\n"}}"#,
    ],
    finds: [
      "{}": [
        .error(.missingRequiredParameter, ".id"), .error(.missingRequiredParameter, ".type"),
        .error(.missingRequiredParameter, ".function"),
      ],
      #"{"id":null,"type":null,"function":null}"#: [
        .error(.invalidType, ".id"), .error(.invalidType, ".type"), .error(.invalidType, ".function"),
      ],
      #"{"id":1,"type":"function","function":{}}"#: [
        .error(.invalidType, ".id"), .error(.missingRequiredParameter, ".function.name"),
        .error(.missingRequiredParameter, ".function.arguments"),
      ],
      #"{"id":"c","type":"tool","function":{"name":"f","arguments":"{}"}}"#: [.error(.invalidValue, ".type")],
      #"{"id":"c","type":"function","function":{"name":null,"arguments":"{}"}}"#: [
        .error(.invalidType, ".function.name")
      ],
      #"{"id":"c","type":"function","function":{"name":"f","arguments":{}}}"#: [
        .error(.invalidType, ".function.arguments")
      ],
      #"{"id":"c","type":"function","function":{"name":"f","arguments":null}}"#: [
        .error(.invalidType, ".function.arguments")
      ],
      #"{"id":"c","type":"function","function":{"name":"f","arguments":""}}"#: [
        .warning(.doubtfulValue, ".function.arguments")
      ],
      #"{"id":"c","type":"function","function":{"name":"f","arguments":"{a:1}"}}"#: [
        .warning(.doubtfulValue, ".function.arguments")
      ],
      // The arguments are JSON inside a string. A line break in one of their strings is not allowed, although the outer
      // string may have it as an escape.
      #"{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":\"b\nc\"}"}}"#: [
        .warning(.doubtfulValue, ".function.arguments")
      ],
      #"{"id":"c","type":"function","function":{"name":"f","arguments":"{}","x":1},"index":0}"#: [
        .warning(.unknownParameter, ".function.x"), .warning(.unknownParameter, ".index"),
      ],
    ])

  @Test("tool calls: what is accepted and what is found", arguments: calls)
  func toolCall(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - Members of other roles

  /// Members that a role does not have. They are errors even with the value null.
  static let foreignMembers: [(role: String, name: String)] = [
    ("system", "tool_call_id"), ("system", "tool_calls"), ("system", "function_call"), ("system", "reasoning"),
    ("developer", "tool_call_id"), ("developer", "tool_calls"), ("developer", "function_call"),
    ("developer", "reasoning"), ("user", "tool_call_id"), ("user", "tool_calls"), ("user", "function_call"),
    ("user", "reasoning"), ("assistant", "tool_call_id"), ("tool", "tool_calls"), ("tool", "function_call"),
    ("tool", "reasoning"), ("function", "tool_call_id"), ("function", "tool_calls"), ("function", "function_call"),
    ("function", "reasoning"),
  ]

  @Test("members that belong to another role are errors", arguments: foreignMembers)
  func foreign(role: String, name: String) throws {
    let more = ["tool": #""tool_call_id":"c-1","#, "function": #""name":"f","#][role] ?? ""
    let message = #"{"role":"\#(role)","content":"Hi",\#(more)"\#(name)":null}"#
    let findings = try Check.findings(body: Body.messages("\(MessageTests.calling),\(message)"))
    #expect(
      findings.filter { $0.severity == .error }.map(Found.init)
        == [.error(.unknownParameter, "body.messages[2].\(name)")])
  }

  /// Members that clients sent and the API refused, as recorded.
  @Test(
    "unknown members",
    arguments: [
      "id", "timestamp", "metadata", "status", "refusal", "channel", "cacheable", "cache_breakpoint",
      "reasoning_content", "message_id", "model_used",
    ])
  func unknown(name: String) throws {
    for role in ["user", "assistant"] {
      try Check.expect(
        BodyCase(
          Body.messages(#"{"role":"\#(role)","content":"Hi","\#(name)":"x"}"#),
          .error(.unknownParameter, "body.messages[0].\(name)")))
    }
  }

  @Test("all cases in one file give the same findings as alone")
  func together() throws {
    try Check.expectTogether(
      MessageTests.roles + MessageTests.contents + MessageTests.parts + MessageTests.names + MessageTests.assistants
        + MessageTests.toolCallIDs + MessageTests.calls)
  }
}
