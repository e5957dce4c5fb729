import BatchFile
import Testing

/// The bodies of OpenAI's other endpoints.
@Suite("OpenAI: responses, embeddings, completions, moderations")
struct OpenAIEndpointTests {
  /// Bodies for a url: a model and other members.
  static func bodies(
    _ name: String, url: String, model: String, _ template: String, at path: String, accepts: [String] = [],
    finds: KeyValuePairs<String, [Found]> = [:]
  ) -> OpenAIBodies {
    OpenAIBodies(
      name: name, url: url,
      cases: BodyCase.cases(
        at: path, in: #"{"model":"\#(model)",\#(template)}"#, accepts: accepts, finds: finds))
  }

  static let embedding = "text-embedding-3-small"

  static func embeddings(
    _ name: String, _ template: String, model: String = embedding, accepts: [String] = [],
    finds: KeyValuePairs<String, [Found]> = [:]
  ) -> OpenAIBodies {
    bodies(
      name, url: "/v1/embeddings", model: model, template, at: "body.\(name)", accepts: accepts, finds: finds)
  }

  static let embeddingBodies: [OpenAIBodies] = [
    embeddings(
      "input", #""input":…"#,
      accepts: [
        #""a""#, #"["a","b"]"#, "[1,2]", "[[1],[2,3]]", Body.list(#""a""#, count: 2_048),
        // An array of tokens is one input: OpenAI's cookbook embeds 8,191.
        Body.list("1", count: 8_192), "[\(Body.list("1", count: 8_192))]", Body.list("[1]", count: 2_048),
      ],
      finds: [
        #""""#: [.error(.emptyString)], Body.list("1", count: 8_193): [.error(.arrayAboveMaxLength)],
        "[\(Body.list("1", count: 8_193))]": [.error(.arrayAboveMaxLength, "[0]")],
        Body.list("[1]", count: 2_049): [.error(.arrayAboveMaxLength)], #"["a",""]"#: [.error(.emptyString, "[1]")],
        "[]": [.error(.emptyArray)],
        Body.list(#""a""#, count: 2_049): [.error(.arrayAboveMaxLength)], #"["a",1]"#: [.error(.invalidType, "[1]")],
        "null": Found.type, "[[]]": [.error(.emptyArray, "[0]")], "1": Found.type,
        "[1.5]": [.error(.invalidType, "[0]")], #"[[1],"a"]"#: [.error(.invalidType, "[1]")],
      ]),
    // It took an empty text in 2025-08.
    embeddings("input", #""input":…"#, model: "text-embedding-ada-002", accepts: [], finds: [#""""#: Found.doubt]),
    embeddings(
      "dimensions", #""input":"a","dimensions":…"#, accepts: ["1", "1536"],
      finds: ["0": Found.integerBelow, "1537": Found.integerAbove, "null": Found.type]),
    embeddings(
      "dimensions", #""input":"a","dimensions":…"#, model: "text-embedding-3-large", accepts: ["3072"],
      finds: ["3073": Found.integerAbove]),
    embeddings(
      "dimensions", #""input":"a","dimensions":…"#, model: "text-embedding-ada-002",
      finds: ["256": [.error(.unsupportedParameter)]]),
    embeddings(
      "encoding_format", #""input":"a","encoding_format":…"#, accepts: [#""float""#, #""base64""#, "null"],
      finds: [#""int8""#: Found.value, "1": Found.type]),
    embeddings("user", #""input":"a","user":…"#, accepts: [#""u""#], finds: ["null": Found.type, "1": Found.type]),
    embeddings("messages", #""input":"a","messages":…"#, finds: ["[]": [.error(.unknownParameter)]]),
    OpenAIBodies(
      name: "what is missing", url: "/v1/embeddings",
      cases: [
        BodyCase(#"{"model":"\#(embedding)"}"#, .error(.missingRequiredParameter, "body.input")),
        BodyCase(#"{"input":"a"}"#, .error(.invalidRequest, "body.model")),
      ]),
  ]

  static func completions(
    _ name: String, _ template: String, model: String = "gpt-3.5-turbo-instruct", accepts: [String] = [],
    finds: KeyValuePairs<String, [Found]> = [:]
  ) -> OpenAIBodies {
    bodies(
      name, url: "/v1/completions", model: model, #""prompt":"Hi",\#(template)"#, at: "body.\(name)", accepts: accepts,
      finds: finds)
  }

  static let completionBodies: [OpenAIBodies] = [
    bodies(
      "prompt", url: "/v1/completions", model: "babbage-002", #""prompt":…"#, at: "body.prompt",
      accepts: [#""Hi""#, #"["a","b"]"#, "[1,2]", "[[1],[2]]"],
      finds: ["null": Found.doubt, #"["a",1]"#: [.error(.invalidType, "[1]")]]),
    completions(
      "best_of", #""n":2,"best_of":…"#, accepts: ["2", "20", "null"],
      finds: ["1": Found.request, "21": Found.integerAbove]),
    completions(
      "logprobs", #""logprobs":…"#, accepts: ["0", "5", "null"], finds: ["6": Found.integerAbove, "true": Found.type]),
    completions("max_tokens", #""max_tokens":…"#, accepts: ["0", "16", "null"], finds: ["-1": Found.integerBelow]),
    completions("echo", #""echo":…"#, accepts: ["true", "null"], finds: ["1": Found.type]),
    completions(
      "stream", #""stream":…"#, accepts: ["false", "null"], finds: ["true": [.error(.streamingUnsupported)]]),
    completions("suffix", #""suffix":…"#, accepts: [#""x""#, "null"]),
    completions("suffix", #""suffix":…"#, model: "davinci-002", finds: [#""x""#: Found.doubt]),
    completions("temperature", #""temperature":…"#, accepts: ["0", "2"], finds: ["3": Found.decimalAbove]),
    completions(
      "stop", #""stop":…"#, accepts: [#""x""#], finds: [#"["a","b","c","d","e"]"#: [.error(.arrayAboveMaxLength)]]),
    completions("top_p", #""top_p":…"#, accepts: ["1", "null"], finds: ["2": Found.decimalAbove]),
    completions("frequency_penalty", #""frequency_penalty":…"#, accepts: ["-2"], finds: ["-3": Found.decimalBelow]),
    completions("presence_penalty", #""presence_penalty":…"#, accepts: ["2"], finds: ["3": Found.decimalAbove]),
    completions(
      "n", #""n":…"#, accepts: ["1", "128", "null"], finds: ["0": Found.integerBelow, "129": Found.integerAbove]),
    completions("seed", #""seed":…"#, accepts: ["-1", "null"], finds: [#""1""#: Found.type]),
    completions("user", #""user":…"#, accepts: [#""u""#, "null"], finds: ["1": Found.type]),
    completions(
      "stream_options", #""stream_options":…"#, accepts: ["null"], finds: [#"{"include_usage":true}"#: Found.request]),
    completions("messages", #""messages":…"#, finds: ["[]": [.error(.unknownParameter)]]),
    OpenAIBodies(
      name: "what is missing", url: "/v1/completions",
      cases: [
        BodyCase(#"{"model":"babbage-002"}"#, .error(.missingRequiredParameter, "body.prompt")),
        BodyCase(#"{"prompt":"a"}"#, .error(.invalidRequest, "body.model")),
      ]),
    completions("tools", #""tools":…"#, finds: ["[]": [.error(.unknownParameter)]]),
    completions(
      "logit_bias", #""logit_bias":…"#, accepts: [#"{"1":-100}"#],
      finds: [
        #"{"1":-101}"#: [.error(.integerBelowMinValue, ".1")], #"{"AI":1}"#: [.error(.invalidRequest, ".AI")],
      ]),
    OpenAIBodies(
      name: "chat models", url: "/v1/completions",
      cases: [
        BodyCase(#"{"model":"gpt-4.1","prompt":"Hi"}"#, .error(.invalidRequest, "body.model")),
        BodyCase(#"{"model":"unheard-of","prompt":"Hi"}"#),
      ]),
  ]

  static let moderationBodies: [OpenAIBodies] = [
    bodies(
      "input", url: "/v1/moderations", model: "omni-moderation-latest", #""input":…"#, at: "body.input",
      accepts: [
        #""Hi""#, #"["a","b"]"#,
        #"[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"https://a.org"}}]"#,
      ],
      finds: [
        "1": Found.type, "null": Found.type, #"[{"type":"text"}]"#: [.error(.missingRequiredParameter, "[0].text")],
        #"[{"type":"image_url"}]"#: [.error(.missingRequiredParameter, "[0].image_url")],
        #"[{"type":"image_url","image_url":{"url":"a.png"}}]"#: [.error(.invalidValue, "[0].image_url.url")],
        #"[{"type":"sound"}]"#: [.error(.invalidValue, "[0].type")],
        #"["a",{"type":"text","text":"b"}]"#: [.error(.invalidType, "[1]")],
      ]),
    OpenAIBodies(
      name: "model", url: "/v1/moderations",
      cases: [
        BodyCase(#"{"model":"omni-moderation-2024-09-26","input":"a"}"#),
        BodyCase(#"{"model":"gpt-4.1","input":"a"}"#, .error(.invalidValue, "body.model")),
        BodyCase(#"{"input":"a"}"#, .error(.invalidRequest, "body.model")),
        BodyCase(#"{"model":"omni-moderation-latest","input":"a","x":1}"#, .warning(.unknownParameter, "body.x")),
      ]),
  ]

  static let otherBodies: [OpenAIBodies] = ["/v1/images/generations", "/v1/images/edits", "/v1/videos"].map { url in
    OpenAIBodies(
      name: "model", url: url,
      cases: [
        BodyCase(#"{"model":"gpt-image-1","prompt":"A river","anything":[1]}"#),
        BodyCase(#"{"prompt":"A river"}"#, .error(.invalidRequest, "body.model")),
        BodyCase(#"{"model":1}"#, .error(.invalidType, "body.model")),
      ])
  }

  // MARK: - Responses

  static func response(
    _ name: String, _ template: String? = nil, model: String = "gpt-4.1", accepts: [String] = [],
    finds: KeyValuePairs<String, [Found]> = [:]
  ) -> OpenAIBodies {
    bodies(
      name, url: "/v1/responses", model: model, #""input":"Hi",\#(template ?? #""\#(name)":…"#)"#, at: "body.\(name)",
      accepts: accepts, finds: finds)
  }

  static let responseMembers: [OpenAIBodies] = [
    response("instructions", accepts: [#""Be brief.""#, "null"], finds: ["1": Found.type]),
    response("user", accepts: [#""u""#], finds: ["null": Found.doubt]),
    response("max_output_tokens", accepts: ["16", "null"], finds: ["15": Found.integerBelow]),
    response("max_tool_calls", accepts: ["1", "null"], finds: ["0": Found.integerBelow]),
    response("temperature", accepts: ["0", "null"], finds: ["3": Found.decimalAbove]),
    response("presence_penalty", accepts: ["1"], finds: ["3": Found.decimalAbove]),
    response("top_logprobs", accepts: ["20"], finds: ["21": Found.integerAbove]),
    response(
      "text", accepts: [#"{"format":{"type":"text"}}"#, "{}"],
      finds: [
        #"{"x":1}"#: [.error(.unknownParameter, ".x")], "null": Found.doubt,
        #"{"verbosity":"low"}"#: [.error(.unsupportedValue, ".verbosity")],
        #"{"format":{"type":"json_schema","name":"s"}}"#: [.error(.missingRequiredParameter, ".format.schema")],
        #"{"format":{"type":"json_schema","name":"s","strict":true,"schema":{"type":"object","properties":{}}}}"#: [
          .error(.invalidJSONSchema, ".format.schema")
        ],
      ]),
    response(
      "reasoning", model: "gpt-5.2",
      accepts: [#"{"effort":"low","summary":"auto"}"#, "null", "{}", #"{"mode":"pro","context":"auto"}"#],
      finds: [
        #"{"x":1}"#: [.error(.unknownParameter, ".x")],
        #"{"effort":"minimal"}"#: [.error(.unsupportedValue, ".effort")],
        #"{"generate_summary":"auto"}"#: [.warning(.deprecatedParameter, ".generate_summary")],
      ]),
    response("reasoning", model: "gpt-4.1", finds: [#"{"effort":"low"}"#: [.error(.unsupportedParameter, ".effort")]]),
    response("reasoning", model: "gpt-5.6-sol", accepts: [#"{"effort":"max"}"#]),
    response("background", accepts: ["false", "null"], finds: ["true": Found.doubt]),
    response("stream", accepts: ["false", "null"], finds: ["true": [.error(.streamingUnsupported)]]),
    response("stream_options", accepts: ["null"], finds: [#"{"include_obfuscation":true}"#: Found.request]),
    response(
      "include", accepts: [#"["message.output_text.logprobs"]"#, "null"],
      finds: [#"["x"]"#: [.error(.invalidValue, "[0]")]]),
    response(
      "include", model: "gpt-5", finds: [#"["message.output_text.logprobs"]"#: [.error(.unsupportedParameter, "[0]")]]),
    response("previous_response_id", accepts: ["null"], finds: [#""resp_1""#: Found.doubt]),
    response(
      "conversation", #""previous_response_id":"r","conversation":…"#,
      accepts: [],
      finds: [
        #""c""#: [
          .warning(.doubtfulValue, "body.previous_response_id"), .warning(.doubtfulValue),
          .error(.mutuallyExclusiveParameters),
        ]
      ]),
    response(
      "prompt", accepts: [#"{"id":"p","version":null}"#], finds: ["{}": [.error(.missingRequiredParameter, ".id")]]),
    response("truncation", accepts: ["null"], finds: [#""auto""#: [.warning(.deprecatedParameter)]]),
    response("service_tier", accepts: [#""flex""#], finds: [#""ultrafast""#: Found.doubt]),
    response(
      "context_management", accepts: [#"[{"type":"compaction","compact_threshold":1000}]"#],
      finds: [
        "[]": [.error(.emptyArray)],
        #"[{"type":"x","compact_threshold":999}]"#: [.error(.decimalBelowMinValue, "[0].compact_threshold")],
      ]),
    response("messages", finds: ["[]": [.error(.unsupportedParameter)]]),
    response("response_format", finds: ["{}": [.error(.unsupportedParameter)]]),
    response("max_tokens", finds: ["1": [.error(.unknownParameter)]]),
    response("seed", finds: ["1": [.error(.unknownParameter)]]),
    OpenAIBodies(
      name: "models", url: "/v1/responses",
      cases: [
        BodyCase(#"{"model":"gpt-5-pro","input":"Hi"}"#), BodyCase(#"{"model":"o3-deep-research","input":"Hi"}"#),
        BodyCase(#"{"model":"gpt-4o-search-preview","input":"Hi"}"#, .error(.invalidRequest, "body.model")),
        BodyCase(#"{"input":"Hi"}"#, .error(.invalidRequest, "body.model")),
        BodyCase(#"{"model":"gpt-4.1"}"#, .error(.missingRequiredParameter, "body.input")),
        BodyCase(#"{"model":"gpt-5","input":"Hi","temperature":0}"#, .error(.unsupportedValue, "body.temperature")),
        BodyCase(#"{"model":"gpt-5","input":"Hi","temperature":1}"#, .warning(.doubtfulValue, "body.temperature")),
        BodyCase(
          #"{"model":"gpt-4","input":"Hi","text":{"format":{"type":"json_schema","name":"s","schema":{"type":"object"}}}}"#,
          .error(.invalidRequest, "body.text.format.type")),
        BodyCase(#"{"model":"gpt-4.1","input":"Hi","max_output_tokens":32768}"#),
        BodyCase(
          #"{"model":"gpt-4.1","input":"Hi","max_output_tokens":32769}"#,
          .error(.integerAboveMaxValue, "body.max_output_tokens")),
        BodyCase(
          #"{"model":"gpt-5.6-sol","input":"Hi","prompt_cache_retention":"in_memory"}"#,
          .warning(.deprecatedParameter, "body.prompt_cache_retention"),
          .error(.unsupportedValue, "body.prompt_cache_retention")),
        BodyCase(#"{"model":"gpt-5.6-sol","input":"Hi","prompt_cache_options":{"mode":"implicit"}}"#),
        BodyCase(
          #"{"model":"gpt-4.1","input":"Hi","prompt_cache_options":{"mode":"implicit"}}"#,
          .warning(.doubtfulValue, "body.prompt_cache_options")),
      ]),
    OpenAIBodies(
      name: "further members of parts", url: "/v1/responses",
      cases: ["gpt-4.1", "gpt-5"].map { model in
        let part = #"{"type":"input_text","text":"Hi","cache_control":{"type":"ephemeral"}}"#
        let path = "body.input[0].content[0].cache_control"
        return BodyCase(
          #"{"model":"\#(model)","input":[{"role":"user","content":[\#(part)]}]}"#,
          model == "gpt-5" ? .error(.unknownParameter, path) : .warning(.unknownParameter, path))
      }),
  ]

  static func input(
    _ name: String, model: String = "gpt-4.1", _ template: String = "…", at path: String = "body.input",
    accepts: [String] = [], finds: KeyValuePairs<String, [Found]> = [:]
  ) -> OpenAIBodies {
    bodies(
      name, url: "/v1/responses", model: model, #""input":\#(template)"#, at: path, accepts: accepts, finds: finds)
  }

  static let items: [OpenAIBodies] = [
    input(
      "input", accepts: [#""Hi""#, #"[{"role":"user","content":"Hi"}]"#],
      finds: [#""""#: [.error(.emptyString)], "[]": [.error(.emptyArray)], "null": Found.type, "1": Found.type]),
    input(
      "messages", "[…]", at: "body.input[0]",
      accepts: [
        #"{"role":"user","content":"Hi"}"#, #"{"type":"message","role":"developer","content":"Hi"}"#,
        #"{"role":"assistant","content":[{"type":"output_text","text":"Hi"}],"id":"msg_1","status":"completed"}"#,
        #"{"role":"user","content":[{"type":"input_text","text":"Hi"},{"type":"input_image","image_url":"https://a.org"}]}"#,
        #"{"role":"assistant","content":"Hi","phase":"final_answer"}"#,
      ],
      finds: [
        #"{"role":"tool","content":"Hi"}"#: [.error(.invalidValue, ".role")],
        #"{"role":"user"}"#: [.error(.missingRequiredParameter, ".content")],
        #"{"content":"Hi"}"#: [.error(.missingRequiredParameter, ".role")],
        #"{"role":"user","content":"Hi","name":"a"}"#: [.error(.unknownParameter, ".name")],
        #"{"role":"user","content":[{"type":"text","text":"Hi"}]}"#: [.error(.invalidValue, ".content[0].type")],
        #"{"role":"assistant","content":[{"type":"input_text","text":"Hi"}]}"#: [
          .error(.invalidValue, ".content[0].type")
        ],
        #"{"role":"user","content":[{"type":"input_image","image_url":{"url":"https://a.org"}}]}"#: [
          .error(.invalidType, ".content[0].image_url")
        ],
        #"{"role":"user","content":[{"type":"input_image"}]}"#: [.warning(.doubtfulValue, ".content[0]")],
        #"{"type":"nothing"}"#: [.error(.invalidValue, ".type")],
        #"{"type":"web_search_call","anything":1}"#: [],
      ]),
    input(
      "calls", "[…]", at: "body.input",
      accepts: [
        #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"1"}"#,
        #"{"type":"item_reference","id":"i"},{"type":"function_call_output","call_id":"c","output":"1"}"#,
        #"{"type":"reasoning","id":"r","summary":[]},{"role":"user","content":"Hi"}"#,
      ],
      finds: [
        #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}"#: [
          .error(.invalidRequest, "[0].call_id")
        ],
        #"{"type":"function_call_output","call_id":"c","output":"1"}"#: [.error(.invalidRequest, "[0].call_id")],
        #"{"type":"item_reference","id":"i"},{"type":"function_call_output","output":"1"}"#: [
          .warning(.doubtfulValue, "[1]")
        ],
        #"{"type":"item_reference","id":"i"},{"type":"function_call","call_id":"c","name":"f","arguments":{}}"#: [
          .error(.invalidType, "[1].arguments")
        ],
        #"{"role":"user","content":"Hi"},{"type":"reasoning","id":"r","summary":[]}"#: [
          .warning(.doubtfulValue, "[1]")
        ],
        #"{"type":"reasoning","summary":[]},{"role":"user","content":"Hi"}"#: [
          .error(.missingRequiredParameter, "[0].id")
        ],
      ]),
    OpenAIBodies(
      name: "the word json", url: "/v1/responses",
      cases: [
        BodyCase(
          #"{"model":"gpt-4.1","input":"Hi","text":{"format":{"type":"json_object"}}}"#,
          .error(.invalidRequest, "body.input")),
        BodyCase(#"{"model":"gpt-4.1","input":"As JSON","text":{"format":{"type":"json_object"}}}"#),
        BodyCase(
          #"{"model":"gpt-4.1","input":[{"role":"user","content":[{"type":"input_text","text":"json"}]}],"text":{"format":{"type":"json_object"}}}"#
        ),
      ]),
  ]

  static let tools: [OpenAIBodies] = [
    response(
      "tools",
      accepts: [
        "[]", #"[{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}]"#,
        #"[{"type":"function","name":"f","parameters":null}]"#,
        #"[{"type":"file_search","vector_store_ids":["v"]}]"#,
        #"[{"type":"code_interpreter","container":{"type":"auto"}}]"#,
        #"[{"type":"mcp","server_label":"s","server_url":"https://a.org"}]"#,
        #"[{"type":"image_generation","quality":"low"}]"#,
        #"[{"type":"shell"}]"#, #"[{"type":"custom","name":"c"}]"#,
      ],
      finds: [
        "null": Found.doubt,
        #"[{"type":"function","function":{"name":"f"}}]"#: [
          .error(.missingRequiredParameter, "[0].name"), .error(.unknownParameter, "[0].function"),
        ],
        #"[{"type":"function","name":"a b"}]"#: [.error(.invalidValue, "[0].name")],
        #"[{"type":"nothing"}]"#: [.error(.invalidValue, "[0].type")],
        #"[{"type":"file_search"}]"#: [.error(.missingRequiredParameter, "[0].vector_store_ids")],
        #"[{"type":"code_interpreter"}]"#: [.error(.missingRequiredParameter, "[0].container")],
        #"[{"type":"mcp","server_label":"s"}]"#: [.error(.missingRequiredParameter, "[0].server_url")],
        #"[{"type":"image_generation","output_compression":101}]"#: [
          .error(.integerAboveMaxValue, "[0].output_compression")
        ],
      ]),
    response(
      "tool_choice", #""tools":[{"type":"function","name":"f"}],"tool_choice":…"#,
      accepts: [
        #""auto""#, #""required""#, #"{"type":"function","name":"f"}"#,
        #"{"type":"allowed_tools","mode":"auto","tools":[]}"#, "null",
      ],
      finds: [
        #""any""#: Found.value, #"{"type":"function","name":"g"}"#: [.error(.invalidRequest, ".name")],
        #"{"type":"function"}"#: [.error(.missingRequiredParameter, ".name")],
        #"{"type":"file_search"}"#: [.warning(.doubtfulValue, ".type")],
      ]),
    response(
      "tool_choice", #""prompt":{"id":"p"},"tool_choice":…"#,
      accepts: [#""required""#, #"{"type":"file_search"}"#]),
    response(
      "tool_choice", #""tools":[{"type":"web_search"}],"tool_choice":…"#, accepts: [],
      finds: [#"{"type":"web_search_preview"}"#: [.warning(.doubtfulValue, "body.tools[0].type")]]),
    response("tool_choice", accepts: [#""none""#, #""auto""#], finds: [#""required""#: Found.request]),
  ]

  @Test(
    "bodies of embeddings, completions and moderations: what is accepted and what is found",
    arguments: embeddingBodies + completionBodies + moderationBodies + otherBodies)
  func others(_ bodies: OpenAIBodies) throws { try bodies.expect() }

  @Test("bodies of responses: what is accepted and what is found", arguments: responseMembers + items + tools)
  func responses(_ bodies: OpenAIBodies) throws { try bodies.expect() }
}
