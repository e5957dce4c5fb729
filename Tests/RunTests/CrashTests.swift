import Foundation
import TestSupport
import Testing

/// After a kill at any step, or a full disk, the same command goes on and pays once.
@Suite(
  "Crashes", .enabled(if: WholeRuns.areWanted, WholeRuns.reason),
  .enabled(if: FaultLibrary.isAvailable, "needs Linux and a C compiler"))
struct CrashTests {
  /// More steps than a whole run has. For the steps after its last one the run ends undisturbed.
  static let steps = 1...120

  /// Starts the command again and expects what must hold after any crash: at most one create, and either all answers,
  /// or status 5 with advice.
  static func goOn(_ place: RunPlace, _ note: String) async throws {
    var outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(place.api.calls(.create).count <= 1, "\(note): \(place.journal)")
    if outcome.status == 5 {
      // The create was in the journal but never sent.
      #expect(outcome.errors.contains("--create-again"), "\(note): \(outcome.errors)")
      #expect(place.api.batchIDs.isEmpty, "\(note): \(place.journal)")
      let again = try await place.run("submit", "--create-again")
      #expect(again.status == 0, "\(note): \(again.errors)")
      outcome = try await place.run("run", "-o", "answers.jsonl")
    }
    #expect(outcome.status == 0, "\(note): \(outcome.errors)\n\(place.journal)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"], "\(note)")
    #expect(place.api.batchIDs.count == 1, "\(note)")
    #expect(place.proxy.connectionCount == 0)
  }

  @Test("the same command goes on after SIGKILL at any step", arguments: [FaultLibrary.Fault.killBefore, .killWithin])
  func kill(fault: FaultLibrary.Fault) async throws {
    try await CrashTests.sweep(fault)
  }

  @Test("the same command goes on after the disk was full at any step")
  func full() async throws { try await CrashTests.sweep(.diskFull) }

  static func sweep(_ fault: FaultLibrary.Fault) async throws {
    try await sweep(steps: 12) { try await isHit(fault, $0) }
  }

  /// Tries step after step, until a run has none of that number.
  /// - Parameters:
  ///   - least: a run has more steps than that.
  ///   - isHit: whether the run got as far as the step.
  static func sweep(steps least: Int, _ isHit: @escaping @Sendable (Int) async throws -> Bool) async throws {
    // Only a few steps run at a time, because the rest of the suite runs beside them.
    try await withThrowingTaskGroup(of: Bool.self) { group in
      var next = steps.lowerBound
      var reachedEnd = false
      for _ in 0..<4 {
        let step = next
        group.addTask { try await isHit(step) }
        next += 1
      }
      while let hit = try await group.next() {
        reachedEnd = reachedEnd || !hit
        if !reachedEnd && next <= steps.upperBound {
          let step = next
          group.addTask { try await isHit(step) }
          next += 1
        }
      }
      #expect(reachedEnd, "a run has more than \(steps.upperBound) steps")
      #expect(next > least + 4, "a run has more than \(next) steps")
    }
  }

  /// Runs with a fault at a step and goes on.
  /// - Returns: whether the run reached the step.
  static func isHit(_ fault: FaultLibrary.Fault, _ step: Int) async throws -> Bool {
    let place = try RunPlace()
    let first = try await place.run(
      "run", "-o", "answers.jsonl",
      environment: FaultLibrary.environment(fault, step: step, path: place.input + ".run"))
    if first.status == 0 {
      #expect(place.api.calls(.create).count == 1)
      return false
    }
    #expect(first.status == (fault == .diskFull ? 2 : -SIGKILL), "step \(step): \(first.errors)")
    try await goOn(place, "\(fault.rawValue) \(step)")
    return true
  }

  /// The arguments are whether the API acts on the create during which the program is killed, and after how many
  /// milliseconds the answer would come.
  @Test("the same command pays once after SIGKILL during a create", arguments: [true, false], [0, 300])
  func killedAtCreate(acts: Bool, pause: Int) async throws {
    let place = try RunPlace()
    let ending = Ending()
    let answered: @Sendable (HTTPAnswer) -> HTTPAnswer = {
      ending.kill()
      return $0.after(milliseconds: pause)
    }
    place.api.fail(.create, acts ? .changed(answered) : .refused(HTTPAnswer(502), after: { ending.kill() }))
    let first = try place.start("run", ["-o", "answers.jsonl"])
    ending.set(first.id)
    #expect(try await first.finished().status == -SIGKILL)
    try await CrashTests.goOn(place, "acts \(acts)")
  }

  @Test("the same command pays once after SIGKILL at any call of the API", arguments: APIOperation.allCases)
  func killedAtCall(operation: APIOperation) async throws {
    guard ![.listFiles, .deleteFile, .cancel].contains(operation) else { return }
    let place = try RunPlace()
    let ending = Ending()
    place.api.fail(
      operation,
      .changed {
        ending.kill()
        return $0
      })
    let first = try place.start("run", ["-o", "answers.jsonl"])
    ending.set(first.id)
    let outcome = try await first.finished()
    #expect(outcome.status == -SIGKILL || place.api.calls(operation).isEmpty)
    try await CrashTests.goOn(place, operation.rawValue)
  }

  @Test("Ctrl-C and SIGTERM end with the signal's status and say how to go on", arguments: [SIGINT, SIGTERM])
  func signals(signal: Int32) async throws {
    let place = try RunPlace { $0.statuses = ["validating", "in_progress"] }
    let first = try place.start("run", ["-o", "answers.jsonl"])
    try await first.until { !place.api.calls(.retrieve).isEmpty }
    first.signal(signal)
    let outcome = try await first.finished()
    #expect(outcome.status == -signal || outcome.status == 128 + signal, "\(outcome.errors)")
    #expect(outcome.errors.contains("batchfile run"))
    place.api.change { _ in }
    for id in place.api.batchIDs { place.api.finish(id) }
    #expect(place.api.calls(.create).count == 1)
    #expect(place.api.calls(.cancel).isEmpty)
  }
}

/// Kills a program whose process number is known only once it runs.
final class Ending: @unchecked Sendable {
  // Unchecked: the number is only read and written under the lock.
  private let condition = NSCondition()
  private var id: Int32?

  func set(_ id: Int32) {
    condition.withLock {
      self.id = id
      condition.broadcast()
    }
  }

  func kill() {
    condition.withLock {
      while id == nil { condition.wait() }
      if let id { _ = Foundation.kill(id, SIGKILL) }
    }
  }
}
