import Foundation
import JSONLines

// The rules about members of a Groq body that exclude or need each other, for all models. LIVE and SPEC are
// explained in Sources.swift.

extension BodyRule {
  static let fieldRules: [BodyRule] = [
    reasoningGivenTwice, rawReasoning, jsonWithTools, schemaWithStream, jsonMustBeAsked, validationOfNamedTool,
    namedToolExists, choiceWithoutTools, twoTokenLimits, streamOptionsAlone, toolAnswersCall, toolNamesDiffer,
  ]

  // SPEC "Mutually exclusive"; LIVE "cannot specify both `include_reasoning` and `reasoning_format`".
  private static let reasoningGivenTwice = BodyRule(["include_reasoning", "reasoning_format"]) { body, out in
    guard body["include_reasoning"] != nil, let format = body["reasoning_format"] else { return }
    out.error(.invalidRequest, format) { "'\($0)' and 'body.include_reasoning' exclude each other; give one of them." }
  }

  // https://console.groq.com/docs/reasoning: "we will return a 400 error".
  private static let rawReasoning = BodyRule(["reasoning_format"]) { body, out in
    guard let format = body["reasoning_format"], format.isString("raw") else { return }
    guard body.jsonFormat != nil || body.tools != nil else { return }
    let other = body.jsonFormat != nil ? "JSON output" : "tools"
    out.error(.invalidRequest, format) { "'\($0)' cannot be 'raw' together with \(other); use 'parsed' or 'hidden'." }
  }

  // LIVE "json mode cannot be combined with tool/function calling".
  private static let jsonWithTools = BodyRule(["response_format", "tools"]) { body, out in
    guard let type = body.jsonFormat, body.tools != nil else { return }
    out.error(.invalidRequest, type) { "'\($0)' cannot be '\(type.text)' in a request with tools." }
  }

  // https://console.groq.com/docs/structured-outputs: "Streaming and tool use are not currently supported".
  private static let schemaWithStream = BodyRule(["response_format", "stream"]) { body, out in
    guard let type = body.jsonFormat, type.isString("json_schema"), body["stream"]?.kind == .true else { return }
    out.error(.invalidRequest, type) { "'\($0)' cannot be 'json_schema' in a request that streams." }
  }

  // LIVE (mem0ai/mem0#4161) "'messages' must contain the word 'json' in some form".
  private static let jsonMustBeAsked = BodyRule(["response_format", "messages"], reads: textsOfJSONMode) { body, out in
    guard let type = body.jsonFormat, type.isString("json_object"), let messages = body["messages"] else {
      return
    }
    for message in messages.items {
      guard let content = message["content"] else { continue }
      if content.mentionsJSON { return }
      for part in content.items where part["text"]?.mentionsJSON == true { return }
    }
    out.error(.invalidRequest, messages) {
      "'\($0)' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
    }
  }

  static func textsOfJSONMode(_ body: borrowing RuledBody) -> Reads {
    body.jsonFormat?.isString("json_object") == true ? .texts : .presence
  }

  // SPEC, in the description of `disable_tool_validation`.
  private static let validationOfNamedTool = BodyRule(["disable_tool_validation", "tool_choice"]) {
    body, out in
    guard let flag = body["disable_tool_validation"], flag.kind == .true,
      let choice = body["tool_choice"], choice.kind == .object
    else { return }
    out.error(.invalidRequest, flag) { "'\($0)' cannot be true where 'body.tool_choice' names a tool." }
  }

  // LIVE "requested tool does not exist" (BerriAI/litellm#11001).
  private static let namedToolExists = BodyRule(["tool_choice", "tools"]) { body, out in
    guard let choice = body["tool_choice"], choice.kind == .object, let name = RuledBody.functionName(choice),
      let tools = body.tools
    else { return }
    let names = tools.items.compactMap { RuledBody.functionName($0) }
    if !names.contains(where: { $0.hasSameText(as: name) }) {
      out.error(.invalidRequest, name, note: Suggestion.note(for: name.text, among: names.map(\.text))) {
        "'\($0)' names '\(Words.quoted(name))', which is not among the tools."
      }
    }
  }

  // No refusal of this was recorded, so it is a warning.
  private static let choiceWithoutTools = BodyRule(["tool_choice"]) { body, out in
    guard let choice = body["tool_choice"], choice.kind == .object || choice.isString("required"),
      body.tools == nil
    else { return }
    out.warn(.doubtfulValue, choice) { "'\($0)' asks for a tool, and the request has no tools." }
  }

  private static let twoTokenLimits = BodyRule(["max_tokens", "max_completion_tokens"], reads: .presence) { body, out in
    guard let old = body["max_tokens"], body["max_completion_tokens"] != nil else { return }
    out.warn(.doubtfulValue, old) { "'\($0)' and 'body.max_completion_tokens' say the same; give the latter only." }
  }

  // https://console.groq.com/docs/api-reference#chat-create: "Only set this when you set stream: true".
  private static let streamOptionsAlone = BodyRule(["stream_options"]) { body, out in
    guard let options = body["stream_options"], body["stream"]?.kind != .true else { return }
    out.warn(.doubtfulValue, options) { "'\($0)' is for requests with 'stream': true." }
  }

  // OpenAI refuses this. For Groq nothing is known, so it is a warning.
  private static let toolAnswersCall = BodyRule(
    ["messages"], marks: [.toolMessage, .strayAnswer], reads: .presence
  ) { body, out in
    guard let messages = body.messages else { return }
    var calls: Set<[UInt8]> = []
    for message in messages {
      // Only a tool's message has a `tool_call_id`: elsewhere the shape refuses it.
      if let id = message["tool_call_id"] {
        if id.kind == .string, !calls.contains(id.textBytes) {
          out.warn(.doubtfulValue, id) { "'\($0)' answers no call of an assistant message before it." }
        }
      } else if let made = message["tool_calls"] {
        for call in made.items {
          if let id = call["id"], id.kind == .string { calls.insert(id.textBytes) }
        }
      }
    }
  }

  private static let toolNamesDiffer = BodyRule(["tools"], marks: .repeatedTool) { body, out in
    guard let tools = body.tools else { return }
    var names: Set<[UInt8]> = []
    for tool in tools.items {
      guard let name = RuledBody.functionName(tool), !names.insert(name.textBytes).inserted else { continue }
      out.warn(.doubtfulValue, name) { "'\($0)' is the name of an earlier tool too." }
    }
  }
}
