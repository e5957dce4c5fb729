import BatchFile
import Foundation
import TestSupport
import Testing

@testable import BatchClient

/// The machine stops at one moment of a run: what is on the disk then is all that is left, and going on from it pays
/// once and brings every answer.
///
/// The moments are every reading of the clock, which is before every line of the journal, and every request, before it
/// goes out and after the API acted on it. What the disk holds then is copied; the API hears no more of the old run.
@Suite("Runs that stop")
struct RunCrashTests {
  /// Copies a folder at the moment that is reached first, and keeps the rest of the run from the API.
  final class Crash: @unchecked Sendable {
    enum Moment: Sendable, Hashable {
      case clock(Int)
      case before(Int)
      case after(Int)
    }

    // Checked by hand: everything that changes is read and written under the lock.
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

    /// The number of a request that goes out; nil where none goes out any more.
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

  /// Whether the run came to the moment.
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
      // It stood in the journal and never went out: nobody can know, and only a word of the person sends it again.
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
    // Fewer lines than a run has: the moments were not hit.
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
