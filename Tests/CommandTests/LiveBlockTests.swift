import BatchClient
import BatchFile
import Foundation
import Testing

@testable import BatchFileCommand

/// What a terminal shows of a run.
@Suite("Live block")
struct LiveBlockTests {
  static let start = Date(timeIntervalSince1970: 1_790_000_000)

  /// A part by the facts of a journal.
  static func part(
    _ number: Int, of: Int = 3, attempt: Int = 1, requests: Int = 1_000, _ facts: [Fact] = []
  ) -> PartState {
    let id = PartID(attempt: attempt, number: number)
    var plan = Fact(.part, part: id)
    (plan.of, plan.requests) = (of, requests)
    let whole = (1...of).map { other -> Fact in
      var fact = plan
      fact.number = other
      return fact
    }
    return RunState(whole + facts).parts.first { $0.id == id }!
  }

  static func made(
    _ number: Int, of: Int = 3, attempt: Int = 1, status: String = "in_progress", total: Int = 0, completed: Int = 0,
    failed: Int = 0, expires: Double? = nil
  ) -> PartState {
    let id = PartID(attempt: attempt, number: number)
    var (created, state) = (Fact(.created, part: id), Fact(.state, part: id))
    created.batchID = "batch_\(number)"
    state.status = status
    (state.total, state.completed, state.failed) = (total, completed, failed)
    state.expiresAt = expires.map { start.timeIntervalSince1970 + $0 }
    return part(number, of: of, attempt: attempt, [created, state])
  }

  static func lines(_ events: [RunEvent], height: Int = 24, after seconds: Double = 0) -> [String] {
    var block = LiveBlock(name: "requests.jsonl")
    for event in events { block.take(event, at: start) }
    return block.lines(height: height, now: start.addingTimeInterval(seconds))
  }

  @Test("parts, counts and the time left")
  func parts() {
    let lines = LiveBlockTests.lines([
      .began([LiveBlockTests.part(1), LiveBlockTests.part(2), LiveBlockTests.part(3)]),
      .noted(LiveBlockTests.made(1, total: 1_000, completed: 750, failed: 4, expires: 83_400)),
      .uploading(PartID(attempt: 1, number: 2), share: 0.456),
      .waiting(until: LiveBlockTests.start.addingTimeInterval(12)),
    ])
    #expect(
      lines == [
        "requests.jsonl: 754 of 3,000 done, 4 failed",
        "  part 1: in_progress, 750 of 1,000 done, 4 failed, 23 h 10 min left",
        "  part 2: 45 % uploaded", "  part 3: waits for its turn",
        "asks again in 12 s; Ctrl-C ends the waiting and nothing else",
      ])
  }

  @Test(
    "the rate is computed from the counts that this command has seen",
    arguments: [(60.0, 210, "210 a minute"), (3_600.0, 30, "30 an hour")])
  func rate(seconds: Double, done: Int, words: String) {
    var block = LiveBlock(name: "requests.jsonl")
    block.take(.began([LiveBlockTests.made(1, of: 1, total: 1_000, completed: 100)]), at: LiveBlockTests.start)
    #expect(block.lines(height: 24, now: LiveBlockTests.start)[0] == "requests.jsonl: 100 of 1,000 done")
    let later = LiveBlockTests.start.addingTimeInterval(seconds)
    block.take(.noted(LiveBlockTests.made(1, of: 1, total: 1_000, completed: 100 + done)), at: later)
    #expect(
      block.lines(height: 24, now: later)[0] == "requests.jsonl: \(100 + done) of 1,000 done, \(words)")
  }

  @Test("parts that do not fit are counted, and those that are not done come first")
  func room() {
    let parts = (1...9).map { LiveBlockTests.made($0, of: 9, status: $0 < 8 ? "completed" : "in_progress") }
    let lines = LiveBlockTests.lines([.began(parts)], height: 7)
    #expect(
      lines.dropFirst().dropLast() == [
        "  part 1: completed", "  part 8: in_progress", "  part 9: in_progress", "  and 6 more parts, 6 of them done",
      ])
    #expect(lines.count <= 7)
  }

  @Test("it says that the API does not answer until it answers again")
  func trouble() {
    let error = ClientError(.serverFault, delivery: .unknown, status: 502, message: "Bad Gateway")
    let trouble: [RunEvent] = [
      .began([LiveBlockTests.part(1, of: 1)]), .trouble(since: LiveBlockTests.start, error),
    ]
    let foot = LiveBlockTests.lines(trouble, after: 125).last
    #expect(foot == "no answer for 2 min (502: Bad Gateway); Ctrl-C ends the waiting and nothing else")
    #expect(
      LiveBlockTests.lines(trouble + [.answered], after: 125).last == "Ctrl-C ends the waiting and nothing else")
  }

  @Test("a later attempt is counted by itself")
  func attempts() {
    let lines = LiveBlockTests.lines([
      .began([
        LiveBlockTests.made(1, of: 1, status: "completed", total: 1_000, completed: 990),
        LiveBlockTests.part(1, of: 1, attempt: 2, requests: 10),
      ])
    ])
    #expect(lines[0] == "requests.jsonl, attempt 2: 0 of 10 done")
    #expect(lines[1] == "  part 1 of attempt 2: waits for its turn")
  }

  @Test("text from the API cannot move the cursor")
  func control() {
    let lines = LiveBlockTests.lines([.began([LiveBlockTests.made(1, of: 1, status: "\u{1B}[2J\nx")])])
    #expect(!lines.joined().unicodeScalars.contains { $0.value < 0x20 })
  }

  @Test(
    "times in two units",
    arguments: [
      (0, "0 s"), (59, "59 s"), (60, "1 min"), (3_599, "59 min"), (3_600, "1 h"), (83_400, "23 h 10 min"),
      (86_400, "1 d"), (183_600, "2 d 3 h"), (-5, "0 s"),
    ])
  func durations(seconds: Double, words: String) { #expect(LiveBlock.duration(seconds) == words) }
}
