import JSONLines
import Testing

@testable import BatchFile

/// A line with the pattern of an earlier faultless one is still checked by every rule that reads what differs in it.
@Suite("Short cuts read what rules read")
struct PatternReadsTests {
  struct OwnRule: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var rule: BodyRule
    var good: String
    var bad: String
  }

  private static func fault(_ out: inout FindingList, _ value: JSONValue) {
    out.error(.invalidRequest, value) { "'\($0)' is what the test's own rule is against." }
  }

  private static func text(_ body: borrowing RuledBody) -> JSONValue? {
    guard let messages = body.messages else { return nil }
    for message in messages {
      guard let content = message["content"] else { continue }
      if content.isString("bad") { return content }
      for part in content.items { if let text = part["text"], text.isString("bad") { return text } }
    }
    return nil
  }

  private static func user(_ content: String) -> String { Body.messages(#"{"role":"user","content":\#(content)}"#) }

  private static func textsOfSeedOne(_ body: borrowing RuledBody) -> Reads {
    body["seed"]?.number == 1 ? .texts : .presence
  }

  private static func textsOfLargeModel(_ body: borrowing RuledBody) -> Reads {
    body["model"]?.isString("openai/gpt-oss-120b") == true ? .texts : .presence
  }

  static let rules = [
    OwnRule(
      testDescription: "two numbers",
      rule: BodyRule(["temperature", "top_p"]) { body, out in
        guard let temperature = body["temperature"], let top = body["top_p"] else { return }
        if temperature.number ?? 0 > 1, top.number ?? 1 < 0.5 { fault(&out, top) }
      },
      good: Body.with(#""temperature":0.5,"top_p":0.1"#), bad: Body.with(#""temperature":1.5,"top_p":0.2"#)),
    OwnRule(
      testDescription: "a number that is looked at where it is there",
      rule: BodyRule(["seed"], optional: ["top_p"]) { body, out in
        if let top = body["top_p"], top.number ?? 1 < 0.5 { fault(&out, top) }
      },
      good: Body.with(#""seed":1,"top_p":0.9"#), bad: Body.with(#""seed":2,"top_p":0.2"#)),
    OwnRule(
      testDescription: "a free string",
      rule: BodyRule(["user"]) { body, out in
        if let user = body["user"], user.isString("bad") { fault(&out, user) }
      },
      good: Body.with(#""user":"u-1""#), bad: Body.with(#""user":"bad""#)),
    OwnRule(
      testDescription: "a message's text, as the value of messages",
      rule: BodyRule(["messages"]) { body, out in if let text = text(body) { fault(&out, text) } },
      good: user(#""good""#), bad: user(#""bad""#)),
    OwnRule(
      testDescription: "a message's text, as a text",
      rule: BodyRule(["model"], reads: .texts) { body, out in if let text = text(body) { fault(&out, text) } },
      good: user(#""good""#), bad: user(#""bad""#)),
    OwnRule(
      testDescription: "a part's text",
      rule: BodyRule(["messages"], reads: .texts) { body, out in if let text = text(body) { fault(&out, text) } },
      good: user(#"[{"type":"text","text":"good"}]"#), bad: user(#"[{"type":"text","text":"bad"}]"#)),
    OwnRule(
      testDescription: "texts, of lines with one member only",
      rule: BodyRule(["messages", "seed"], reads: textsOfSeedOne) { body, out in
        if body["seed"]?.number == 1, let text = text(body) { fault(&out, text) }
      },
      good: Body.with(#""seed":1"#, messages: #"{"role":"user","content":"good"}"#),
      bad: Body.with(#""seed":1"#, messages: #"{"role":"user","content":"bad"}"#)),
  ]

  private static func checker(_ endpoint: Endpoint) -> BatchChecker {
    var checker = Check.checker
    checker.endpoints = [endpoint]
    return checker
  }

  /// The numbers of the lines that have findings, from 1.
  private static func faultyLines(_ bodies: [String], _ checker: BatchChecker) throws -> [Int] {
    try Check.findings(bodies: bodies, checker: checker).enumerated().filter { !$1.isEmpty }.map { $0.offset + 1 }
  }

  @Test("a rule finds a fault on a later line whose pattern was learned from a line without it", arguments: rules)
  func laterLines(_ one: OwnRule) throws {
    let checker = PatternReadsTests.checker(Endpoint(Endpoint.chatPath, .groqChat, rules: [one.rule]))
    let bodies = [one.good, one.good, one.good, one.bad, one.good, one.bad]
    #expect(try PatternReadsTests.faultyLines(bodies, checker) == [4, 6])
  }

  @Test("a rule that reads texts of one model's lines finds them after another model's")
  func laterModel() throws {
    let rule = BodyRule(["messages"], reads: PatternReadsTests.textsOfLargeModel) { body, out in
      if body["model"]?.isString("openai/gpt-oss-120b") == true, let text = PatternReadsTests.text(body) {
        PatternReadsTests.fault(&out, text)
      }
    }
    let checker = PatternReadsTests.checker(Endpoint(Endpoint.chatPath, .groqChat, rules: [rule]))
    func body(_ model: String, _ text: String) -> String {
      Body.messages(#"{"role":"user","content":"\#(text)"}"#, model: model)
    }
    let bodies = [
      body("openai/gpt-oss-20b", "one"), body("openai/gpt-oss-20b", "bad"), body("openai/gpt-oss-120b", "two"),
      body("openai/gpt-oss-120b", "three"), body("openai/gpt-oss-120b", "bad"), body("openai/gpt-oss-20b", "bad"),
    ]
    #expect(try PatternReadsTests.faultyLines(bodies, checker) == [5])
  }

  /// The numbers of the lines that have findings, for bodies with one message of this shape and these contents.
  private static func faultyLines(_ contents: [String], in message: ObjectShape) throws -> [Int] {
    let shape = Shape.closed(
      .field("model", .string, required: true), .field("messages", .array(of: Shape(object: message))))
    let bodies = contents.map { Body.messages(#"{"role":"user","content":"\#($0)"}"#) }
    return try faultyLines(bodies, checker(Endpoint(Endpoint.chatPath, shape)))
  }

  @Test("the check of a text runs on later lines of the same pattern")
  func ownCheck() throws {
    var text = Shape.text
    text.string?.check = .functionName
    let message = ObjectShape([.field("content", text, required: true)], unknown: .free)
    let contents = ["good", "good", "fine", "not a name", "good", "not_a.name"]
    #expect(try PatternReadsTests.faultyLines(contents, in: message) == [4, 6])
  }

  @Test("the check of an object around a text runs on later lines of the same pattern")
  func objectCheck() throws {
    let check = Shape.ObjectCheck { message, out in
      if let content = message["content"], content.isString("bad") { PatternReadsTests.fault(&out, content) }
    }
    let message = ObjectShape([.field("content", .text, required: true)], unknown: .free, check: check)
    #expect(try PatternReadsTests.faultyLines(["good", "good", "fine", "bad", "good", "bad"], in: message) == [4, 6])
  }
}
