import BatchFile
import Testing

/// Keys and values are checked after their escapes are resolved.
@Suite("Escapes")
struct EscapeTests {
  static let cases: [BodyCase] = [
    BodyCase(Body.messages(#"{"role":"\u0075ser","content":"Hi"}"#)),
    BodyCase(Body.messages(#"{"r\u006fle":"user","content":"Hi"}"#)),
    BodyCase(Body.messages(#"{"role":"user","content":[{"t\u0079pe":"te\u0078t","text":"Hi"}]}"#)),
    BodyCase(#"{"m\u006fdel":"openai\/gpt-oss-20b","mess\u0061ges":[\#(Body.hi)]}"#),
    BodyCase(Body.with(#""service_tier":"fl\u0065x""#)),
    BodyCase(Body.with(#""documents":[{"source":{"type":"\u0074ext","text":"Hi"}}]"#)),
    BodyCase(Body.with(#""tools":[{"type":"function","function":{"name":"f\u005f1"}}]"#)),
    BodyCase(
      Body.with(#""\u0074emperature":3"#), .error(.decimalAboveMaxValue, "body.temperature")),
    BodyCase(Body.with(#""str\u0065am":true"#), .error(.streamingUnsupported, "body.stream")),
    BodyCase(Body.with(#""max\u005ftokens":1"#), .warning(.deprecatedParameter, "body.max_tokens")),
    BodyCase(Body.with(#""\u0074emprature":1"#), .error(.unknownParameter, "body.temprature")),
    BodyCase(Body.with(#""service_tier":"f\u0061st""#), .error(.invalidValue, "body.service_tier")),
    BodyCase(Body.messages(#"{"role":"\u0055ser","content":"Hi"}"#), .error(.invalidValue, "body.messages[0].role")),
    BodyCase(Body.with(model: #"llama-\u0032"#), .error(.modelNotFound, "body.model")),
    BodyCase(
      Body.with(#""temperature":1,"\u0074emperature":1"#), .warning(.duplicateKey, "body.temperature")),
    BodyCase(
      Body.with(#""tools":[{"type":"function","function":{"name":"get\u0020it"}}]"#),
      .warning(.doubtfulValue, "body.tools[0].function.name")),
    // The name has 64 characters once its escapes are resolved.
    BodyCase(
      Body.with(
        #""tools":[{"type":"function","function":{"name":"\#(String(repeating: #"\u006e"#, count: 64))"}}]"#)),
  ]

  @Test("keys and values with escapes are checked like those without", arguments: cases)
  func escaped(_ one: BodyCase) throws { try Check.expect(one) }

  static let rules: [BodyCase] = [
    BodyCase(
      Body.with(
        #""response_format":{"type":"json\u005fobject"}"#, messages: #"{"role":"user","content":"As JS\u004fN"}"#)),
    BodyCase(
      Body.with(#""response_format":{"type":"json\u005fobject"}"#), .error(.invalidRequest, "body.messages")),
    BodyCase(
      Body.messages(
        #"{"role":"assistant","tool_calls":[{"id":"c\u002d1","type":"function","#
          + #""function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"\u0063-1","content":"1"}"#)),
    BodyCase(
      Body.with(
        #""tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"\u0066"}}]"#),
      .warning(.doubtfulValue, "body.tools[1].function.name")),
    BodyCase(
      Body.with(
        #""tools":[{"type":"function","function":{"name":"f"}}],"#
          + #""tool_choice":{"type":"function","function":{"name":"\u0066"}}"#)),
    BodyCase(
      Body.with(#""reasoning_effort":"l\u006fw""#, model: #"llama-3.1-8b-inst\u0061nt"#),
      .error(.invalidRequest, "body.reasoning_effort")),
  ]

  @Test("rules over several fields see through escapes", arguments: rules)
  func rule(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("a message shows the text and not its escapes")
  func message() throws {
    let findings = try Check.findings(body: Body.with(#""service_tier":"f\u0061st""#))
    #expect(
      findings.map(\.message) == [
        "Invalid value: 'fast'. Supported values are: 'auto', 'on_demand', 'flex', and 'performance'."
      ])
  }

  @Test("all cases in one file give the same findings as alone")
  func together() throws { try Check.expectTogether(EscapeTests.cases + EscapeTests.rules) }
}
