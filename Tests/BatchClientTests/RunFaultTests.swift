import BatchFile
import Foundation
import TestSupport
import Testing

@testable import BatchClient

/// With one fault or two, the run pays once and downloads every answer.
@Suite("Runs and faults")
struct RunFaultTests {
  @Test(
    "after a lost answer to a create and a second fault, the batch is found and not made again",
    arguments: LostAnswer.allCases, RunFault.allCases)
  func lost(loss: LostAnswer, second: RunFault) async throws {
    // All combinations would take long, so each second fault is only combined with three ways to lose the answer.
    guard second == .nothing || [.badGateway, .pageWith200, .reset].contains(loss) else { return }
    let run = try LibraryRun { $0.pageSize = 2 }
    second.set(run.api, lasts: true)
    let others = run.api.makeOtherBatches()
    run.api.fail(.create, loss.fault)
    let problems = try await run.submitAndWait()
    #expect(problems.isEmpty)
    #expect(run.api.calls(.create).filter(\.acted).count == 1)
    #expect(run.api.batchIDs.count == others + 1)
    #expect(run.kept("1/part-00001.output.jsonl") == run.outputOfAPI)
  }

  @Test("each fault alone does not keep the run from its end", arguments: RunFault.allCases)
  func alone(second: RunFault) async throws {
    let run = try LibraryRun { $0.pageSize = 2 }
    second.set(run.api, lasts: true)
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
    _ = run.api.makeOtherBatches()
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

  @Test("an answer that names a batch of an earlier part is no answer to this part's create", arguments: [true, false])
  func earlierBatch(isMade: Bool) async throws {
    let run = try LibraryRun(requests: 6)
    let api = run.api
    api.fail(.upload, .none)
    api.fail(
      .upload,
      .meanwhile {
        let answer = HTTPAnswer(200, #"{"id":"\#(api.batchIDs[0])","object":"batch","status":"validating"}"#)
        api.fail(.create, isMade ? .lost(answer) : .refused(answer))
      }, times: 1)
    let problems = try await run.submitAndWait(maxRequests: 3)
    #expect(api.calls(.create).count == 2)
    guard !isMade else {
      #expect(problems.isEmpty)
      #expect(api.batchIDs.count == 2)
      #expect(run.kept("1/part-00002.output.jsonl") == run.outputOfAPI)
      return
    }
    guard case .unknown(_, []) = problems[PartID(attempt: 1, number: 2)] else {
      Issue.record("\(problems)")
      return
    }
    #expect(problems.count == 1)
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
