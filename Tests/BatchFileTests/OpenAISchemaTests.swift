import BatchFile
import Testing

/// The subset of JSON Schema that OpenAI takes with `strict`, wherever a schema can stand.
/// https://platform.openai.com/docs/guides/structured-outputs and 400s on record.
@Suite("OpenAI: schemas")
struct OpenAISchemaTests {
  private typealias Own = OpenAISchemaTests

  /// Where a schema stands, and what a fault of it is called there.
  struct Place: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var url = "/v1/chat/completions"
    /// A body with `…` where the schema belongs and `STRICT` for whether it binds.
    var template: String
    var path: String
    var code: Code
  }

  static let places = [
    Place(
      testDescription: "a chat's format",
      template: OpenAIBodies.chat(
        #""response_format":{"type":"json_schema","json_schema":{"name":"s","strict":STRICT,"schema":…}}"#),
      path: "body.response_format.json_schema.schema", code: .invalidJSONSchema),
    Place(
      testDescription: "a chat's tool",
      template: OpenAIBodies.chat(
        #""tools":[{"type":"function","function":{"name":"f","strict":STRICT,"parameters":…}}]"#),
      path: "body.tools[0].function.parameters", code: .invalidFunctionParameters),
    Place(
      testDescription: "a response's format", url: "/v1/responses",
      template:
        #"{"model":"gpt-4.1","input":"Hi","text":{"format":{"type":"json_schema","name":"s","strict":STRICT,"schema":…}}}"#,
      path: "body.text.format.schema", code: .invalidJSONSchema),
    Place(
      testDescription: "a response's tool", url: "/v1/responses",
      template:
        #"{"model":"gpt-4.1","input":"Hi","tools":[{"type":"function","name":"f","strict":STRICT,"parameters":…}]}"#,
      path: "body.tools[0].parameters", code: .invalidFunctionParameters),
  ]

  static func expect(
    _ place: Place, strict: String, accepts: [String] = [], errors: KeyValuePairs<String, String> = [:],
    warnings: KeyValuePairs<String, String> = [:]
  ) throws {
    let template = place.template.replacingOccurrences(of: "STRICT", with: strict)
    func body(_ schema: String) -> String { template.replacingOccurrences(of: "…", with: schema) }
    let cases =
      accepts.map { BodyCase(body($0)) }
      + errors.map { BodyCase(body($0), .error(place.code, place.path + $1)) }
      + warnings.map { BodyCase(body($0), .warning(.doubtfulValue, place.path + $1)) }
    try OpenAIBodies(name: place.testDescription, url: place.url, cases: cases).expect()
  }

  /// An object that has one property.
  static func object(_ a: String, more: String = "") -> String {
    #"{"type":"object","properties":{"a":\#(a)},"required":["a"],"additionalProperties":false\#(more)}"#
  }

  static func nested(_ levels: Int) -> String {
    levels == 1 ? object(#"{"type":"string"}"#) : object(nested(levels - 1))
  }

  /// An object with so many properties.
  static func wide(_ count: Int) -> String {
    let names = (0..<count).map { "\"p\($0)\"" }
    return #"{"type":"object","properties":{\#(names.map { #"\#($0):{"type":"string"}"# }.joined(separator: ","))},"#
      + #""required":[\#(names.joined(separator: ","))],"additionalProperties":false}"#
  }

  static func numbers(_ count: Int) -> String { "[\((0..<count).map(String.init).joined(separator: ","))]" }

  static func words(_ count: Int, length: Int) -> String {
    let words = (0..<count).map { k -> String in
      let number = String(k)
      return "\"" + String(repeating: "w", count: length - number.count) + number + "\""
    }
    return "[\(words.joined(separator: ","))]"
  }

  @Test("what a strict schema may say", arguments: places)
  func fine(place: Place) throws {
    try Own.expect(
      place, strict: "true",
      accepts: [
        Own.object(#"{"type":"string"}"#), Own.object(#"{"type":["string","null"]}"#), Own.object(##"{"$ref":"#"}"##),
        Own.object(#"{"type":"string","default":"x"}"#),
        Own.object(##"{"$ref":"#/$defs/d"}"##, more: #","$defs":{"d":{"type":"string"}}"#),
        Own.object(##"{"$ref":"#/definitions/d"}"##, more: #","definitions":{"d":{"type":"string"}}"#),
        Own.object(##"{"$ref":"#/$defs/a%20b%5Bc%5D"}"##, more: #","$defs":{"a b[c]":{"type":"string"}}"#),
        Own.object(##"{"$ref":"#/$defs/a~1b~0"}"##, more: #","$defs":{"a/b~":{"type":"string"}}"#),
        Own.object(#"{"type":"string","title":"T","description":"D","enum":["x","y"]}"#),
        Own.object(#"{"type":"string","const":"x"}"#), Own.object(#"{"type":["string","null"],"enum":["x",null]}"#),
        Own.object(#"{"type":"string","pattern":"^x$"}"#),
        Own.object(
          #"{"type":"number","multipleOf":2,"minimum":0,"maximum":9,"exclusiveMinimum":0,"exclusiveMaximum":9}"#),
        Own.object(#"{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":3}"#),
        Own.object(
          #"{"anyOf":[\#(Own.object(#"{"type":"string"}"#)),{"type":"object","properties":{"b":{"type":"string"}},"required":["b"],"additionalProperties":false}]}"#
        ),
        Own.object(#"{"anyOf":[{"type":"string"},{"type":"null"}]}"#),
        #"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#,
        Own.nested(10), Own.wide(5_000), Own.object(#"{"type":"integer","enum":\#(Own.numbers(1_000))}"#),
        Own.object(#"{"type":"string","enum":\#(Own.words(251, length: 59))}"#),
        Own.object(#"{"type":"string","enum":\#(Own.words(250, length: 100))}"#),
      ]
        + ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"].map {
          Own.object(#"{"type":"string","format":"\#($0)"}"#)
        })
  }

  @Test("what a strict schema must not say", arguments: places)
  func refused(place: Place) throws {
    let refused = ["allOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas"]
    for keyword in refused {
      let value = ["allOf", "oneOf"].contains(keyword) ? #"[{"type":"string"}]"# : "{}"
      try Own.expect(
        place, strict: "true",
        errors: [Own.object(#"{"type":"string","\#(keyword)":\#(value)}"#): ".properties.a.\(keyword)"])
    }
    try Own.expect(
      place, strict: "true",
      errors: [
        #"{"type":"array","items":{"type":"string"}}"#: ".type",
        #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#: ".anyOf",
        #"{"properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"#: "",
        #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#: "",
        #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":true}"#: "",
        #"{"type":"object","properties":{"a":{"type":"string"}},"required":[],"additionalProperties":false}"#: "",
        #"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"#: "",
        Own.object(#"{"type":"object","properties":{},"required":[]}"#): ".properties.a",
        Own.object(#"{"type":"array","items":{"type":"object","properties":{}}}"#): ".properties.a.items",
        Own.object(#"{"anyOf":[{"type":"object","properties":{}},{"type":"null"}]}"#): ".properties.a.anyOf[0]",
        Own.object(##"{"$ref":"#/$defs/d"}"##, more: #","$defs":{"d":{"type":"object","properties":{}}}"#): ".$defs.d",
        Own.nested(11): String(repeating: ".properties.a", count: 10),
        Own.wide(5_001): "", Own.object(#"{"type":"integer","enum":\#(Own.numbers(1_001))}"#): "",
        // 120,001 characters of names and values.
        Own.object(#"{"type":"string","const":"\#(String(repeating: "c", count: 120_000))"}"#): "",
        Own.object(#"{"type":"string","enum":\#(Own.words(251, length: 60))}"#): ".properties.a.enum",
        Own.object(#"{"type":["integer","string"],"enum":[1,"x"]}"#): ".properties.a.enum",
        Own.object(#"{"type":"array"}"#): ".properties.a",
        Own.object(#"{"anyOf":[\#(Own.object(#"{"type":"string"}"#)),\#(Own.object(#"{"type":"string"}"#))]}"#):
          ".properties.a.anyOf",
        ##"{"$ref":"#/$defs/d","$defs":{"d":\##(Own.object(#"{"type":"string"}"#))}}"##: "",
        // "schema must have a 'type' key."
        Own.object("{}"): ".properties.a", Own.object(#"{"description":"D"}"#): ".properties.a",
        Own.object(#"{"type":"array","items":{}}"#): ".properties.a.items",
        Own.object(#"{"anyOf":[{"type":"string"},{}]}"#): ".properties.a.anyOf[1]",
        // "Extra required key 'b' supplied."
        #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a","b"],"additionalProperties":false}"#:
          ".required[1]",
        // "$ref cannot have keywords {'description'}."
        Own.object(##"{"$ref":"#/$defs/d","description":"D"}"##, more: #","$defs":{"d":{"type":"string"}}"#):
          ".properties.a.description",
        // "reference can only point to definitions defined at the top level of the schema"
        Own.object(##"{"$ref":"#/$defs/e"}"##, more: #","$defs":{"d":{"type":"string"}}"#): ".properties.a.$ref",
        Own.object(##"{"$ref":"#/properties/a"}"##): ".properties.a.$ref",
        Own.object(#"{"$ref":"https://example.org/s.json"}"#): ".properties.a.$ref",
        // "regex lookaround is not supported"
        Own.object(#"{"type":"string","pattern":"^(?!x)"}"#): ".properties.a.pattern",
        Own.object(#"{"type":"string","pattern":"(?<=x)y"}"#): ".properties.a.pattern",
        Own.object(#"{"type":"string","pattern":"(x)\\1"}"#): ".properties.a.pattern",
      ])
    try Own.expect(
      place, strict: "true",
      accepts: [
        #"(x)\\\\1"#, #"\\(?!x"#, "(?:x)", "(?<n>x)", "[(]?=", #"\\d"#,
      ].map { Own.object(#"{"type":"string","pattern":"\#($0)"}"#) })
  }

  @Test("what sources differ about is a warning", arguments: places)
  func doubtful(place: Place) throws {
    for (keyword, value) in [
      ("minLength", "1"), ("maxLength", "1"), ("patternProperties", "{}"), ("uniqueItems", "true"),
      ("prefixItems", #"[{"type":"string"}]"#), ("examples", "[]"),
    ] {
      try Own.expect(
        place, strict: "true",
        warnings: [Own.object(#"{"type":"string","\#(keyword)":\#(value)}"#): ".properties.a.\(keyword)"])
    }
    try Own.expect(
      place, strict: "true",
      warnings: [
        Own.object(#"{"type":"string","format":"uri"}"#): ".properties.a.format",
        Own.object(#"{"const":"x"}"#): ".properties.a", Own.object(#"{"enum":["x"]}"#): ".properties.a",
        // Answered with 200 at gpt-4o-mini, 2025-12.
        Own.object(#"{"type":["object","null"],"additionalProperties":{"type":"string"}}"#): ".properties.a",
      ])
  }

  @Test("a schema that does not bind is only looked at for its root", arguments: places)
  func loose(place: Place) throws {
    for strict in ["false", "null"] {
      try Own.expect(
        place, strict: strict,
        accepts: [
          #"{"type":"object","properties":{"a":{"allOf":[{}],"minLength":1}}}"#, Own.nested(11),
          #"{"type":"object","properties":{"a":{"type":"object","properties":{}}}}"#,
        ])
    }
  }

  @Test("the root of an answer's schema is an object", arguments: [places[0], places[2]])
  func root(place: Place) throws {
    try Own.expect(
      place, strict: "false", warnings: [#"{"type":"array","items":{}}"#: ".type", #"{"properties":{}}"#: ""])
  }

  @Test(
    "the root of a tool's parameters is an object, and its arrays say what is in them",
    arguments: [places[1], places[3]])
  func parameters(place: Place) throws {
    try Own.expect(
      place, strict: "false",
      errors: [
        #"{"type":"array","items":{}}"#: ".type", #"{"properties":{}}"#: "",
        #"{"type":"object","properties":{"a":{"type":"array"}}}"#: ".properties.a",
      ], warnings: ["{}": "", #"{"type":"object"}"#: ""])
  }

  @Test("what is no JSON Schema is refused, also where it does not bind", arguments: places, ["true", "false", "null"])
  func malformed(place: Place, strict: String) throws {
    try Own.expect(
      place, strict: strict,
      errors: [
        // "'Boolean' is not valid under any of the given schemas."
        Own.object(#"{"type":"Boolean"}"#): ".properties.a.type", Own.object(#"{"type":null}"#): ".properties.a.type",
        Own.object(#"{"type":["string","str"]}"#): ".properties.a.type[1]",
        Own.object(#"{"type":"strings","description":"D"}"#): ".properties.a.type",
        Own.object(#"{"type":"integers","description":"D"}"#): ".properties.a.type",
        Own.object(#"{"type":"booleanx","description":"D"}"#): ".properties.a.type",
        Own.object(#"{"type":"String","description":"D"}"#): ".properties.a.type",
        // "None is not of type 'array'.", "True is not of type 'array'."
        #"{"type":"object","properties":{},"required":null,"additionalProperties":false}"#: ".required",
        Own.object(#"{"type":"string","required":true}"#): ".properties.a.required",
        // "'object' is not of type 'object', 'boolean'"
        Own.object(#""object""#): ".properties.a", Own.object("[]"): ".properties.a",
      ])
  }

  @Test("other keywords of a wrong type are a warning, since no answer to them is on record", arguments: places)
  func odd(place: Place) throws {
    for (keyword, value) in [
      ("enum", #""x""#), ("description", "5"), ("minimum", #""0""#), ("anyOf", "{}"), ("anyOf", "[]"), ("items", "[]"),
      ("items", "null"), ("additionalProperties", #""no""#), ("pattern", "1"), ("definitions", "[]"),
    ] {
      try Own.expect(
        place, strict: "false",
        warnings: [Own.object(#"{"type":"string","\#(keyword)":\#(value)}"#): ".properties.a.\(keyword)"])
    }
  }

  @Test("the root of a tool's parameters is no choice", arguments: [places[1], places[3]])
  func choice(place: Place) throws {
    for keyword in ["oneOf", "anyOf", "allOf", "enum", "not"] {
      let value = keyword == "not" ? "{}" : "[{}]"
      try Own.expect(
        place, strict: "false", errors: [#"{"type":"object","properties":{},"\#(keyword)":\#(value)}"#: ".\(keyword)"])
    }
  }
}
