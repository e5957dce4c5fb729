import Foundation
import TestSupport
import Testing

/// Where the API accepted a create and the answer was lost, the batch is found and the create is not sent again.
@Suite("Pay once", .enabled(if: WholeRuns.areWanted, WholeRuns.reason))
struct PayOnceTests {
  /// Kinds of lists in which the batch is hard to find.
  enum Listing: String, CaseIterable, Sendable {
    case after, cursor, unpaged, ascending, ascendingCursor, emptyPage, emptyCursorPage, cursorAgain, lagging
    case clockBehind, clockAhead

    func set(_ settings: inout APISettings) {
      settings.pageSize = 2
      switch self {
      case .after: break
      case .cursor: settings.paging = .cursor
      case .unpaged: settings.paging = .none
      case .ascending: settings.listsAscend = true
      case .ascendingCursor:
        settings.listsAscend = true
        settings.paging = .cursor
      case .emptyPage: settings.hasEmptyPage = true
      case .emptyCursorPage:
        settings.hasEmptyPage = true
        settings.paging = .cursor
      case .cursorAgain:
        settings.repeatsCursor = true
        settings.paging = .cursor
      // The list that is asked for before the upload counts as one of them.
      case .lagging: settings.listLag = 2
      case .clockBehind: settings.clockOffset = -600
      case .clockAhead: settings.clockOffset = 600
      }
    }
  }

  /// Runs to the end and expects one batch, one create, and all answers.
  static func expectOneBatch(_ place: RunPlace, others: Int) async throws {
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
    #expect(place.api.calls(.create).count == 1)
    #expect(place.api.batchIDs.count == others + 1)
    #expect(place.proxy.connectionCount == 0)
  }

  @Test("finds the batch whose answer was lost", arguments: LostAnswer.allCases)
  func lost(loss: LostAnswer) async throws {
    let place = try RunPlace()
    let others = place.api.makeOtherBatches()
    place.api.fail(.create, loss.fault)
    try await PayOnceTests.expectOneBatch(place, others: others)
  }

  @Test("finds the batch in every kind of list", arguments: Listing.allCases)
  func listing(listing: Listing) async throws {
    let place = try RunPlace { listing.set(&$0) }
    let others = place.api.makeOtherBatches()
    place.api.fail(.create, .lost(.page(502)))
    try await PayOnceTests.expectOneBatch(place, others: others)
  }

  @Test("finds the batch although lists fail for a while", arguments: [429, 500, 502, 503])
  func lookingFails(status: Int) async throws {
    let place = try RunPlace()
    place.api.fail(.create, .lost(.page(502)))
    place.api.fail(.list, .none)
    place.api.fail(.list, .refused(.page(status)), times: 2)
    try await PayOnceTests.expectOneBatch(place, others: 0)
  }

  @Test("a list that cannot be read to its end does not count as one without the batch")
  func listBreaksOff() async throws {
    let place = try RunPlace { $0.pageSize = 2 }
    let others = place.api.makeOtherBatches()
    let api = place.api
    api.fail(
      .create,
      .changed { _ in
        // With ascending lists the new batch is on the last page, which cannot be read.
        api.change { $0.listsAscend = true }
        api.fail(.list, .none)
        api.fail(.list, .refused(.page(502)), times: .max)
        return .page(502)
      })
    let first = try await place.run("submit")
    #expect(first.status == 5, "\(first.errors)")
    #expect(place.api.calls(.create).count == 1)
    place.api.heal()
    try await PayOnceTests.expectOneBatch(place, others: others)
  }

  @Test("where it is not known whether a batch was made, only --create-again sends again")
  func nothingMade() async throws {
    let place = try RunPlace()
    place.api.fail(.create, .refused(.page(502)))
    let first = try await place.run("submit")
    #expect(first.status == 5, "\(first.errors)")
    #expect((first.errors + first.output).contains("--create-again"))
    #expect((first.errors + first.output).contains("--adopt"))
    let lists = place.api.calls(.list).count
    for verb in ["submit", "wait"] {
      let again = try await place.run(verb)
      #expect(again.status == 5, "\(again.errors)")
    }
    #expect(place.api.calls(.list).count > lists)
    #expect(place.api.calls(.create).count == 1)
    let last = try await place.run("submit", "--create-again")
    #expect(last.status == 0, "\(last.errors)")
    #expect(place.api.calls(.create).count == 2)
    #expect(place.api.batchIDs.count == 1)
  }

  @Test("of two batches of its file it takes over none, except the one that --adopt names")
  func two() async throws {
    let place = try RunPlace()
    let api = place.api
    place.api.fail(
      .create,
      .changed { _ in
        if let file = api.batchIDs.first.flatMap({ api.inputFileID(of: $0) }) { api.makeBatch(ofFile: file) }
        return .page(502)
      })
    let first = try await place.run("submit")
    #expect(first.status == 5, "\(first.errors)")
    for id in place.api.batchIDs { #expect((first.errors + first.output).contains(id)) }
    place.api.heal()
    let adopted = try await place.run("submit", "--adopt", place.api.batchIDs[0])
    #expect(adopted.status == 0, "\(adopted.errors)")
    let waited = try await place.run("wait")
    #expect(waited.status == 0, "\(waited.errors)")
    #expect(place.api.calls(.create).count == 1)
    #expect(place.api.calls(.retrieve).map(\.id).contains(place.api.batchIDs[0]))
  }

  /// Answers after which certainly no batch was made, so the create is sent again at once.
  static let refusals: [HTTPAnswer] = [
    .tooMany(), .tooMany(retryAfter: "1"), .tooMany(retryAfter: "0"),
    HTTPAnswer.tooMany().with("retry-after-ms", "20"),
    .error(400, "Cannot find file file_1, or your project does not have access to it.", param: "file_id"),
  ]

  @Test("sends a create again that the API refused for a time", arguments: refusals.indices)
  func refusedForNow(index: Int) async throws {
    let place = try RunPlace()
    place.api.fail(.create, .refused(PayOnceTests.refusals[index]), times: 2)
    let outcome = try await place.run("submit")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(place.api.calls(.create).count == 3)
    #expect(place.api.batchIDs.count == 1)
  }

  @Test(
    "sends a create no second time that was refused",
    arguments: [
      (HTTPAnswer.error(400, "Your organization has no credit", code: "billing"), Int32(4)),
      (.error(404, "no such page"), 4), (.error(413, "too large"), 4), (.error(422, "unprocessable"), 4),
      (.badKey, 3), (.noPlan, 3),
    ])
  func refused(answer: HTTPAnswer, status: Int32) async throws {
    let place = try RunPlace()
    place.api.fail(.create, .refused(answer), times: .max)
    let outcome = try await place.run("submit")
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(place.api.calls(.create).count == 1)
    #expect(outcome.errors.contains("req_error_\(answer.status)"))
  }

  @Test("does not follow a create that is redirected", arguments: [301, 302, 307, 308])
  func redirected(status: Int) async throws {
    let other = try LoopbackServer { _ in HTTPAnswer(200, "{}") }
    let place = try RunPlace()
    place.api.fail(.create, .redirect(to: other.url + "/batches", status: status))
    let outcome = try await place.run("submit")
    #expect(outcome.status == 4, "\(outcome.errors)")
    #expect(outcome.errors.contains("the base URL redirects to \(other.url)"))
    #expect(other.connectionCount == 0)
    #expect(place.api.calls(.create).count == 1)
  }

  @Test("a second submit continues the run and pays nothing")
  func again() async throws {
    let place = try RunPlace()
    for verb in ["submit", "submit", "wait", "submit", "run"] {
      let words = verb == "run" ? ["-o", "answers.jsonl"] : []
      let outcome = try await place.start(verb, words).finished()
      #expect(outcome.status == 0, "\(verb): \(outcome.errors)")
    }
    #expect(place.api.calls(.create).count == 1)
    #expect(place.api.calls(.upload).count == 1)
  }

  @Test("only one process at a time works on a run")
  func lock() async throws {
    let place = try RunPlace()
    let gate = Gate()
    place.api.fail(.upload, .refused(HTTPAnswer(503), after: { gate.wait() }))
    let first = try place.start("submit")
    try await first.until { !place.api.calls(.upload).isEmpty }
    let second = try await place.run("submit")
    #expect(second.status == 6, "\(second.errors)")
    #expect(second.errors.contains(String(first.id)))
    gate.open()
    #expect(try await first.finished().status == 0)
    #expect(place.api.calls(.create).count == 1)
  }

  @Test("a batch of the last 48 hours with the same content is named, and nothing is sent")
  func sameContent() async throws {
    let place = try RunPlace()
    #expect(try await place.run("submit").status == 0)
    let second = try await place.run("submit", "--run-dir", "other.run")
    #expect(second.status == 1, "\(second.errors)")
    #expect(second.errors.contains(place.api.batchIDs[0]))
    #expect(place.api.calls(.upload).count == 1)
    #expect(place.api.batchIDs.count == 1)
  }

  @Test("finds the same content also behind hundreds of newer batches", arguments: [false, true])
  func sameContentFarBack(ascends: Bool) async throws {
    let place = try RunPlace {
      $0.pageSize = 100
      $0.listsAscend = ascends
    }
    #expect(try await place.run("submit").status == 0)
    try FileManager.default.removeItem(at: place.folder)
    for number in 1...230 { place.api.makeBatch(of: Data("other \(number)\n".utf8)) }
    let second = try await place.run("submit")
    #expect(second.status == 1, "\(second.errors)")
    #expect(second.errors.contains(place.api.batchIDs[0]))
    #expect(place.api.calls(.upload).count == 1)
    // Where the list cannot be read to its end, it is not known, so nothing is sent.
    place.api.fail(.list, .none)
    place.api.fail(.list, .refused(.error(404, "no")), times: .max)
    #expect(try await place.run("submit").status == (ascends ? 1 : 4))
    place.api.heal()
    #expect(place.api.calls(.upload).count == 1)
    // Only a person who asks for it pays for the same content again.
    let again = try await place.run("submit", "--create-again")
    #expect(again.status == 0, "\(again.errors)")
    #expect(place.api.calls(.create).count == 2)
  }

  @Test(
    "an answer about another file is believed only if the list has no batch of this file", arguments: [true, false])
  func otherFile(isListed: Bool) async throws {
    let place = try RunPlace()
    let api = place.api
    let other = api.makeBatch(of: Data(RunPlace.requests(7...8).utf8))
    let answer = HTTPAnswer(
      200, #"{"id":"\#(other)","object":"batch","status":"validating","input_file_id":"file_of_another_name"}"#)
    api.fail(.create, isListed ? .lost(answer) : .refused(answer))
    let outcome = try await place.run("submit")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let own = api.batchIDs.last ?? ""
    #expect(place.journal.contains(#""batch_id":"\#(isListed ? own : other)""#))
    #expect((own == other) == !isListed)
    #expect(api.calls(.create).count == 1)
  }

  @Test("creates no batch where the part changed after its upload")
  func changedPart() async throws {
    let place = try RunPlace()
    let part = place.folder.appendingPathComponent("1/part-00001.jsonl")
    place.api.fail(
      .upload,
      .meanwhile {
        guard let file = try? FileHandle(forWritingTo: part) else { return }
        file.seekToEndOfFile()
        file.write(Data("\n".utf8))
      })
    let outcome = try await place.run("submit")
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(place.api.calls(.create).isEmpty)
  }

  @Test("an upload whose size at the API differs is an error")
  func wrongUpload() async throws {
    let place = try RunPlace()
    place.api.fail(
      .upload,
      .changed { answer in
        HTTPAnswer(
          200,
          String(decoding: answer.body, as: UTF8.self).replacingOccurrences(
            of: #""bytes":"#, with: #""bytes":1"#))
      }, times: .max)
    let outcome = try await place.run("submit")
    #expect(outcome.status != 0)
    #expect(place.api.calls(.create).isEmpty)
  }

  @Test("an upload whose answer is lost is sent again", arguments: LostAnswer.allCases)
  func lostUpload(loss: LostAnswer) async throws {
    let place = try RunPlace()
    place.api.fail(.upload, loss.fault)
    var outcome = try await place.run("submit")
    if outcome.status == 5 {
      // After a reply that no API would give, the upload is not tried again by this command. No batch was made.
      #expect(place.api.calls(.create).isEmpty)
      outcome = try await place.run("submit")
    }
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(place.api.calls(.create).count == 1)
    #expect(place.api.batchIDs.count == 1)
  }

  @Test("a refused key is found before any prompt is sent", arguments: [401, 403])
  func keyFirst(status: Int) async throws {
    let place = try RunPlace()
    if status == 401 {
      place.api.change { $0.key = "gsk_another_key_of_the_tests" }
    } else {
      place.api.fail(.list, .refused(.noPlan), times: .max)
    }
    let outcome = try await place.run("submit", environment: ["GROQ_API_KEY": "gsk_refused_0123456789"])
    #expect(outcome.status == 3, "\(outcome.errors)")
    #expect(place.api.calls.allSatisfy { $0.operation == .list })
    #expect(!(outcome.errors + outcome.output).contains("gsk_refused"))
  }

  @Test("says what to install where there is no curl")
  func noCurl() async throws {
    let place = try RunPlace()
    let outcome = try await place.run("submit", environment: ["PATH": place.scratch.url.path])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("curl"))
    #expect(place.api.calls.isEmpty)
  }

  @Test("sends nothing without a key")
  func noKey() async throws {
    let place = try RunPlace()
    let outcome = try await place.run("submit", environment: ["GROQ_API_KEY": ""])
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("GROQ_API_KEY"))
    #expect(place.api.calls.isEmpty)
  }
}
