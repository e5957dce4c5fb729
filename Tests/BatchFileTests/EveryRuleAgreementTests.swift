import TestSupport
import Testing

@testable import BatchFile

/// All rules of all endpoints, which the test gathers by itself, on lines that differ only in their strings and
/// numbers.
@Suite("Agreement of short cuts for every rule")
struct EveryRuleAgreementTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var provider: Provider
    var url: String
    var endpoint: Endpoint
    /// The index of the endpoint's rule; nil for bodies that are made by the shape alone.
    var rule: Int?

    var testDescription: String {
      "\(provider.name) \(url) " + (rule.map { "\($0): \(endpoint.rules[$0].fields)" } ?? "without a rule")
    }
  }

  static let cases = Provider.all.flatMap { provider in
    provider.urls.flatMap { url -> [Case] in
      guard let endpoint = Endpoint.find(url, in: provider.endpoints) else { return [] }
      return ([nil] + endpoint.rules.indices.map { $0 }).map {
        Case(provider: provider, url: url, endpoint: endpoint, rule: $0)
      }
    }
  }

  @Test("a line gives the same findings whether its pattern is known or not", arguments: cases)
  func agreement(_ one: Case) throws {
    var random = SeededGenerator(UInt64(43 + (one.rule ?? -1)))
    let rule = one.rule.map { one.endpoint.rules[$0] }
    let models =
      one.endpoint.path == "/moderations"
      ? ["omni-moderation-latest"]
      // Few of all models are for completions or embeddings, and other lines teach nothing.
      : one.endpoint.path == "/completions" && rule == nil
        ? ["gpt-3.5-turbo-instruct", "babbage-002", "some/model"]
        : one.endpoint.path == "/embeddings" && rule == nil
          ? ["text-embedding-3-small", "text-embedding-ada-002", "some/model"]
          : one.provider.modelTable.models.keys.sorted() + one.provider.models.filter { $0 != "*" } + ["some/model"]
    var checker = BatchChecker(provider: one.provider)
    checker.provider.models = ["*"]
    checker.provider.oneModelPerFile = false
    checker.jobs = 1
    var clean = 0
    // Bodies of the shape alone are often warned of, and a line with a finding teaches no pattern: hence more of them.
    for _ in 0..<(rule == nil ? 60 : 30) {
      let body = ShapedBody(one.endpoint.shape, wanted: (rule?.fields ?? []) + (rule?.optional ?? []), &random)
      // Only two models are used, so that lines with the same model come again and their patterns are learned.
      let some = (0..<2).map { _ in random.pick(models) }
      let lines = (0..<16).map { k in
        #"{"custom_id":"r-\#(100 + k)","method":"POST","url":"\#(one.url)","body":\#(body.rendered(models: some, &random))}"#
      }
      // White space at its end gives a line a pattern that no earlier one has.
      let others = lines.enumerated().map { $1 + String(repeating: " ", count: $0 + 1) }
      let recognised = try Check.findings(lines: lines, checker: checker)
      #expect(try Check.findings(lines: others, checker: checker) == recognised, "\(lines.joined(separator: "\n"))")
      clean += lines.count - Set(recognised.map(\.line)).count
    }
    // Where the endpoint itself has a warning, no line is without findings.
    if rule == nil, one.endpoint.doubt == nil { #expect(clean > 30) }
  }
}
