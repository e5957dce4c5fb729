import BatchFile
import Testing

/// The examples of `explain` show what they are examples of.
@Suite("Explanations")
struct ExplanationTests {
  static func codes(of lines: [String], _ setting: Explanation.Setting?) throws -> Set<Code> {
    Set(try Check.findings(lines: lines, checker: BatchChecker(provider: provider(setting))).map(\.code))
  }

  static func provider(_ setting: Explanation.Setting?) throws -> Provider {
    var provider = Provider.groq
    switch setting {
    case .provider(let name): provider = try #require(Provider.all.first { $0.name == name })
    case .maxRequests(let limit): provider.maxRequests = limit
    case .maxBytes(let limit): provider.maxBytes = limit
    case nil: break
    }
    return provider
  }

  @Test("bad has the finding", arguments: Code.allCases.filter { !$0.explanation.bad.isEmpty })
  func bad(_ code: Code) throws {
    let explanation = code.explanation
    #expect(try ExplanationTests.codes(of: explanation.bad, explanation.setting).contains(code))
  }

  @Test("only what no text can show has no example")
  func withoutExample() {
    #expect(Code.allCases.filter { $0.explanation.bad.isEmpty } == [.unreadableFile])
  }

  @Test("good has none at all", arguments: Code.allCases)
  func good(_ code: Code) throws {
    let explanation = code.explanation
    #expect(try ExplanationTests.codes(of: explanation.good, explanation.setting).isEmpty)
  }

  @Test("the words are there", arguments: Code.allCases)
  func words(_ code: Code) {
    let explanation = code.explanation
    #expect(!explanation.summary.contains("\n"))
    #expect(explanation.summary.hasSuffix("."))
    #expect(explanation.why.hasSuffix("."))
    #expect(!explanation.source.isEmpty)
  }
}
