import BatchFile
import Testing

/// The rules about what single models of OpenAI refuse in chat completions.
@Suite("OpenAI: models")
struct OpenAIModelTests {
  static let reasoning = ["o1", "o3-mini", "gpt-5", "gpt-5.1", "gpt-5.2", "gpt-5.4", "gpt-5.5", "gpt-5.6-terra"]

  /// Bodies with one member for several models, and the finding expected at the member.
  static func models(
    _ member: String, accepts: [String] = [], finds: KeyValuePairs<String, [Found]> = [:], at path: String
  ) -> OpenAIBodies {
    OpenAIBodies(
      name: member,
      cases: accepts.map { BodyCase(OpenAIBodies.chat(member, model: $0)) }
        + finds.map { model, found in
          var one = BodyCase(OpenAIBodies.chat(member, model: model))
          one.found = found.map { Found(severity: $0.severity, code: $0.code, param: path + ($0.param ?? "")) }
          return one
        })
  }

  static let parameter: [Found] = [.error(.unsupportedParameter)]
  static let unsupported: [Found] = [.error(.unsupportedValue)]
  static let old: Found = .warning(.deprecatedParameter)

  static let sampling: [OpenAIBodies] =
    reasoning.map {
      models(#""max_tokens":5"#, finds: [$0: [old, .error(.unsupportedParameter)]], at: "body.max_tokens")
    }
    + [
      models(
        #""max_tokens":5"#, finds: ["gpt-4.1": [old], "unheard-of": [old], "gpt-5-chat-latest": [old]],
        at: "body.max_tokens"),
      models(
        #""temperature":0.5"#,
        accepts: [
          "gpt-4.1", "gpt-4o-2024-08-06", "gpt-5-chat-latest", "gpt-5.1", "gpt-5.4", "gpt-6-sol", "unheard-of",
        ],
        finds: [
          "o1": unsupported, "o3": unsupported, "o4-mini-2025-04-16": unsupported, "gpt-5-nano": unsupported,
          "gpt-5.5": unsupported, "gpt-5.6-luna": unsupported, "ft:o4-mini-2025-04-16:org::id": unsupported,
          "gpt-4o-search-preview": parameter, "gpt-5-search-api": Found.doubt,
        ], at: "body.temperature"),
      models(
        #""temperature":1"#, accepts: ["gpt-5", "o3", "gpt-4.1"], finds: ["o1": Found.doubt, "o3-mini": Found.doubt],
        at: "body.temperature"),
      models(
        #""reasoning_effort":"none","temperature":0.5"#, accepts: ["gpt-5.5", "gpt-5.6-sol", "gpt-5.2"],
        at: "body.temperature"),
      models(
        #""reasoning_effort":"low","temperature":0.5"#, finds: ["gpt-5.1": Found.doubt, "gpt-5.4": Found.doubt],
        at: "body.temperature"),
      models(#""top_p":0.5"#, accepts: ["gpt-4.1"], finds: ["gpt-5": unsupported], at: "body.top_p"),
      models(
        #""presence_penalty":0.5"#, accepts: ["gpt-4.1"], finds: ["o3": unsupported], at: "body.presence_penalty"),
      models(#""frequency_penalty":0"#, accepts: ["o3", "gpt-5"], at: "body.frequency_penalty"),
      models(#""logprobs":true"#, accepts: ["gpt-4.1", "gpt-5.1"], finds: ["gpt-5": parameter], at: "body.logprobs"),
      models(
        #""logit_bias":{"1":1}"#, accepts: ["gpt-4.1"], finds: ["gpt-5": parameter, "gpt-5.2": Found.doubt],
        at: "body.logit_bias"),
      models(#""logit_bias":{}"#, accepts: ["gpt-5"], at: "body.logit_bias"),
      models(
        #""prediction":{"type":"content","content":"x"}"#, accepts: ["gpt-4.1"], finds: ["o3": parameter],
        at: "body.prediction"),
      models(
        #""stop":"x""#, accepts: ["gpt-4.1"],
        finds: [
          "o3": parameter, "o4-mini": parameter, "gpt-5-mini": parameter, "gpt-5.6-sol": parameter, "o1": Found.doubt,
          "gpt-5.2": Found.doubt,
        ], at: "body.stop"),
    ]

  static func efforts(_ model: String, takes: [String], doubts: [String] = []) -> OpenAIBodies {
    OpenAIBodies(
      name: "reasoning_effort of \(model)",
      cases: ["none", "minimal", "low", "medium", "high", "xhigh", "max"].map { effort in
        var one = BodyCase(OpenAIBodies.chat(#""reasoning_effort":"\#(effort)""#, model: model))
        let path = "body.reasoning_effort"
        if takes.isEmpty {
          one.found = [.error(.unsupportedParameter, path)]
        } else if doubts.contains(effort) {
          one.found = [.warning(.doubtfulValue, path)]
        } else if !takes.contains(effort) {
          one.found = [.error(.unsupportedValue, path)]
        }
        return one
      })
  }

  static let classic = ["low", "medium", "high"]

  static let efforts: [OpenAIBodies] =
    ["o1", "o3", "o3-mini", "o4-mini"].map { efforts($0, takes: classic) }
    + ["gpt-5", "gpt-5-mini", "gpt-5-nano-2025-08-07"].map { efforts($0, takes: ["minimal"] + classic) }
    + ["gpt-5.2", "gpt-5.4", "gpt-5.4-nano", "gpt-5.5", "gpt-5.6-terra"].map {
      efforts($0, takes: ["none"] + classic + ["xhigh"])
    }
    + [
      efforts("gpt-5.1", takes: ["none"] + classic),
      efforts("gpt-5.6-sol", takes: ["none"] + classic + ["xhigh"], doubts: ["minimal"]),
      efforts(
        "gpt-5.2-chat-latest", takes: ["medium"], doubts: ["none", "minimal", "low", "high", "xhigh", "max"]),
      efforts("gpt-4.1", takes: []), efforts("gpt-4o-mini", takes: []), efforts("gpt-3.5-turbo", takes: []),
      efforts("unheard-of", takes: ["none", "minimal", "low", "medium", "high", "xhigh", "max"]),
    ]

  static let tools = #""tools":[\#(OpenAIMessageTests.tool)]"#

  static let abilities: [OpenAIBodies] = [
    models(
      tools, accepts: ["gpt-4.1", "gpt-5.4", "gpt-5", "unheard-of"],
      finds: [
        "gpt-5.6-sol": Found.request, "gpt-5.5": Found.doubt, "chatgpt-4o-latest": Found.doubt, "o1-mini": Found.doubt,
      ], at: "body.tools"),
    models(
      tools + #","reasoning_effort":"none""#, accepts: ["gpt-5.6-sol", "gpt-5.4"], at: "body.tools"),
    models(
      tools + #","reasoning_effort":"low""#, accepts: ["gpt-5"], finds: ["gpt-5.4": Found.request], at: "body.tools"),
    models(
      tools + #","parallel_tool_calls":true"#, accepts: ["gpt-4.1", "gpt-5"],
      finds: ["o1": parameter, "o3-mini": parameter, "o3": parameter, "o4-mini": parameter],
      at: "body.parallel_tool_calls"),
    models(
      #""verbosity":"low""#, accepts: ["gpt-5", "gpt-5.6-sol", "unheard-of"],
      finds: ["gpt-4.1": unsupported, "gpt-5-chat-latest": unsupported], at: "body.verbosity"),
    models(#""verbosity":"medium""#, accepts: ["gpt-4.1"], at: "body.verbosity"),
    models(
      #""response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}}"#,
      accepts: ["gpt-4o", "gpt-4.1", "gpt-5", "unheard-of"],
      finds: [
        "gpt-3.5-turbo-0125": Found.request, "gpt-4": Found.request, "gpt-4-turbo": Found.request,
        "gpt-4o-2024-05-13": Found.request, "chatgpt-4o-latest": Found.request, "o1-mini": Found.request,
      ], at: "body.response_format.type"),
    models(
      "", accepts: ["gpt-4.1", "o1", "gpt-5.2"],
      finds: [
        "o1-pro": Found.request, "gpt-5-pro": Found.request, "gpt-5.1-codex": Found.request,
        "o3-deep-research": Found.request, "computer-use-preview": Found.request,
        "gpt-3.5-turbo-instruct": Found.request, "davinci-002": Found.request, "gpt-4o-audio-preview": Found.request,
      ], at: "body.model"),
    models(
      #""top_logprobs":6,"logprobs":true,"reasoning_effort":"none""#, accepts: ["gpt-5.2"],
      finds: ["gpt-5.6-terra": Found.integerAbove], at: "body.top_logprobs"),
    models(
      #""audio":{"voice":"alloy","format":"wav"}"#, accepts: ["gpt-4.1", "unheard-of"],
      finds: ["gpt-5.6-terra": [.error(.unknownParameter)]], at: "body.audio"),
    models(
      #""modalities":["text"]"#, accepts: ["gpt-4.1"], finds: ["gpt-5.6-terra": [.error(.unknownParameter)]],
      at: "body.modalities"),
    models(
      #""n":1"#, finds: ["gpt-4o-search-preview": Found.doubt, "gpt-5-search-api": Found.doubt], at: "body.n"),
    models(
      #""prompt_cache_options":{}"#, accepts: ["gpt-5.6-luna", "gpt-6-sol", "gpt-6.1-terra", "unheard-of"],
      finds: ["gpt-4.1": Found.doubt, "gpt-5.5": Found.doubt], at: "body.prompt_cache_options"),
    models(#""verbosity":"high""#, accepts: ["gpt-6-luna"], finds: ["o3": unsupported], at: "body.verbosity"),
    models(
      #""n":9"#, accepts: ["gpt-4.1"], finds: ["gpt-5.6-terra": Found.integerAbove], at: "body.n"),
    models(
      #""max_completion_tokens":32769"#, accepts: ["o3", "unheard-of", "gpt-6-luna", "gpt-5-chat-latest"],
      finds: ["gpt-4.1": Found.integerAbove, "gpt-4.1-mini-2025-04-14": Found.integerAbove],
      at: "body.max_completion_tokens"),
    models(
      #""max_completion_tokens":100001"#, accepts: ["gpt-5", "gpt-5.4"],
      finds: ["o1": Found.integerAbove, "o3": Found.integerAbove, "o4-mini": Found.integerAbove],
      at: "body.max_completion_tokens"),
    models(
      #""max_completion_tokens":128001"#, finds: ["gpt-5": Found.integerAbove, "gpt-5.2": Found.integerAbove],
      at: "body.max_completion_tokens"),
    models(
      #""max_tokens":16385"#,
      finds: ["gpt-4o": [old, .error(.integerAboveMaxValue)], "gpt-4.1": [old], "unheard-of": [old]],
      at: "body.max_tokens"),
    // A model of the family that took more.
    models(
      #""max_completion_tokens":8000"#, accepts: ["gpt-3.5-turbo-16k", "gpt-4-32k"], at: "body.max_completion_tokens"),
    models(
      #""max_completion_tokens":16385"#, accepts: ["gpt-4.1", "gpt-5", "unheard-of"],
      finds: ["gpt-4o": Found.integerAbove, "gpt-4o-mini-2024-07-18": Found.integerAbove],
      at: "body.max_completion_tokens"),
    models(
      #""prompt_cache_retention":"in_memory""#,
      finds: ["gpt-4.1": [old], "gpt-5.5": [old, .error(.unsupportedValue)]],
      at: "body.prompt_cache_retention"),
    OpenAIBodies(
      name: "roles and images",
      cases: [
        BodyCase(
          OpenAIBodies.chat(
            "", model: "o1-mini", messages: #"{"role":"system","content":"x"},{"role":"user","content":"x"}"#),
          .error(.unsupportedValue, "body.messages[0].role")),
        BodyCase(OpenAIBodies.chat("", model: "o1", messages: #"{"role":"system","content":"x"}"#)),
        BodyCase(
          OpenAIBodies.chat("", model: "o3", messages: #"{"role":"function","name":"f","content":"x"}"#),
          .warning(.deprecatedParameter, "body.messages[0].role"), .error(.unsupportedValue, "body.messages[0].role")),
        BodyCase(
          OpenAIBodies.chat("", model: "o3-mini", messages: image),
          .error(.invalidRequest, "body.messages[0].content[0]")),
        BodyCase(
          OpenAIBodies.chat("", model: "gpt-4", messages: image), .error(.invalidRequest, "body.messages[0].content[0]")
        ),
        BodyCase(OpenAIBodies.chat("", model: "gpt-4o", messages: image)),
        BodyCase(
          OpenAIBodies.chat("", model: "gpt-3.5-turbo", messages: image),
          .error(.invalidRequest, "body.messages[0].content[0]")),
        BodyCase(
          OpenAIBodies.chat("", model: "gpt-audio"), .error(.invalidRequest, "body.model")),
        BodyCase(
          OpenAIBodies.chat(
            #""modalities":["text","audio"],"audio":{"voice":"alloy","format":"wav"}"#, model: "gpt-audio")),
        BodyCase(
          OpenAIBodies.chat("", model: "gpt-5.6-luna", messages: #"{"role":"function","name":"f","content":"x"}"#),
          .warning(.deprecatedParameter, "body.messages[0].role"), .error(.unsupportedValue, "body.messages[0].role")),
        BodyCase(
          OpenAIBodies.chat(
            "", model: "gpt-audio",
            messages: #"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"A","format":"wav"}}]}"#)),
        BodyCase(
          OpenAIBodies.chat(#""response_format":{"type":"json_object"}"#, model: "gpt-4", messages: json),
          .error(.invalidRequest, "body.response_format.type")),
      ]),
  ]

  static let image = #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a.org/b.png"}}]}"#
  static let json = #"{"role":"user","content":"As JSON"}"#

  static let together: [OpenAIBodies] = [
    .member(
      "max_tokens", with: #""max_completion_tokens":5,"max_tokens":…"#, accepts: ["null"],
      finds: ["5": [.warning(.deprecatedParameter), .error(.invalidParameterCombination)]]),
    .member(
      "metadata", accepts: ["{}", "null"], finds: [#"{"a":"b"}"#: Found.doubt]),
    .member(
      "top_logprobs", with: #""logprobs":false,"top_logprobs":…"#, accepts: ["null"], finds: ["2": Found.request]),
    .member("top_logprobs", accepts: ["null"], finds: ["2": Found.request]),
    OpenAIBodies(
      name: "the word json",
      cases: [
        BodyCase(
          OpenAIBodies.chat(#""response_format":{"type":"json_object"}"#), .error(.invalidRequest, "body.messages")),
        BodyCase(OpenAIBodies.chat(#""response_format":{"type":"json_object"}"#, messages: json)),
      ]),
  ]

  @Test("sampling parameters that the model does not take are errors", arguments: sampling)
  func sampled(_ bodies: OpenAIBodies) throws { try bodies.expect() }

  @Test("reasoning efforts that the model does not take are errors", arguments: efforts)
  func effort(_ bodies: OpenAIBodies) throws { try bodies.expect() }

  @Test("abilities that the model does not have are errors", arguments: abilities)
  func ability(_ bodies: OpenAIBodies) throws { try bodies.expect() }

  @Test("members that exclude or need each other are found", arguments: together)
  func pair(_ bodies: OpenAIBodies) throws { try bodies.expect() }
}
