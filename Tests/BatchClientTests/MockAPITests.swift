import BatchClient
import BatchFile
import Foundation
import TestSupport
import Testing

/// `.ci/mock-api`, the Batch API on this machine for trying the program without a key.
@Suite("API to try things on", .enabled(if: Shell.has("python3"), "needs Python 3"))
struct MockAPITests {
  @Test("completes a batch and answers each request")
  func life() async throws {
    let server = try RunningProgram(
      Program.package.appendingPathComponent(".ci/mock-api"), ["--port", "0", "--seconds", "1"])
    try await server.until { server.printed.hasSuffix("\n") }
    let client = try BatchClient(
      Provider.API(baseURL: String(server.printed.dropLast()), keyVariable: nil), key: "any",
      transport: CurlTransport())
    let scratch = try Scratch()
    let input = try scratch.file("requests.jsonl", RunPlace.requests(1...3))
    let file = try await client.upload(input.path)
    #expect(file.bytes == RunPlace.requests(1...3).utf8.count)
    var batch = try await client.createBatch(file.id, endpoint: "/v1/chat/completions", metadata: ["a": "b"])
    #expect(batch.status == .validating)
    #expect(try await client.batches().elements.map(\.id) == [batch.id])
    while !batch.status.isFinal {
      try await Task.sleep(for: .milliseconds(100))
      batch = try await client.batch(batch.id)
    }
    #expect(batch.status == .completed)
    let answers = scratch.url.appendingPathComponent("answers").path
    try await client.content(of: try #require(batch.outputFileID), to: answers)
    let text = try String(contentsOfFile: answers, encoding: .utf8)
    #expect(try Workplace.ids(in: text) == ["r1", "r2", "r3"])
    #expect(text.contains("You said: \(RunPlace.prompt) 1"))
    // SIGTERM and not SIGINT: a shell that runs the tests in the background has them ignore SIGINT, and children
    // inherit that.
    server.signal(SIGTERM)
    #expect(try await server.finished().status == -SIGTERM)
  }

  @Test("ends a batch that is cancelled")
  func cancel() async throws {
    // The batch takes so long that it cannot complete before the cancel, however busy the machine is.
    let server = try RunningProgram(
      Program.package.appendingPathComponent(".ci/mock-api"), ["--port", "0", "--seconds", "600"])
    try await server.until { server.printed.hasSuffix("\n") }
    let client = try BatchClient(
      Provider.API(baseURL: String(server.printed.dropLast()), keyVariable: nil), key: "any",
      transport: CurlTransport())
    let scratch = try Scratch()
    let input = try scratch.file("requests.jsonl", RunPlace.requests(1...3))
    let file = try await client.upload(input.path)
    let batch = try await client.createBatch(file.id, endpoint: "/v1/chat/completions")
    #expect(try await client.cancelBatch(batch.id).status == .cancelling)
    #expect(try await client.batch(batch.id).status == .cancelled)
    server.signal(SIGTERM)
    #expect(try await server.finished().status == -SIGTERM)
  }
}
