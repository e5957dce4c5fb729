import BatchClient
import BatchFile
import Foundation
import TestSupport
import Testing

/// `.ci/mock-api`, the Batch API on this machine for trying the program without a key.
@Suite("API to try things on", .enabled(if: Shell.has("python3"), "needs Python 3"))
struct MockAPITests {
  private static let requests = RunPlace.requests(1...3)

  private static func client(of api: MockAPI) throws -> BatchClient {
    try BatchClient(Provider.API(baseURL: api.baseURL, keyVariable: nil), key: "any", transport: CurlTransport())
  }

  private static func upload(with client: BatchClient, in scratch: Scratch) async throws -> FileObject {
    try await client.upload(Path(scratch.file("requests.jsonl", requests).path))
  }

  @Test("completes a batch and answers each request")
  func life() async throws {
    let api = try await MockAPI(seconds: 1)
    let client = try MockAPITests.client(of: api)
    let scratch = try Scratch()
    let file = try await MockAPITests.upload(with: client, in: scratch)
    #expect(file.bytes == MockAPITests.requests.utf8.count)
    var batch = try await client.createBatch(file.id, endpoint: "/v1/chat/completions", metadata: ["a": "b"])
    #expect(batch.status == .validating)
    #expect(try await client.batches().elements.map(\.id) == [batch.id])
    while !batch.status.isFinal {
      try await Task.sleep(for: .milliseconds(100))
      batch = try await client.batch(batch.id)
    }
    #expect(batch.status == .completed)
    let answers = scratch.url.appendingPathComponent("answers").path
    try await client.content(of: try #require(batch.outputFileID), to: Path(answers))
    let text = try String(contentsOfFile: answers, encoding: .utf8)
    #expect(try Workplace.ids(in: text) == ["r1", "r2", "r3"])
    #expect(text.contains("You said: \(RunPlace.prompt) 1"))
    #expect(try await api.end())
  }

  @Test("ends a batch that is cancelled")
  func cancel() async throws {
    // The batch takes so long that it cannot complete before the cancel, however busy the machine is.
    let api = try await MockAPI(seconds: 600)
    let client = try MockAPITests.client(of: api)
    let file = try await MockAPITests.upload(with: client, in: Scratch())
    let batch = try await client.createBatch(file.id, endpoint: "/v1/chat/completions")
    #expect(try await client.cancelBatch(batch.id).status == .cancelling)
    #expect(try await client.batch(batch.id).status == .cancelled)
    #expect(try await api.end())
  }
}
