import JSONLines

// The rules about members of a chat completion at OpenAI that exclude or need each other, for all models. LIVE is
// explained in Sources.swift; the messages are those of the recorded answers.

extension BodyRule {
  static let openAIChatFields = [
    tokenLimitsExclude, metadataNeedsStore, topLogprobsNeedLogprobs, choiceNeedsTools, parallelCallsNeedTools,
    choiceNamesATool, streamOptionsWithoutStream, jsonMustBeMentioned, messagesPair, audioIsDescribed,
    functionCallNeedsFunctions,
  ]

  // LIVE
  private static let tokenLimitsExclude = BodyRule(["max_tokens", "max_completion_tokens"], reads: .presence) {
    body, out in
    guard let old = body["max_tokens"], body["max_completion_tokens"] != nil else { return }
    out.error(.invalidParameterCombination, old) {
      "Setting '\($0)' and 'max_completion_tokens' at the same time is not supported."
    }
  }

  // LIVE: refused from 2025-04 to 2026-04, accepted for gpt-5.6 in 2026-08.
  private static let metadataNeedsStore = BodyRule(["metadata"], optional: ["store"]) { body, out in
    guard let metadata = body["metadata"], metadata.kind == .object, metadata.nextIndex > metadata.index + 1,
      body["store"]?.isTrue != true
    else { return }
    out.warn(.doubtfulValue, metadata) {
      "The '\($0)' parameter is only allowed when 'store' is enabled, for most models."
    }
  }

  // LIVE
  private static let topLogprobsNeedLogprobs = BodyRule(["top_logprobs"], optional: ["logprobs"]) { body, out in
    guard let top = body["top_logprobs"], body["logprobs"]?.isTrue != true else { return }
    out.error(.invalidRequest, top) { "The '\($0)' parameter is only allowed when 'logprobs' is enabled." }
  }

  // LIVE, also for the value `none`.
  private static let choiceNeedsTools = BodyRule(["tool_choice"], optional: ["tools"], reads: .presence) { body, out in
    guard let choice = body["tool_choice"], body["tools"] == nil else { return }
    out.error(.invalidRequest, choice) {
      "Invalid value for '\($0)': 'tool_choice' is only allowed when 'tools' are specified."
    }
  }

  // LIVE in 2023: "'function_call' is only allowed when 'functions' are specified."
  private static let functionCallNeedsFunctions = BodyRule(
    ["function_call"], optional: ["functions"], reads: .presence
  ) { body, out in
    guard let call = body["function_call"], body["functions"] == nil else { return }
    out.warn(.doubtfulValue, call) {
      "Invalid value for '\($0)': 'function_call' is only allowed when 'functions' are specified."
    }
  }

  // LIVE: refused in 2024, accepted for gpt-5.6 in 2026-08.
  private static let parallelCallsNeedTools = BodyRule(
    ["parallel_tool_calls"], optional: ["tools"], reads: .presence
  ) { body, out in
    guard let parallel = body["parallel_tool_calls"], body["tools"] == nil else { return }
    out.warn(.doubtfulValue, parallel) {
      "'\($0)' is only allowed when 'tools' are specified, for older models."
    }
  }

  // LIVE
  private static let choiceNamesATool = BodyRule(["tool_choice", "tools"]) { body, out in
    guard let choice = body["tool_choice"], choice.kind == .object, let tools = body.tools else { return }
    let isCustom = choice["type"]?.isString("custom") == true
    guard let name = choice[isCustom ? "custom" : "function"]?["name"], name.kind == .string else { return }
    let names = tools.items.compactMap { $0[isCustom ? "custom" : "function"]?["name"]?.text }
    guard !names.contains(where: { $0.utf8.elementsEqual(name.text.utf8) }) else { return }
    out.error(.invalidRequest, name, note: Suggestion.note(for: name.text, among: names)) {
      "'\($0)' names '\(Words.quoted(name))', which is not among the tools."
    }
  }

  // LIVE. A batch cannot stream, so the options are never right there. An object without members sets no options.
  static let streamOptionsWithoutStream = BodyRule(["stream_options"], optional: ["stream"]) { body, out in
    guard let options = body["stream_options"], options.nextIndex > options.index + 1, body["stream"]?.isTrue != true
    else { return }
    out.error(.invalidRequest, options) { "The '\($0)' parameter is only allowed when 'stream' is enabled." }
  }

  // LIVE
  private static let jsonMustBeMentioned = BodyRule(
    ["response_format", "messages"], reads: textsOfJSONMode
  ) { body, out in
    guard let type = body.jsonFormat, type.isString("json_object"), let messages = body["messages"] else { return }
    if messages.anyText(where: { $0.mentionsJSON }) { return }
    out.error(.invalidRequest, messages) {
      "'\($0)' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
    }
  }

  // https://platform.openai.com/docs/guides/audio
  private static let audioIsDescribed = BodyRule(["modalities"], optional: ["audio"]) { body, out in
    guard let modalities = body["modalities"], body["audio"] == nil,
      let audio = modalities.items.first(where: { $0.isString("audio") })
    else { return }
    out.warn(.doubtfulValue, audio) { "'\($0)' asks for audio, so 'body.audio' should name the voice and the format." }
  }

  // MARK: - Calls and their answers

  // LIVE: "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'."
  private static let messagesPair = BodyRule(["messages"], marks: .callID, reads: .presence) { body, out in
    guard let messages = body.messages else { return }
    // The open calls are in a dictionary, because searching an array for each answer would take quadratic time.
    var made: [[UInt8]] = []
    var open: [[UInt8]: Int] = [:]
    var caller: JSONValue?
    func complain(_ out: inout FindingList) {
      guard let caller, !open.isEmpty else { return }
      let ids = made.lazy.filter { open[$0] != nil }.prefix(8).map { Words.cut(String(decoding: $0, as: UTF8.self)) }
        .joined(separator: ", ")
      out.error(.invalidRequest, caller) { _ in
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
          + "The following tool_call_ids did not have response messages: \(ids)"
      }
      open = [:]
    }
    for message in messages {
      if message["role"]?.isString("tool") == true {
        guard let id = message["tool_call_id"], id.kind == .string else { continue }
        let text = id.textBytes
        if let count = open[text] {
          open[text] = count > 1 ? count - 1 : nil
        } else {
          out.error(.invalidRequest, message["role"] ?? message) { _ in
            "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
          }
        }
        continue
      }
      complain(&out)
      caller = nil
      guard message["role"]?.isString("assistant") == true, let calls = message["tool_calls"], calls.kind == .array
      else { continue }
      caller = message["role"]
      made = calls.items.compactMap { $0["id"]?.kind == .string ? $0["id"]?.textBytes : nil }
      open = made.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
    complain(&out)
  }
}

extension JSONValue {
  /// Whether `isSo` is true for any text in messages or items: a content, or the text of a part.
  func anyText(where isSo: (JSONValue) -> Bool) -> Bool {
    for message in items {
      guard let content = message["content"] else { continue }
      if isSo(content) { return true }
      for part in content.items {
        if let text = part["text"], isSo(text) { return true }
      }
    }
    return false
  }
}
