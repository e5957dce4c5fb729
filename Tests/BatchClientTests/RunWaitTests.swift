import BatchFile
import Foundation
import JSONLines
import TestSupport
import Testing

@testable import BatchClient

/// How long a run waits for what, and what ends its waiting.
@Suite("Runs and time")
struct RunWaitTests {
  /// A clock that does not wait, and does something at each pause.
  final class PausedClock: WallClock, Sendable {
    private let clock = ManualClock(Date())
    private let atPause: @Sendable (Int, Double) -> Void

    /// - Parameter atPause: gets the number of the pause, from 1, and its length in seconds.
    init(_ atPause: @escaping @Sendable (Int, Double) -> Void) { self.atPause = atPause }

    var now: Date { clock.now }
    var pauses: [Double] { clock.pauses }

    func sleep(until time: Date) async throws {
      try await clock.sleep(until: time)
      atPause(pauses.count, pauses.last ?? 0)
    }
  }

  static func error(_ body: () async throws -> Void) async -> RunError? {
    do {
      try await body()
      return nil
    } catch { return error as? RunError }
  }

  @Test("404 and other refusals of a poll end a wait after ten minutes, not before", arguments: [404, 400, 422, 418])
  func refusedForLong(status: Int) async throws {
    let run = try LibraryRun()
    let clock = ManualClock(Date())
    run.api.fail(.retrieve, .refused(.error(status, "no such batch")), times: .max)
    let began = clock.now
    let failure = await RunWaitTests.error { try await run.submitAndWait(clock: clock) }
    if case .client(let error, _)? = failure {
      #expect(error.status == status)
    } else {
      Issue.record("\(String(describing: failure))")
    }
    let waited = clock.now.timeIntervalSince(began)
    #expect(waited > 600 && waited < 600 + 2 * 66 + 60, "\(waited)")
    run.api.heal()
    #expect(try await run.submitAndWait().isEmpty)
    #expect(run.api.calls(.create).count == 1)
  }

  @Test("a refusal that ends within ten minutes does not end the wait", arguments: [404, 400])
  func refusedForAWhile(status: Int) async throws {
    let run = try LibraryRun()
    run.api.fail(.retrieve, .refused(.error(status, "no such batch")), times: 8)
    #expect(try await run.submitAndWait().isEmpty)
  }

  @Test("neither network errors nor 5xx nor 429 ever end a wait", arguments: [0, 429, 500, 502, 503, 408, 409])
  func troubleForHours(status: Int) async throws {
    let run = try LibraryRun()
    let clock = ManualClock(Date())
    // Four tries a poll, a poll a minute: some hours.
    run.api.fail(.retrieve, status == 0 ? .broken(.closed) : .refused(.page(status)), times: 600)
    let began = clock.now
    #expect(try await run.submitAndWait(clock: clock).isEmpty)
    #expect(clock.now.timeIntervalSince(began) > 2 * 3_600)
    #expect(run.api.calls(.create).count == 1)
  }

  @Test("401 and 403 end a wait at once", arguments: [401, 403])
  func keyRefused(status: Int) async throws {
    let run = try LibraryRun()
    run.api.fail(.retrieve, .refused(.error(status, "no")), times: .max)
    _ = await RunWaitTests.error { try await run.submitAndWait() }
    #expect(run.api.calls(.retrieve).count == 1)
  }

  @Test("a batch that appears during the looks after 5, 15 and 40 seconds is found", arguments: 1...3)
  func looks(pause: Int) async throws {
    let run = try LibraryRun()
    let api = run.api
    let clock = PausedClock { number, _ in
      // As a curl does that a killed process left behind.
      if number == pause, let file = api.uploads.first { api.makeBatch(ofFile: file) }
    }
    api.fail(.create, .refused(.page(502)))
    #expect(try await run.submitAndWait(clock: clock).isEmpty)
    #expect(api.calls(.create).count == 1)
    #expect(api.batchIDs.count == 1)
    #expect(clock.pauses.prefix(pause).map { ($0 * 10).rounded() / 10 } == Array([5, 15, 40].prefix(pause)))
  }

  @Test("a command that comes more than a minute later looks once")
  func late() async throws {
    let run = try LibraryRun()
    run.api.fail(.create, .refused(.page(502)))
    try await run.submitAndWait()
    let (looks, clock) = (run.api.calls(.list).count, ManualClock(Date().addingTimeInterval(3_600)))
    try await run.submitAndWait(clock: clock)
    // One by submit and one by wait, which has a problem noted by then and does not look again.
    #expect(run.api.calls(.list).count == looks + 1)
    #expect(clock.pauses == [])
  }

  @Test(
    "the API's word to come later is obeyed in full, however long it is",
    arguments: [APIOperation.list, .upload, .create, .retrieve, .content], [120.0, 4_000])
  func comeLater(operation: APIOperation, seconds: Double) async throws {
    let run = try LibraryRun()
    let clock = ManualClock(Date())
    run.api.fail(operation, .refused(.tooMany(retryAfter: String(Int(seconds)))))
    let problems = try await run.submitAndWait(clock: clock, patiently: true)
    #expect(problems.isEmpty)
    #expect(clock.pauses.contains { $0 > seconds - 1 }, "\(clock.pauses)")
    #expect(run.api.calls(.create).filter(\.acted).count == 1)
    #expect(run.kept("1/part-00001.output.jsonl") == run.outputOfAPI)
  }

  @Test(
    "several batches are asked for in one list, and one by one where the list lacks them", arguments: [true, false])
  func listed(knowsIDs: Bool) async throws {
    let run = try LibraryRun(requests: 6) { $0.pageSize = 1 }
    if !knowsIDs { run.api.fail(.list, .none) }
    // A list of others' batches in place of those that were asked for.
    if !knowsIDs { run.api.fail(.list, .refused(HTTPAnswer(200, #"{"object":"list","data":[]}"#)), times: .max) }
    #expect(try await run.submitAndWait(maxRequests: 2, idsPerList: 2).isEmpty)
    for number in 1...3 { #expect(run.kept("1/part-0000\(number).output.jsonl") != nil) }
    #expect(run.api.calls(.retrieve).isEmpty == knowsIDs)
    if knowsIDs { #expect(run.api.calls(.list).contains { $0.target.components(separatedBy: "id=").count == 3 }) }
  }
}

/// The one clock of everything.
@Suite("System clock")
struct SystemClockTests {
  @Test("a time that is over, or that is no number, is not waited for", arguments: [-1.0, 0, .nan, -.infinity])
  func noWait(seconds: Double) async throws {
    let clock = SystemClock(time: { Date(timeIntervalSince1970: 0) }, nap: { Issue.record("waits \($0) s") })
    try await clock.sleep(until: Date(timeIntervalSince1970: seconds))
  }

  /// The time, and the naps that were taken.
  final class Time: @unchecked Sendable {
    // Checked by hand: everything is read and written under the lock.
    private let lock = NSLock()
    private var seconds = 1_790_000_000.0
    private var naps: [Double] = []

    var now: Date { lock.withLock { Date(timeIntervalSince1970: seconds) } }
    var taken: [Double] { lock.withLock { naps } }
    /// - Parameter lid: how long the machine sleeps beside a nap, in which its timers stand still.
    func nap(_ length: Double, lid: Double = 0) {
      lock.withLock {
        naps.append(length)
        seconds += length + lid
      }
    }
  }

  @Test("after the machine slept for hours, the time limit has passed at once")
  func lid() async throws {
    let time = Time()
    let clock = SystemClock(time: { time.now }, nap: { time.nap($0, lid: time.taken.isEmpty ? 7_200 : 0) })
    try await clock.sleep(seconds: 60)
    #expect(time.taken.count == 1)
    #expect(time.taken[0] <= 5)
  }

  @Test("the clock waits as long as it is told", arguments: [0.5, 5, 12, 60])
  func whole(seconds: Double) async throws {
    let time = Time()
    let clock = SystemClock(time: { time.now }, nap: { time.nap($0) })
    let began = time.now
    try await clock.sleep(seconds: seconds)
    #expect(abs(time.now.timeIntervalSince(began) - seconds) < 0.001)
  }
}
