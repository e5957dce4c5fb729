import JSONLines

// The rules about what single models of OpenAI refuse, in chat completions and in responses. They find nothing where
// the model table says nothing of the model. LIVE is explained in Sources.swift. Where recorded answers contradict each
// other, the finding is a warning.

extension BodyRule {
  static let openAIChatModels = [
    maxTokensOfReasoning, samplingChat, biasOfReasoning, stopOfReasoning, parallelCallsOfModel, toolsOfModel,
    systemRole, functionRole, imagesOfModel, audioNeeded, audioOfModel, searchSampling, verbosityOfModel, effortOfModel,
    jsonSchemaOfModel, jsonObjectOfModel, chatEndpoint, closedParts, membersOfNewest, memoryCache, cacheOptionsOfModel,
    tokensWithinModel, oldTokensWithinModel,
  ]

  // LIVE: o1, o3-mini, gpt-5, 5.1, 5.2, 5.4, 5.5, 5.6.
  private static let maxTokensOfReasoning = BodyRule(["max_tokens", "model"]) { body, out in
    guard let limit = body["max_tokens"], body.has(.reasons), body["max_completion_tokens"] == nil else { return }
    out.error(.unsupportedParameter, limit) {
      "Unsupported parameter: '\($0)' is not supported with this model. Use 'max_completion_tokens' instead."
    }
  }

  /// A limit of output above the model's own is refused, at Groq too (LIVE "`max_completion_tokens` must be less than
  /// or equal to `8192`").
  static let tokensWithinModel = BodyRule(["max_completion_tokens", "model"], reads: .presence) { body, out in
    out.checkTokens(body["max_completion_tokens"], body)
  }

  static let oldTokensWithinModel = BodyRule(["max_tokens", "model"]) { body, out in
    if !body.has(.reasons) { out.checkTokens(body["max_tokens"], body) }
  }

  // MARK: - Sampling

  static func valuesOfReasoning(_ body: borrowing RuledBody) -> Reads { body.has(.reasons) ? .values : .presence }

  // LIVE "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is supported."
  private static let samplingChat = BodyRule(
    ["model"], optional: samplingMembers + ["reasoning_effort", "logprobs", "top_logprobs"],
    reads: valuesOfReasoning
  ) { body, out in
    guard let reasoning = body.reasoning(effort: body["reasoning_effort"]) else { return }
    out.checkSampling(body, reasoning)
    if let logprobs = body["logprobs"], logprobs.isTrue { out.unsupported(logprobs, reasoning) }
    if let top = body["top_logprobs"] { out.unsupported(top, reasoning) }
  }

  static let samplingMembers = ["temperature", "top_p", "frequency_penalty", "presence_penalty"]

  // https://platform.openai.com/docs/guides/reasoning; LIVE
  private static let biasOfReasoning = BodyRule(["model"], optional: ["logit_bias", "prediction"], reads: .presence) {
    body, out in
    guard body.has(.reasons) else { return }
    let isSure = !body.has(.reasonsOnRequest)
    if let bias = body["logit_bias"], bias.nextIndex > bias.index + 1 {
      out.unsupported(bias, isSure ? .sure : .doubtful)
    }
    if let prediction = body["prediction"] { out.unsupported(prediction, isSure ? .sure : .doubtful) }
  }

  // LIVE: o3, o4-mini, gpt-5, -mini, -nano, 5.6.
  private static let stopOfReasoning = BodyRule(["stop", "model"], reads: .presence) { body, out in
    guard let stop = body["stop"], body.has(.reasons) else { return }
    out.unsupported(stop, body.has(.refusesStop) ? .sure : .doubtful)
  }

  // LIVE: gpt-4o-search-preview, gpt-4o-mini-search-preview "Model incompatible request argument supplied: temperature".
  private static let searchSampling = BodyRule(
    ["model"], optional: samplingMembers + ["n", "logprobs"], reads: .presence
  ) { body, out in
    guard body.has(.searches) || body.has(.searchesLately) else { return }
    for value in [body["temperature"], body["top_p"], body["frequency_penalty"], body["presence_penalty"]] {
      if let value { out.unsupported(value, body.has(.searches) ? .sure : .doubtful) }
    }
    for value in [body["n"], body["logprobs"]] { if let value { out.unsupported(value, .doubtful) } }
  }

  // MARK: - Effort and verbosity

  private static let effortOfModel = BodyRule(["reasoning_effort", "model"]) { body, out in
    guard let effort = body["reasoning_effort"] else { return }
    out.checkEffort(effort, body, inResponses: false)
  }

  private static let verbosityOfModel = BodyRule(["verbosity", "model"]) { body, out in
    if let verbosity = body["verbosity"] { out.checkVerbosity(verbosity, body) }
  }

  // MARK: - Tools

  // LIVE: o1, o3-mini, o3, o4-mini.
  private static let parallelCallsOfModel = BodyRule(["parallel_tool_calls", "model"], reads: .presence) { body, out in
    guard let parallel = body["parallel_tool_calls"], body.has(.refusesParallelCalls) else { return }
    out.unsupported(parallel, .sure)
  }

  // LIVE "Function tools with reasoning_effort are not supported for gpt-5.4 in /v1/chat/completions." Reports
  // about gpt-5.5 differ.
  private static let toolsOfModel = BodyRule(["tools", "model"], optional: ["reasoning_effort"]) { body, out in
    guard let tools = body.tools, let model = body["model"] else { return }
    let effort = body["reasoning_effort"]
    let name = Words.quoted(model)
    let isNone = effort?.isString("none") == true
    if body.has(.toolsNeedNone), !isNone {
      out.error(.invalidRequest, tools, note: "say \"reasoning_effort\": \"none\", or use /v1/responses") {
        "Function tools with reasoning are not supported for '\(name)' in chat completions ('\($0)')."
      }
    } else if body.has(.toolsWithoutEffort), effort != nil, !isNone {
      out.error(.invalidRequest, tools, note: "use /v1/responses") {
        "Function tools with reasoning_effort are not supported for '\(name)' in chat completions ('\($0)')."
      }
    } else if body.has(.doubtsTools) {
      out.warn(.doubtfulValue, tools) { "It is not known whether '\(name)' takes '\($0)' in chat completions." }
    }
  }

  // MARK: - Messages

  // LIVE "Unsupported value: 'messages[0].role' does not support 'system' with this model."
  private static let systemRole = BodyRule(["messages", "model"], reads: .presence) { body, out in
    guard body.has(.refusesSystem), let messages = body.messages else { return }
    for message in messages {
      guard let role = message["role"], role.isString("system") || role.isString("developer") else { continue }
      out.error(.unsupportedValue, role) {
        "Unsupported value: '\($0)' does not support '\(role.text)' with this model."
      }
    }
  }

  // LIVE: o3, gpt-5.6.
  private static let functionRole = BodyRule(["messages", "model"], marks: .functionMessage, reads: .presence) {
    body, out in
    guard body.has(.refusesFunctionRole), let messages = body.messages else { return }
    for message in messages {
      guard let role = message["role"], role.isString("function") else { continue }
      out.error(.unsupportedValue, role) { "Unsupported value: '\($0)' does not support 'function' with this model." }
    }
  }

  private static let imagesOfModel = BodyRule(["messages", "model"], marks: .imagePart, reads: .presence) { body, out in
    guard body.model?.pointee.maxImages == 0, let messages = body.messages, let model = body["model"] else { return }
    for message in messages {
      for part in message["content"]?.items ?? message.items where part["type"]?.isString("image_url") == true {
        out.error(.invalidRequest, part) { "'\($0)' is an image, and '\(Words.quoted(model))' takes text only." }
      }
    }
  }

  // LIVE "This model requires that either input content or output modality contain audio."
  private static let audioNeeded = BodyRule(
    ["messages", "model"], optional: ["modalities", "audio"], reads: .presence
  ) { body, out in
    guard body.has(.speaks), let model = body["model"], let messages = body.messages else { return }
    if body["modalities"]?.items.contains(where: { $0.isString("audio") }) == true { return }
    for message in messages {
      if message["audio"].map({ $0.kind != .null }) == true { return }
      for part in message["content"]?.items ?? message.items where part["type"]?.isString("input_audio") == true {
        return
      }
    }
    out.error(.invalidRequest, model) {
      "'\($0)' is '\(Words.quoted(model))', which needs sound in a message or among 'modalities'."
    }
  }

  // TAPE "Invalid 'messages[3]'. Content blocks are expected to be either text or image_url type." (gpt-5-mini)
  private static let audioOfModel = BodyRule(["messages", "model"], marks: .audioPart, reads: .presence) { body, out in
    guard body.has(.closesParts), let messages = body.messages, let model = body["model"] else { return }
    for message in messages {
      for part in message["content"]?.items ?? message.items where part["type"]?.isString("input_audio") == true {
        out.error(.invalidRequest, part) { "'\($0)' is sound, and '\(Words.quoted(model))' takes texts and images." }
      }
    }
  }

  // LIVE: `cache_control` in a part passed at gpt-4o and is refused by gpt-5. `index` in a call was refused in 2024, and
  // passed with gpt-4o and gpt-4.1 in 2025 and 2026 (TAPE).
  private static let closedParts = BodyRule(["messages", "model"], marks: .unknownMember, reads: .presence) {
    body, out in
    guard body.has(.closesParts) else { return }
    out.refuseUnknown { $0.hasPrefix("body.messages[") && ($0.contains(".content[") || $0.contains(".tool_calls[")) }
  }

  // MARK: - Formats and endpoints

  // LIVE "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
  private static let jsonSchemaOfModel = BodyRule(["response_format", "model"], reads: .presence) { body, out in
    guard let type = body.jsonFormat, type.isString("json_schema"), body.model?.pointee.takesJSONSchema == false else {
      return
    }
    out.error(.invalidRequest, type) { "'\($0)' of the type 'json_schema' is not supported with this model." }
  }

  private static let jsonObjectOfModel = BodyRule(["response_format", "model"], reads: .presence) { body, out in
    guard let type = body.jsonFormat, type.isString("json_object"), body.has(.refusesJSONObject) else { return }
    out.error(.invalidRequest, type) { "'\($0)' of the type 'json_object' is not supported with this model." }
  }

  private static let chatEndpoint = BodyRule(["model"], reads: .presence) { body, out in
    guard let model = body["model"] else { return }
    if body.has(.responsesOnly) {
      out.error(.invalidRequest, model, note: "use /v1/responses") {
        "'\($0)': '\(Words.quoted(model))' is not for chat completions."
      }
    } else if body.has(.completions) {
      out.error(.invalidRequest, model, note: "use /v1/completions") {
        "'\($0)': '\(Words.quoted(model))' is not a chat model."
      }
    } else if body.has(.answersNoText) {
      out.error(.invalidRequest, model) { "'\($0)': '\(Words.quoted(model))' is not a chat model." }
    }
  }

  private static func valuesOfNewest(_ body: borrowing RuledBody) -> Reads {
    body.has(.newestMembers) ? .values : .presence
  }

  // There is only one report of this: gpt-5.6 does not know three members, and takes fewer values of two others.
  private static let membersOfNewest = BodyRule(
    ["model"], optional: ["audio", "modalities", "web_search_options", "n", "top_logprobs"],
    reads: valuesOfNewest
  ) { body, out in
    guard body.has(.newestMembers) else { return }
    for value in [body["audio"], body["modalities"], body["web_search_options"]] {
      if let value { out.error(.unknownParameter, value, Words.unknown) }
    }
    if let count = body["n"], let number = count.number, number > 8, number <= 128 {
      out.outOfRange(count, isInteger: true, isAbove: true, limit: 8)
    }
    if let top = body["top_logprobs"], let number = top.number, number > 5, number <= 20 {
      out.outOfRange(top, isInteger: true, isAbove: true, limit: 5)
    }
  }
}

// MARK: - What chat completions and responses share

/// How a model reasons about a request, which decides what it refuses.
enum Reasoning {
  case sure, doubtful
}

extension RuledBody {
  func has(_ trait: ModelTraits) -> Bool { model?.pointee.traits.contains(trait) == true }

  /// - Parameter effort: the effort that the request asks for.
  func reasoning(effort: JSONValue?) -> Reasoning? {
    if has(.reasonsAlways) { return .sure }
    if has(.reasonsUnlessNone) { return effort?.isString("none") == true ? nil : .sure }
    if has(.reasonsOnRequest) { return effort == nil || effort?.isString("none") == true ? nil : .doubtful }
    return nil
  }
}

extension FindingList {
  mutating func unsupported(_ value: JSONValue, _ reasoning: Reasoning) {
    switch reasoning {
    case .sure:
      error(.unsupportedParameter, value) {
        "Unsupported parameter: '\($0)' is not supported with this model."
      }
    case .doubtful:
      warn(.doubtfulValue, value) { "'\($0)' may not be supported with this model." }
    }
  }

  /// Checks the parameters of sampling, which a reasoning model refuses.
  mutating func checkSampling(_ body: borrowing RuledBody, _ reasoning: Reasoning) {
    func check(_ value: JSONValue?, default standard: Double, _ name: String, _ findings: inout FindingList) {
      guard let value, let number = value.number else { return }
      if number == standard {
        if standard == 1, body.has(.doubtsTemperature), name == "temperature" {
          findings.unsupported(value, .doubtful)
        }
        return
      }
      switch reasoning {
      case .sure:
        findings.error(.unsupportedValue, value) {
          "Unsupported value: '\($0)' does not support \(Words.quoted(value)) with this model. "
            + "Only the default (\(Int(standard))) value is supported."
        }
      case .doubtful: findings.unsupported(value, .doubtful)
      }
    }
    check(body["temperature"], default: 1, "temperature", &self)
    check(body["top_p"], default: 1, "top_p", &self)
    check(body["frequency_penalty"], default: 0, "frequency_penalty", &self)
    check(body["presence_penalty"], default: 0, "presence_penalty", &self)
  }

  /// LIVE "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. Supported values are: …"
  mutating func checkEffort(_ effort: JSONValue, _ body: borrowing RuledBody, inResponses: Bool) {
    guard effort.kind == .string, let known = body.model?.pointee.reasoningEfforts else { return }
    let word = effort.text
    if known.contains(word) || !OpenAIValues.efforts.contains(word) { return }
    if known.isEmpty {
      error(.unsupportedParameter, effort) { "Unsupported parameter: '\($0)' is not supported with this model." }
      return
    }
    if inResponses, word == "max", body.has(.takesMaxInResponses) { return }
    let list = Choices(known).list
    if body.has(.doubtsEffort) || word == "minimal" && body.has(.doubtsMinimal) {
      warn(.doubtfulValue, effort) { "'\($0)' may not support '\(word)' with this model; sure values are \(list)." }
      return
    }
    error(.unsupportedValue, effort) {
      "Unsupported value: '\($0)' does not support '\(word)' with this model. Supported values are: \(list)."
    }
  }

  mutating func checkVerbosity(_ verbosity: JSONValue, _ body: borrowing RuledBody) {
    guard let known = body.model?.pointee, !known.traits.contains(.takesVerbosity),
      verbosity.isString("low") || verbosity.isString("high")
    else { return }
    error(.unsupportedValue, verbosity) {
      "Unsupported value: '\($0)' does not support '\(verbosity.text)' with this model. Supported values are: 'medium'."
    }
  }

  mutating func checkTokens(_ value: JSONValue?, _ body: borrowing RuledBody) {
    guard let value, let number = value.number, let most = body.model?.pointee.maxCompletionTokens,
      number.isFinite, number.rounded() == number, number > Double(most), let model = body["model"]
    else { return }
    outOfRange(
      value, isInteger: true, isAbove: true, limit: Double(most), note: "the limit of '\(Words.quoted(model))'")
  }
}
