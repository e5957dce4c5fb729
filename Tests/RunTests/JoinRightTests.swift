import Foundation
import TestSupport
import Testing

/// An answer belongs to the request with its `custom_id`, wherever its line is.
@Suite("Join right", .enabled(if: WholeRuns.areWanted, WholeRuns.reason))
struct JoinRightTests {
  /// The contents of the answers file by `custom_id`.
  static func contents(_ place: RunPlace) throws -> [String: String] {
    try Workplace.lines(of: place.text("answers.jsonl") ?? "").reduce(into: [:]) {
      $0[$1["custom_id"] as? String ?? "?"] = $1["content"] as? String ?? "?"
    }
  }

  static let expected = ["r1": "Answer to r1", "r2": "Answer to r2", "r3": "Answer to r3"]

  @Test(
    "whatever the order, the last line end and what else stands there",
    arguments: [APISettings.Order.input, .reversed], [true, false])
  func order(order: APISettings.Order, newline: Bool) async throws {
    let place = try RunPlace {
      $0.order = order
      $0.endsWithNewline = newline
      $0.strangers = [#"{"custom_id":"nobody","response":{"status_code":200,"body":{}},"error":null}"#]
    }
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
    #expect(try JoinRightTests.contents(place) == JoinRightTests.expected)
    #expect(outcome.errors.contains("part-00001.output.jsonl:"))
  }

  @Test("takes the first of two answers and names both")
  func twice() async throws {
    let place = try RunPlace { $0.rule = { .twice("Answer to \($0.customID)", "Another") } }
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try JoinRightTests.contents(place) == JoinRightTests.expected)
    #expect(outcome.errors.contains("part-00001.output.jsonl"))
  }

  @Test("U+2028 inside an answer does not end its line")
  func lineSeparator() async throws {
    let place = try RunPlace { $0.rule = { .answer("\($0.customID)\u{2028}\u{85}\u{2029}") } }
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try JoinRightTests.contents(place)["r2"] == "r2\u{2028}\u{85}\u{2029}")
  }

  @Test("the answers of all parts are joined in the input's order")
  func parts() async throws {
    let place = try RunPlace(requests: 5) { $0.order = .reversed }
    let outcome = try await place.run("run", "-o", "answers.jsonl", "--max-requests", "2")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == (1...5).map { "r\($0) ok" })
    #expect(place.api.batchesPerInput.count == 3)
    #expect(place.api.batchesPerInput.values.allSatisfy { $0 == 1 })
  }

  @Test("overwrites only a file that the run wrote, and never the input")
  func overwrites() async throws {
    let place = try RunPlace()
    try place.scratch.file("answers.jsonl", "mine\n")
    let refused = try await place.run("run", "-o", "answers.jsonl")
    #expect(refused.status == 2)
    #expect(place.api.calls.isEmpty)
    #expect(place.text("answers.jsonl") == "mine\n")
    let forced = try await place.run("run", "-o", place.input, "--force")
    #expect(forced.status == 2)
    #expect(place.text(place.input) == RunPlace.requests(1...3))
    #expect(place.api.calls.isEmpty)
  }
}
