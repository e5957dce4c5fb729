import BatchFile
import Foundation
import TestSupport
import Testing

@testable import BatchClient

/// The machine stops at one moment of a run, and only what is on the disk is left. The run that goes on from there must
/// pay once and download every answer.
///
/// The moments are each reading of the clock, which comes before each line of the journal, and each request, before it
/// is sent and after the API acted on it. At that moment the folder is copied, and no more requests of the old run
/// reach the API.
@Suite("Runs that stop")
struct RunCrashTests {
  /// Copies a folder when the moment is reached, and lets no later request of the run reach the API.
  final class Crash: @unchecked Sendable {
    enum Moment: Sendable, Hashable {
      case clock(Int)
      case before(Int)
      case after(Int)
    }

    // Unchecked: everything that changes is only read and written under the lock.
    private let lock = NSLock()
    private let moment: Moment
    private let from: URL
    private let to: URL
    private var readings = 0
    private var sends = 0
    private var stopped = false

    init(_ moment: Moment, from: URL, to: URL) {
      self.moment = moment
      self.from = from
      self.to = to
    }

    var hasStopped: Bool { lock.withLock { stopped } }

    func read() {
      lock.withLock {
        readings += 1
        if moment == .clock(readings) { stop() }
      }
    }

    /// The number of a request that is sent; nil once no more are sent.
    func send() -> Int? {
      lock.withLock {
        sends += 1
        if moment == .before(sends) { stop() }
        return stopped ? nil : sends
      }
    }

    func sent(_ number: Int) { lock.withLock { if moment == .after(number) { stop() } } }

    private func stop() {
      guard !stopped else { return }
      stopped = true
      for name in (try? FileManager.default.contentsOfDirectory(atPath: from.path)) ?? [] {
        try? FileManager.default.copyItem(at: from.appendingPathComponent(name), to: to.appendingPathComponent(name))
      }
    }
  }

  struct CrashClock: WallClock {
    let crash: Crash
    let clock = ManualClock(Date())
    var now: Date {
      crash.read()
      return clock.now
    }
    func sleep(until time: Date) async throws { try await clock.sleep(until: time) }
  }

  struct CrashTransport: Transport {
    let crash: Crash
    let transport: CurlTransport
    func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
      guard let number = crash.send() else { throw TransportError(.unusable, "stopped", bytesSent: 0) }
      let response = try await transport.send(request)
      crash.sent(number)
      if crash.hasStopped { throw TransportError(.unusable, "stopped") }
      return response
    }
  }

  /// Runs up to the moment and goes on from the copy.
  /// - Returns: whether the run reached the moment.
  static func stop(at moment: Crash.Moment, torn: Bool, _ change: (inout APISettings) -> Void = { _ in }) async throws
    -> Bool
  {
    let place = try LibraryRun { settings in
      settings.statuses = ["validating", "completed"]
      change(&settings)
    }
    let copy = try Scratch()
    let crash = Crash(moment, from: place.scratch.url, to: copy.url)
    let transport = CrashTransport(crash: crash, transport: try CurlTransport())
    let old = try? await place.submitAndWait(transport: transport, clock: CrashClock(crash: crash))
    guard crash.hasStopped else {
      #expect(old?.isEmpty == true)
      return false
    }
    let journal = copy.url.appendingPathComponent("requests.jsonl.run/journal.jsonl")
    if torn, let handle = try? FileHandle(forWritingTo: journal) {
      handle.seekToEndOfFile()
      handle.write(Data(#"{"fact":"crea"#.utf8))
      try handle.close()
    }
    let problems = try await place.submitAndWait(in: copy)
    let text = try String(contentsOf: journal, encoding: .utf8)
    #expect(place.api.calls(.create).filter(\.acted).count <= 1, "\(moment): \(text)")
    if !problems.isEmpty {
      // The create is in the journal and was never sent. The run cannot know that, so it sends the create again only
      // where a person says so.
      #expect(problems.values.allSatisfy { if case .unknown(_, []) = $0 { true } else { false } }, "\(moment): \(text)")
      #expect(place.api.batchIDs.isEmpty, "\(moment): \(text)")
      let again = try await place.submitAndWait(in: copy) { $0.createsAgain = true }
      #expect(again.isEmpty, "\(moment)")
    }
    #expect(place.api.batchIDs.count == 1, "\(moment): \(text)")
    #expect(place.api.calls(.create).count <= 2)
    let output = copy.url.appendingPathComponent("requests.jsonl.run/1/part-00001.output.jsonl")
    #expect(try Data(contentsOf: output) == place.outputOfAPI, "\(moment)")
    return true
  }

  @Test("a run that stopped before any line of its journal goes on and pays once", arguments: [false, true])
  func clock(torn: Bool) async throws {
    var number = 1
    while number < 200, try await RunCrashTests.stop(at: .clock(number), torn: torn) { number += 1 }
    // A smaller number would mean that the moments were not reached.
    #expect(number > 8 && number < 200)
  }

  @Test("a run that stopped before or after any request to the API goes on and pays once", arguments: [false, true])
  func requests(torn: Bool) async throws {
    var number = 1
    while number < 100, try await RunCrashTests.stop(at: .before(number), torn: torn),
      try await RunCrashTests.stop(at: .after(number), torn: torn)
    { number += 1 }
    #expect(number > 4 && number < 100)
  }

  @Test(
    "a run that stopped after a create whose answer was lost finds the batch",
    arguments: [APISettings.Paging.after, .cursor])
  func lost(paging: APISettings.Paging) async throws {
    for number in 1...20 {
      let hit = try await RunCrashTests.stop(at: .after(number), torn: false) {
        $0.paging = paging
        $0.listLag = 1
      }
      if !hit { break }
    }
  }
}
