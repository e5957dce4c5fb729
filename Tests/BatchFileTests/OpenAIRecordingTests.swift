import BatchFile
import Testing

/// Kinds of bodies that OpenAI accepted or refused in recordings which the tests of public projects play again; TAPE in
/// Sources.swift says which.
@Suite("OpenAI: recorded bodies")
struct OpenAIRecordingTests {
  private static let asks = #"{"role":"user","content":"What is 1 + 1?"}"#

  /// A conversation whose assistant's message has these members beside its role.
  private static func conversation(_ assistant: String, _ more: String = "", model: String) -> String {
    OpenAIBodies.chat("", model: model, messages: #"\#(asks),{"role":"assistant",\#(assistant)}\#(more),\#(asks)"#)
  }

  private static func call(_ more: String) -> String {
    #""tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"},\#(more)}]"#
  }

  private static let answer = #",{"role":"tool","tool_call_id":"c1","content":"2"}"#

  // mirascope, lingua and magentic: with models from gpt-3.5-turbo to gpt-5.6. An answer of the API is sent back as it
  // came.
  @Test(
    "an assistant's message is accepted as the API wrote it",
    arguments: ["gpt-4o-mini", "gpt-4.1", "gpt-5-mini", "gpt-5.6-sol", "unheard-of"])
  func echoedAnswers(model: String) throws {
    let text = #""content":"2","refusal":null"#
    try OpenAIBodies(
      name: model,
      cases: [
        BodyCase(OpenAIRecordingTests.conversation(#"\#(text),"annotations":[]"#, model: model)),
        BodyCase(OpenAIRecordingTests.conversation(#"\#(text),"annotations":null,"audio":null"#, model: model)),
        BodyCase(OpenAIRecordingTests.conversation(#"\#(text),"parsed":null"#, model: model)),
        BodyCase(
          OpenAIRecordingTests.conversation(#"\#(text),"parsed":{"sum":2}"#, model: model),
          .warning(.ignoredParameter, "body.messages[1].parsed")),
        // On record as refused.
        BodyCase(
          OpenAIRecordingTests.conversation(#"\#(text),"reasoning_content":"x""#, model: model),
          .error(.unknownParameter, "body.messages[1].reasoning_content")),
        BodyCase(
          OpenAIRecordingTests.conversation(#"\#(text),"id":"m1""#, model: model),
          .error(.unknownParameter, "body.messages[1].id")),
      ]
    ).expect()
  }

  // magentic and activeagent with gpt-4o and gpt-4.1; on record as refused in 2024.
  @Test(
    "a call's number is refused by models since gpt-5 only", arguments: ["gpt-4o", "gpt-4.1", "unheard-of", "gpt-5"])
  func numberedCalls(model: String) throws {
    let body = OpenAIRecordingTests.conversation(
      OpenAIRecordingTests.call(#""index":0"#), OpenAIRecordingTests.answer, model: model)
    let path = "body.messages[1].tool_calls[0].index"
    try OpenAIBodies(
      name: model,
      cases: [BodyCase(body, model == "gpt-5" ? .error(.unknownParameter, path) : .warning(.unknownParameter, path))]
    ).expect()
  }

  // pydantic-ai with gpt-5-mini, lingua with gpt-5-nano.
  @Test("sound and addresses of files are refused where the API refuses them")
  func parts() throws {
    func body(_ part: String, model: String) -> String {
      OpenAIBodies.chat("", model: model, messages: #"{"role":"user","content":[\#(part)]}"#)
    }
    func file(_ data: String) -> String { #"{"type":"file","file":{"filename":"a.pdf","file_data":"\#(data)"}}"# }
    let sound = #"{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}"#
    try OpenAIBodies(
      name: "parts",
      cases: [
        BodyCase(body(sound, model: "gpt-5-mini"), .error(.invalidRequest, "body.messages[0].content[0]")),
        BodyCase(body(sound, model: "gpt-audio")), BodyCase(body(sound, model: "unheard-of")),
        BodyCase(body(file("data:application/pdf;base64,JVBERi0="), model: "gpt-5-nano")),
        BodyCase(body(file("JVBERi0="), model: "gpt-5-nano")),
        BodyCase(
          body(file("https://example.org/a.pdf"), model: "gpt-5-nano"),
          .error(.invalidValue, "body.messages[0].content[0].file.file_data")),
        BodyCase(
          body(file(#"gs:\/\/bucket\/a.pdf"#), model: "gpt-4.1"),
          .error(.invalidValue, "body.messages[0].content[0].file.file_data")),
      ]
    ).expect()
  }

  // openllmetry and paper-qa: "You uploaded an unsupported image."
  @Test("an image in base64 begins like one of a known format")
  func images() throws {
    func body(_ url: String) -> String {
      let part = #"{"type":"image_url","image_url":{"url":"\#(url)"}}"#
      return OpenAIBodies.chat("", messages: #"{"role":"user","content":[\#(part)]}"#)
    }
    let good = [
      "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ", "data:image/png;base64,AAAA",
      "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAUDBAQE",
      #"data:image\/jpg;base64,\/9j\/4AAQSkZJRgABAQEAYABgAAD\/2wBDAAUDBAQE"#,
      "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
      "data:image/webp;base64,UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA",
      "data:IMAGE/PNG;BASE64,iVBORw0KGgo=", #"https:\/\/example.org\/a.png"#,
    ]
    let doubtful = [
      "data:image/png;base64,bm90IGFuIGltYWdlIGF0IGFsbCwgYnV0IGEgdGV4dA==", "data:image/svg+xml;base64,PHN2Zz4=",
    ]
    try OpenAIBodies(
      name: "images",
      cases: good.map { BodyCase(body($0)) }
        + doubtful.map { BodyCase(body($0), .warning(.doubtfulValue, "body.messages[0].content[0].image_url.url")) }
    ).expect()
  }

  // lingua with gpt-5.4-mini.
  @Test("gpt-5.4-mini takes no tools with an effort in chat completions")
  func toolsWithEffort() throws {
    let tools = #""tools":[{"type":"function","function":{"name":"f"}}]"#
    try OpenAIBodies(
      name: "effort",
      cases: [
        BodyCase(OpenAIBodies.chat(tools, model: "gpt-5.4-mini")),
        BodyCase(
          OpenAIBodies.chat(#"\#(tools),"reasoning_effort":"medium""#, model: "gpt-5.4-mini"),
          .error(.invalidRequest, "body.tools")),
        BodyCase(OpenAIBodies.chat(#"\#(tools),"reasoning_effort":"none""#, model: "gpt-5.4-mini")),
      ]
    ).expect()
  }

  // ruby_llm and braintrust (reasoning), dd-trace (prompt), Codex (client_metadata), pydantic-ai (tool_search_call,
  // sound in a file).
  @Test("responses")
  func responses() throws {
    func items(_ items: String) -> String { #"{"model":"gpt-5-nano","input":[\#(items)]}"# }
    let message = #"{"role":"user","content":"Hi"}"#
    func reasoning(_ more: String) -> String { #"{"type":"reasoning","summary":[]\#(more)},\#(message)"# }
    func file(_ data: String) -> String {
      items(#"{"role":"user","content":[{"type":"input_file","filename":"a","file_data":"\#(data)"}]}"#)
    }
    try OpenAIBodies(
      name: "responses", url: "/v1/responses",
      cases: [
        BodyCase(items(reasoning(#","encrypted_content":"gAAAA""#))), BodyCase(items(reasoning(#","id":"rs_1""#))),
        BodyCase(
          items(reasoning(#","encrypted_content":null"#)), .error(.missingRequiredParameter, "body.input[0].id")),
        BodyCase(items(reasoning("")), .error(.missingRequiredParameter, "body.input[0].id")),
        BodyCase(#"{"model":"gpt-4.1","prompt":{"id":"p"}}"#),
        BodyCase(#"{"model":"gpt-4.1"}"#, .error(.missingRequiredParameter, "body.input")),
        BodyCase(#"{"model":"gpt-4.1","prompt":null}"#, .error(.missingRequiredParameter, "body.input")),
        BodyCase(#"{"model":"gpt-4.1","input":null}"#, .error(.invalidType, "body.input")),
        BodyCase(#"{"model":"gpt-5.3-codex","input":"Hi","client_metadata":{"session":"s"}}"#),
        BodyCase(
          items(
            #"{"type":"tool_search_call","call_id":"c1","arguments":{}},"#
              + #"{"type":"function_call_output","call_id":"c1","output":"x"}"#)),
        BodyCase(
          items(#"\#(message),{"type":"function_call_output","call_id":"c1","output":"x"}"#),
          .error(.invalidRequest, "body.input[1].call_id")),
        BodyCase(file("data:application/pdf;base64,JVBERi0=")),
        BodyCase(
          file("data:audio/mpeg;base64,SUQz"), .error(.invalidValue, "body.input[0].content[0].file_data")),
      ]
    ).expect()
  }

  // From issues of 2026: pydantic-ai #2865, #3326 (encrypted content), heddle #227 (summary), codex #33176 (ids).
  @Test("what single models and items of responses do not take")
  func refusedItems() throws {
    let message = #"{"role":"user","content":"Hi"}"#
    func model(_ model: String, _ members: String) -> String { #"{"model":"\#(model)","input":"Hi",\#(members)}"# }
    func items(_ items: String) -> String { #"{"model":"gpt-5-nano","input":[\#(items)]}"# }
    let encrypted = #""include":["reasoning.encrypted_content"]"#
    let summary = #""reasoning":{"summary":"auto"}"#
    let search = #""tools":[{"type":"image_generation"}],"reasoning":{"effort":"minimal"}"#
    try OpenAIBodies(
      name: "refused", url: "/v1/responses",
      cases: [
        BodyCase(model("gpt-4o", encrypted), .warning(.doubtfulValue, "body.include[0]")),
        BodyCase(model("gpt-5-nano", encrypted)), BodyCase(model("somebody's", encrypted)),
        BodyCase(model("gpt-4.1", summary), .warning(.doubtfulValue, "body.reasoning.summary")),
        BodyCase(model("gpt-5-nano", summary)), BodyCase(model("gpt-4.1", #""reasoning":{"summary":null}"#)),
        BodyCase(model("gpt-5-nano", search), .error(.invalidRequest, "body.tools[0].type")),
        BodyCase(model("gpt-5-nano", #""tools":[{"type":"custom","name":"c"}],"reasoning":{"effort":"minimal"}"#)),
        BodyCase(
          items(#"{"role":"assistant","content":"Hi","id":"msg_1"},{"role":"assistant","content":"Ho","id":"msg_1"}"#),
          .error(.invalidRequest, "body.input[1].id")),
        BodyCase(
          items(
            #"{"type":"local_shell_call","id":"l_1"},{"type":"local_shell_call_output","id":"l_1"},\#(message)"#)),
        BodyCase(
          items(#"{"type":"item_reference","id":"msg_1"},{"type":"item_reference","id":"msg_1"},\#(message)"#)),
        BodyCase(
          items(#"{"role":"assistant","content":"Hi","id":"abc"}"#), .warning(.doubtfulValue, "body.input[0].id")),
      ]
        + ["text-embedding-3-small", "gpt-image-1", "gpt-4o-transcribe", "omni-moderation-latest", "sora-2"].map {
          BodyCase(#"{"model":"\#($0)","input":"Hi"}"#, .error(.invalidRequest, "body.model"))
        }
    ).expect()
  }

  // OpenAI-API-dotnet #163 (biases), langchainjs #9570 (files).
  @Test("what single models and members of chat completions do not take")
  func refusedMembers() throws {
    func file(_ members: String) -> String {
      OpenAIBodies.chat("", messages: #"{"role":"user","content":[{"type":"file","file":{\#(members)}}]}"#)
    }
    let data = #""file_data":"data:application/pdf;base64,JVBERi0=""#
    try OpenAIBodies(
      name: "refused",
      cases: [
        BodyCase(OpenAIBodies.chat(#""logit_bias":{"50256":-100}"#)),
        BodyCase(OpenAIBodies.chat(#""logit_bias":{"AI":1}"#), .error(.invalidRequest, "body.logit_bias.AI")),
        BodyCase(OpenAIBodies.chat(#""logit_bias":{"-5":1}"#), .error(.invalidRequest, "body.logit_bias.-5")),
        BodyCase(file(data), .warning(.doubtfulValue, "body.messages[0].content[0].file")),
        BodyCase(file(data + #","filename":"a.pdf""#)),
        BodyCase(
          OpenAIBodies.chat(#""functions":[{"name":"f"}],"function_call":"auto""#),
          .warning(.deprecatedParameter, "body.functions"), .warning(.deprecatedParameter, "body.function_call")),
      ]
        + ["text-embedding-3-small", "whisper-1", "gpt-4o-mini-tts", "dall-e-3", "gpt-realtime"].map {
          BodyCase(OpenAIBodies.chat("", model: $0), .error(.invalidRequest, "body.model"))
        }
    ).expect()
    try OpenAIBodies(
      name: "refused", url: "/v1/embeddings",
      cases: ["gpt-4o", "gpt-3.5-turbo-instruct", "gpt-image-1"].map {
        BodyCase(#"{"model":"\#($0)","input":"Hi"}"#, .error(.invalidRequest, "body.model"))
      } + [BodyCase(#"{"model":"my-own-model","input":"Hi"}"#)]
    ).expect()
  }
}
