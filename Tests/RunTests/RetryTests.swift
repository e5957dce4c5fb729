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
    let text = try String(contentsOf: input, encoding: .utf8)
    try (text + "\n").write(to: input, atomically: false, encoding: .utf8)
    let outcome = try await place.run("retry")
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(place.api.calls(.create).count == 1)
  }

  @Test("with -o the requests are written to a file, and nothing is sent")
  func toFile() async throws {
    let place = try RunPlace { $0.rule = { $0.index == 1 ? .failure(503, code: "busy") : .answer("a") } }
    #expect(try await place.run("run", "-o", "answers.jsonl").status == 1)
    let outcome = try await place.run("retry", "-o", "again.jsonl", "--account", "account.json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(place.text("again.jsonl") == RunPlace.requests(2...2))
    #expect(place.text("account.json")?.contains("\"requests\":3") == true)
    #expect(place.api.calls(.upload).count == 1)
    #expect(!place.journal.contains("\"attempt\":2"))
    // No file of the user is lost, and none of the run.
    #expect(try await place.run("retry", "-o", "again.jsonl").status == 2)
    #expect(try await place.run("retry", "-o", place.input, "--force").status == 2)
    #expect(place.api.calls(.create).count == 1)
  }

  @Test("an attempt is cut as the first one was, and writes its account")
  func limits() async throws {
    let place = try RunPlace(requests: 6) { $0.rule = { _ in .failure(503, code: "busy") } }
    #expect(try await place.run("run", "-o", "answers.jsonl", "--max-requests", "2").status == 1)
    #expect(place.api.calls(.create).count == 3)
    let outcome = try await place.run("retry", "--account", "account.json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(place.api.calls(.create).count == 6)
    #expect(place.text("account.json")?.contains("\"requests\":6") == true)
    #expect(try await place.run("wait").status == 0)
    #expect(try await place.run("retry", "--max-requests", "6").status == 0)
    #expect(place.api.calls(.create).count == 7)
  }

  @Test("requests that the API named when it refused the batch are left out")
  func refusedLines() async throws {
    let place = try RunPlace {
      $0.statuses = ["validating", "failed"]
      $0.batchErrors = [("invalid_request", "bad model", 2)]
    }
    #expect(try await place.run("run", "-o", "answers.jsonl").status == 1)
    let outcome = try await place.run("retry", "-o", "again.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(place.text("again.jsonl") == RunPlace.requests(1...1) + RunPlace.requests(3...3))
    #expect(outcome.errors.contains("1 request that the API named as faulty is not tried again"))
  }

  @Test("a cancelled run is not tried again, but its requests can be written to a file")
  func cancelled() async throws {
    let place = try RunPlace { $0.statuses = ["validating", "in_progress"] }
    #expect(try await place.run("submit", "--max-requests", "1", "--max-open", "1").status == 0)
    #expect(try await place.run("cancel").status == 0)
    place.api.finish(place.api.batchIDs[0])
    _ = try await place.run("wait", "--timeout", "1h")
    let results = try await place.run("results", "-o", "answers.jsonl")
    #expect(results.status == 1, "\(results.errors)")
    #expect(results.errors.contains("`batchfile retry requests.jsonl -o FILE` writes"))
    let refused = try await place.run("retry")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("`batchfile results requests.jsonl` joins"))
    #expect(try await place.run("retry", "-o", "again.jsonl").status == 0)
    // They are cut as the run was.
    #expect(place.text("again-00001.jsonl") == RunPlace.requests(2...2))
    #expect(place.text("again-00002.jsonl") == RunPlace.requests(3...3))
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
