import Foundation
import TestSupport
import Testing

@testable import BatchFile

/// A line with the pattern of an earlier one is not checked in full. That must never change what is found in it.
@Suite("Agreement of short cuts")
struct PatternAgreementTests {
  /// A line with `ID` in place of its id.
  struct Template: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    var provider = Provider.groq

    var testDescription: String { name }

    func line(_ id: String) -> String { text.replacingOccurrences(of: "ID", with: id) }
  }

  private static func chat(_ body: String, id: String = "ID") -> String {
    #"{"custom_id":"\#(id)","method":"POST","url":"/v1/chat/completions","body":{\#(body)}}"#
  }

  private static let hi = #""messages":[{"role":"user","content":"Say hi, please."}]"#
  private static let longTool =
    #"{"type":"function","function":{"name":"get_weather","description":"The weather of a place, now.","parameters":"#
    + #"{"type":"object","properties":{"place":{"type":"string"}},"required":["place"]}}}"#
  private static let longSystem =
    #"{"role":"system","content":"You are a helpful assistant that answers in few words, mostly in English, not rude"}"#

  static let templates = [
    Template(name: "short chat", text: chat(#""model":"openai/gpt-oss-20b",\#(hi)"#)),
    Template(
      name: "long system message",
      text: chat(#""model":"openai/gpt-oss-20b","messages":[\#(longSystem),{"role":"user","content":"2+2?"}]"#)),
    Template(
      name: "tools", text: chat(#""model":"openai/gpt-oss-20b",\#(hi),"tools":[\#(longTool)],"tool_choice":"auto""#)),
    Template(
      name: "tool calls",
      text: chat(
        #""model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"Rain?"},{"role":"assistant","#
          + #""content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"get_weather","#
          + #""arguments":"{\"place\":\"Here\"}"}}]},{"role":"tool","tool_call_id":"c1","#
          + #""content":"Rain from the north-west all day long, and some wind."}],"#
          + #""tools":[\#(longTool)]"#)),
    Template(
      name: "json_schema",
      text: chat(
        #""model":"openai/gpt-oss-120b",\#(hi),"response_format":{"type":"json_schema","json_schema":{"name":"answer","#
          + #""strict":true,"schema":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number"}},"#
          + #""required":["a","b"],"additionalProperties":false}}}"#)),
    Template(
      name: "json_object",
      text: chat(
        #""model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"As json."}],"#
          + #""response_format":{"type":"json_object"}"#)),
    Template(
      name: "parts",
      text: chat(
        #""model":"meta-llama/llama-guard-4-12b","messages":[{"role":"user","content":"#
          + #"[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"https://a.b/c.png"}}]}]"#)
    ),
    Template(
      name: "numbers",
      text: chat(
        #""temperature":0.7,"top_p":1,"seed":-12345,"max_completion_tokens":256,"n":1,"stop":["a"],"user":"u-1","#
          + #""model":"openai/gpt-oss-120b",\#(hi)"#)),
    Template(
      name: "escaped id",
      text: chat(#""model":"openai/gpt-oss-20b","stop":"\n\n\n\u0041",\#(hi)"#, id: #"\u00e9\"ID\ud83d\ude00"#)),
    Template(
      name: "white space and other order",
      text:
        #"{ "body" : { "messages" : [ { "content" : "Grüße 😀" , "role" : "user" } ] , "model" : "#
        + #""openai/gpt-oss-20b" } , "url" : "/v1/chat/completions" , "method" : "POST" , "custom_id" : "ID" }"#),
    Template(
      name: "reasoning",
      text: chat(#""model":"openai/gpt-oss-20b","reasoning_effort":"low","include_reasoning":true,\#(hi)"#)),
    Template(
      name: "at OpenAI",
      text: chat(#""model":"gpt-4.1-mini","temperature":0.5,"seed":7,\#(hi),"logit_bias":{"5":1}"#), provider: .openai),
    Template(
      name: "embeddings at OpenAI",
      text: #"{"custom_id":"ID","method":"POST","url":"/v1/embeddings","body":{"model":"text-embedding-3-small","#
        + #""input":"Some text","dimensions":256}}"#, provider: .openai),
    Template(
      name: "several embeddings at OpenAI",
      text: #"{"custom_id":"ID","method":"POST","url":"/v1/embeddings","body":{"model":"text-embedding-3-small","#
        + #""input":["Some text","More, of it","\u00e9 or é"],"dimensions":256}}"#, provider: .openai),
    Template(
      name: "several embeddings with white space",
      text:
        #"{"custom_id":"ID","method":"POST","url":"/v1/embeddings","body":{"input": [ "Some text" , "More, of it" ],"#
        + #""model":"text-embedding-3-small"}}"#, provider: .openai),
  ]

  // MARK: - How it is compared

  /// Lines from which patterns and values are learned. Lines that differ in white space have other patterns but the
  /// same values.
  private static func lessons(_ template: Template) -> [String] {
    [template.line("warm-1"), " " + template.line("warm-2"), "  " + template.line("warm-3"), template.line("warm-4")]
  }

  /// The findings of a line after some others; its number is counted from after these.
  private static func findings(_ line: [UInt8], after lines: [String], _ checker: BatchChecker) throws -> [Finding] {
    let head = Array(lines.map { $0 + "\n" }.joined().utf8)
    return try BatchText.check(head + line + [0x0A], with: checker).findings.compactMap { finding in
      var finding = finding
      guard let number = finding.line, number > lines.count else { return nil }
      finding.line = number - lines.count
      finding.firstLine = finding.firstLine.map { $0 - lines.count }
      return finding
    }
  }

  private static func expectAgreement(
    _ line: [UInt8], of template: Template, after lessons: [String], _ place: SourceLocation = #_sourceLocation
  ) throws {
    var checker = BatchChecker(provider: template.provider)
    checker.jobs = 1
    checker.detail = .excerpts
    checker.blockSize = 4_096
    let learned = try findings(line, after: lessons, checker)
    // The first line of a file gets notes of its own and decides the file's model. So a faulty line comes first, from
    // which nothing is learned.
    let faulty = template.line("warm-0").replacingOccurrences(of: "POST", with: "GET")
    let alone = try findings(line, after: [faulty], checker)
    #expect(learned == alone, Comment(rawValue: String(decoding: line, as: UTF8.self)), sourceLocation: place)
  }

  private static let replacements: [UInt8] = [
    0x00, 0x09, 0x0A, 0x0D, 0x1F, 0x20, 0x22, 0x27, 0x2C, 0x2D, 0x2E, 0x30, 0x31, 0x39, 0x3A, 0x45, 0x5B, 0x5C, 0x5D,
    0x61, 0x65, 0x6E, 0x75, 0x7B, 0x7D, 0x7F, 0x80, 0xC3, 0xE2, 0xED, 0xF0, 0xFF,
  ]

  // MARK: - Tests

  @Test("the lines that are damaged below have no findings themselves", arguments: templates)
  func clean(template: Template) throws {
    let checker = BatchChecker(provider: template.provider)
    let text = PatternAgreementTests.lessons(template).joined(separator: "\n")
    #expect(try BatchText.check(Array(text.utf8), with: checker).findings == [])
  }

  @Test("finds the same in a line with any byte replaced", arguments: templates)
  func replaced(template: Template) throws {
    var random = SeededGenerator(41)
    var line = Array(template.line("request-1").utf8)
    let lessons = PatternAgreementTests.lessons(template)
    for place in line.indices {
      let original = line[place]
      for _ in 0..<2 {
        line[place] = random.pick(PatternAgreementTests.replacements)
        try PatternAgreementTests.expectAgreement(line, of: template, after: lessons)
      }
      line[place] = original
    }
  }

  @Test("finds the same in a line cut, shortened, or with a byte doubled", arguments: templates)
  func shifted(template: Template) throws {
    var random = SeededGenerator(42)
    let line = Array(template.line("request-1").utf8)
    let lessons = PatternAgreementTests.lessons(template)
    for place in line.indices {
      let mutation =
        switch random.number(0...2) {
        case 0: Array(line[..<place])
        case 1: Array(line[..<place] + line[(place + 1)...])
        default: Array(line[...place] + line[place...])
        }
      try PatternAgreementTests.expectAgreement(mutation, of: template, after: lessons)
    }
  }

  @Test("finds the same in a line with a token replaced", arguments: templates)
  func tokens(template: Template) throws {
    let words = [
      (#""POST""#, #""GET""#), (#""user""#, #""usr""#), (#"0.7"#, "2.1"), (#"0.5"#, "-0.5e1"), ("256", "0"),
      ("256", "1e2"), ("256", "25.6"), ("-12345", "1e400"), ("-12345", "-9223372036854775808000"),
      (#""n":1"#, #""n":2"#),
      (#""top_p":1"#, #""top_p":01"#), (#""top_p":1"#, #""top_p":-"#), (#""low""#, #""none""#),
      ("gpt-oss-20b", "gpt-oss-120b"), ("gpt-oss-20b", "gpt-oss-2"), ("gpt-oss-20b", "gpt-oss-20b2"),
      ("openai/gpt-oss-20b", #"openai/gpt-oss-20\u0062"#), ("openai/gpt-oss-20b", "meta-llama/llama-guard-4-12b"),
      ("openai/gpt-oss-120b", "meta-llama/llama-guard-4-12b"), ("meta-llama/llama-guard-4-12b", "openai/gpt-oss-20b"),
      ("gpt-oss-20b", "llama-guard-4-12b"), ("request-1", ""),
      ("request-1", #"\ud800"#), ("request-1", "\u{0}"), ("request-1", #"\"#),
      ("Say hi, please.", #"\ud800 and more"#), ("Say hi, please.", #"\ud83d\ude00"#), ("Say hi, please.", "é\t"),
      ("Say hi, please.", #"", "content":""#), ("Say hi, please.", #"","extra":"x"#), ("Say hi, please.", ""),
      ("As json.", "As text."), ("What is this?", #"\udead"#), ("get_weather", "get weather"), ("get_weather", "other"),
      ("c1", "c2"), (#""required":["#, #""required2":["#), (#""strict":true"#, #""strict":false"#),
      ("auto", "required"),
      (#""place":{"#, #""\ud800":{"#), ("place, now", #"\udfff now"#), ("not rude", #"\ud8ff"#),
      ("u-1", #"\uD800"#),
      ("png", #"\ud801"#), (#""body""#, #""bod\u0079""#), ("text-embedding-3-small", "text-embedding-3-large"),
      ("gpt-4.1-mini", "gpt-4.1"), (#"\n\n\n"#, #"\n\n\x"#), (#""function","#, #""mcp","#),
      ("Some text", ""), ("More, of it", ""), ("More, of it", #"", ""#), ("More, of it", #"","x","y"#),
      ("More, of it", #"\ud800"#), ("More, of it", #"\"#), (#","More, of it""#, ""), (#","More, of it""#, ",5"),
      (#""Some text","#, "[1,2],"), (#""Some text","#, ""), (#"["Some text"#, #"["#),
      (#""Some text","#, #""Some text",,"#),
    ]
    let line = template.line("request-1")
    let lessons = PatternAgreementTests.lessons(template)
    for (word, other) in words where line.contains(word) {
      let mutation = line.replacingOccurrences(of: word, with: other)
      try PatternAgreementTests.expectAgreement(Array(mutation.utf8), of: template, after: lessons)
    }
  }

  @Test("finds the same after lines of every other kind", arguments: templates)
  func mixed(template: Template) throws {
    let others = PatternAgreementTests.templates.filter { $0.provider == template.provider && $0.name != template.name }
    let lessons = others.flatMap { other in
      PatternAgreementTests.lessons(other).enumerated().map {
        "\($1)".replacingOccurrences(of: "warm", with: other.name)
      }
    }
    for id in ["request-1", "", #"\ud800"#, "\u{1}"] {
      var checked = template
      checked.provider.oneModelPerFile = false
      checked.provider.oneURLPerFile = false
      try PatternAgreementTests.expectAgreement(Array(checked.line(id).utf8), of: checked, after: lessons)
    }
  }

  @Test(
    "judges a remembered object by the place where it stands",
    arguments: [
      #""messages":[TOOL]"#, #""messages":[MESSAGE],"tools":[MESSAGE]"#, #""messages":[MESSAGE,SCHEMA]"#,
      #""messages":[MESSAGE],"tools":[TOOL,SCHEMA]"#, #""messages":[MESSAGE],"metadata":{"a":TOOL}"#,
      #""messages":[MESSAGE],"response_format":{"type":"json_schema","json_schema":TOOL}"#,
      #""messages":[MESSAGE],"response_format":{"type":"json_schema","json_schema":MESSAGE}"#,
      #""messages":[MESSAGE],"response_format":{"type":"text","json_schema":SCHEMA}"#,
      #""messages":[MESSAGE],"documents":[TOOL]"#, #""messages":[[MESSAGE]]"#, #""messages":MESSAGE"#,
      #""messages":[MESSAGE],"tool_choice":{"type":"function","function":TOOL}"#, #""messages":[MESSAGE,MESSAGE]"#,
      #""messages":[MESSAGE],"stop":[TOOL]"#, #""messages":[MESSAGE],"unknown":[TOOL]"#,
    ])
  func places(body: String) throws {
    let schema =
      #"{"name":"answer","description":"An answer, to whatever was asked before it, in the form of one text","#
      + #""schema":{"type":"object"}}"#
    func fill(_ text: String) -> String {
      text.replacingOccurrences(of: "TOOL", with: PatternAgreementTests.longTool)
        .replacingOccurrences(of: "MESSAGE", with: PatternAgreementTests.longSystem)
        .replacingOccurrences(of: "SCHEMA", with: schema)
    }
    let model = #""model":"openai/gpt-oss-20b","#
    let taught = [
      #""messages":[MESSAGE],"tools":[TOOL]"#,
      #""messages":[MESSAGE],"response_format":{"type":"json_schema","json_schema":SCHEMA}"#,
    ]
    let lessons = taught.enumerated().flatMap { k, text in
      PatternAgreementTests.lessons(
        Template(name: "", text: PatternAgreementTests.chat(model + fill(text), id: "ID-\(k)")))
    }
    let line = Template(name: "", text: PatternAgreementTests.chat(model + fill(body)))
    try PatternAgreementTests.expectAgreement(Array(line.line("request-1").utf8), of: line, after: lessons)
  }

  @Test("counts the inputs of embeddings, however many each line has")
  func inputs() throws {
    var random = SeededGenerator(43)
    var checker = BatchChecker(provider: .openai)
    (checker.provider.maxInputs, checker.jobs, checker.blockSize) = (1, 1, 4_096)
    for separator in [",", ", ", " , "] {
      var all = 0
      let lines = (1...300).map { number in
        let count = random.number(1...5)
        let isFaulty = random.number(0...19) == 0
        all += count
        let inputs = (0..<count).map { isFaulty && $0 == count - 1 ? "\"\"" : "\"text \(number) \($0)\"" }
        let input = count == 1 && number % 2 == 0 ? inputs[0] : "[\(inputs.joined(separator: separator))]"
        return #"{"custom_id":"r-\#(number)","method":"POST","url":"/v1/embeddings","body":{"model":"#
          + #""text-embedding-3-small","input":\#(input)}}"#
      }
      let result = try BatchText.check(Array(lines.joined(separator: "\n").utf8), with: checker)
      let message = result.findings.first { $0.code == .maximumInputsExceeded }?.message
      #expect(message?.contains(" \(all) embedding inputs") == true, "\(message ?? "nothing")")
    }
  }

  @Test("finds that there are too many inputs in a line like earlier ones")
  func tooManyInputs() throws {
    let template = PatternAgreementTests.templates.first { $0.name == "several embeddings at OpenAI" }
    let other = try #require(template)
    for count in [2_047, 2_048, 2_049] {
      let line = other.line("request-1").replacingOccurrences(
        of: #""Some text","#, with: String(repeating: #""x","#, count: count - 2))
      try PatternAgreementTests.expectAgreement(
        Array(line.utf8), of: other, after: PatternAgreementTests.lessons(other))
    }
  }

  @Test("warns of a lone surrogate on every line that has it")
  func loneSurrogates() throws {
    let message = #"{"role":"user","content":"\#(String(repeating: "long ", count: 30))\ud800"}"#
    let lines = (1...6).map { number in
      PatternAgreementTests.chat(#""model":"openai/gpt-oss-20b","messages":[\#(message)]"#, id: "r-\(number)")
    }
    let result = try BatchText.check(Array(lines.joined(separator: "\n").utf8))
    #expect(result.findings.map(\.code) == Array(repeating: .loneSurrogate, count: 6))
    #expect(result.findings.map(\.line) == Array(1...6))
  }

  @Test("warns of a lone surrogate in a remembered tool on every line")
  func loneSurrogatesInTools() throws {
    let tool = PatternAgreementTests.longTool.replacingOccurrences(of: "of a place", with: #"of \udc00"#)
    let body = #""model":"openai/gpt-oss-20b",\#(PatternAgreementTests.hi),"tools":[\#(tool)]"#
    let lines = (1...6).map { PatternAgreementTests.chat(body, id: "r-\($0)") }
    let result = try BatchText.check(Array(lines.joined(separator: "\n").utf8))
    #expect(result.findings.map(\.code) == Array(repeating: .loneSurrogate, count: 6))
  }

  // With an unknown url only the model of a body is looked up, so a second `model` is not reported, and the last one
  // counts.
  @Test("of two `model` members the last one counts, whichever pattern is known")
  func twoModels() throws {
    func line(_ id: Int, _ first: String, _ last: String) -> String {
      #"{"custom_id":"r-\#(id)","method":"POST","url":"/v1/other","body":{"model":"\#(first)","model":"\#(last)"}}"#
    }
    let lines = [line(1, "a", "b"), line(2, "a", "b"), line(3, "b", "a"), line(4, "b", "b")]
    var checker = BatchChecker(provider: .openai)
    checker.provider.urls.append("/v1/other")
    let result = try BatchText.check(Array(lines.joined(separator: "\n").utf8), with: checker)
    #expect(result.findings.map(\.code) == [.mismatchedModel])
    #expect(result.findings.map(\.line) == [3])
  }
}
