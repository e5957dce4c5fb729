import BatchFile
import Testing

/// The larger objects of the body: the answer's format, the documents, and the settings of searches.
@Suite("Formats, documents and search")
struct FormatTests {
  static let wrongType: [Found] = [.error(.invalidType)]

  // MARK: - response_format

  /// A body whose prompt has the word JSON, which the type json_object requires.
  static let asking = Body.with(#""response_format":…"#, messages: #"{"role":"user","content":"Answer in JSON"}"#)

  static let formats: [BodyCase] = BodyCase.cases(
    at: "body.response_format", in: asking,
    accepts: [
      "null", #"{"type":"text"}"#, #"{"type":"json_object"}"#,
      #"{"type":"json_schema","json_schema":{"name":"s","schema":{}}}"#,
    ],
    finds: [
      #""json_object""#: wrongType, "[]": wrongType, "true": wrongType,
      "{}": [.error(.missingRequiredParameter, ".type")],
      #"{"type":null}"#: [.error(.invalidType, ".type")],
      #"{"type":1}"#: [.error(.invalidType, ".type")],
      #"{"type":"json"}"#: [.error(.invalidValue, ".type")],
      #"{"type":"object"}"#: [.error(.invalidValue, ".type")],
      #"{"type":"text","x":1}"#: [.warning(.unknownParameter, ".x")],
      #"{"type":"json_schema"}"#: [.error(.missingRequiredParameter, ".json_schema")],
      #"{"type":"json_schema","json_schema":null}"#: [.error(.invalidType, ".json_schema")],
      #"{"type":"json_schema","json_schema":[]}"#: [.error(.invalidType, ".json_schema")],
      #"{"type":"json_schema","json_schema":{"name":"s","schema":{}},"schema":{}}"#: [
        .warning(.unknownParameter, ".schema")
      ],
      #"{"type":"text","json_schema":{"name":"s","schema":{}}}"#: [.warning(.ignoredParameter, ".json_schema")],
      #"{"type":"json_object","json_schema":{"name":"s","schema":{}}}"#: [.warning(.ignoredParameter, ".json_schema")],
      #"{"type":"text","json_schema":null}"#: [.error(.invalidType, ".json_schema")],
    ])

  @Test("response_format: what is accepted and what is found", arguments: formats)
  func format(_ one: BodyCase) throws { try Check.expect(one) }

  static let longest = String(repeating: "n", count: 64)

  static let schemas: [BodyCase] = BodyCase.cases(
    at: "body.response_format.json_schema",
    in: Body.with(#""response_format":{"type":"json_schema","json_schema":…}"#),
    accepts: [
      #"{"name":"s","schema":{"type":"object","anything":[null]}}"#, #"{"name":"\#(longest)","schema":{}}"#,
      #"{"name":"s","schema":{},"description":"","strict":null}"#, #"{"name":"s","schema":{},"strict":false}"#,
      #"{"name":"s","strict":true,"schema":{"type":"object","properties":{},"additionalProperties":false}}"#,
    ],
    finds: [
      #"{"schema":{}}"#: [.error(.missingRequiredParameter, ".name")],
      #"{"name":null,"schema":{}}"#: [.error(.invalidType, ".name")],
      #"{"name":1,"schema":{}}"#: [.error(.invalidType, ".name")],
      #"{"name":"a b","schema":{}}"#: [.warning(.doubtfulValue, ".name")],
      #"{"name":"\#(longest)n","schema":{}}"#: [.warning(.doubtfulValue, ".name")],
      #"{"name":"s"}"#: [.warning(.doubtfulValue)],
      #"{"name":"s","schema":null}"#: [.error(.invalidType, ".schema")],
      #"{"name":"s","schema":"{}"}"#: [.error(.invalidType, ".schema")],
      #"{"name":"s","schema":{},"description":null}"#: [.error(.invalidType, ".description")],
      #"{"name":"s","schema":{},"description":1}"#: [.error(.invalidType, ".description")],
      #"{"name":"s","schema":{},"strict":"true"}"#: [.error(.invalidType, ".strict")],
      #"{"name":"s","schema":{},"strict":1}"#: [.error(.invalidType, ".strict")],
      #"{"name":"s","schema":{},"x":1}"#: [.warning(.unknownParameter, ".x")],
    ])

  @Test("json_schema: what is accepted and what is found", arguments: schemas)
  func schema(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - documents

  static let text = #"{"source":{"type":"text","text":"Hi"}}"#

  static let documents: [BodyCase] =
    BodyCase.field(
      "documents", accepts: ["null", "[]", "[\(text)]", Body.list(text, count: 200)],
      finds: ["{}": wrongType, text: wrongType, #""Hi""#: wrongType, "[null]": [.error(.invalidType, "[0]")]])
    + BodyCase.cases(
      at: "body.documents[0]", in: Body.with(#""documents":[…]"#),
      accepts: [
        #"{"id":"d","source":{"type":"text","text":""}}"#, #"{"id":null,"source":{"type":"json","data":{}}}"#,
        #"{"source":{"type":"json","data":{"a":{"b":[1]}}}}"#,
      ],
      finds: [
        "1": wrongType,
        "{}": [.error(.missingRequiredParameter, ".source")],
        #"{"id":1,"source":{"type":"text","text":"Hi"}}"#: [.error(.invalidType, ".id")],
        #"{"source":{"type":"text","text":"Hi"},"title":"T"}"#: [.error(.unknownParameter, ".title")],
        #"{"source":null}"#: [.error(.invalidType, ".source")],
        #"{"source":"Hi"}"#: [.error(.invalidType, ".source")],
        #"{"source":{}}"#: [.error(.missingRequiredParameter, ".source.type")],
        #"{"source":{"text":"Hi"}}"#: [.error(.missingRequiredParameter, ".source.type")],
        #"{"source":{"type":null}}"#: [.error(.invalidType, ".source.type")],
        #"{"source":{"type":"url","url":"u"}}"#: [.error(.invalidValue, ".source.type")],
        #"{"source":{"type":"text"}}"#: [.error(.missingRequiredParameter, ".source.text")],
        #"{"source":{"type":"text","text":null}}"#: [.error(.invalidType, ".source.text")],
        #"{"source":{"type":"text","text":{}}}"#: [.error(.invalidType, ".source.text")],
        #"{"source":{"type":"text","text":"Hi","x":1}}"#: [.error(.unknownParameter, ".source.x")],
        #"{"source":{"type":"text","text":"Hi","data":{}}}"#: [.error(.unknownParameter, ".source.data")],
        #"{"source":{"type":"json"}}"#: [.error(.missingRequiredParameter, ".source.data")],
        #"{"source":{"type":"json","data":null}}"#: [.error(.invalidType, ".source.data")],
        #"{"source":{"type":"json","data":[]}}"#: [.error(.invalidType, ".source.data")],
        #"{"source":{"type":"json","data":"{}"}}"#: [.error(.invalidType, ".source.data")],
        #"{"source":{"type":"json","data":{},"x":1}}"#: [.error(.unknownParameter, ".source.x")],
      ])

  @Test("documents: what is accepted and what is found", arguments: documents)
  func document(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - search_settings

  static let searches: [BodyCase] = BodyCase.field(
    "search_settings",
    accepts: [
      "null", "{}", #"{"include_domains":null,"exclude_domains":null,"include_images":null,"country":null}"#,
      #"{"include_domains":["a.org"],"exclude_domains":[],"include_images":true,"country":"germany"}"#,
    ],
    finds: [
      "[]": wrongType, #""on""#: wrongType,
      #"{"include_domains":"a.org"}"#: [.error(.invalidType, ".include_domains")],
      #"{"include_domains":[1]}"#: [.error(.invalidType, ".include_domains[0]")],
      #"{"exclude_domains":{}}"#: [.error(.invalidType, ".exclude_domains")],
      #"{"exclude_domains":["a.org",null]}"#: [.error(.invalidType, ".exclude_domains[1]")],
      #"{"include_images":"true"}"#: [.error(.invalidType, ".include_images")],
      #"{"country":49}"#: [.error(.invalidType, ".country")],
      #"{"domains":[]}"#: [.warning(.unknownParameter, ".domains")],
    ])

  @Test("search_settings: what is accepted and what is found", arguments: searches)
  func search(_ one: BodyCase) throws { try Check.expect(one) }

  // MARK: - compound_custom

  static let compounds: [BodyCase] = BodyCase.field(
    "compound_custom",
    accepts: [
      "null", "{}", #"{"models":null,"tools":null}"#, #"{"models":{},"tools":{}}"#,
      #"{"models":{"reasoning_model":null,"answering_model":null}}"#,
      #"{"models":{"reasoning_model":"m","answering_model":"n"}}"#,
      #"{"tools":{"enabled_tools":null,"wolfram_settings":null}}"#,
      #"{"tools":{"enabled_tools":["wolfram_alpha"],"wolfram_settings":{"authorization":null}}}"#,
    ],
    finds: [
      "[]": wrongType, "true": wrongType,
      #"{"models":"m"}"#: [.error(.invalidType, ".models")],
      #"{"models":{"reasoning_model":1}}"#: [.error(.invalidType, ".models.reasoning_model")],
      #"{"models":{"answering_model":["n"]}}"#: [.error(.invalidType, ".models.answering_model")],
      #"{"models":{"model":"m"}}"#: [.warning(.unknownParameter, ".models.model")],
      #"{"tools":[]}"#: [.error(.invalidType, ".tools")],
      #"{"tools":{"enabled_tools":"search"}}"#: [.error(.invalidType, ".tools.enabled_tools")],
      #"{"tools":{"enabled_tools":[1]}}"#: [.error(.invalidType, ".tools.enabled_tools[0]")],
      #"{"tools":{"x":1}}"#: [.warning(.unknownParameter, ".tools.x")],
      #"{"tools":{"wolfram_settings":"k"}}"#: [.error(.invalidType, ".tools.wolfram_settings")],
      #"{"tools":{"wolfram_settings":{"authorization":1}}}"#: [
        .error(.invalidType, ".tools.wolfram_settings.authorization")
      ],
      #"{"tools":{"wolfram_settings":{"authorization":"k"}}}"#: [
        .warning(.exposedSecret, ".tools.wolfram_settings.authorization")
      ],
      #"{"tools":{"wolfram_settings":{"key":"k"}}}"#: [.warning(.unknownParameter, ".tools.wolfram_settings.key")],
      #"{"x":1}"#: [.warning(.unknownParameter, ".x")],
    ])

  @Test("compound_custom: what is accepted and what is found", arguments: compounds)
  func compound(_ one: BodyCase) throws { try Check.expect(one) }

  @Test("all cases in one file give the same findings as alone")
  func together() throws {
    try Check.expectTogether(
      FormatTests.formats + FormatTests.schemas + FormatTests.documents + FormatTests.searches + FormatTests.compounds)
  }
}
