import BatchClient
import Foundation
import Testing

/// The stand-ins that tests use behave as their comments say.
@Suite("Stand-ins")
struct DoubleTests {
  @Test("a scripted transport gives its answers in their order")
  func inTurn() async throws {
    try await ScriptedTransport.run([.answer("GET", "/a", "1"), .answer("POST", "/b", "2", status: 500)]) {
      transport async throws in
      #expect(try await transport.send(APIRequest(url: "http://x/a")).body == Array("1".utf8))
      #expect(try await transport.send(APIRequest(method: "POST", url: "http://x/b")).status == 500)
      #expect(transport.requests.map(\.url) == ["http://x/a", "http://x/b"])
    }
  }

  @Test("a call that is not in the script fails the test", arguments: ["GET", "POST"])
  func unexpected(method: String) async {
    let steps: [ScriptedTransport.Step] = method == "GET" ? [] : [.answer("GET", "/a", "1")]
    func ask() async throws {
      try await ScriptedTransport.run(steps) { transport in
        _ = try? await transport.send(APIRequest(method: method, url: "http://x/a"))
      }
    }
    await withKnownIssue { try await ask() }
  }

  @Test("an answer that is not used fails the test")
  func unused() async {
    func ask() async throws { try await ScriptedTransport.run([.answer("GET", "/a", "1")]) { _ in } }
    await withKnownIssue { try await ask() }
  }

  @Test("a manual clock reaches a time at once and never before it")
  func clock() async throws {
    let clock = ManualClock(Date(timeIntervalSince1970: 0))
    try await clock.sleep(until: Date(timeIntervalSince1970: 60))
    try await clock.sleep(until: Date(timeIntervalSince1970: 30))
    clock.advance(seconds: 5)
    #expect(clock.now == Date(timeIntervalSince1970: 65))
    #expect(clock.pauses == [60, 0])
  }

  @Test("a cancelled task does not wait for the clock")
  func cancelled() async {
    let clock = ManualClock()
    let task = Task {
      await Task.yield()
      while !Task.isCancelled { await Task.yield() }
      try await clock.sleep(until: .distantFuture)
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(clock.pauses.isEmpty)
  }
}
