import BatchFile
import Testing

/// Members deep in a body, with a value of a wrong type. Their types are from
/// https://platform.openai.com/docs/api-reference; the members of the body itself have tests of their own.
@Suite("OpenAI: types of nested members")
struct OpenAINestedTests {
  private static func type(_ body: String, _ path: String, also others: Found...) -> BodyCase {
    var one = BodyCase(body, .error(.invalidType, path))
    // A finding about the member around it comes first.
    one.found.insert(contentsOf: others, at: 0)
    return one
  }

  @Test("chat completions")
  func chat() throws {
    func messages(_ messages: String) -> String { OpenAIBodies.chat("", messages: messages) }
    let tools = #""tools":[{"type":"function","function":{"name":"f"}}]"#
    let audio = #"{"role":"assistant","audio":{"id":1}},{"role":"user","content":"Hi"}"#
    let custom = #"{"role":"assistant","tool_calls":[{"id":1,"type":"custom","custom":{"name":"f","input":"x"}}]}"#
    try OpenAIBodies(
      name: "nested",
      cases: [
        OpenAINestedTests.type(OpenAIBodies.chat(#""moderation":{"model":1}"#), "body.moderation.model"),
        OpenAINestedTests.type(
          OpenAIBodies.chat(
            #"\#(tools),"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":1}}"#),
          "body.tool_choice.allowed_tools.tools"),
        OpenAINestedTests.type(messages(audio), "body.messages[0].audio.id"),
        OpenAINestedTests.type(messages(custom), "body.messages[0].tool_calls[0].id"),
      ]
        + ["city", "country", "region", "timezone"].map { name in
          OpenAINestedTests.type(
            OpenAIBodies.chat(
              #""web_search_options":{"user_location":{"type":"approximate","approximate":{"\#(name)":1}}}"#),
            "body.web_search_options.user_location.approximate.\(name)",
            also: .warning(.doubtfulValue, "body.web_search_options"))
        }
    ).expect()
  }

  @Test("responses")
  func responses() throws {
    func body(_ members: String) -> String { #"{"model":"gpt-4.1","input":"Hi",\#(members)}"# }
    func search(_ members: String) -> String { body(#""tools":[{"type":"web_search",\#(members)}]"#) }
    let doubt = Found.warning(.doubtfulValue, "body.tools[0].type")
    try OpenAIBodies(
      name: "nested", url: "/v1/responses",
      cases: [
        OpenAINestedTests.type(body(#""moderation":{"model":1}"#), "body.moderation.model"),
        OpenAINestedTests.type(
          body(#""conversation":{"id":1}"#), "body.conversation.id", also: .warning(.doubtfulValue, "body.conversation")
        ),
        OpenAINestedTests.type(
          body(#""stream_options":{"include_obfuscation":1}"#), "body.stream_options.include_obfuscation",
          also: .error(.invalidRequest, "body.stream_options")),
        OpenAINestedTests.type(
          search(#""filters":{"allowed_domains":"a.org"}"#), "body.tools[0].filters.allowed_domains", also: doubt),
      ]
        + ["city", "country", "region", "timezone"].map { name in
          OpenAINestedTests.type(
            search(#""user_location":{"type":"approximate","\#(name)":1}"#), "body.tools[0].user_location.\(name)",
            also: doubt)
        }
    ).expect()
  }
}
