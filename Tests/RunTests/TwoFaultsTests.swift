import Foundation
import TestSupport
import Testing

/// With two faults in one run, it is still paid for once.
@Suite("Two faults at a time", .enabled(if: WholeRuns.areWanted, WholeRuns.reason))
struct TwoFaultsTests {
  /// The faults that come in addition to a create whose answer is lost.
  enum Second: String, CaseIterable, Sendable {
    case uploadLost, uploadRefused, firstListFails, lookFails, lookIsPage, lookCut, listLags, listAscends, cursorAgain
    case clockAhead, clockBehind, pollsFail, downloadCut, downloadGzip, tooManyAtCreate, fileUnknownAtFirst

    func set(_ api: BatchAPI) {
      switch self {
      case .uploadLost: api.fail(.upload, .broken(.resetAtOnce))
      case .uploadRefused: api.fail(.upload, .refused(.page(503)), times: 2)
      case .firstListFails: api.fail(.list, .refused(.page(502)), times: 2)
      case .lookFails:
        api.fail(.list, .none)
        api.fail(.list, .refused(.tooMany(retryAfter: "1")), times: 2)
      case .lookIsPage:
        api.fail(.list, .none)
        api.fail(.list, .refused(.page(200)), times: 2)
      case .lookCut:
        api.fail(.list, .none)
        api.fail(.list, .broken(.cut(after: 40)), times: 2)
      case .listLags: api.change { $0.listLag = 1 }
      case .listAscends: api.change { $0.listsAscend = true }
      case .cursorAgain:
        api.change {
          $0.paging = .cursor
          $0.repeatsCursor = true
        }
      case .clockAhead: api.change { $0.clockOffset = 600 }
      case .clockBehind: api.change { $0.clockOffset = -600 }
      case .pollsFail: api.fail(.retrieve, .broken(.closed), times: 2)
      case .downloadCut: api.fail(.content, .broken(.untilClose, .cut(after: 200)))
      case .downloadGzip: api.fail(.content, .changed { $0.gzipped })
      case .tooManyAtCreate: api.fail(.create, .refused(.tooMany(retryAfter: "1")))
      case .fileUnknownAtFirst:
        api.fail(
          .create,
          .refused(.error(400, "Cannot find file x, or project does not have access to it.", param: "file_id")))
      }
    }
  }

  @Test(
    "with the answer to the create lost", arguments: Second.allCases,
    [PayOnceTests.Loss.badGateway, .pageWith200, .reset])
  func lost(second: Second, loss: PayOnceTests.Loss) async throws {
    let place = try RunPlace { $0.pageSize = 2 }
    let others = PayOnceTests.others(place.api)
    second.set(place.api)
    place.api.fail(.create, loss.fault)
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
    #expect(place.api.calls(.create).filter(\.acted).count == 1)
    #expect(place.api.batchIDs.count == others + 1)
  }

  @Test(
    "after SIGKILL at the create and a second fault, the batch is found and not made again", arguments: Second.allCases)
  func killed(second: Second) async throws {
    let place = try RunPlace { $0.pageSize = 2 }
    let others = PayOnceTests.others(place.api)
    second.set(place.api)
    let ending = Ending()
    place.api.fail(
      .create,
      .changed {
        ending.kill()
        return $0
      })
    let first = try place.start("run", ["-o", "answers.jsonl"])
    ending.set(first.id)
    #expect(try await first.finished().status == -SIGKILL)
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
    #expect(place.api.calls(.create).filter(\.acted).count == 1)
    #expect(place.api.batchIDs.count == others + 1)
  }
}
