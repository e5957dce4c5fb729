import BatchFile
import Foundation
import TestSupport
import Testing

/// `Fixtures/results/tokens.jsonl` holds texts with the number of tokens that tiktoken 0.12 counts with o200k_base. The
/// estimate was fitted to the texts picked "before"; those picked "afterwards" test it.
@Suite("Estimates of tokens")
struct TokenEstimateTests {
  struct Sample: Decodable, CustomTestStringConvertible, Sendable {
    var kind: String
    var picked: String
    var factor: Double
    var tokens: Int
    var text: String
    var testDescription: String { "\(kind), \(picked)" }
  }

  static let samples: [Sample] = {
    let path = Program.package.appendingPathComponent("Fixtures/results/tokens.jsonl")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Sample.self, from: Data($0.utf8)) }
  }()

  @Test("the samples have texts of many kinds") func kinds() {
    #expect(Set(TokenEstimateTests.samples.map(\.kind)).count > 30)
    #expect(TokenEstimateTests.samples.count { $0.picked == "afterwards" } > 15)
  }

  @Test("the true count is in the range, and the range is not too wide", arguments: samples)
  func inside(_ sample: Sample) {
    let estimate = TokenEstimate(sample.text)
    let ratios = (estimate.lower / Double(sample.tokens), estimate.upper / Double(sample.tokens))
    #expect(estimate.range.contains(sample.tokens), "\(ratios)")
    #expect(estimate.upper <= estimate.lower * sample.factor, "\(ratios)")
  }

  @Test("an empty text has no tokens") func empty() { #expect(TokenEstimate("").range == 0...0) }

  @Test("a request counts its decoded texts, the chat template and its limit of output")
  func requests() throws {
    let place = try JoinPlace()
    func request(_ id: String, _ body: String) -> String {
      #"{"custom_id":"\#(id)","method":"POST","url":"/v1/chat/completions","body":{\#(body)}}"#
    }
    let message = #""messages":[{"role":"user","content":"\u0068i"}]"#
    let path = try place.file(
      "in.jsonl",
      [
        request("a", #""model":"openai/gpt-oss-20b",\#(message),"max_completion_tokens":100,"n":3"#),
        request("b", #""model":"openai/gpt-oss-20b",\#(message)"#),
        request("c", #""model":"unheard-of",\#(message),"max_tokens":7"#),
      ])
    let estimate = try CostEstimate(requests: path)
    #expect(estimate.requests == 3)
    // openai-harmony 0.0.8 makes 68 tokens of "hi".
    let known = try #require(estimate.models.first { $0.name == "openai/gpt-oss-20b" })
    #expect(known.input.contains(2 * 68) && known.input.upperBound < 2 * 80)
    #expect(known.output == 300)
    let cost = try #require(known.cost)
    // 136 tokens at 0.0375 and 300 at 0.15 dollars a million.
    let expected: Double = 5.1e-6 + 45e-6
    #expect(cost.contains(expected))
    #expect(estimate.requestsWithoutLimit == 1)
    #expect(estimate.firstLineWithoutLimit == 2)
    #expect(estimate.models.first { $0.name == "unheard-of" }?.cost == nil)
    #expect(estimate.cost == nil)
    #expect(estimate.output == 307)
  }

  @Test("a price counts cached input, the step for long contexts, and dated model names")
  func prices() throws {
    let mini = try #require(PriceTable.known.price(of: "gpt-5-mini-2025-08-07"))
    let some = mini.cost(TokenCounts(input: 1_000_000, cached: 400_000, output: 1_000_000), isLong: false)
    #expect(abs(some - 1.08) < 1e-9)
    let long = try #require(PriceTable.known.price(of: "gpt-5.4"))
    #expect(long.longContext?.above == 272_000)
    let more = long.cost(TokenCounts(input: 300_000, output: 1_000), isLong: true)
    #expect(abs(more - 0.76125) < 1e-9)
    // Groq's batches have no discount for cached input.
    let groq = try #require(PriceTable.known.price(of: "openai/gpt-oss-120b"))
    #expect(abs(groq.cost(TokenCounts(input: 1_000_000, cached: 1_000_000), isLong: false) - 0.075) < 1e-9)
    #expect(PriceTable.known.price(of: "gpt-5-nothing") == nil)
  }
}
