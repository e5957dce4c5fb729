import Foundation
import TestSupport
import Testing

/// What a run may cost binds everything that is ever sent of it.
@Suite("Costs", .enabled(if: WholeRuns.areWanted, WholeRuns.reason))
struct CostTests {
  /// Requests of which each costs 0.15 dollars at the most, by the price below.
  static func requests(_ count: Int, model: String = "some/model", limit: Int? = 1_000) -> String {
    (1...count).map {
      #"{"custom_id":"r\#($0)","method":"POST","url":"/v1/chat/completions","body":{"model":"\#(model)","#
        + (limit.map { #""max_completion_tokens":\#($0),"# } ?? "")
        + #""messages":[{"role":"user","content":"\#($0)"}]}}"# + "\n"
    }.joined()
  }

  static func place(_ text: String, _ change: (inout APISettings) -> Void = { _ in }) throws -> RunPlace {
    let place = try RunPlace(change)
    try place.scratch.file(place.input, text)
    return place
  }

  /// A model that passes the check, and its price: nothing for input, 150 dollars a million tokens of output.
  static let passes = ["--model", "*", "--price", "some/model=0,150"]

  @Test("nothing is sent if the estimate is above the limit", arguments: [("0.44", Int32(1)), ("0.46", 0)])
  func limit(dollars: String, status: Int32) async throws {
    let place = try CostTests.place(CostTests.requests(3))
    let outcome = try await place.start("submit", ["--max-cost", dollars] + CostTests.passes).finished()
    #expect(outcome.status == status, "\(outcome.errors)")
    guard status == 1 else { return }
    #expect(place.api.calls.isEmpty)
    #expect(outcome.errors.contains("more than --max-cost"))
    #expect(outcome.errors.contains("nothing was sent"))
    #expect(place.kept.isEmpty)
  }

  @Test("nothing is sent for a model without a price until one is given")
  func price() async throws {
    let place = try CostTests.place(CostTests.requests(2))
    let refused = try await place.start("submit", ["--max-cost", "100", "--model", "*"]).finished()
    #expect(refused.status == 1, "\(refused.errors)")
    #expect(refused.errors.contains("--price some/model=IN,OUT"))
    #expect(place.api.calls.isEmpty)
    let words = ["--max-cost", "100"] + CostTests.passes
    let sent = try await place.start("submit", words).finished()
    #expect(sent.status == 0, "\(sent.errors)")
  }

  @Test("a request without a limit of output is named")
  func unlimited() async throws {
    let place = try CostTests.place(
      CostTests.requests(1, model: "openai/gpt-oss-20b", limit: 10)
        + CostTests.requests(2, model: "openai/gpt-oss-20b", limit: nil).replacing("\"r1\"", with: "\"r0\""))
    let outcome = try await place.run("submit", "--max-cost", "1")
    #expect(outcome.errors.contains("2 requests without a limit of output, the first on line 2"), "\(outcome.errors)")
  }

  @Test("the limit also holds for a later attempt")
  func retry() async throws {
    let place = try CostTests.place(CostTests.requests(3)) {
      $0.rule = { $0.index == 1 ? .failure(503, code: "busy") : .answer("first") }
    }
    let words = ["-o", "answers.jsonl", "--max-cost", "0.5"] + CostTests.passes
    let first = try await place.start("run", words).finished()
    #expect(first.status == 1, "\(first.errors)")
    let refused = try await place.run("retry")
    #expect(refused.status == 1, "\(refused.errors)")
    #expect(refused.errors.contains("more than --max-cost"))
    #expect(place.api.calls(.upload).count == 1)
    // A limit that is given now takes the place of the old one.
    let sent = try await place.run("retry", "--max-cost", "0.7")
    #expect(sent.status == 0, "\(sent.errors)")
    #expect(place.api.calls(.upload).count == 2)
  }

  @Test("the limit also holds for parts that wait for their turn")
  func queued() async throws {
    let place = try CostTests.place(CostTests.requests(2))
    let options = ["--max-requests", "1", "--max-open", "1"] + CostTests.passes
    let first = try await place.start("submit", options + ["--max-cost", "1"]).finished()
    #expect(first.status == 0, "\(first.errors)")
    #expect(place.api.calls(.create).count == 1)
    let lower = try await place.start("submit", options + ["--max-cost", "0.2"]).finished()
    #expect(lower.status == 1, "\(lower.errors)")
    let waited = try await place.run("wait")
    #expect(waited.status == 1, "\(waited.errors)")
    #expect(place.api.calls(.create).count == 1)
    #expect(place.kept["1/part-00001.output.jsonl"] != nil)
    let higher = try await place.start("submit", options + ["--max-cost", "1"]).finished()
    #expect(higher.status == 0, "\(higher.errors)")
    #expect(try await place.run("wait").status == 0)
    #expect(place.api.calls(.create).count == 2)
  }

  @Test("given prices also hold for parts that wait for their turn")
  func keptPrices() async throws {
    let place = try CostTests.place(CostTests.requests(2))
    let words = ["--max-requests", "1", "--max-open", "1", "--max-cost", "1"]
    let first = try await place.start("submit", words + CostTests.passes).finished()
    #expect(first.status == 0, "\(first.errors)")
    let waited = try await place.run("wait")
    #expect(waited.status == 0, "\(waited.errors)")
    #expect(place.api.calls(.create).count == 2)
  }

  @Test("a batch that may be created twice is counted twice, because it may be paid for twice")
  func again() async throws {
    let place = try CostTests.place(CostTests.requests(1))
    place.api.fail(.create, .refused(.page(502)))
    let first = try await place.start("submit", ["--max-cost", "0.2"] + CostTests.passes).finished()
    #expect(first.status == 5, "\(first.errors)")
    let refused = try await place.start("submit", ["--create-again"] + CostTests.passes).finished()
    #expect(refused.status == 1, "\(refused.errors)")
    #expect(place.api.calls(.create).count == 1)
    let sent = try await place.start("submit", ["--create-again", "--max-cost", "0.4"] + CostTests.passes).finished()
    #expect(sent.status == 0, "\(sent.errors)")
    #expect(place.api.calls(.create).count == 2)
  }
}
