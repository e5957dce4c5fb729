import BatchFile
import Testing

/// A response's body at OpenAI member by member, item by item, tool by tool: what OpenAIEndpointTests leaves out.
@Suite("OpenAI: responses in full")
struct OpenAIResponseTests {
  typealias All = OpenAIEndpointTests

  static let members: [OpenAIBodies] = [
    All.response("top_p", accepts: ["0", "1", "null"], finds: ["1.1": Found.decimalAbove, #""1""#: Found.type]),
    All.response("frequency_penalty", accepts: ["-2", "2", "null"], finds: ["-2.1": Found.decimalBelow]),
    All.response("parallel_tool_calls", accepts: ["true", "false", "null"], finds: ["1": Found.type]),
    All.response("store", accepts: ["true", "false", "null"], finds: [#""no""#: Found.type]),
    All.response(
      "metadata", accepts: [OpenAIChatTests.pairs(16), "{}", "null"],
      finds: [
        OpenAIChatTests.pairs(17): [.error(.objectAboveMaxProperties)], #"{"k":1}"#: [.error(.invalidType, ".k")],
      ]
    ),
    All.response(
      "prompt_cache_key", accepts: [OpenAIChatTests.long("k", 64)],
      finds: [OpenAIChatTests.long("k", 65): [.error(.stringAboveMaxLength)], "null": Found.doubt]),
    All.response(
      "safety_identifier", accepts: [OpenAIChatTests.long("k", 64)],
      finds: [
        OpenAIChatTests.long("k", 65): Found.doubt, OpenAIChatTests.long("k", 129): [.error(.stringAboveMaxLength)],
        "null": Found.doubt,
      ]),
    All.response(
      "moderation", accepts: [#"{"model":"m"}"#, "null"], finds: ["{}": [.error(.missingRequiredParameter, ".model")]]),
    All.response(
      "prompt_cache_options", model: "gpt-5.6-luna", accepts: [#"{"mode":"implicit"}"#, "null"],
      finds: [#"{"x":1}"#: [.error(.unknownParameter, ".x")], #"{"mode":"x"}"#: [.error(.invalidValue, ".mode")]]),
    All.response(
      "prompt_cache_retention", accepts: ["null"],
      finds: [
        #""24h""#: [.warning(.deprecatedParameter)],
        #""1h""#: [.warning(.deprecatedParameter), .error(.invalidValue)],
      ]),
    All.response(
      "service_tier", accepts: [#""auto""#, #""default""#, #""priority""#, #""fast""#, "null"],
      finds: [#""scale""#: Found.doubt, #""slow""#: Found.value]),
    All.response(
      "truncation",
      finds: [
        #""disabled""#: [.warning(.deprecatedParameter)],
        #""no""#: [.warning(.deprecatedParameter), .error(.invalidValue)],
      ]),
    All.response(
      "include",
      accepts: [
        "[]",
        #"["file_search_call.results","web_search_call.results","web_search_call.action.sources","message.input_image.image_url","computer_call_output.output.image_url","code_interpreter_call.outputs"]"#,
      ], finds: ["1": Found.type, #"["reasoning.encrypted_content"]"#: [.warning(.doubtfulValue, "[0]")]]),
    All.response(
      "prompt", accepts: [#"{"id":"p","version":"2","variables":{"a":"b"}}"#, "null"],
      finds: [#"{"id":"p","version":2}"#: [.error(.invalidType, ".version")]]),
    All.response(
      "conversation",
      finds: [
        #""conv_1""#: Found.doubt, #"{"id":"conv_1"}"#: Found.doubt,
        "{}": [.warning(.doubtfulValue), .error(.missingRequiredParameter, ".id")],
      ]),
    All.response(
      "context_management", accepts: [#"[{"type":"compaction","compact_threshold":null}]"#, "null"],
      finds: [#"[{}]"#: [.error(.missingRequiredParameter, "[0].type")]]),
    All.response(
      "stream_options", finds: [#"{"x":1}"#: [.error(.invalidRequest), .error(.unknownParameter, ".x")]]),
    All.response(
      "reasoning", model: "gpt-5.6-luna",
      accepts: [#"{"summary":"concise"}"#, #"{"summary":"detailed","context":"all_turns"}"#, #"{"effort":null}"#],
      finds: [
        #"{"summary":"long"}"#: [.error(.invalidValue, ".summary")],
        #"{"context":"none"}"#: [.error(.invalidValue, ".context")],
        #"{"effort":"huge"}"#: [.error(.invalidValue, ".effort")],
      ]),
    All.response(
      "text", model: "gpt-5.2", accepts: [#"{"verbosity":"low"}"#, #"{"format":{"type":"text"},"verbosity":"high"}"#],
      finds: [
        #"{"verbosity":"huge"}"#: [.error(.invalidValue, ".verbosity")],
        #"{"format":{"type":"xml"}}"#: [.error(.invalidValue, ".format.type")],
        #"{"format":{}}"#: [.error(.missingRequiredParameter, ".format.type")],
        #"{"format":{"type":"json_schema","schema":{"type":"object"}}}"#: [
          .error(.missingRequiredParameter, ".format.name")
        ],
        #"{"format":{"type":"json_schema","name":"a b","schema":{"type":"object"}}}"#: [
          .error(.invalidValue, ".format.name")
        ],
      ]),
  ]

  static let unknown: [OpenAIBodies] =
    [
      "max_completion_tokens", "n", "stop", "logprobs", "logit_bias", "reasoning_effort", "verbosity", "functions",
      "modalities", "temprature",
    ].map { All.response($0, finds: ["1": [.error(.unknownParameter)]]) }
    + ["access_programs", "background_options", "image"].map { All.response($0, finds: ["{}": Found.doubt]) }

  // MARK: - Items

  static func items(
    _ name: String, accepts: [String] = [], finds: KeyValuePairs<String, [Found]> = [:]
  ) -> OpenAIBodies {
    // Something that says what is meant, so that calls need no answer.
    All.input(
      name, #"[{"type":"item_reference","id":"i"},…,{"role":"user","content":"Hi"}]"#, at: "body.input[1]",
      accepts: accepts, finds: finds)
  }

  static func user(_ part: String) -> String { #"{"role":"user","content":[\#(part)]}"# }

  static let items: [OpenAIBodies] = [
    items(
      "messages",
      accepts: [
        #"{"role":"system","content":[{"type":"input_text","text":"Hi"}]}"#,
        #"{"role":"assistant","content":[{"type":"refusal","refusal":"No"}],"phase":"commentary"}"#,
        #"{"role":"assistant","content":"Hi","status":"incomplete"}"#, #"{"role":"user","content":""}"#,
      ],
      finds: [
        #"{"role":"function","content":"Hi"}"#: [.error(.invalidValue, ".role")],
        #"{"role":"assistant","content":"Hi","phase":"last"}"#: [.error(.invalidValue, ".phase")],
        #"{"role":"assistant","content":"Hi","status":"done"}"#: [.error(.invalidValue, ".status")],
        #"{"role":"user","content":null}"#: [.error(.invalidType, ".content")],
        #"{"role":"assistant","content":[{"type":"text","text":"Hi"}]}"#: [.error(.invalidValue, ".content[0].type")],
        #"{"role":"system","content":[{"type":"input_audio","input_audio":{}}]}"#: [
          .error(.invalidValue, ".content[0].type")
        ],
        #"{"role":"user","content":"Hi","tool_calls":[]}"#: [.error(.unknownParameter, ".tool_calls")],
      ]),
    items(
      "parts",
      accepts: [
        user(#"{"type":"input_image","file_id":"f"}"#),
        user(#"{"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"original"}"#),
        user(#"{"type":"input_file","file_url":"https://a.org/b.pdf"}"#),
        user(#"{"type":"input_file","file_data":"AA","filename":"a.pdf"}"#),
        user(#"{"type":"input_audio","input_audio":{"data":"AA","format":"mp3"}}"#),
        user(#"{"type":"input_text","text":"Hi","prompt_cache_breakpoint":{"mode":"explicit"}}"#),
      ],
      finds: [
        user(#"{"type":"input_text"}"#): [.error(.missingRequiredParameter, ".content[0].text")],
        user(#"{"type":"image_url","image_url":"https://a.org"}"#): [.error(.invalidValue, ".content[0].type")],
        user(#"{"type":"output_text","text":"Hi"}"#): [.error(.invalidValue, ".content[0].type")],
        user(#"{"type":"input_image","image_url":"https://a.org","detail":"max"}"#): [
          .error(.invalidValue, ".content[0].detail")
        ],
        user(#"{"type":"input_text","text":"Hi","cache_control":{}}"#): [
          .warning(.unknownParameter, ".content[0].cache_control")
        ],
      ]),
    items(
      "calls",
      accepts: [
        #"{"type":"custom_tool_call","call_id":"c","name":"f","input":"x"}"#,
        #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}","id":"fc_1","status":"completed"}"#,
        #"{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"1"}]}"#,
        #"{"type":"custom_tool_call_output","call_id":"c","output":"1"}"#,
        #"{"type":"function_call_output","call_id":\#(OpenAIChatTests.long("c", 64)),"output":"1"}"#,
      ],
      finds: [
        #"{"type":"function_call","name":"f","arguments":"{}"}"#: [.error(.missingRequiredParameter, ".call_id")],
        #"{"type":"function_call","call_id":"c","arguments":"{}"}"#: [.error(.missingRequiredParameter, ".name")],
        #"{"type":"function_call","call_id":"c","name":"f"}"#: [.error(.missingRequiredParameter, ".arguments")],
        #"{"type":"custom_tool_call","call_id":"c","name":"f"}"#: [.error(.missingRequiredParameter, ".input")],
        #"{"type":"function_call_output","call_id":"c"}"#: [.error(.missingRequiredParameter, ".output")],
        #"{"type":"function_call_output","call_id":"c","output":{}}"#: [.error(.invalidType, ".output")],
        #"{"type":"function_call_output","call_id":null,"output":"1"}"#: [
          .warning(.doubtfulValue, ".call_id")
        ],
        #"{"type":"function_call_output","call_id":\#(OpenAIChatTests.long("c", 65)),"output":"1"}"#: [
          .error(.stringAboveMaxLength, ".call_id")
        ],
        #"{"type":"function_call_output","call_id":"","output":"1"}"#: [.error(.emptyString, ".call_id")],
        #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}","status":"done"}"#: [
          .error(.invalidValue, ".status")
        ],
      ]),
    items(
      "others",
      accepts: [
        #"{"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"x"}],"encrypted_content":null}"#,
        #"{"type":"item_reference","id":"j"}"#,
      ]
        + [
          "web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call", "computer_call",
          "computer_call_output", "local_shell_call", "local_shell_call_output", "shell_call", "shell_call_output",
          "apply_patch_call", "apply_patch_call_output", "mcp_call", "mcp_list_tools", "mcp_approval_request",
          "mcp_approval_response", "tool_search_call", "tool_search_output", "additional_tools", "agent_message",
          "compaction", "compaction_trigger", "multi_agent_call", "multi_agent_call_output", "program",
          "program_output",
        ].map { #"{"type":"\#($0)","whatever":1}"# },
      finds: [
        #"{"type":"reasoning","id":"r"}"#: [.error(.missingRequiredParameter, ".summary")],
        #"{"type":"reasoning","id":"r","summary":[{"type":"text","text":"x"}]}"#: [
          .error(.invalidValue, ".summary[0].type")
        ],
        #"{"type":"reasoning","id":"r","summary":[{"type":"summary_text"}]}"#: [
          .error(.missingRequiredParameter, ".summary[0].text")
        ],
        #"{"type":"item_reference"}"#: [.error(.missingRequiredParameter, ".id")],
        #"{"type":"tool_result"}"#: [.error(.invalidValue, ".type")],
      ]),
  ]

  static let pairs: [OpenAIBodies] = [
    OpenAIBodies(
      name: "calls pair unless the state is stored", url: "/v1/responses",
      cases: [
        BodyCase(
          #"{"model":"gpt-4.1","previous_response_id":"r","input":[{"type":"function_call_output","call_id":"c","output":"1"}]}"#,
          .warning(.doubtfulValue, "body.previous_response_id")),
        BodyCase(
          #"{"model":"gpt-4.1","conversation":"r","input":[{"type":"function_call_output","call_id":"c","output":"1"}]}"#,
          .warning(.doubtfulValue, "body.conversation")),
        BodyCase(#"{"model":"gpt-4.1","prompt":{"id":"p"},"input":""}"#),
        BodyCase(
          #"{"model":"gpt-4.1","previous_response_id":"r","input":[]}"#,
          .warning(.doubtfulValue, "body.previous_response_id")),
      ])
  ]

  // MARK: - Tools

  static func tool(
    _ name: String, accepts: [String] = [], finds: KeyValuePairs<String, [Found]> = [:]
  ) -> OpenAIBodies {
    All.bodies(
      name, url: "/v1/responses", model: "gpt-4.1", #""input":"Hi","tools":[…]"#, at: "body.tools[0]",
      accepts: accepts, finds: finds)
  }

  static let tools: [OpenAIBodies] = [
    tool(
      "function",
      accepts: [
        #"{"type":"function","name":"f","description":"d","strict":null,"allowed_callers":["direct","programmatic"]}"#,
        #"{"type":"function","name":"f","output_schema":{},"defer_loading":true}"#,
      ],
      finds: [
        #"{"name":"f"}"#: [.error(.missingRequiredParameter, ".type")],
        #"{"type":"function","name":"f","allowed_callers":["x"]}"#: [.error(.invalidValue, ".allowed_callers[0]")],
        #"{"type":"function","name":"f","x":1}"#: [.error(.unknownParameter, ".x")],
        #"{"type":"function","name":\#(OpenAIChatTests.long("f", 129))}"#: [.error(.stringAboveMaxLength, ".name")],
        #"{"type":"function","name":"f","strict":"yes"}"#: [.error(.invalidType, ".strict")],
      ]),
    tool(
      "custom",
      accepts: [
        #"{"type":"custom","name":"c","format":{"type":"text"}}"#,
        #"{"type":"custom","name":"c","format":{"type":"grammar","definition":"x","syntax":"regex"}}"#,
      ],
      finds: [
        #"{"type":"custom"}"#: [.error(.missingRequiredParameter, ".name")],
        #"{"type":"custom","name":"c","format":{"type":"grammar","definition":"x","syntax":"peg"}}"#: [
          .error(.invalidValue, ".format.syntax")
        ],
        #"{"type":"custom","name":"c","format":{"type":"grammar","syntax":"lark"}}"#: [
          .error(.missingRequiredParameter, ".format.definition")
        ],
      ]),
    // A comment in OpenAI's code says that a batch cannot search.
    tool(
      "web_search",
      finds: [
        #"{"type":"web_search"}"#: [.warning(.doubtfulValue, ".type")],
        #"{"type":"web_search_preview","user_location":{"type":"approximate","city":"Rome"}}"#: [
          .warning(.doubtfulValue, ".type")
        ],
        #"{"type":"web_search_2025_08_26","filters":{"allowed_domains":["a.org"]}}"#: [
          .warning(.doubtfulValue, ".type")
        ],
        #"{"type":"web_search","search_context_size":"huge"}"#: [
          .warning(.doubtfulValue, ".type"), .error(.invalidValue, ".search_context_size"),
        ],
        #"{"type":"web_search","user_location":{"type":"exact"}}"#: [
          .warning(.doubtfulValue, ".type"), .error(.invalidValue, ".user_location.type"),
        ],
      ]),
    tool(
      "file_search",
      accepts: [
        #"{"type":"file_search","vector_store_ids":["v"],"max_num_results":5,"filters":{"type":"eq","key":"k","value":1}}"#,
        #"{"type":"file_search","vector_store_ids":["v"],"filters":{"type":"and","filters":[{}]}}"#,
      ],
      finds: [
        #"{"type":"file_search","vector_store_ids":"v"}"#: [.error(.invalidType, ".vector_store_ids")],
        #"{"type":"file_search","vector_store_ids":["v"],"filters":{"type":"like"}}"#: [
          .error(.invalidValue, ".filters.type")
        ],
        #"{"type":"file_search","vector_store_ids":["v"],"filters":{"type":"eq","value":1}}"#: [
          .error(.missingRequiredParameter, ".filters.key")
        ],
        #"{"type":"file_search","vector_store_ids":["v"],"filters":{"type":"or"}}"#: [
          .error(.missingRequiredParameter, ".filters.filters")
        ],
      ]),
    tool(
      "code_interpreter",
      accepts: [
        #"{"type":"code_interpreter","container":"c_1"}"#,
        #"{"type":"code_interpreter","container":{"type":"auto","file_ids":\#(Body.list(#""f""#, count: 50)),"memory_limit":"4g"}}"#,
      ],
      finds: [
        #"{"type":"code_interpreter","container":{"type":"auto","file_ids":\#(Body.list(#""f""#, count: 51))}}"#: [
          .error(.arrayAboveMaxLength, ".container.file_ids")
        ],
        #"{"type":"code_interpreter","container":{"type":"auto","memory_limit":"2g"}}"#: [
          .error(.invalidValue, ".container.memory_limit")
        ],
      ]),
    tool(
      "mcp",
      accepts: [
        #"{"type":"mcp","server_label":"s","connector_id":"c","require_approval":"never"}"#,
        #"{"type":"mcp","server_label":"s","tunnel_id":"t","require_approval":{"always":{}},"allowed_tools":["a"]}"#,
        #"{"type":"mcp","server_label":"s","server_url":"https://a.org","server_description":"d","defer_loading":true}"#,
      ],
      finds: [
        #"{"type":"mcp","server_url":"https://a.org"}"#: [.error(.missingRequiredParameter, ".server_label")],
        #"{"type":"mcp","server_label":"s","server_url":"https://a.org","require_approval":"maybe"}"#: [
          .error(.invalidValue, ".require_approval")
        ],
        #"{"type":"mcp","server_label":"s","server_url":"https://a.org","authorization":"k-1"}"#: [
          .warning(.exposedSecret, ".authorization")
        ],
      ]),
    tool(
      "image_generation",
      accepts: [
        #"{"type":"image_generation","size":"1024x1024","output_format":"webp","partial_images":3,"action":"edit"}"#
      ],
      finds: [
        #"{"type":"image_generation","quality":"best"}"#: [.error(.invalidValue, ".quality")],
        #"{"type":"image_generation","output_format":"gif"}"#: [.error(.invalidValue, ".output_format")],
        #"{"type":"image_generation","partial_images":4}"#: [.error(.integerAboveMaxValue, ".partial_images")],
      ]),
    tool(
      "others",
      accepts: [
        #"{"type":"computer_use_preview","environment":"browser","display_width":9,"display_height":9}"#,
        #"{"type":"namespace","name":"n","description":"d","tools":[{}]}"#,
      ]
        + ["computer", "local_shell", "shell", "apply_patch", "tool_search", "programmatic_tool_calling"].map {
          #"{"type":"\#($0)"}"#
        },
      finds: [
        #"{"type":"computer_use_preview","environment":"browser","display_width":9}"#: [
          .error(.missingRequiredParameter, ".display_height")
        ],
        #"{"type":"namespace","name":"n","description":"d","tools":[]}"#: [.error(.emptyArray, ".tools")],
      ]),
    All.response(
      "tool_choice", #""tools":[{"type":"custom","name":"c"}],"tool_choice":…"#,
      accepts: [
        #""none""#, #"{"type":"custom","name":"c"}"#, #"{"type":"mcp","server_label":"s","name":"t"}"#,
      ],
      finds: [
        #"{"type":"web_search_preview"}"#: [.warning(.doubtfulValue, ".type")],
        #"{"type":"code_interpreter"}"#: [.warning(.doubtfulValue, ".type")],
        #"{"type":"apply_patch"}"#: [.warning(.doubtfulValue, ".type")],
        #"{"type":"custom","name":"d"}"#: [.error(.invalidRequest, ".name")],
        #"{"type":"mcp"}"#: [.error(.missingRequiredParameter, ".server_label")],
        #"{"type":"nothing"}"#: [.error(.invalidValue, ".type")],
        #"{"type":"allowed_tools","mode":"none","tools":[]}"#: [.error(.invalidValue, ".mode")],
        #"{"type":"allowed_tools","mode":"auto"}"#: [.error(.missingRequiredParameter, ".tools")],
      ]),
  ]

  // MARK: - Models

  static let models: [OpenAIBodies] = [
    OpenAIBodies(
      name: "models", url: "/v1/responses",
      cases: ["gpt-4o-mini-search-preview", "gpt-audio", "gpt-4o-audio-preview", "o1-mini"].map {
        BodyCase(#"{"model":"\#($0)","input":"Hi"}"#, .error(.invalidRequest, "body.model"))
      }
        + ["gpt-5.6-luna", "gpt-6-sol", "o1-pro", "gpt-5-codex", "unheard-of"].map {
          BodyCase(#"{"model":"\#($0)","input":"Hi"}"#)
        }
        + [
          BodyCase(
            #"{"model":"gpt-5","input":"Hi","top_logprobs":2}"#, .error(.unsupportedParameter, "body.top_logprobs")),
          BodyCase(#"{"model":"gpt-4.1","input":"Hi","top_logprobs":2}"#),
          BodyCase(#"{"model":"gpt-5","input":"Hi","top_p":0.5}"#, .error(.unsupportedValue, "body.top_p")),
          BodyCase(#"{"model":"gpt-5.2","input":"Hi","top_p":0.5}"#),
          BodyCase(
            #"{"model":"gpt-5.6-luna","input":"Hi","presence_penalty":1}"#,
            .error(.unsupportedValue, "body.presence_penalty")),
          BodyCase(#"{"model":"gpt-4.1","input":"Hi","max_output_tokens":32768}"#),
          BodyCase(
            #"{"model":"gpt-4.1","input":"Hi","max_output_tokens":32769}"#,
            .error(.integerAboveMaxValue, "body.max_output_tokens")),
        ])
  ]

  @Test("members", arguments: members + unknown)
  func member(_ bodies: OpenAIBodies) throws { try bodies.expect() }

  @Test("items", arguments: items + pairs)
  func item(_ bodies: OpenAIBodies) throws { try bodies.expect() }

  @Test("tools and models", arguments: tools + models)
  func tool(_ bodies: OpenAIBodies) throws { try bodies.expect() }
}
