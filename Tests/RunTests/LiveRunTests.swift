import Foundation
import TestSupport
import Testing

/// A run at a terminal: its block is drawn in place, fits the window, and is gone at the end.
@Suite("Live runs", .enabled(if: WholeRuns.areWanted, WholeRuns.reason))
struct LiveRunTests {
  /// A run whose batch does not end before it is told to.
  static func place() throws -> RunPlace {
    try RunPlace {
      $0.statuses = ["validating"] + Array(repeating: "in_progress", count: 100_000)
      $0.runningCounts = (3, 1, 1)
    }
  }

  static func isBlock(_ line: String) -> Bool { line.contains("Ctrl-C ends the waiting") }

  @Test("shows parts, counts, the time left and the next look, and is gone at the end", arguments: ["run", "wait"])
  func block(verb: String) async throws {
    let place = try LiveRunTests.place()
    if verb == "wait" { #expect(try await place.run("submit").status == 0) }
    let terminal = try Terminal()
    let program = try place.start(verb, verb == "run" ? ["-o", "answers.jsonl"] : [], terminal: terminal)
    try await program.until(terminal) { $0.contains { LiveRunTests.isBlock($0) && $0.contains("asks again in ") } }
    let lines = terminal.screen
    let at = try #require(lines.firstIndex { $0.hasPrefix("requests.jsonl: 2 of 3 done, 1 failed") }, "\(lines)")
    let part = lines[at + 1]
    #expect(part.hasPrefix("  part 1: in_progress, 1 of 3 done, 1 failed, 23 h "), "\(part)")
    #expect(part.hasSuffix(" left"))
    // In place: however often it was drawn, it stands there once.
    try await program.until(terminal) { _ in terminal.text.components(separatedBy: "asks again in ").count > 5 }
    #expect(terminal.screen.count(where: LiveRunTests.isBlock) == 1)
    for id in place.api.batchIDs { place.api.complete(id) }
    let outcome = try await program.finished(terminal)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!terminal.screen.contains { LiveRunTests.isBlock($0) || $0.hasPrefix("  part 1") }, "\(terminal.screen)")
    #expect(terminal.screen.contains { $0.contains("3 requests: 3 ok") })
  }

  @Test("fits the window", arguments: [(30, 24), (100, 6), (12, 5)])
  func window(columns: Int, rows: Int) async throws {
    let place = try LiveRunTests.place()
    let terminal = try Terminal(columns: columns, rows: rows)
    let program = try place.start("run", ["--max-requests", "1"], terminal: terminal)
    try await program.until(terminal) { $0.contains { $0.hasPrefix("requests.j") } && $0.last?.isEmpty == false }
    try await program.until(terminal) { _ in terminal.text.components(separatedBy: "\u{1B}[J").count > 6 }
    let lines = terminal.screen
    let at = try #require(lines.lastIndex { $0.hasPrefix("requests.j") && !$0.contains(" has a run") })
    #expect(lines.count - at <= max(rows, 4), "\(lines)")
    #expect(lines[at...].allSatisfy { $0.count < columns }, "\(lines)")
    program.signal(SIGTERM)
    _ = try await program.finished(terminal)
  }

  @Test("a signal removes the block, and a message says how to go on", arguments: [SIGINT, SIGTERM])
  func signal(signal: Int32) async throws {
    let place = try LiveRunTests.place()
    let terminal = try Terminal()
    let program = try place.start("run", ["-o", "answers.jsonl"], terminal: terminal)
    try await program.until(terminal) { $0.contains(where: LiveRunTests.isBlock) }
    program.signal(signal)
    let outcome = try await program.finished(terminal)
    #expect(outcome.status == 128 + signal)
    #expect(!terminal.screen.contains(where: LiveRunTests.isBlock), "\(terminal.screen)")
    let words = "`batchfile run requests.jsonl -o answers.jsonl --base-url \(place.api.url)` continues"
    #expect(terminal.screen.joined().contains(words))
    #expect(terminal.screen.last == "")
  }

  @Test("the second Ctrl-C ends the command at once and also removes the block")
  func twice() async throws {
    let place = try LiveRunTests.place()
    let gate = Gate()
    defer { gate.open() }
    // The first signal lets a create come to its end.
    place.api.fail(
      .create,
      .changed {
        gate.wait()
        return $0
      })
    let terminal = try Terminal()
    let program = try place.start("run", ["-o", "answers.jsonl"], terminal: terminal)
    try await program.until(terminal) { $0.contains(where: LiveRunTests.isBlock) && !place.api.calls(.create).isEmpty }
    program.signal(SIGINT)
    // The second is not the first one once more.
    try await Task.sleep(for: .milliseconds(100))
    #expect(program.isRunning)
    program.signal(SIGINT)
    let outcome = try await program.finished(terminal)
    #expect(outcome.status == 130)
    #expect(!terminal.screen.contains(where: LiveRunTests.isBlock), "\(terminal.screen)")
    gate.open()
    for id in place.api.batchIDs { place.api.complete(id) }
    let again = try await place.run("run", "-o", "answers.jsonl")
    #expect(again.status == 0, "\(again.errors)")
    #expect(place.api.calls(.create).count == 1)
  }

  @Test("there is no block where standard error is not a terminal", arguments: [true, false])
  func elsewhere(isDumb: Bool) async throws {
    let place = try RunPlace { $0.statuses = ["validating", "in_progress", "completed"] }
    let outcome: Program.Outcome
    if isDumb {
      let terminal = try Terminal()
      outcome = try await place.start(
        "run", ["-o", "answers.jsonl"], terminal: terminal, environment: ["TERM": "dumb"]
      ).finished(terminal)
    } else {
      outcome = try await place.run("run", "-o", "answers.jsonl")
    }
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!outcome.errors.contains("\u{1B}"))
    // A line a change.
    for word in ["uploaded as", "created batch_", "is in_progress", "is completed", "output file, 3 lines"] {
      #expect(outcome.errors.components(separatedBy: word).count == 2, "\(word): \(outcome.errors)")
    }
  }
}
