import Foundation
import Testing

@testable import BatchFile

/// A body is checked for the endpoint that the url of its own line names.
@Suite("Endpoints")
struct EndpointTests {
  private static func line(_ id: Int, url: String, _ body: String) -> String {
    #"{"custom_id":"r-\#(id)","method":"POST","url":"\#(url)","body":\#(body)}"#
  }

  @Test("a url belongs to the endpoint with the longest path that the url ends with")
  func longestPath() {
    let endpoints = [Endpoint("/completions", .freeObject), Endpoint("/chat/completions", .freeObject)]
    #expect(Endpoint.find("/v1/chat/completions", in: endpoints)?.path == "/chat/completions")
    #expect(Endpoint.find("/v1/completions", in: endpoints)?.path == "/completions")
    #expect(Endpoint.find("/v1/embeddings", in: endpoints) == nil)
  }

  @Test("every member that a rule names is one that its endpoint's bodies have", arguments: Provider.all)
  func namedMembers(provider: Provider) {
    for endpoint in provider.endpoints {
      let fields = BodyFields(endpoint.schema)
      defer { fields.deallocate() }
      for name in endpoint.rules.flatMap({ $0.fields + $0.optional }) {
        #expect(fields.bit(of: name) != nil, "\(endpoint.path): \(name)")
      }
    }
  }

  @Test("a shape is compiled when a line names its endpoint, and once for all threads")
  func compilation() throws {
    let compiled = CompiledNames()
    var checker = Check.checker
    checker.jobs = 4
    checker.provider.urls = ["/v1/one", "/v1/two"]
    checker.endpoints = [
      Endpoint("/one", compiled.shape(named: "one")), Endpoint("/two", compiled.shape(named: "two")),
    ]
    // More threads start only after a megabyte.
    let text = String(repeating: "w", count: 10_000)
    let lines = (1...200).map {
      EndpointTests.line($0, url: "/v1/one", #"{"model":"openai/gpt-oss-20b","text":"\#(text)"}"#)
    }
    #expect(try Check.findings(lines: lines, checker: checker).isEmpty)
    #expect(compiled.names == ["one"])
  }

  @Test("with a wrong url only the body's model is checked")
  func wrongURL() throws {
    let findings = try Check.findings(lines: [
      EndpointTests.line(1, url: "/v1/chat", #"{"model":"gone","messages":[],"temprature":1,"stream":true}"#)
    ])
    #expect(findings.map(\.code) == [.invalidURL, .modelNotFound])
  }

  @Test("a line without a url is checked for the API's only endpoint")
  func missingURL() throws {
    let line = #"{"custom_id":"r","method":"POST","body":{"model":"openai/gpt-oss-20b","messages":[]}}"#
    #expect(try Check.findings(lines: [line]).map(\.code) == [.missingRequiredParameter, .emptyArray])
  }

  // Two endpoints number their shapes alike, so an object that is right for the one must not count as right for the
  // other.
  @Test("an object remembered from one endpoint's lines is checked again on another endpoint's")
  func remembered() throws {
    let words = String(repeating: "w", count: 120)
    @Sendable func shape(_ member: String) -> Shape {
      let tool = ObjectShape([.field(member, .string, required: true)], unknown: .refused, recurs: .usually)
      return .closed(
        .field("model", .string, required: true), .field("tools", .array(of: Shape(object: tool)), required: true))
    }
    var checker = Check.checker
    checker.provider.urls = ["/v1/one", "/v1/two"]
    checker.endpoints = [Endpoint("/one", shape("name")), Endpoint("/two", shape("title"))]
    let lines = (1...6).map { k in
      // The number of blanks differs, so that no line has the pattern of an earlier one.
      let body = #"{"model":"openai/gpt-oss-20b","tools":[\#(String(repeating: " ", count: k)){"name":"\#(words)"}]}"#
      return EndpointTests.line(k, url: k == 5 ? "/v1/two" : "/v1/one", body)
    }
    let findings = try Check.findings(lines: lines, checker: checker)
    #expect(findings.map(\.line) == [5, 5])
    #expect(Set(findings.map(\.code)) == [.missingRequiredParameter, .unknownParameter])
  }

  @Test("numbers are checked for the range of their own endpoint, whichever line came first")
  func numbers() throws {
    @Sendable func shape(_ limit: Double) -> Shape {
      .closed(.field("model", .string, required: true), .field("n", .integer(min: 1, max: limit)))
    }
    var checker = Check.checker
    checker.provider.urls = ["/v1/one", "/v1/two"]
    checker.endpoints = [Endpoint("/one", shape(5)), Endpoint("/two", shape(50))]
    let lines = [(1, 5), (2, 50), (1, 6), (2, 50), (1, 5), (2, 51)].enumerated().map { k, one in
      EndpointTests.line(k, url: one.0 == 1 ? "/v1/one" : "/v1/two", #"{"model":"openai/gpt-oss-20b","n":\#(one.1)}"#)
    }
    let findings = try Check.findings(lines: lines, checker: checker)
    #expect(findings.map(\.line) == [3, 6])
    #expect(findings.map(\.code) == [.integerAboveMaxValue, .integerAboveMaxValue])
  }
}

/// Which shapes were made, in order.
private final class CompiledNames: @unchecked Sendable {  // guarded by `lock`
  private let lock = NSLock()
  private var made: [String] = []

  var names: [String] { lock.withLock { made } }

  func shape(named name: String) -> Shape {
    lock.withLock { made.append(name) }
    return .closed(.field("model", .string, required: true), .field("text", .string))
  }
}
