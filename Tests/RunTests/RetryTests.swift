import Foundation
import TestSupport
import Testing

/// What `retry` of a run does not send again.
@Suite("Retry", .enabled(if: WholeRuns.areWanted, WholeRuns.reason))
struct RetryTests {
  @Test("while a part runs nothing is sent again, and the status is 6")
  func running() async throws {
    let place = try RunPlace { $0.statuses = ["validating", "in_progress"] }
    #expect(try await place.run("submit").status == 0)
    let outcome = try await place.run("retry", "--outcome", "failed")
    #expect(outcome.status == 6, "\(outcome.errors)")
    #expect(place.api.calls(.upload).count == 1)
    #expect(place.api.calls(.create).count == 1)
  }

  @Test("while nobody knows of a part whether its batch was made nothing is sent again, and the status is 5")
  func unknown() async throws {
    let place = try RunPlace()
    place.api.fail(.create, .refused(.page(502)))
    #expect(try await place.run("submit").status == 5)
    let outcome = try await place.run("retry", "--outcome", "missing")
    #expect(outcome.status == 5, "\(outcome.errors)")
    #expect(place.api.calls(.upload).count == 1)
    #expect(place.api.calls(.create).count == 1)
  }

  @Test("where the input was changed since nothing is sent again, and the status is 2")
  func changed() async throws {
    let place = try RunPlace { $0.rule = { $0.index == 1 ? .failure(503, code: "busy") : .answer("a") } }
    #expect(try await place.run("run", "-o", "answers.jsonl").status == 1)
    let input = place.scratch.url.appendingPathComponent(place.input)
    // A new file, because the part may be a hard link to the old one.
    let text = try String(contentsOf: input, encoding: .utf8)
    try FileManager.default.removeItem(at: input)
    try (text + "\n").write(to: input, atomically: false, encoding: .utf8)
    let outcome = try await place.run("retry")
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(place.api.calls(.create).count == 1)
  }

  @Test("with every answer good there is nothing to try again: status 0, and nothing is made")
  func nothing() async throws {
    let place = try RunPlace()
    #expect(try await place.run("run", "-o", "answers.jsonl").status == 0)
    let outcome = try await place.run("retry")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("nothing to try again"))
    #expect(place.api.calls(.upload).count == 1)
    #expect(place.kept["2/part-00001.jsonl"] == nil)
  }
}
