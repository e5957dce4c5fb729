import BatchFile
import Testing

/// The bad example of each code has the finding, and the good one has none.
@Suite("Explanations")
struct ExplanationTests {
  static func codes(of lines: [String], _ setting: Explanation.Setting?) throws -> Set<Code> {
    var checker = BatchChecker()
    switch setting {
    case .provider(let name): checker.provider = try #require(Provider.all.first { $0.name == name })
    case .maxRequests(let limit): checker.provider.maxRequests = limit
    case .maxBytes(let limit): checker.provider.maxBytes = limit
    case .maxLineBytes(let limit): checker.lineLimit = limit
    case .maxInputs(let limit):
      checker.provider = .openai
      checker.provider.maxInputs = limit
    case nil: break
    }
    return Set(try Check.findings(lines: lines, checker: checker).map(\.code))
  }

  @Test(
    "the bad example has the finding that it explains", arguments: Code.allCases.filter { !$0.explanation.bad.isEmpty })
  func bad(_ code: Code) throws {
    let explanation = code.explanation
    #expect(try ExplanationTests.codes(of: explanation.bad, explanation.setting).contains(code))
  }

  @Test("only codes that no text can show have no example")
  func withoutExample() {
    #expect(Code.allCases.filter { $0.explanation.bad.isEmpty } == [.unreadableFile, .foreignFile])
  }

  @Test("the good example has no findings", arguments: Code.allCases)
  func good(_ code: Code) throws {
    let explanation = code.explanation
    #expect(try ExplanationTests.codes(of: explanation.good, explanation.setting).isEmpty)
  }

  @Test("every code has a summary, a reason and a source", arguments: Code.allCases)
  func words(_ code: Code) {
    let explanation = code.explanation
    #expect(!explanation.summary.contains("\n"))
    #expect(explanation.summary.hasSuffix("."))
    #expect(explanation.why.hasSuffix("."))
    #expect(!explanation.source.isEmpty)
  }
}
