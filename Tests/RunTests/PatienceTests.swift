import Foundation
import TestSupport
import Testing

/// Who waits for what, and what is said of it.
@Suite("Patience", .enabled(if: WholeRuns.areWanted, WholeRuns.reason))
struct PatienceTests {
  /// A verb, the call that the API has no time for, and what is done before.
  static let verbs: [(verb: String, operation: APIOperation, before: [String])] = [
    ("submit", .list, []), ("submit", .upload, []), ("submit", .create, []), ("status", .retrieve, ["submit"]),
    ("results", .retrieve, ["submit"]), ("cancel", .cancel, ["submit"]), ("retry", .upload, ["run"]),
    ("retry", .create, ["run"]),
  ]

  @Test("verbs other than wait and run give up at once if the API asks to wait more than a minute", arguments: verbs)
  func comeLater(verb: String, operation: APIOperation, before: [String]) async throws {
    let place = try RunPlace {
      $0.statuses = ["validating", "in_progress", "completed"]
      $0.rule = { $0.index == 1 ? .failure(503, code: "busy") : .answer("a") }
    }
    for verb in before {
      #expect(try await place.start(verb, verb == "run" ? ["-o", "answers.jsonl"] : []).finished().status < 2)
    }
    let count = place.api.calls(operation).count
    place.api.fail(operation, .refused(.tooMany(retryAfter: "3600")), times: .max)
    let outcome = try await place.run(verb)
    #expect(outcome.status == 4, "\(outcome.errors)")
    #expect(outcome.errors.contains("3600 s"), "\(outcome.errors)")
    #expect(place.api.calls(operation).count == count + 1)
  }

  @Test(
    "run waits, however late it should come", arguments: [APIOperation.list, .upload, .create, .retrieve, .content])
  func run(operation: APIOperation) async throws {
    let place = try RunPlace()
    place.api.fail(operation, .refused(.tooMany(retryAfter: "90")))
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
    #expect(place.api.batchIDs.count == 1)
  }

  @Test(
    "404 with another key than the run was begun with says so, and with the same key does not",
    arguments: [true, false])
  func otherKey(isOther: Bool) async throws {
    let place = try RunPlace { $0.statuses = ["validating", "in_progress"] }
    #expect(try await place.run("submit").status == 0)
    place.api.fail(.retrieve, .refused(.error(404, "No such batch")), times: .max)
    if isOther { place.api.change { $0.key = "gsk_another_key_of_the_tests" } }
    let key = isOther ? "gsk_another_key_of_the_tests" : place.api.key
    let outcome = try await place.run("results", environment: ["GROQ_API_KEY": key])
    #expect(outcome.status == 4, "\(outcome.errors)")
    #expect(outcome.errors.contains("another one than this run was begun with") == isOther, "\(outcome.errors)")
    #expect(!outcome.errors.contains("gsk_another"))
  }

  @Test("a curl that outlives the killed program makes the batch, and it is found and not made again")
  func outlived() async throws {
    let place = try RunPlace()
    let api = place.api
    let (gate, ending) = (Gate(), Ending())
    api.fail(
      .create,
      .late {
        ending.kill()
        gate.wait()
      })
    let first = try place.start("run", ["-o", "answers.jsonl"])
    ending.set(first.id)
    #expect(try await first.finished().status == -SIGKILL)
    #expect(api.batchIDs.isEmpty)
    // Nothing is there at the first look; while it goes on, the old curl's request is acted on.
    api.fail(
      .list,
      .meanwhile {
        gate.open()
        for _ in 0..<60_000 where api.batchIDs.isEmpty { usleep(1_000) }
      })
    let second = try await place.run("run", "-o", "answers.jsonl")
    #expect(second.status == 0, "\(second.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
    #expect(api.calls(.create).count == 1)
    #expect(api.batchIDs.count == 1)
  }

  @Test("a disk that is full for a download is status 2, and the same command goes on later")
  func fullDisk() async throws {
    let place = try RunPlace(requests: 60)
    // What curl finds when the disk is full: here files of more than a few kilobytes.
    let curl = try Shell.run("command -v curl").output.trimmingCharacters(in: .whitespacesAndNewlines)
    let folder = place.scratch.url.appendingPathComponent("bin")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let stub = try place.scratch.file(
      "bin/curl", "#!/bin/sh\ntrap '' XFSZ\nulimit -f 4\nexec \(curl) \"$@\"\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: stub.path)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let first = try await place.run("run", "-o", "answers.jsonl", environment: ["PATH": "\(folder.path):\(path)"])
    #expect(first.status == 2, "\(first.errors)")
    #expect(first.errors.contains("(23)"), "\(first.errors)")
    #expect(place.text("answers.jsonl") == nil)
    let second = try await place.run("run", "-o", "answers.jsonl")
    #expect(second.status == 0, "\(second.errors)")
    #expect(try place.outcomes().count == 60)
    #expect(place.api.calls(.create).count == 1)
  }

  @Test("status --json has an object a part with just these members")
  func json() async throws {
    let place = try RunPlace(requests: 3) {
      $0.statuses = ["validating", "in_progress", "completed"]
      $0.runningCounts = (2, 1, 0)
    }
    let submitted = try await place.run("submit", "--max-requests", "2", "--max-open", "1")
    #expect(submitted.status == 0, "\(submitted.errors)")
    let outcome = try await place.run("status", "--json")
    #expect(outcome.status == 6, "\(outcome.errors)")
    let rows = try Workplace.lines(of: outcome.output)
    #expect(rows.count == 2)
    let names = [
      "file", "part", "attempt", "batch_id", "status", "total", "completed", "failed", "created_at", "expires_at",
    ]
    #expect(rows.allSatisfy { Set($0.keys) == Set(names) })
    #expect(rows[0]["file"] as? String == "requests.jsonl")
    #expect(rows.map { $0["part"] as? Int } == [1, 2])
    #expect(rows.map { $0["attempt"] as? Int } == [1, 1])
    #expect(rows[0]["batch_id"] as? String == place.api.batchIDs[0])
    #expect(rows.map { $0["status"] as? String } == ["in_progress", "queued"])
    #expect(rows[0]["total"] as? Int == 2)
    #expect(rows[0]["completed"] as? Int == 1)
    #expect(rows[0]["failed"] as? Int == 0)
    let (created, expires) = (rows[0]["created_at"] as? Int ?? 0, rows[0]["expires_at"] as? Int ?? 0)
    #expect(expires - created == 86_400)
    for name in names.dropFirst(3) where name != "status" { #expect(rows[1][name] is NSNull, "\(name)") }
    #expect(try await place.run("wait").status == 0)
    let last = try await place.run("status", "--json")
    #expect(last.status == 0, "\(last.errors)")
    #expect(try Workplace.lines(of: last.output).map { $0["status"] as? String } == ["completed", "completed"])
  }
}
