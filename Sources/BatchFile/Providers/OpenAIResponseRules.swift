import JSONLines

// The rules about members of a `/v1/responses` body at OpenAI that exclude or need each other, and about what single
// models refuse. LIVE is explained in Sources.swift; the messages are those of the recorded answers.

extension BodyRule {
  static let openAIResponses = [
    storedStateGivenTwice, inputOrPrompt, somethingIsAsked, requiredChoiceNeedsTools, choiceNamesAFlatTool,
    streamOptionsWithoutStream,
    jsonMustBeInInput, callsAndOutputsPair, reasoningComesLast, samplingOfResponses, effortOfResponses,
    verbosityOfResponses, logprobsOfReasoning, schemaOfResponses, responsesEndpoint, closedItemParts, memoryCache,
    cacheOptionsOfModel, outputTokensWithinModel, choiceNamesAHostedTool, reasoningOfPlainModel, toolsAtMinimalEffort,
    itemsAreDifferent,
  ]

  // LIVE
  private static let storedStateGivenTwice = BodyRule(["previous_response_id", "conversation"], reads: .presence) {
    body, out in
    guard body["previous_response_id"] != nil, let conversation = body["conversation"] else { return }
    out.error(.mutuallyExclusiveParameters, conversation) {
      "'\($0)' and 'body.previous_response_id' exclude each other; give one of them."
    }
  }

  // TAPE: a request with a prompt needs no input. Without either the API asks for the input (LIVE).
  private static let inputOrPrompt = BodyRule([], optional: ["input", "prompt"], reads: .presence) { body, out in
    if body.fields.value("input", of: body.value) == nil, body["prompt"] == nil {
      out.missing("input", in: body.value)
    }
  }

  // LIVE: an empty input passes only with a stored state or a prompt. The rule reads whether the text is empty, because
  // a hole in a pattern of lines could be empty otherwise.
  private static let somethingIsAsked = BodyRule(
    ["input"], optional: ["previous_response_id", "prompt", "conversation"],
    reads: .presence
  ) { body, out in
    guard let input = body["input"], body["previous_response_id"] == nil, body["prompt"] == nil,
      body["conversation"] == nil
    else { return }
    if input.kind == .string, input.contentRange.isEmpty {
      out.error(.emptyString, input, Words.emptyString)
    } else if input.kind == .array, input.nextIndex == input.index + 1 {
      out.emptyArray(input)
    }
  }

  // LIVE: the choices none and auto are accepted. A prompt may bring tools of its own.
  private static let requiredChoiceNeedsTools = BodyRule(["tool_choice"], optional: ["tools", "prompt"]) { body, out in
    guard let choice = body["tool_choice"], choice.isString("required"), body.tools == nil, body["prompt"] == nil
    else { return }
    out.error(.invalidRequest, choice) { "Tool choice 'required' must be specified with 'tools' parameter ('\($0)')." }
  }

  // LIVE
  private static let choiceNamesAFlatTool = BodyRule(["tool_choice"], optional: ["tools"]) { body, out in
    guard let choice = body["tool_choice"], choice.kind == .object, let type = choice["type"],
      type.isString("function") || type.isString("custom"), let name = choice["name"], name.kind == .string
    else { return }
    let tools = body.tools?.items.filter { $0["type"]?.isString("namespace") == true || $0["name"] != nil } ?? []
    if tools.contains(where: { $0["type"]?.isString("namespace") == true }) { return }
    let names = tools.compactMap { $0["name"]?.text }
    guard !names.contains(where: { $0.utf8.elementsEqual(name.text.utf8) }) else { return }
    out.error(.invalidRequest, name, note: Suggestion.note(for: name.text, among: names)) {
      "Tool choice '\(Words.quoted(name))' not found in 'tools' parameter ('\($0)')."
    }
  }

  // LIVE "Tool choice 'image_generation' not found in 'tools' parameter." The records name four types, so it is a warning.
  private static let choiceNamesAHostedTool = BodyRule(["tool_choice"], optional: ["tools", "prompt"]) { body, out in
    guard let type = body["tool_choice"]?["type"], type.kind == .string, body["prompt"] == nil else { return }
    let kind = type.text.hasPrefix("web_search") ? "web_search" : type.text
    let hosted = [
      "web_search", "file_search", "image_generation", "code_interpreter", "apply_patch", "shell", "local_shell",
      "computer_use_preview",
    ]
    guard hosted.contains(kind) else { return }
    if body.tools?.items.contains(where: { $0["type"]?.text.hasPrefix(kind) == true }) == true { return }
    out.warn(.doubtfulValue, type) { "Tool choice '\(Words.quoted(type))' not found in 'tools' parameter ('\($0)')." }
  }

  // LIVE "The following tools cannot be used with reasoning.effort 'minimal': image_gen, web_search."
  private static let toolsAtMinimalEffort = BodyRule(["reasoning", "tools"]) { body, out in
    guard body["reasoning"]?["effort"]?.isString("minimal") == true, let tools = body.tools else { return }
    for tool in tools.items {
      guard let type = tool["type"], type.kind == .string else { continue }
      guard type.isString("image_generation") || type.text.hasPrefix("web_search") else { continue }
      out.error(.invalidRequest, type) {
        "'\($0)': the tool '\(Words.quoted(type))' cannot be used with reasoning.effort 'minimal'."
      }
    }
  }

  // LIVE "Encrypted content is not supported with this model.", "Unsupported parameter: 'reasoning.summary' is not
  // supported with the 'gpt-4.1-2025-04-14' model." Not every such model was asked, so it is a warning.
  private static let reasoningOfPlainModel = BodyRule(["model"], optional: ["include", "reasoning"]) { body, out in
    guard body.model?.pointee.reasoningEfforts?.isEmpty == true else { return }
    if let wanted = body["include"]?.items.first(where: { $0.isString("reasoning.encrypted_content") }) {
      out.warn(.doubtfulValue, wanted) { "Encrypted content is not supported with this model ('\($0)')." }
    }
    if let summary = body["reasoning"]?["summary"], summary.kind != .null {
      out.warn(.doubtfulValue, summary) { "Unsupported parameter: '\($0)' is not supported with this model." }
    }
  }

  // LIVE "Duplicate item found with id msg_1. Remove duplicate items from your input and try again.", "Invalid
  // 'input[3].id': '…'. Expected an ID that begins with 'fc'." Whether all models look at the beginning is not known.
  private static let itemsAreDifferent = BodyRule(["input"], reads: .presence) { body, out in
    guard let input = body["input"], input.kind == .array else { return }
    var known: Set<[UInt8]> = []
    for item in input.items {
      let type = item["type"]
      guard let id = item["id"], id.kind == .string else { continue }
      let isMessage = type == nil || type?.isString("message") == true
      let isCall = type?.isString("function_call") == true
      // The output of a local shell has the id of its call, and nothing is on record of others.
      guard isMessage || isCall || type?.isString("reasoning") == true else { continue }
      let beginning = isMessage ? "msg" : isCall ? "fc" : ""
      if !id.text.hasPrefix(beginning) {
        out.warn(.doubtfulValue, id) {
          "Invalid '\($0)': '\(Words.quoted(id))'. Expected an ID that begins with '\(beginning)'."
        }
      } else if !known.insert(id.textBytes).inserted {
        out.error(.invalidRequest, id) { _ in
          "Duplicate item found with id \(Words.quoted(id)). Remove duplicate items from your input and try again."
        }
      }
    }
  }

  private static func textsOfJSONFormat(_ body: borrowing RuledBody) -> Reads {
    body["text"]?["format"]?["type"]?.isString("json_object") == true ? .texts : .presence
  }

  // LIVE; the input must have the word.
  private static let jsonMustBeInInput = BodyRule(
    ["text", "input"], optional: ["instructions"],
    reads: textsOfJSONFormat
  ) { body, out in
    guard body["text"]?["format"]?["type"]?.isString("json_object") == true, let input = body["input"],
      body["prompt"] == nil, body["previous_response_id"] == nil, body["conversation"] == nil
    else { return }
    if input.mentionsJSON || input.anyText(where: { $0.mentionsJSON }) { return }
    if body["instructions"]?.mentionsJSON == true {
      return out.warn(.doubtfulValue, input) {
        "'\($0)' should contain the word 'json' too: in 'instructions' alone it was refused."
      }
    }
    out.error(.invalidRequest, input) {
      "'\($0)' must contain the word 'json' in some form, to use 'text.format' of type 'json_object'."
    }
  }

  // LIVE "No tool call found for function call output with call_id call_x.", and the same for a call without an output.
  private static let callsAndOutputsPair = BodyRule(
    ["input"], optional: ["previous_response_id", "conversation", "prompt"], reads: .presence
  ) { body, out in
    guard let input = body["input"], input.kind == .array, body["previous_response_id"] == nil,
      body["conversation"] == nil, body["prompt"] == nil
    else { return }
    var calls: [(id: [UInt8], value: JSONValue)] = []
    var outputs: [(id: [UInt8], value: JSONValue)] = []
    var searches: Set<[UInt8]> = []
    for item in input.items {
      guard let type = item["type"], type.kind == .string else { continue }
      if type.isString("item_reference") { return }
      guard let id = item["call_id"], id.kind == .string else { continue }
      if type.isString("function_call") || type.isString("custom_tool_call") {
        calls.append((id.textBytes, id))
      } else if type.isString("tool_search_call") {
        // Its answer may be the output of a function (TAPE), or an item of its own.
        searches.insert(id.textBytes)
      } else if type.isString("function_call_output") || type.isString("custom_tool_call_output") {
        outputs.append((id.textBytes, id))
      }
    }
    if calls.isEmpty, outputs.isEmpty { return }
    let made = searches.union(calls.map(\.id))
    let answered = Set(outputs.map(\.id))
    for (id, value) in outputs where !made.contains(id) {
      out.error(.invalidRequest, value) { _ in
        "No tool call found for function call output with call_id \(Words.quoted(value))."
      }
    }
    for (id, value) in calls where !answered.contains(id) {
      out.error(.invalidRequest, value) { _ in "No tool output found for function call \(Words.quoted(value))." }
    }
  }

  // LIVE "Item 'rs_…' of type 'reasoning' was provided without its required following item."
  private static let reasoningComesLast = BodyRule(["input"], marks: .reasoningItem, reads: .presence) { body, out in
    var last: JSONValue?
    for item in body["input"]?.items ?? body.value.items { last = item }
    guard let last, last["type"]?.isString("reasoning") == true else { return }
    out.warn(.doubtfulValue, last) { "'\($0)' is a reasoning item that nothing follows." }
  }

  // MARK: - By model

  private static let samplingOfResponses = BodyRule(
    ["model"], optional: samplingMembers + ["reasoning", "top_logprobs"],
    reads: valuesOfReasoning
  ) { body, out in
    guard let reasoning = body.reasoning(effort: body["reasoning"]?["effort"]) else { return }
    out.checkSampling(body, reasoning)
    // LIVE: some models refused even the default value.
    for value in [body["temperature"], body["top_p"]] {
      if let value, value.number == 1, !body.has(.doubtsTemperature) { out.unsupported(value, .doubtful) }
    }
  }

  private static let effortOfResponses = BodyRule(["reasoning", "model"]) { body, out in
    guard let effort = body["reasoning"]?["effort"] else { return }
    out.checkEffort(effort, body, inResponses: true)
  }

  private static let verbosityOfResponses = BodyRule(["text", "model"]) { body, out in
    if let verbosity = body["text"]?["verbosity"] { out.checkVerbosity(verbosity, body) }
  }

  // LIVE "logprobs are not supported with reasoning models."
  private static let logprobsOfReasoning = BodyRule(["model"], optional: ["include", "top_logprobs"]) { body, out in
    guard body.reasoning(effort: body["reasoning"]?["effort"]) == .sure else { return }
    func complain(_ value: JSONValue, _ out: inout FindingList) {
      out.error(.unsupportedParameter, value) { "logprobs are not supported with reasoning models ('\($0)')." }
    }
    if let top = body["top_logprobs"] { complain(top, &out) }
    if let wanted = body["include"]?.items.first(where: { $0.isString("message.output_text.logprobs") }) {
      complain(wanted, &out)
    }
  }

  private static let schemaOfResponses = BodyRule(["text", "model"], reads: .presence) { body, out in
    guard let type = body["text"]?["format"]?["type"], type.isString("json_schema"),
      body.model?.pointee.takesJSONSchema == false
    else { return }
    out.error(.invalidRequest, type) { "'\($0)' of the type 'json_schema' is not supported with this model." }
  }

  // LIVE (truefoundry #2006)
  private static let responsesEndpoint = BodyRule(["model"], reads: .presence) { body, out in
    guard let model = body["model"], body.has(.chatOnly) || body.has(.completions) || body.has(.answersNoText)
    else { return }
    out.error(.invalidRequest, model) { "'\($0)': '\(Words.quoted(model))' is not for responses." }
  }

  private static let closedItemParts = BodyRule(["input", "model"], marks: .unknownMember, reads: .presence) {
    body, out in
    guard body.has(.closesParts) else { return }
    out.refuseUnknown { $0.hasPrefix("body.input[") && $0.contains(".content[") }
  }

  private static let outputTokensWithinModel = BodyRule(["max_output_tokens", "model"], reads: .presence) { body, out in
    out.checkTokens(body["max_output_tokens"], body)
  }
}
