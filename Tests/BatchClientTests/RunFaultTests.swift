import BatchFile
import Foundation
import TestSupport
import Testing

@testable import BatchClient

/// With one fault or two, the run pays once and downloads every answer.
@Suite("Runs and faults")
struct RunFaultTests {
  /// Ways to lose the answer of a create that the API acted on.
  enum Loss: String, CaseIterable, Sendable {
    case badGateway, serverError, requestTimeout, conflict, pageWith200, emptyWith200, noIDWith200, reset, closed
    case resetInHead, continueOnly, cutBody, nonsense

    var fault: APIFault {
      switch self {
      case .badGateway: .lost(.page(502))
      case .serverError: .lost(.error(500, "The server had an error", type: "server_error"))
      case .requestTimeout: .lost(.error(408, "Request timeout"))
      case .conflict: .lost(.error(409, "Conflict"))
      case .pageWith200: .lost(.page(200))
      case .emptyWith200: .lost(HTTPAnswer(200, ""))
      case .noIDWith200: .lost(HTTPAnswer(200, #"{"object":"batch","status":"validating"}"#))
      case .reset: .broken(.resetAtOnce)
      case .closed: .broken(.closed)
      case .resetInHead: .broken(.resetInHead)
      case .continueOnly: .broken(.continueOnly)
      case .cutBody: .broken(.cut(after: 30))
      case .nonsense: .broken(.raw("SSH-2.0-OpenSSH_9.2\r\n"))
      }
    }
  }

  /// A second fault.
  enum Second: String, CaseIterable, Sendable {
    case nothing, uploadLost, uploadRefused, firstListFails, lookFails, lookIsPage, lookCut, listLags, listAscends
    case listAscendsWithoutTimes, cursor, cursorAgain, emptyPage, unpaged, clockAhead, clockBehind, pollsFail
    case pollsUnknown, downloadCut, downloadCutWithoutLength, downloadGzip, downloadPage, tooManyAtCreate
    case fileUnknownAtFirst, capitals, filePending, idsEmpty, idsObject, wrongBytes

    func set(_ api: BatchAPI) {
      switch self {
      case .nothing: break
      case .uploadLost: api.fail(.upload, .broken(.resetAtOnce))
      case .uploadRefused: api.fail(.upload, .refused(.page(503)), times: 2)
      case .firstListFails: api.fail(.list, .refused(.page(502)), times: 2)
      case .lookFails:
        api.fail(.list, .none)
        api.fail(.list, .refused(.tooMany(retryAfter: "30")), times: 2)
      case .lookIsPage:
        api.fail(.list, .none)
        api.fail(.list, .refused(.page(200)), times: 2)
      case .lookCut:
        api.fail(.list, .none)
        api.fail(.list, .broken(.cut(after: 40)), times: 2)
      // The list that is asked for before the upload counts as one of the three.
      case .listLags: api.change { $0.listLag = 3 }
      case .listAscends: api.change { $0.listsAscend = true }
      case .listAscendsWithoutTimes:
        api.change { $0.listsAscend = true }
        for _ in 0..<3 { api.makeBatch(of: Data("same time\n".utf8), age: 100_000) }
      case .cursor: api.change { $0.paging = .cursor }
      case .cursorAgain:
        api.change {
          $0.paging = .cursor
          $0.repeatsCursor = true
        }
      case .emptyPage: api.change { $0.hasEmptyPage = true }
      case .unpaged: api.change { $0.paging = .none }
      case .clockAhead: api.change { $0.clockOffset = 600 }
      case .clockBehind: api.change { $0.clockOffset = -600 }
      case .pollsFail: api.fail(.retrieve, .broken(.closed), times: 9)
      case .pollsUnknown:
        api.fail(.retrieve, .changed { HTTPAnswer($0.status, #"{"id":"x","status":"thinking"}"#) }, times: 3)
      case .downloadCut: api.fail(.content, .broken(.cut(after: 200)))
      case .downloadCutWithoutLength: api.fail(.content, .broken(.untilClose, .cut(after: 200)))
      case .downloadGzip: api.fail(.content, .changed { $0.gzipped })
      case .downloadPage: api.fail(.content, .refused(.page(200)))
      case .tooManyAtCreate: api.fail(.create, .refused(.tooMany(retryAfter: "30")))
      case .fileUnknownAtFirst:
        api.fail(
          .create,
          .refused(.error(400, "Cannot find file x, or project does not have access to it.", param: "file_id")))
      case .capitals: api.change { $0.shouts = true }
      case .filePending: api.change { $0.fileStatuses = ["pending", "pending", "processed"] }
      case .idsEmpty: api.change { $0.absence = .empty }
      case .idsObject: api.change { $0.absence = .object }
      case .wrongBytes:
        api.change { $0.bytesOffset = 5 }
        api.fail(.content, .broken(.untilClose, .whole), times: .max)
      }
    }
  }

  /// Makes batches of other files, two of them at this moment.
  /// - Returns: how many batches there are.
  static func others(_ api: BatchAPI) -> Int {
    for age in [90_000, 4_000, 300, 1, 0] { api.makeBatch(of: Data("other \(age)\n".utf8), age: age) }
    return api.batchIDs.count
  }

  @Test(
    "after a lost answer to a create and a second fault, the batch is found and not made again",
    arguments: Loss.allCases, Second.allCases)
  func lost(loss: Loss, second: Second) async throws {
    // All combinations would take long, so each second fault is only combined with three ways to lose the answer.
    guard second == .nothing || [.badGateway, .pageWith200, .reset].contains(loss) else { return }
    let run = try LibraryRun { $0.pageSize = 2 }
    second.set(run.api)
    let others = RunFaultTests.others(run.api)
    run.api.fail(.create, loss.fault)
    let problems = try await run.submitAndWait()
    #expect(problems.isEmpty)
    #expect(run.api.calls(.create).filter(\.acted).count == 1)
    #expect(run.api.batchIDs.count == others + 1)
    #expect(run.kept("1/part-00001.output.jsonl") == run.outputOfAPI)
  }

  @Test("each fault alone does not keep the run from its end", arguments: Second.allCases)
  func alone(second: Second) async throws {
    let run = try LibraryRun { $0.pageSize = 2 }
    second.set(run.api)
    let others = run.api.batchIDs.count
    let problems = try await run.submitAndWait()
    #expect(problems.isEmpty)
    #expect(run.api.batchIDs.count == others + 1)
    #expect(run.api.calls(.create).filter(\.acted).count == 1)
    #expect(run.kept("1/part-00001.output.jsonl") == run.outputOfAPI)
  }

  @Test("a part without a batch stays unknown until a person decides")
  func notAccepted() async throws {
    let run = try LibraryRun()
    run.api.fail(.create, .refused(.page(502)))
    for _ in 0..<3 {
      let problems = try await run.submitAndWait()
      #expect(problems.values.map { if case .unknown(_, []) = $0 { true } else { false } } == [true])
    }
    #expect(run.api.calls(.create).count == 1)
    #expect(run.api.calls(.list).count >= 6)
    #expect(try await run.submitAndWait { $0.createsAgain = true }.isEmpty)
    #expect(run.api.calls(.create).count == 2)
    #expect(run.api.batchIDs.count == 1)
  }

  @Test("a list that cannot be read does not count as one without the batch", arguments: [502, 429, 404])
  func couldNotLook(status: Int) async throws {
    let run = try LibraryRun { $0.pageSize = 2 }
    _ = RunFaultTests.others(run.api)
    run.api.fail(.create, .lost(.page(502)))
    run.api.fail(.list, .none)
    // With an ascending list the new batch is on the last page, which cannot be read.
    run.api.change { $0.listsAscend = true }
    for _ in 0..<20 {
      run.api.fail(.list, .none)
      run.api.fail(.list, .refused(.error(status, "no")), times: 4)
    }
    // Even with `createsAgain` nothing is sent while the lists cannot be read.
    let problems = try await run.submitAndWait { $0.createsAgain = true }
    guard case .unknown(let why, []) = problems.values.first else {
      Issue.record("\(problems)")
      return
    }
    #expect(why.contains("could not be read to its end"))
    #expect(run.api.calls(.create).count == 1)
    run.api.heal()
    #expect(try await run.submitAndWait().isEmpty)
    #expect(run.api.calls(.create).count == 1)
  }

  @Test("of two batches of one file none is taken over, except the one that a person names")
  func two() async throws {
    let run = try LibraryRun()
    let api = run.api
    api.fail(.create, .lost(.page(502)))
    api.fail(.list, .none)
    api.fail(.list, .refused(.page(502)))
    api.fail(
      .list,
      .meanwhile {
        if api.batchIDs.count == 1, let file = api.inputFileID(of: api.batchIDs[0]) { api.makeBatch(ofFile: file) }
      }, times: 1)
    api.fail(.list, .refused(.page(502)), times: 4)
    let first = try await run.submitAndWait()
    // If the first batch was seen before the second was made, it is taken over; otherwise neither is.
    if !first.isEmpty {
      guard case .unknown(_, let ids) = first.values.first else {
        Issue.record("\(first)")
        return
      }
      api.heal()
      let again = try await run.submitAndWait()
      #expect(!again.isEmpty || ids.isEmpty)
      #expect(try await run.submitAndWait(adopting: [api.batchIDs[0]]).isEmpty)
    }
    #expect(api.calls(.create).count == 1)
  }

  @Test("a batch that was too much for the queue is made later, with the same uploaded file")
  func tokenLimit() async throws {
    let run = try LibraryRun(requests: 6) { $0.openLimit = 1 }
    let problems = try await run.submitAndWait(maxRequests: 2)
    #expect(problems.isEmpty)
    #expect(run.api.calls(.upload).count == 3)
    for number in 1...3 { #expect(run.kept("1/part-0000\(number).output.jsonl") != nil) }
  }

  @Test("the key is in no file of the run, and no prompt in the journal")
  func noKey() async throws {
    let run = try LibraryRun()
    run.api.fail(.create, .lost(.error(500, "key \(run.api.key)")))
    try await run.submitAndWait()
    let journal = String(decoding: run.kept("journal.jsonl") ?? Data(), as: UTF8.self)
    #expect(journal.contains("created") || journal.contains("adopted"))
    #expect(!journal.contains(run.api.key))
    #expect(!journal.contains(RunPlace.prompt))
  }
}
