import BatchFile
import Testing

/// `tools`, `tool_choice` and their predecessors, value by value.
@Suite("Tools")
struct ToolTests {
  static let wrongType: [Found] = [.error(.invalidType)]
  static let wrongValue: [Found] = [.error(.invalidValue)]
  static let tool = #"{"type":"function","function":{"name":"f"}}"#

  // MARK: - tools

  /// Tools with different names, because two of one name would be a finding.
  static func tools(count: Int) -> String {
    "[" + (0..<count).map { #"{"type":"function","function":{"name":"f\#($0)"}}"# }.joined(separator: ",") + "]"
  }

  static let lists: [BodyCase] = BodyCase.field(
    "tools", accepts: ["null", "[]", "[\(tool)]", tools(count: 128)],
    finds: [
      tools(count: 129): [.error(.arrayAboveMaxLength)], "{}": wrongType, tool: wrongType,
      "[null]": [.error(.invalidType, "[0]")], #"[\#(tool),"f"]"#: [.error(.invalidType, "[1]")],
    ])

  @Test("the list of tools: what is accepted and what is found", arguments: lists)
  func list(_ one: BodyCase) throws { try Check.expect(one) }

  static let types: [BodyCase] = BodyCase.cases(
    at: "body.tools[0]", in: Body.with(#""tools":[…]"#),
    accepts: [
      #"{"type":"browser_search"}"#, #"{"type":"code_interpreter"}"#,
      #"{"type":"mcp","server_label":"s","server_url":"https://a.org"}"#,
    ],
    finds: [
      "{}": [.error(.missingRequiredParameter, ".type")],
      #"{"function":{"name":"f"}}"#: [.error(.missingRequiredParameter, ".type")],
      #"{"type":null}"#: [.error(.invalidType, ".type")],
      #"{"type":1}"#: [.error(.invalidType, ".type")],
      #"{"type":"web_search"}"#: [.error(.invalidValue, ".type")],
      #"{"type":"Function","function":{"name":"f"}}"#: [.error(.invalidValue, ".type")],
      #"{"type":"function"}"#: [.error(.missingRequiredParameter, ".function")],
      #"{"type":"function","function":null}"#: [.error(.invalidType, ".function")],
      #"{"type":"function","function":"f"}"#: [.error(.invalidType, ".function")],
      #"{"type":"function","function":{"name":"f"},"name":"f"}"#: [.warning(.unknownParameter, ".name")],
    ])

  @Test("the types of tools: what is accepted and what is found", arguments: types)
  func type(_ one: BodyCase) throws { try Check.expect(one) }

  static let longest = String(repeating: "n", count: 64)

  static let functions: [BodyCase] = BodyCase.cases(
    at: "body.tools[0].function", in: Body.with(#""tools":[{"type":"function","function":…}]"#),
    accepts: [
      #"{"name":"f"}"#, #"{"name":"a-Z_0"}"#, #"{"name":"\#(longest)"}"#,
      #"{"name":"f","description":"","parameters":{},"strict":true}"#, #"{"name":"f","strict":false}"#,
      #"{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"string","x-b":1}},"required":["a"]}}"#,
    ],
    finds: [
      "{}": [.error(.missingRequiredParameter, ".name")],
      #"{"name":null}"#: [.error(.invalidType, ".name")],
      #"{"name":1}"#: [.error(.invalidType, ".name")],
      #"{"name":""}"#: [.warning(.doubtfulValue, ".name")],
      #"{"name":"get weather"}"#: [.warning(.doubtfulValue, ".name")],
      #"{"name":"größe"}"#: [.warning(.doubtfulValue, ".name")],
      #"{"name":"a.b"}"#: [.warning(.doubtfulValue, ".name")],
      #"{"name":"\#(longest)n"}"#: [.warning(.doubtfulValue, ".name")],
      #"{"name":"f","description":null}"#: [.error(.invalidType, ".description")],
      #"{"name":"f","description":["d"]}"#: [.error(.invalidType, ".description")],
      #"{"name":"f","parameters":null}"#: [.error(.invalidType, ".parameters")],
      #"{"name":"f","parameters":"{}"}"#: [.error(.invalidType, ".parameters")],
      #"{"name":"f","parameters":[]}"#: [.error(.invalidType, ".parameters")],
      #"{"name":"f","strict":null}"#: [.error(.invalidType, ".strict")],
      #"{"name":"f","strict":"true"}"#: [.error(.invalidType, ".strict")],
      #"{"name":"f","params":{}}"#: [.warning(.unknownParameter, ".params")],
    ])

  @Test("functions of tools: what is accepted and what is found", arguments: functions)
  func function(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - tool_choice

  static let choices: [BodyCase] = BodyCase.cases(
    at: "body.tool_choice", in: Body.with(#""tools":[\#(tool)],"tool_choice":…"#),
    accepts: [
      #""none""#, #""auto""#, #""required""#, #"{"type":"function","function":{"name":"f"}}"#,
    ],
    finds: [
      // Groq's document allows null, but a refusal by its API is recorded.
      "null": wrongType,
      "true": wrongType, #"["auto"]"#: wrongType,
      #""any""#: wrongValue, #""Auto""#: wrongValue, #""f""#: wrongValue,
      "{}": [.error(.missingRequiredParameter, ".type"), .error(.missingRequiredParameter, ".function")],
      #"{"type":"function"}"#: [.error(.missingRequiredParameter, ".function")],
      #"{"function":{"name":"f"}}"#: [.error(.missingRequiredParameter, ".type")],
      #"{"type":null,"function":{"name":"f"}}"#: [.error(.invalidType, ".type")],
      #"{"type":"tool","function":{"name":"f"}}"#: [.error(.invalidValue, ".type")],
      #"{"type":"function","function":null}"#: [.error(.invalidType, ".function")],
      #"{"type":"function","function":{}}"#: [.error(.missingRequiredParameter, ".function.name")],
      #"{"type":"function","function":{"name":null}}"#: [.error(.invalidType, ".function.name")],
      #"{"type":"function","function":{"name":"f","x":1}}"#: [.warning(.unknownParameter, ".function.x")],
      #"{"type":"function","function":{"name":"f"},"name":"f"}"#: [.warning(.unknownParameter, ".name")],
    ])

  @Test("tool_choice: what is accepted and what is found", arguments: choices)
  func choice(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("null is refused as tool_choice without tools too")
  func nullChoice() throws {
    try Check.expect(BodyCase(Body.with(#""tool_choice":null"#), .error(.invalidType, "body.tool_choice")))
  }

  // MARK: - Predecessors

  static let outdated: [Found] = [.warning(.deprecatedParameter)]

  static let oldFunctions: [BodyCase] = BodyCase.field(
    "functions", accepts: ["null"],
    finds: [
      "[]": outdated, #"[{"name":"f","description":"d","parameters":{}}]"#: outdated,
      Body.list(#"{"name":"f"}"#, count: 128): outdated,
      Body.list(#"{"name":"f"}"#, count: 129): outdated + [.error(.arrayAboveMaxLength)],
      "{}": outdated + wrongType, "[null]": outdated + [.error(.invalidType, "[0]")],
      "[{}]": outdated + [.error(.missingRequiredParameter, "[0].name")],
      #"[{"name":1}]"#: outdated + [.error(.invalidType, "[0].name")],
      #"[{"name":"a b"}]"#: outdated + [.warning(.doubtfulValue, "[0].name")],
      #"[{"name":"f","description":1}]"#: outdated + [.error(.invalidType, "[0].description")],
      #"[{"name":"f","parameters":null}]"#: outdated + [.error(.invalidType, "[0].parameters")],
      #"[{"name":"f","strict":true}]"#: outdated + [.warning(.unknownParameter, "[0].strict")],
    ])

  static let oldChoices: [BodyCase] = BodyCase.field(
    "function_call", accepts: ["null"],
    finds: [
      #""none""#: outdated, #""auto""#: outdated, #""required""#: outdated, #"{"name":"f"}"#: outdated,
      #""f""#: outdated + wrongValue, "1": outdated + wrongType,
      "{}": outdated + [.error(.missingRequiredParameter, ".name")],
      #"{"name":null}"#: outdated + [.error(.invalidType, ".name")],
      #"{"name":"f","arguments":"{}"}"#: outdated + [.warning(.unknownParameter, ".arguments")],
    ])

  @Test("functions and function_call: what is accepted and what is found", arguments: oldFunctions + oldChoices)
  func predecessor(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("all cases in one file give the same findings as alone")
  func together() throws {
    try Check.expectTogether(
      ToolTests.lists + ToolTests.types + ToolTests.functions + ToolTests.choices + ToolTests.oldFunctions
        + ToolTests.oldChoices)
  }
}
