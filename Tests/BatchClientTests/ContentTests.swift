import BatchClient
import BatchFile
import Foundation
import TestSupport
import Testing

/// Downloads of files: which hosts get the key, and what the error says of a download that broke off.
@Suite("Contents")
struct ContentTests {
  typealias Pair = ClientAgainstAPITests.Pair

  @Test("a download is redirected to another host without the key", arguments: [301, 302, 303, 307, 308])
  func redirected(status: Int) async throws {
    let blobs = try LoopbackServer { _ in HTTPAnswer(200, "the file") }
    let pair = try Pair()
    let id = try await pair.upload()
    pair.api.fail(.content, .redirect(to: blobs.url + "/blob?signature=x", status: status))
    #expect(try await pair.client.content(of: id, to: Path(pair.path("file"))) == 8)
    #expect(FileManager.default.contents(atPath: pair.path("file")) == Data("the file".utf8))
    let request = try #require(blobs.requests.first)
    #expect(request.target == "/blob?signature=x")
    #expect(request.header("Authorization") == nil)
    #expect(!request.headers.contains { $0.value.contains(pair.api.key) })
  }

  @Test("the key is not sent again where a redirect leads back to the first host")
  func thereAndBack() async throws {
    let pair = try Pair()
    let id = try await pair.upload()
    let home = pair.api.url + "/files/\(id)/content"
    let away = try LoopbackServer { _ in HTTPAnswer(302, "").with("Location", home) }
    pair.api.fail(.content, .redirect(to: away.url))
    let error = try await ClientAgainstAPITests.error {
      try await pair.client.content(of: id, to: Path(pair.path("file")))
    }
    #expect(error.status == 401)
    #expect(pair.api.calls(.content).map(\.isAuthorized).filter { $0 }.count <= 4)
    #expect(away.requests.allSatisfy { $0.header("Authorization") == nil })
  }

  @Test("a redirect within the host keeps the key")
  func sameHost() async throws {
    let pair = try Pair()
    let id = try await pair.upload()
    pair.api.fail(.content, .redirect(to: "/openai/v1/files/\(id)/content"))
    #expect(try await pair.client.content(of: id, to: Path(pair.path("file"))) > 0)
    #expect(pair.api.calls(.content).map(\.isAuthorized) == [true, true])
  }

  @Test(
    "a redirect that has no end, no address or another scheme is an error",
    arguments: ["loop", "nowhere", "other scheme"])
  func endless(kind: String) async throws {
    let pair = try Pair()
    let id = try await pair.upload()
    let target =
      switch kind {
      case "loop": "/openai/v1/files/\(id)/content"
      case "nowhere": "http://"
      default: "file:///etc/passwd"
      }
    pair.api.fail(.content, .redirect(to: target), times: .max)
    let error = try await ClientAgainstAPITests.error {
      try await pair.client.content(of: id, to: Path(pair.path("file")))
    }
    #expect(error.kind == .redirected)
    #expect(pair.api.calls(.content).count <= 24)
  }

  @Test("no other call follows a redirect", arguments: [301, 302, 303, 307, 308])
  func notFollowed(status: Int) async throws {
    let other = try LoopbackServer.neverAsked()
    let pair = try Pair()
    let file = try await pair.upload()
    let batch = try await pair.client.createBatch(file, endpoint: "/v1/x")
    for operation in APIOperation.allCases {
      pair.api.fail(operation, .redirect(to: other.url + "/x", status: status), times: .max)
    }
    let client = pair.client
    let calls: [@Sendable () async throws -> Void] = [
      { _ = try await client.upload(Path(pair.input.path)) }, { _ = try await client.file(file) },
      { try await client.deleteFile(file) }, { _ = try await client.createBatch(file, endpoint: "/v1/x") },
      { _ = try await client.batch(batch.id) }, { _ = try await client.batches() },
      { _ = try await client.cancelBatch(batch.id) },
    ]
    for call in calls {
      let error = try await ClientAgainstAPITests.error { try await call() }
      #expect(error.kind == .redirected)
      #expect(error.message.hasPrefix("the base URL redirects to \(other.url)"))
    }
    #expect(other.connectionCount == 0)
  }

  @Test("a compressed content that was not asked for is unpacked")
  func gzip() async throws {
    let pair = try Pair()
    let id = try await pair.upload()
    pair.api.fail(.content, .changed { $0.gzipped }, times: .max)
    let bytes = try await pair.client.content(of: id, to: Path(pair.path("file")))
    #expect(FileManager.default.contents(atPath: pair.path("file")) == pair.api.content(of: id))
    #expect(bytes == pair.api.content(of: id)?.count)
  }

  @Test(
    "the part of a content that came before the connection broke is kept",
    arguments: [HTTPAnswer.Framing.length, .chunked])
  func cut(framing: HTTPAnswer.Framing) async throws {
    let pair = try Pair()
    let id = try await pair.upload()
    pair.api.fail(.content, .broken(framing, .cut(after: 100)))
    let error = try await ClientAgainstAPITests.error {
      try await pair.client.content(of: id, to: Path(pair.path("file")))
    }
    #expect(error.kind == .unreachable)
    #expect(FileManager.default.contents(atPath: pair.path("file")) == pair.api.content(of: id)?.prefix(100))
  }

  /// Answers of careless servers that repeat the key.
  static func echoes(_ key: String) -> [HTTPAnswer] {
    [
      .error(400, "Incorrect API key provided: \(key)"), .error(401, "Bearer \(key)", code: .text(key)),
      .error(400, "x", param: .text(key)), HTTPAnswer(400, key), HTTPAnswer(400, #"{"error":"\#(key)"}"#),
      HTTPAnswer(400, #"{"detail":"\#(key)"}"#), .error(400, "x").with("x-request-id", key),
      HTTPAnswer(302, "").with("Location", "http://127.0.0.1:9/?key=\(key)"),
      HTTPAnswer(400, String(repeating: "a", count: 195) + key),
      HTTPAnswer(400, "<html>\u{1B}[31m\(key)\u{202E}\u{2028}</html>", type: "text/html"),
    ]
  }

  @Test("an error holds neither the key nor control characters", arguments: 0..<10)
  func echoed(index: Int) async throws {
    let pair = try Pair()
    pair.api.fail(.list, .refused(ContentTests.echoes(pair.api.key)[index]), times: .max)
    let error = try await ClientAgainstAPITests.error { try await pair.client.batches() }
    var shown = ""
    dump(error, to: &shown)
    #expect(!shown.contains(pair.api.key))
    // Where a text was cut, not even the beginning of the key may be left.
    #expect(!shown.contains(pair.api.key.prefix(12)))
    #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 || [0x2028, 0x202E].contains($0.value) })
  }
}
