import BatchFile
import Testing

/// An object that has no faults in one place may have some in another.
@Suite("Remembered objects")
struct RememberedTests {
  /// A message that is long enough to be remembered.
  static let message = #"{"role":"user","content":"\#(String(repeating: "Hello! ", count: 20))"}"#
  static let words = String(repeating: "d", count: 99)
  static let tool = #"{"type":"function","function":{"name":"f","description":"\#(words)"}}"#

  static let elsewhere: [BodyCase] = [
    BodyCase(Body.with(#""tools":[\#(message)]"#), .error(.missingRequiredParameter, "body.tools[0].type")),
    BodyCase(Body.messages("\(Body.hi),\(tool)"), .error(.missingRequiredParameter, "body.messages[1].role")),
    BodyCase(Body.with(#""stop":[\#(message)]"#), .error(.invalidType, "body.stop[0]")),
    BodyCase(
      Body.with(#""metadata":{"a":\#(message)}"#), .warning(.ignoredParameter, "body.metadata"),
      .error(.invalidType, "body.metadata.a")),
    BodyCase(
      Body.with(#""logit_bias":{"1":\#(tool)}"#), .error(.invalidRequest, "body.logit_bias"),
      .error(.invalidType, "body.logit_bias.1")),
    BodyCase(
      Body.messages(#"{"role":"user","content":[\#(message)]}"#),
      .error(.missingRequiredParameter, "body.messages[0].content[0].type")),
    BodyCase(
      Body.messages(#"{"role":"user","content":\#(message)}"#), .error(.invalidType, "body.messages[0].content")),
    BodyCase(
      Body.messages(#"{"role":"user","content":"Hi","x":\#(message)}"#),
      .error(.unknownParameter, "body.messages[0].x")),
    BodyCase(
      Body.with(#""search_settings":{"country":\#(message)}"#), .error(.invalidType, "body.search_settings.country")),
    BodyCase(
      Body.with(#""response_format":{"type":\#(message)}"#), .error(.invalidType, "body.response_format.type")),
    BodyCase(
      Body.with(#""documents":[\#(message)]"#), .error(.missingRequiredParameter, "body.documents[0].source"),
      .error(.unknownParameter, "body.documents[0].role"), .error(.unknownParameter, "body.documents[0].content")),
    BodyCase(Body.with(#""documents":[{"source":{"type":"json","data":\#(message)}}]"#)),
    BodyCase(
      Body.with(#""tools":[\#(tool),\#(tool)]"#), .warning(.doubtfulValue, "body.tools[1].function.name")),
    BodyCase(Body.with(#""tools":[\#(tool)],"n":2"#), .error(.integerAboveMaxValue, "body.n")),
    BodyCase(Body.messages("\(message),\(message),{}"), .error(.missingRequiredParameter, "body.messages[2].role")),
  ]

  /// Whether an answer belongs to a call is decided by the messages before it in the same line.
  @Test("an answer to a call that only another line has is a warning")
  func calls() throws {
    let call =
      #"{"role":"assistant","tool_calls":[{"id":"c-1","type":"function","#
      + #""function":{"name":"f","arguments":"{\"text\":\"\#(RememberedTests.words)\"}"}}]}"#
    let answer = #"{"role":"tool","tool_call_id":"c-1","content":"\#(RememberedTests.words)"}"#
    let good = (0..<4).map { Body.with(#""stop":["\#($0)"]"#, messages: "\(Body.hi),\(call),\(answer)") }
    let stray = Body.messages("\(Body.hi),\(answer)")
    let findings = try Check.findings(bodies: good + [stray, good[0], Body.messages("\(answer),\(call)")])
    #expect([0, 1, 2, 3, 5].allSatisfy { findings[$0].isEmpty })
    #expect(findings[4].map(Found.init) == [.warning(.doubtfulValue, "body.messages[1].tool_call_id")])
    #expect(findings[6].map(Found.init) == [.warning(.doubtfulValue, "body.messages[0].tool_call_id")])
  }

  @Test("a remembered object in another place gets the findings of that place", arguments: elsewhere)
  func strange(_ one: BodyCase) throws {
    // The lines differ outside of the objects, so that their patterns differ.
    let good = (0..<4).map {
      Body.with(#""stop":["\#($0)"],"tools":[\#(RememberedTests.tool)]"#, messages: RememberedTests.message)
    }
    let fresh = try Check.findings(bodies: [one.body])[0]
    #expect(fresh.map(Found.init) == one.found)
    let findings = try Check.findings(bodies: good + [one.body, good[0], one.body])
    #expect([0, 1, 2, 3, 5].allSatisfy { findings[$0].isEmpty })
    for later in [findings[4], findings[6]] {
      #expect(later.map(Found.init) == one.found)
      #expect(later.map(\.message) == fresh.map(\.message))
      #expect(later.map(\.offset) == fresh.map(\.offset))
    }
  }
}
