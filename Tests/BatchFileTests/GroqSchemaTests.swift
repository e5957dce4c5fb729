import BatchFile
import Testing

/// The schemas that Groq's schema compiler takes and refuses, from answers that public projects recorded.
@Suite("Groq: strict schemas")
struct GroqSchemaTests {
  static let places = [
    (
      path: "body.response_format.json_schema.schema",
      template: Body.with(
        #""response_format":{"type":"json_schema","json_schema":{"name":"s","strict":true,"schema":…}}"#)
    ),
    (
      path: "body.tools[0].function.parameters",
      template: Body.with(#""tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":…}}]"#)
    ),
  ]

  static func cases(_ accepts: [String], _ finds: KeyValuePairs<String, [Found]>) -> [BodyCase] {
    places.flatMap { BodyCase.cases(at: $0.path, in: $0.template, accepts: accepts, finds: finds) }
  }

  /// A strict object with these properties, all of them required.
  static func object(_ properties: KeyValuePairs<String, String>, more: String = "") -> String {
    let members = properties.map { #""\#($0)":\#($1)"# }.joined(separator: ",")
    let names = properties.map { #""\#($0.key)""# }.joined(separator: ",")
    return
      #"{"type":"object","properties":{\#(members)},"required":[\#(names)],"additionalProperties":false\#(more)}"#
  }

  /// A schema whose property `x` is a choice of these branches.
  static func choice(_ branches: String..., by keyword: String = "anyOf", defs: String = "") -> String {
    object(
      ["x": #"{"\#(keyword)":[\#(branches.joined(separator: ","))]}"#],
      more: defs.isEmpty ? "" : #","$defs":{\#(defs)}"#)
  }

  static let string = #"{"type":"string"}"#
  static let null = #"{"type":"null"}"#
  static func one(of values: String...) -> String {
    #"{"type":"string","enum":[\#(values.map { "\"\($0)\"" }.joined(separator: ","))]}"#
  }

  static let clash: [Found] = [.error(.invalidRequest, ".properties.x.anyOf")]

  static let objects: [BodyCase] = cases(
    [
      // One member names its values, others in each, in any place: 12 of 12 answers were 200.
      choice(
        object(["first": string, "gloss": string, "kind": one(of: "gloss"), "last": string]),
        object(["first": string, "kind": one(of: "literal"), "last": string])),
      choice(object(["k": #"{"const":"a"}"#]), object(["k": #"{"const":"b"}"#]), object(["k": one(of: "c", "d")])),
      // No member in common.
      choice(object(["a": string]), object(["b": string])),
      choice(object(["a": one(of: "p", "q")]), object(["b": one(of: "p", "q")])),
      choice(object(["a": string]), null), choice(string, null), choice(string, #"{"type":"integer"}"#, null),
      choice(object(["a": string]), #"{"type":"array","items":{"type":"string"}}"#),
      choice(##"{"$ref":"#/$defs/d"}"##, null, defs: #""d":\#(object(["a": string]))"#),
      choice(##"{"$ref":"#/$defs/d"}"##, defs: #""d":\#(one(of: "a"))"#),
      object(["x": ##"{"$ref":"#/$defs/d"}"##], more: #","$defs":{"d":\#(one(of: "a"))}"#),
      // Its compiler takes pointers to any place.
      object(["x": string, "y": ##"{"$ref":"#/properties/x"}"##]),
      object(["x": ##"{"$ref":"#/$defs/a%20b"}"##], more: #","$defs":{"a b":\#(string)}"#),
    ],
    [
      // "discriminator: multiple candidate properties first, kind, last"
      choice(
        object(["first": one(of: "1", "2"), "kind": one(of: "gloss")]),
        object(["first": one(of: "1", "2"), "kind": one(of: "literal")])): clash,
      choice(
        object(["kind": #"{"const":"input"}"#, "target": one(of: "d", "e"), "input": string]),
        object(["kind": #"{"const":"step"}"#, "target": one(of: "d", "e"), "step": string])): clash,
      // "overlapping discriminator value 'scroll'"
      choice(
        object(["x": string, "type": one(of: "scroll")]), object(["type": one(of: "click")]),
        object(["y": string, "type": one(of: "scroll")])): clash,
      choice(object(["k": one(of: "a", "b")]), object(["k": one(of: "b", "c")])): clash,
      // "key-set-exclusion: required key 'title' from one variant appears in another's properties"
      choice(object(["title": string, "pages": string]), object(["title": string, "minutes": string])): clash,
      choice(object(["pages": string, "title": string]), object(["minutes": string, "title": string])): clash,
      choice(object(["k": one(of: "a")]), object(["k": string])): clash,
      // "anyOf branches must be disambiguated …"
      choice(##"{"$ref":"#/$defs/d"}"##, null, defs: #""d":\#(one(of: "a"))"#): [
        .error(.invalidRequest, ".properties.x.anyOf[0]")
      ],
      choice(null, ##"{"$ref":"#/$defs/d"}"##, defs: #""d":\#(string)"#): [
        .error(.invalidRequest, ".properties.x.anyOf[1]")
      ],
      // "anyOf object variant error: variant 0: properties must be present"
      choice(#"{"anyOf":[\#(object(["a": string])),\#(object(["b": string]))]}"#, null): [
        .error(.invalidRequest, ".properties.x.anyOf[0]")
      ],
      // "multiple branches accept null; choose one or remove overlap"
      choice(#"{"type":["string","null"]}"#, null): clash,
      // "integer_number_overlap", "duplicate_primitive_types"
      choice(#"{"type":"integer"}"#, #"{"type":"number"}"#): clash,
      choice(one(of: "a"), #"{"type":"string","pattern":"^b"}"#): clash, choice(string, string): clash,
      choice(object(["a": string]), object(["a": string]), by: "oneOf"): [
        .error(.invalidRequest, ".properties.x.oneOf")
      ],
      // A reference to nothing.
      object(["x": ##"{"$ref":"#/$defs/e"}"##]): [.error(.invalidRequest, ".properties.x.$ref")],
      // "pattern uses unsupported regex features (lookarounds/backrefs)"
      object(["x": #"{"type":"string","pattern":"^(?!^[-+.]*$)[+-]?0*\\d*\\.?\\d*$"}"#]): [
        .error(.invalidRequest, ".properties.x.pattern")
      ],
      // Keywords and formats that the compiler's README leaves out.
      object(["x": #"{"type":"array","items":{"type":"string"},"uniqueItems":true}"#]): [
        .warning(.doubtfulValue, ".properties.x.uniqueItems")
      ],
      object(["x": #"{"type":"string","format":"uri"}"#]): [.warning(.doubtfulValue, ".properties.x.format")],
    ])

  @Test("what is accepted and what is refused", arguments: objects)
  func strict(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("two branches that both name their values are not judged, since no answer to them is on record")
  func literals() throws {
    for one in GroqSchemaTests.cases(
      [GroqSchemaTests.choice(GroqSchemaTests.one(of: "a"), GroqSchemaTests.one(of: "b"))], [:])
    { try Check.expect(one) }
  }

  /// Otherwise a line's time would grow with the square of its length, and a long line would seem to hang.
  @Test("references are no longer followed once they named more than four mebibytes in all")
  func manyReferences() throws {
    let text = String(repeating: "x", count: 5000)
    let named = GroqSchemaTests.object([
      "k": GroqSchemaTests.one(of: "a"), "d": #"{"type":"string","description":"\#(text)"}"#,
    ])
    func choice(of count: Int) -> String {
      let branches = Array(repeating: ##"{"$ref":"#/$defs/o"}"##, count: count).joined(separator: ",")
      return GroqSchemaTests.choice(branches, defs: #""o":\#(named)"#)
    }
    for one in GroqSchemaTests.cases(
      [choice(of: 1000)],
      [
        choice(of: 2): [.error(.invalidRequest, ".properties.x.anyOf")],
        choice(of: 500): [.error(.invalidRequest, ".properties.x.anyOf")],
      ])
    { try Check.expect(one) }
  }

  @Test("a tool that is not strict: patterns and members of wrong types")
  func loose() throws {
    let template = Body.with(#""tools":[{"type":"function","function":{"name":"f","parameters":…}}]"#)
    func property(_ schema: String) -> String { #"{"type":"object","properties":{"x":\#(schema)}}"# }
    for one in BodyCase.cases(
      at: "body.tools[0].function.parameters", in: template,
      accepts: [
        property(#"{"type":"string","pattern":"^a$"}"#), property("{}"), property("true"),
        property(#"{"anyOf":[{"required":["a"]},{"required":["b"]}]}"#), "{}",
      ],
      finds: [
        // "jsonschema compilation failed: '/properties/entry_price/anyOf/1/pattern' … is not valid 'regex'"
        property(#"{"anyOf":[{"type":"number"},{"type":"string","pattern":"^(?!^[-+.]*$)"}]}"#): [
          .error(.invalidRequest, ".properties.x.anyOf[1].pattern")
        ],
        property(#"{"type":"str"}"#): [.warning(.doubtfulValue, ".properties.x.type")],
        property(#""string""#): [.warning(.doubtfulValue, ".properties.x")],
        property(#"{"type":"array","items":[{"type":"string"}]}"#): [.warning(.doubtfulValue, ".properties.x.items")],
        property(#"{"type":"object","required":["a"]}"#): [.error(.invalidRequest, ".properties.x.required")],
      ])
    { try Check.expect(one) }
  }
}
