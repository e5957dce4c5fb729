import BatchFile
import Testing

/// The texts of OpenAI's answers on record; what differs is that paths begin with `body.`, as in batch errors.
@Suite("OpenAI: texts")
struct OpenAITextTests {
  struct Text: Sendable, CustomTestStringConvertible {
    var url = "/v1/chat/completions"
    var body: String
    var says: String
    var code: Code
    var testDescription: String { says }

    init(_ body: String, _ says: String, _ code: Code) { (self.body, self.says, self.code) = (body, says, code) }

    init(response members: String, model: String = "gpt-4.1", _ says: String, _ code: Code) {
      url = "/v1/responses"
      body = #"{"model":"\#(model)",\#(members)}"#
      (self.says, self.code) = (says, code)
    }
  }

  private static func chat(_ members: String, model: String = "gpt-4.1", messages: String? = nil) -> String {
    OpenAIBodies.chat(members, model: model, messages: messages)
  }

  static let texts = [
    Text(
      chat(#""max_tokens":5"#, model: "gpt-5"),
      "Unsupported parameter: 'body.max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      .unsupportedParameter),
    Text(
      chat(#""temperature":0.5"#, model: "gpt-5"),
      "Unsupported value: 'body.temperature' does not support 0.5 with this model. Only the default (1) value is supported.",
      .unsupportedValue),
    Text(
      chat(#""reasoning_effort":"minimal""#, model: "gpt-5.1"),
      "Unsupported value: 'body.reasoning_effort' does not support 'minimal' with this model. "
        + "Supported values are: 'none', 'low', 'medium', and 'high'.", .unsupportedValue),
    Text(
      chat("", model: "o1-mini", messages: #"{"role":"system","content":"x"},{"role":"user","content":"x"}"#),
      "Unsupported value: 'body.messages[0].role' does not support 'system' with this model.", .unsupportedValue),
    Text(
      chat(#""stop":"x""#, model: "gpt-5"), "Unsupported parameter: 'body.stop' is not supported with this model.",
      .unsupportedParameter),
    Text(
      chat(#""max_tokens":5,"max_completion_tokens":5"#),
      "Setting 'body.max_tokens' and 'max_completion_tokens' at the same time is not supported.",
      .invalidParameterCombination),
    Text(
      chat(#""top_logprobs":2"#), "The 'body.top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
      .invalidRequest),
    Text(
      chat(#""tool_choice":"auto""#),
      "Invalid value for 'body.tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", .invalidRequest
    ),
    Text(
      chat(#""stream_options":{"include_usage":true}"#),
      "The 'body.stream_options' parameter is only allowed when 'stream' is enabled.", .invalidRequest),
    Text(
      chat(#""response_format":{"type":"json_object"}"#),
      "'body.messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      .invalidRequest),
    Text(
      chat("", messages: #"{"role":"user","content":"x"},{"role":"tool","tool_call_id":"c","content":"1"}"#),
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
      .invalidRequest),
    Text(
      chat(
        "",
        messages:
          #"{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]}"#
      ),
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
        + "The following tool_call_ids did not have response messages: call_1", .invalidRequest),
    Text(
      response: #""input":"Hi","tool_choice":"required""#,
      "Tool choice 'required' must be specified with 'tools' parameter ('body.tool_choice').", .invalidRequest),
    Text(
      response: #""input":[{"type":"function_call_output","call_id":"call_x","output":"1"}]"#,
      "No tool call found for function call output with call_id call_x.", .invalidRequest),
    Text(
      response: #""input":[{"type":"function_call","call_id":"call_x","name":"f","arguments":"{}"}]"#,
      "No tool output found for function call call_x.", .invalidRequest),
    Text(
      response: #""input":"Hi","top_logprobs":2"#, model: "gpt-5",
      "logprobs are not supported with reasoning models ('body.top_logprobs').", .unsupportedParameter),
    Text(
      response: #""input":"Hi","messages":[]"#,
      "Unsupported parameter: 'body.messages'. In the Responses API, this parameter has moved to 'input'. Try again with the new parameter.",
      .unsupportedParameter),
    Text(
      response: #""input":"Hi","response_format":{}"#,
      "Unsupported parameter: 'body.response_format'. In the Responses API, this parameter has moved to 'text.format'. Try again with the new parameter.",
      .unsupportedParameter),
    // Phrases of the validator.
    Text(chat(#""temprature":1"#), "Unknown parameter: 'body.temprature'.", .unknownParameter),
    Text(
      chat(#""n":"1""#), "Invalid type for 'body.n': expected an integer, but got a string instead.", .invalidType),
    Text(
      chat(#""n":0"#),
      "Invalid 'body.n': integer below minimum value. Expected a value >= 1, but got 0 instead.", .integerBelowMinValue),
    Text(
      chat(#""temperature":3"#),
      "Invalid 'body.temperature': decimal above maximum value. Expected a value <= 2, but got 3 instead.",
      .decimalAboveMaxValue),
    Text(
      chat(#""stop":["a","b","c","d","e"]"#),
      "Invalid 'body.stop': array too long. Expected an array with maximum length 4, but got an array with length 5 instead.",
      .arrayAboveMaxLength),
    Text(
      #"{"model":"gpt-4.1","messages":[]}"#,
      "Invalid 'body.messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      .emptyArray),
    Text(
      chat(#""prompt_cache_key":\#(OpenAIChatTests.long("k", 70))"#),
      "Invalid 'body.prompt_cache_key': string too long. Expected a string with maximum length 64, but got a string with length 70 instead.",
      .stringAboveMaxLength),
    Text(
      chat(#""service_tier":"slow""#),
      "Invalid value: 'slow'. Supported values are: 'auto', 'default', 'flex', 'priority', and 'fast'.", .invalidValue),
    Text(
      chat("", messages: #"{"content":"Hi"}"#), "Missing required parameter: 'body.messages[0].role'.",
      .missingRequiredParameter),
  ]

  @Test("as recorded", arguments: texts)
  func recorded(_ text: Text) throws {
    let line = #"{"custom_id":"r","method":"POST","url":"\#(text.url)","body":\#(text.body)}"#
    let errors = try Check.findings(lines: [line], checker: BatchChecker(provider: .openai))
      .filter { $0.severity == .error }
    #expect(errors.map(\.message) == [text.says])
    #expect(errors.map(\.code) == [text.code])
  }

  @Test("a file's limits are OpenAI's own")
  func limits() {
    // "209715200" stands in its error; 50,000 lines and inputs in its OpenAPI document.
    #expect(Provider.openai.maxBytes == 209_715_200)
    #expect(Provider.openai.maxRequests == 50_000)
    #expect(Provider.openai.maxInputs == 50_000)
    #expect(Provider.openai.oneModelPerFile && Provider.openai.oneURLPerFile)
  }

  @Test(
    "urls that a batch can have",
    arguments: [
      "/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/v1/completions", "/v1/moderations",
      "/v1/images/generations", "/v1/images/edits", "/v1/videos",
    ])
  func urls(url: String) throws {
    // No url is refused as such, whatever its body lacks.
    let line = #"{"custom_id":"r","method":"POST","url":"\#(url)","body":{"model":"omni-moderation-latest"}}"#
    #expect(
      try Check.findings(lines: [line], checker: BatchChecker(provider: .openai)).allSatisfy { $0.code != .invalidURL })
  }

  @Test("urls that none can have", arguments: ["/v1/audio/speech", "/v1/files", "/v1/chat", "/v1/images"])
  func otherURLs(url: String) throws {
    let line = #"{"custom_id":"r","method":"POST","url":"\#(url)","body":{"model":"gpt-4.1","anything":1}}"#
    // A wrong url says nothing about its body.
    #expect(
      try Check.findings(lines: [line], checker: BatchChecker(provider: .openai)).map(\.code) == [.invalidURL])
  }
}
