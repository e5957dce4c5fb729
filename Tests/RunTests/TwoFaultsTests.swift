import Foundation
import TestSupport
import Testing

/// With two faults in one run, it is still paid for once.
@Suite("Two faults at a time", .enabled(if: WholeRuns.areWanted, WholeRuns.reason))
struct TwoFaultsTests {
  @Test(
    "after a lost answer to the create and a second fault, the batch is found and not made again",
    arguments: RunFault.ofWholeRuns,
    [LostAnswer.badGateway, .pageWith200, .reset])
  func lost(second: RunFault, loss: LostAnswer) async throws {
    let place = try RunPlace { $0.pageSize = 2 }
    let others = place.api.makeOtherBatches()
    second.set(place.api)
    place.api.fail(.create, loss.fault)
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
    #expect(place.api.calls(.create).filter(\.acted).count == 1)
    #expect(place.api.batchIDs.count == others + 1)
  }

  @Test(
    "after SIGKILL at the create and a second fault, the batch is found and not made again",
    arguments: RunFault.ofWholeRuns)
  func killed(second: RunFault) async throws {
    let place = try RunPlace { $0.pageSize = 2 }
    let others = place.api.makeOtherBatches()
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
    var outcome = try await place.run("run", "-o", "answers.jsonl")
    // Who comes late looks once, and on a slow machine this command is late: the list that lags shows the batch to the
    // next one.
    if second == .listLags, outcome.status == 5 { outcome = try await place.run("run", "-o", "answers.jsonl") }
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
    #expect(place.api.calls(.create).filter(\.acted).count == 1)
    #expect(place.api.batchIDs.count == others + 1)
  }
}
