import Foundation
import TestSupport
import Testing

/// Every answer that the API has made is downloaded completely, whatever the batch's final status is.
@Suite("Keep answers", .enabled(if: WholeRuns.areWanted, WholeRuns.reason))
struct KeepAnswersTests {
  /// Faults of a download, or of what the API says about it, that last for a while.
  enum Trouble: String, CaseIterable, Sendable {
    case cutWithLength, cutWithoutLength, cutChunked, cutTwice, reset, badGateway, page, tooMany, gzip, emptyBody
    case ignoresRange, closed

    func set(_ api: BatchAPI) {
      switch self {
      case .cutWithLength: api.fail(.content, .broken(.cut(after: 100)))
      case .cutWithoutLength: api.fail(.content, .broken(.untilClose, .cut(after: 100)))
      case .cutChunked: api.fail(.content, .broken(.chunked, .cut(after: 100)))
      case .cutTwice:
        api.fail(.content, .broken(.cut(after: 100)))
        api.fail(.content, .broken(.cut(after: 50)))
      case .reset: api.fail(.content, .broken(.reset(after: 100)))
      case .badGateway: api.fail(.content, .refused(.page(502)), times: 2)
      case .page: api.fail(.content, .refused(.page(200)))
      case .tooMany: api.fail(.content, .refused(.tooMany(retryAfter: "1")))
      case .gzip: api.fail(.content, .changed { $0.gzipped })
      case .emptyBody: api.fail(.content, .changed { _ in HTTPAnswer(200, "") })
      case .ignoresRange:
        api.fail(.content, .broken(.cut(after: 100)))
        api.fail(
          .content,
          .changed {
            // The server does not know ranges.
            $0.status == 206 ? HTTPAnswer(503) : $0
          })
      case .closed: api.fail(.content, .broken(.closed), times: 2)
      }
    }
  }

  @Test("downloads again until a file is whole", arguments: Trouble.allCases)
  func trouble(trouble: Trouble) async throws {
    let place = try RunPlace()
    trouble.set(place.api)
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
    let file = try #require(place.kept["1/part-00001.output.jsonl"])
    #expect(file.split(separator: UInt8(ascii: "\n")).count == 3)
    #expect(!place.kept.keys.contains { $0.contains(".part.") })
  }

  @Test("a file of the right length with too few lines is downloaded again, and is taken if it comes again")
  func fewLines() async throws {
    for lasts in [false, true] {
      let place = try RunPlace()
      place.api.fail(
        .content,
        .changed { answer in
          let lines = answer.body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
          return HTTPAnswer(200, String(decoding: lines[0], as: UTF8.self) + "\n")
        }, times: lasts ? .max : 1)
      let outcome = try await place.run("run", "-o", "answers.jsonl")
      #expect(outcome.status == (lasts ? 1 : 0), "\(outcome.errors)")
      #expect(try place.outcomes() == (lasts ? ["r1 ok", "r2 missing", "r3 missing"] : ["r1 ok", "r2 ok", "r3 ok"]))
      #expect(outcome.errors.contains("the API counts 3 answers, and its files have 1 line") == lasts)
    }
  }

  @Test("a result file that was removed or cut on the disk is downloaded again", arguments: [true, false])
  func lostOnDisk(isRemoved: Bool) async throws {
    let place = try RunPlace()
    #expect(try await place.run("run", "-o", "answers.jsonl").status == 0)
    let file = place.folder.appendingPathComponent("1/part-00001.output.jsonl")
    let whole = try Data(contentsOf: file)
    for verb in ["results", "wait", "retry"] {
      if isRemoved { try FileManager.default.removeItem(at: file) } else { try whole.prefix(300).write(to: file) }
      let outcome = try await place.run(verb)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try Data(contentsOf: file) == whole)
    }
    // Where the API does not have it any more, that is said, and no answer counts as missing.
    try FileManager.default.removeItem(at: file)
    place.api.fail(.content, .refused(.error(404, "No such File object")), times: .max)
    let outcome = try await place.run("results")
    #expect(outcome.status == 5, "\(outcome.errors)")
    #expect(outcome.errors.contains("No such File object"))
    #expect(!outcome.errors.contains("missing"))
  }

  @Test("an input that is written into after it was submitted changes no answer")
  func changedInPlace() async throws {
    let place = try RunPlace()
    #expect(try await place.run("submit").status == 0)
    let file = try FileHandle(forUpdating: place.scratch.url.appendingPathComponent(place.input))
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: Data(RunPlace.requests(2...2).utf8))
    try file.close()
    #expect(try await place.run("wait").status == 0)
    let outcome = try await place.run("results", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("was changed after it was submitted"))
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
  }

  @Test("keeps the bytes of a download that never completes, and joins them with --partial")
  func neverWhole() async throws {
    let place = try RunPlace()
    place.api.fail(
      .content,
      .changed { answer in
        answer.status == 206 ? HTTPAnswer(502) : answer.with(.cut(after: 700))
      }, times: .max)
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 5, "\(outcome.errors)")
    #expect(place.text("answers.jsonl") == nil)
    let partial = try await place.run("results", "--partial", "-o", "answers.jsonl")
    #expect(partial.status == 1, "\(partial.errors)")
    #expect(try place.outcomes().count == 3)
    #expect(try place.outcomes()[0] == "r1 ok")
    place.api.heal()
    let whole = try await place.run("results", "-o", "answers.jsonl", "--force")
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
    #expect(place.api.calls(.create).count == 1)
  }

  /// A final status, what the API did with each of three requests, and the outcome of each.
  struct Ending: Sendable, CustomTestStringConvertible {
    let status: String
    let rule: @Sendable (APIRequestLine) -> APILine
    let outcomes: [String]
    var testDescription: String { "\(status): \(outcomes)" }
  }

  static let endings = [
    Ending(
      status: "expired", rule: { $0.index == 0 ? .answer("paid") : .notRun("batch_expired") },
      outcomes: ["r1 ok", "r2 expired", "r3 expired"]),
    Ending(
      status: "expired", rule: { $0.index == 0 ? .answer("paid") : .nothing },
      outcomes: ["r1 ok", "r2 missing", "r3 missing"]),
    Ending(
      status: "cancelled", rule: { $0.index == 2 ? .notRun("batch_cancelled") : .answer("paid") },
      outcomes: ["r1 ok", "r2 ok", "r3 cancelled"]),
    Ending(
      status: "completed", rule: { _ in .failure(429, code: "rate_limit_exceeded") },
      outcomes: ["r1 failed", "r2 failed", "r3 failed"]),
    Ending(status: "failed", rule: { _ in .nothing }, outcomes: ["r1 missing", "r2 missing", "r3 missing"]),
    Ending(
      status: "completed", rule: { $0.index == 1 ? .oddStatus(0) : .answer("a") },
      outcomes: ["r1 ok", "r2 failed", "r3 ok"]),
    Ending(
      status: "completed", rule: { $0.index == 1 ? .nothing : .answer("a") },
      outcomes: ["r1 ok", "r2 missing", "r3 ok"]),
  ]

  @Test("downloads the answers at every final status", arguments: endings, APISettings.Absence.allCases)
  func ending(ending: Ending, absence: APISettings.Absence) async throws {
    let place = try RunPlace {
      $0.statuses = ["validating", ending.status]
      $0.rule = ending.rule
      $0.absence = absence
      $0.batchErrors = [("invalid_model", "The model does not exist", 2)]
    }
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 1, "\(outcome.errors)")
    #expect(try place.outcomes() == ending.outcomes)
    #expect(place.api.calls(.create).count == 1)
  }

  /// Faults of a poll that do not end a wait.
  static let pollFaults: [APIFault] = [
    .refused(.page(502)), .refused(.error(500, "Oh", type: "server_error")), .refused(.tooMany(retryAfter: "1")),
    .refused(.tooMany()), .broken(.resetAtOnce), .broken(.closed), .broken(.cut(after: 10)), .refused(.page(200)),
    .refused(.error(404, "Batch not found")), .lost(HTTPAnswer(200, "")),
    .changed { HTTPAnswer($0.status, #"{"id":"x","status":"thinking_hard"}"#) },
  ]

  @Test("goes on waiting while polls fail", arguments: pollFaults.indices)
  func polls(index: Int) async throws {
    let place = try RunPlace()
    place.api.fail(.retrieve, KeepAnswersTests.pollFaults[index], times: 2)
    // Lists of batches that include this one fail as well.
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
  }

  @Test("reads statuses in capitals, unknown ones and batches without counts")
  func spellings() async throws {
    let place = try RunPlace {
      $0.shouts = true
      $0.hasCounts = false
      $0.statuses = ["validating", "thinking", "completed"]
    }
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.lowercased().contains("thinking"))
  }

  @Test("only 401 and 403 end a wait, and the right key continues it", arguments: [401, 403])
  func keyTakenAway(status: Int) async throws {
    let place = try RunPlace()
    let answer = status == 401 ? HTTPAnswer.badKey : .noPlan
    place.api.fail(.retrieve, .refused(answer), times: .max)
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 3, "\(outcome.errors)")
    place.api.heal()
    let again = try await place.run("run", "-o", "answers.jsonl")
    #expect(again.status == 0, "\(again.errors)")
    #expect(place.api.calls(.create).count == 1)
  }

  @Test("shows the API's errors at the line and column of the input", arguments: [true, false])
  func batchErrors(bare: Bool) async throws {
    let place = try RunPlace {
      $0.statuses = ["validating", "failed"]
      $0.errorsAreBareList = bare
      $0.batchErrors = [("invalid_method", "Invalid value: 'GET'. Supported values are: 'POST'", 2)]
    }
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 1, "\(outcome.errors)")
    #expect((outcome.output + outcome.errors).contains("requests.jsonl:2:"))
    #expect((outcome.output + outcome.errors).contains("invalid_method"))
  }

  @Test("believes the length that came twice, not the file object", arguments: [-7, 7])
  func wrongBytes(offset: Int) async throws {
    let place = try RunPlace { $0.bytesOffset = offset }
    place.api.fail(.content, .broken(.untilClose, .whole), times: .max)
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
  }

  @Test("notices a file that is short where no length is known")
  func noLength() async throws {
    let place = try RunPlace { $0.hasBytes = false }
    place.api.fail(.content, .changed { $0.with(.untilClose, .cut(after: 600)) })
    place.api.fail(.content, .broken(.untilClose, .whole), times: .max)
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
  }

  @Test("waits for a file that the provider processes")
  func processed() async throws {
    let place = try RunPlace { $0.fileStatuses = ["pending", "pending", "processed"] }
    let outcome = try await place.run("submit")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let calls = place.api.calls.map(\.operation)
    #expect(calls.filter { $0 == .fileInfo }.count >= 2)
    #expect(calls.last == .create)
  }

  @Test("sends a part that the queue refused again, with the same uploaded file")
  func tokenLimit() async throws {
    let place = try RunPlace(requests: 4) { $0.openLimit = 1 }
    let outcome = try await place.run("run", "-o", "answers.jsonl", "--max-requests", "2")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok", "r4 ok"])
    #expect(place.api.calls(.upload).count == 2)
    #expect(place.api.batchIDs.count == 3)
  }

  @Test("deletes the run's files at the API only when all is on disk")
  func deleteRemote() async throws {
    let place = try RunPlace()
    place.api.fail(.content, .refused(.page(502)), times: .max)
    let first = try await place.run("run", "-o", "answers.jsonl")
    #expect(first.status == 5, "\(first.errors)")
    let early = try await place.run("results", "-o", "answers.jsonl", "--delete-remote", "--partial")
    #expect(early.status != 0)
    #expect(place.api.calls(.deleteFile).isEmpty)
    place.api.heal()
    let last = try await place.run("results", "-o", "answers.jsonl", "--delete-remote", "--force")
    #expect(last.status == 0, "\(last.errors)")
    #expect(place.api.fileCount == 0)
  }

  @Test("retry sends failed requests again, and a good answer is never replaced by a bad one")
  func retry() async throws {
    let place = try RunPlace { $0.rule = { $0.index == 1 ? .failure(503, code: "busy") : .answer("first") } }
    #expect(try await place.run("run", "-o", "answers.jsonl").status == 1)
    #expect(try place.outcomes() == ["r1 ok", "r2 failed", "r3 ok"])
    place.api.change { $0.rule = { _ in .answer("second") } }
    let again = try await place.run("retry")
    #expect(again.status == 0, "\(again.errors)")
    let waited = try await place.run("run", "-o", "answers.jsonl")
    #expect(waited.status == 0, "\(waited.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
    #expect(place.text("answers.jsonl")?.contains("second") == true)
    #expect(place.api.batchesPerInput.values.sorted() == [1, 1])
    let second = try #require(place.kept["2/part-00001.jsonl"])
    #expect(second == Data(RunPlace.requests(2...2).utf8))
  }

  @Test("cancel leaves a mark, asks the API, and keeps what was paid for")
  func cancel() async throws {
    let place = try RunPlace { $0.rule = { $0.index == 0 ? .answer("paid") : .notRun("batch_cancelled") } }
    #expect(try await place.run("submit").status == 0)
    let cancelled = try await place.run("cancel")
    #expect(cancelled.status == 0, "\(cancelled.errors)")
    #expect(place.api.calls(.cancel).count == 1)
    let results = try await place.run("results", "-o", "answers.jsonl")
    let waited = results.status == 6 ? try await place.run("run", "-o", "answers.jsonl") : results
    #expect(waited.status == 1, "\(waited.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 cancelled", "r3 cancelled"])
    #expect(place.api.calls(.create).count == 1)
  }
}
