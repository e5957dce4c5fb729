import BatchFile
import Testing

/// The examples of `explain` show what they are examples of.
@Suite("Explanations")
struct ExplanationTests {
  static func codes(of lines: [String], _ options: [String]) throws -> Set<Code> {
    Set(try Check.findings(lines: lines, checker: BatchChecker(provider: provider(options))).map(\.code))
  }

  /// The command's options, as far as examples use them.
  static func provider(_ options: [String]) throws -> Provider {
    var provider = Provider.groq
    for k in stride(from: 0, to: options.count - 1, by: 2) {
      switch options[k] {
      case "--provider": provider = try #require(Provider.all.first { $0.name == options[k + 1] })
      case "--max-requests": provider.maxRequests = try #require(Int(options[k + 1]))
      case "--max-bytes": provider.maxBytes = try #require(Int(options[k + 1]))
      default: Issue.record("no such option here: \(options[k])")
      }
    }
    return provider
  }

  @Test("bad has the finding", arguments: Code.allCases)
  func bad(_ code: Code) throws {
    let explanation = code.explanation
    #expect(try ExplanationTests.codes(of: explanation.bad, explanation.options).contains(code))
  }

  @Test("good has none at all", arguments: Code.allCases)
  func good(_ code: Code) throws {
    let explanation = code.explanation
    #expect(try ExplanationTests.codes(of: explanation.good, explanation.options).isEmpty)
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
