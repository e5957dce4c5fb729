import Foundation
import JSONLines
import TestSupport
import Testing

@testable import BatchFile

/// Lines of a form that is known are not read in full. What is put out must be what a full reading gives.
@Suite("Lines recognised by their form")
struct LineFormTests {
  private func compare(_ requests: [String], _ results: [String], seed: Int = 0) throws {
    let place = try JoinPlace()
    let input = try place.file("in.jsonl", requests)
    var join = ResultJoin(requests: input, results: [try place.file("out.jsonl", results)])
    join.isPartial = true
    join.jobs = 1
    for format in AnswerFormat.allCases {
      join.format = format
      join.withResponse = seed % 2 == 0
      join.usesForms = false
      let expected = try join.write(to: place.path("expected"), replaces: true)
      join.usesForms = true
      #expect(try join.write(to: place.path("own"), replaces: true) == expected)
      #expect(try place.text("own") == place.text("expected"))
    }
  }

  private static func line(_ id: String, _ changes: (from: String, to: String)...) -> String {
    var text = JoinPlace.good(id)
    for change in changes { text = text.replacingOccurrences(of: change.from, with: change.to) }
    return text
  }

  /// Lines that differ from the first one in a single string or number, which decides what the answer is.
  static let deciding: [(url: String, first: String, other: String)] = {
    let chat = "/v1/chat/completions"
    let responses = "/v1/responses"
    func body(_ id: String, _ body: String, status: String = "200", error: String = "null") -> String {
      #"{"custom_id":"\#(id)","response":{"status_code":\#(status),"body":{\#(body)}},"error":\#(error)}"#
    }
    func choice(_ id: String, _ reason: String, _ message: String) -> String {
      body(id, #""choices":[{"index":0,"finish_reason":"\#(reason)","message":{"content":"x"\#(message)}}]"#)
    }
    func output(_ id: String, _ status: String, _ reason: String, _ type: String, _ part: String) -> String {
      body(
        id,
        #""status":"\#(status)","incomplete_details":{"reason":"\#(reason)"},"output":[{"type":"\#(type)","content":["#
          + #"{"type":"\#(part)","text":"x"}]}]"#)
    }
    func two(_ id: String, _ first: Int, _ second: Int) -> String {
      body(
        id,
        #""choices":[{"index":\#(first),"finish_reason":"stop","message":{"content":"one"}},"#
          + #"{"index":\#(second),"finish_reason":"stop","message":{"content":"two"}}]"#)
    }
    return [
      (chat, choice("a", "stop", ""), choice("b", "length", "")),
      (chat, choice("a", "stop", ""), choice("b", "content_filter", "")),
      (chat, choice("a", "stop", #","refusal":"""#), choice("b", "stop", #","refusal":"no""#)),
      (chat, choice("a", "stop", #","tool_calls":"""#), choice("b", "stop", #","tool_calls":"x""#)),
      (chat, choice("a", "stop", #","annotations":"""#), choice("b", "stop", #","annotations":"x""#)),
      (chat, choice("a", "stop", #","audio":"""#), choice("b", "stop", #","audio":"x""#)),
      (chat, choice("a", "stop", #","function_call":"""#), choice("b", "stop", #","function_call":"x""#)),
      (chat, two("a", 0, 1), two("b", 1, 0)),
      (chat, body("a", #""choices":[{"message":{}}]"#), body("b", #""choices":[{"message":{}}]"#, status: "500")),
      (chat, body("a", #""choices":[{}]"#, status: #""200""#), body("b", #""choices":[{}]"#, status: #""429""#)),
      (chat, body("a", #""choices":[{}]"#, error: #""""#), body("b", #""choices":[{}]"#, error: #""no""#)),
      (chat, body("a", #""choices":[{}],"error":"""#), body("b", #""choices":[{}],"error":"no""#)),
      (
        responses, output("a", "completed", "x", "message", "output_text"),
        output("b", "failed", "x", "message", "output_text")
      ),
      (
        responses, output("a", "incomplete", "x", "message", "output_text"),
        output("b", "incomplete", "max_output_tokens", "message", "output_text")
      ),
      (
        responses, output("a", "completed", "x", "message", "output_text"),
        output("b", "completed", "x", "reasoning", "output_text")
      ),
      (
        responses, output("a", "completed", "x", "message", "output_text"),
        output("b", "completed", "x", "message", "refusal")
      ),
    ]
  }()

  @Test("a value that decides is compared", arguments: deciding)
  func decides(url: String, first: String, other: String) throws {
    try compare(["a", "b"].map { JoinPlace.request($0, url: url) }, [first, other])
  }

  @Test("texts, counts and ids differ from line to line")
  func holes() throws {
    let texts = [
      "", "x", #"\n\"quoted\"\\"#, "é中😀", #"\ud83d\ude00"#, #"\ud800 alone"#, String(repeating: "long ", count: 99),
    ]
    var results: [String] = []
    for (k, text) in texts.enumerated() {
      results.append(
        LineFormTests.line(
          "r-\(k)", ("text", text), (":10,", ":\(k * 1_000_007),"), (":5}", ":\(k).5e1}"), (#""b""#, #""b\#(k)""#)))
    }
    // An id that is spelt otherwise than its request's.
    results.append(JoinPlace.good(#"\u0072-7"#))
    try compare((0..<9).map { JoinPlace.request("r-\($0)") }, results)
  }

  @Test("the shapes of all APIs, one behind the other", arguments: 0..<12)
  func shapes(seed: Int) throws {
    var random = SeededGenerator(UInt64(seed))
    var requests: [String] = []
    var results: [String] = []
    for n in 0..<200 {
      let shape = random.pick(Array(ResultShapeTests.all.prefix(4 + 5 * seed)))
      requests.append(JoinPlace.request("r-\(n)", url: shape.url))
      guard let id = shape.line.firstMatch(of: /"custom_id": ?"([^"]*)"/)?.output.1 else { continue }
      results.append(shape.line.replacingOccurrences(of: "\"\(id)\"", with: "\"r-\(n)\""))
    }
    try compare(requests, results, seed: seed)
  }

  @Test("lines with a byte changed, added or lost", arguments: 0..<40)
  func damaged(seed: Int) throws {
    var random = SeededGenerator(UInt64(seed))
    func damage(_ line: String) -> String {
      var bytes = Array(line.utf8)
      for _ in 0..<random.number(0...2) {
        let k = random.number(0...bytes.count - 1)
        let byte = random.pick(Array(#"{}[]",:\09ea-. "#.utf8) + [0xC3, 0xFF, 0x01])
        switch random.number(0...2) {
        case 0: bytes[k] = byte
        case 1: bytes.insert(byte, at: k)
        default: bytes.remove(at: k)
        }
      }
      // Text that is no UTF-8 cannot be a String: it is not the point here.
      return String(validating: bytes, as: UTF8.self) ?? line
    }
    let results = (0..<120).map { damage(JoinPlace.good("r-\($0)", "text \($0)")) }
    try compare((0..<120).map { JoinPlace.request("r-\($0)", model: "m\($0 % 3)") }, results, seed: seed)
  }

  @Test("requests: the url, the model and the id of each line", arguments: [1, 40, 4_096])
  func requests(blockSize: Int) throws {
    let place = try JoinPlace()
    let urls = ["/v1/chat/completions", "/v1/responses", "/v1/chat/completions"]
    let requests = (0..<60).map { JoinPlace.request("r-\($0)", url: urls[$0 % 3], model: "m-\($0 % 20)") }
    var join = ResultJoin(
      requests: try place.file("in.jsonl", requests),
      results: [try place.file("out.jsonl", (0..<60).map { JoinPlace.good("r-\($0)", model: "m-\($0 % 20)") })])
    join.blockSize = blockSize
    let account = try join.account()
    // A chat completion is no answer to /v1/responses, but nothing is required of one.
    #expect(account.outcomes == [.ok: 60])
    #expect(account.models.count == 20 && account.models.allSatisfy { $0.answers == 3 })
  }
}
