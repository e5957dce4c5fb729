import BatchClient
import BatchFile
import Foundation
import TestSupport
import Testing

/// The kinds of faults that curl reports, and whether bytes of the request had been sent.
@Suite("curl's faults")
struct CurlFaultTests {
  /// Faults that leave no whole reply after the request was sent.
  static let faults: [HTTPAnswer.Wire] = [
    .closed, .resetAtOnce, .resetInHead, .continueOnly, .cut(after: 3), .reset(after: 3),
  ]

  @Test("after a broken reply the error says that bytes were sent", arguments: faults)
  func broken(wire: HTTPAnswer.Wire) async throws {
    let server = try LoopbackServer { _ in HTTPAnswer(200, "0123456789").with(wire) }
    let request = APIRequest(method: "POST", url: server.url, body: .json(Array("{}".utf8)))
    let error = try #require(await CurlTransportTests.error(request, CurlTransport()))
    #expect(error.kind == .interrupted, "\(error)")
    #expect(error.bytesSent != 0)
    #expect(server.requests.count == 1)
    if case .cut = wire { #expect(error.response.map { Array($0.body) } == Array("012".utf8)) }
  }

  @Test("a reply that is not HTTP is an error", arguments: ["SSH-2.0-x\r\n", "\r\n\r\n", "HTTP/1.1 200 OK"])
  func nonsense(text: String) async throws {
    let server = try LoopbackServer { _ in HTTPAnswer(200).with(.raw(text)) }
    let error = try #require(await CurlTransportTests.error(APIRequest(url: server.url), CurlTransport()))
    #expect(error.kind != .unusable && error.kind != .cancelled)
    #expect(error.bytesSent != 0)
  }

  @Test(
    "an early end of the body is noticed with a length and in chunks", arguments: [HTTPAnswer.Framing.length, .chunked])
  func cutFile(framing: HTTPAnswer.Framing) async throws {
    let scratch = try Scratch()
    let server = try LoopbackServer { _ in
      HTTPAnswer(200, String(repeating: "a", count: 5_000)).with(framing, .cut(after: 1_000))
    }
    let path = scratch.url.appendingPathComponent("file").path
    let error = try #require(
      await CurlTransportTests.error(APIRequest(url: server.url, destination: Path(path)), CurlTransport()))
    #expect(error.kind == .interrupted)
    #expect(error.response?.status == 200)
    #expect(error.response?.bytesSaved == 1_000)
    #expect(FileManager.default.contents(atPath: path)?.count == 1_000)
  }

  @Test("where no server listens the error says that nothing was sent")
  func refused() async throws {
    let server = try CurlTransportTests.mirror()
    let url = server.url
    server.stop()
    try await Task.sleep(for: .milliseconds(20))
    let error = try #require(await CurlTransportTests.error(APIRequest(url: url), CurlTransport()))
    #expect(error.kind == .interrupted)
    #expect(error.bytesSent == 0)
  }

  @Test("where the host does not exist the error says that nothing was sent")
  func unknownHost() async throws {
    let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
    let error = try #require(
      await CurlTransportTests.error(
        APIRequest(url: "http://batchfile.invalid/"), CurlTransport(environment: environment)))
    #expect(error.kind == .interrupted)
    #expect(error.bytesSent == 0)
  }

  @Test("where no answer comes in time the error says that bytes were sent")
  func timeout() async throws {
    let server = try LoopbackServer { _ in HTTPAnswer(200).with(.silence) }
    var request = APIRequest(method: "POST", url: server.url, body: .json(Array("{}".utf8)))
    request.timeouts.call = 1
    let error = try #require(await CurlTransportTests.error(request, CurlTransport()))
    #expect(error.kind == .interrupted)
    #expect((error.bytesSent ?? 1) > 0)
  }

  @Test("a download is given up where no byte comes for some time")
  func stall() async throws {
    let scratch = try Scratch()
    let server = try LoopbackServer { _ in
      HTTPAnswer(200, String(repeating: "a", count: 10_000)).with(.slow(bytes: 100, milliseconds: 60_000))
    }
    var request = APIRequest(url: server.url, destination: Path(scratch.url.appendingPathComponent("file").path))
    request.timeouts.downloadStall = 1
    let error = try #require(await CurlTransportTests.error(request, CurlTransport()))
    #expect(error.kind == .interrupted)
    #expect(error.response?.bytesSaved == 100)
  }

  @Test("only a good reply goes to the file", arguments: [200, 206, 404, 500])
  func destination(status: Int) async throws {
    let scratch = try Scratch()
    let server = try LoopbackServer { _ in HTTPAnswer(status, "0123456789") }
    let file = try scratch.file("file", "what was there")
    let response = try await CurlTransport().send(APIRequest(url: server.url, destination: Path(file.path)))
    let isGood = status < 300
    #expect(response.status == status)
    #expect(try String(contentsOf: file, encoding: .utf8) == (isGood ? "0123456789" : ""))
    #expect(response.bytesSaved == (isGood ? 10 : 0))
    #expect(CurlTransportTests.text(response) == (isGood ? "" : "0123456789"))
  }

  @Test("only the owner may read a downloaded file, and a symbolic link in its place is not followed")
  func destinationMode() async throws {
    let scratch = try Scratch()
    let server = try LoopbackServer { _ in HTTPAnswer(200, "x") }
    let path = scratch.url.appendingPathComponent("new").path
    _ = try await CurlTransport().send(APIRequest(url: server.url, destination: Path(path)))
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    let target = try scratch.file("target", "mine")
    let link = scratch.url.appendingPathComponent("link").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target.path)
    let error = try #require(
      await CurlTransportTests.error(APIRequest(url: server.url, destination: Path(link)), CurlTransport()))
    #expect(error.kind == .unusable)
    #expect(try String(contentsOf: target, encoding: .utf8) == "mine")
  }

  @Test("an upload of a file that cannot be read is an error of this machine, not of the API")
  func missingFile() async throws {
    let server = try CurlTransportTests.mirror()
    let form = APIRequest.Form(fields: [["purpose", "batch"]], file: "/no/such/file.jsonl", fileName: "a.jsonl")
    let error = try #require(
      await CurlTransportTests.error(
        APIRequest(method: "POST", url: server.url, body: .form(form)), CurlTransport()))
    #expect(error.kind == .unusable)
  }

  @Test("a reply over the limit for memory is an error")
  func tooLarge() async throws {
    let server = try LoopbackServer { _ in HTTPAnswer(200, Data(repeating: 0x61, count: 20 << 20)) }
    let error = try #require(await CurlTransportTests.error(APIRequest(url: server.url), CurlTransport()))
    #expect(error.kind == .failed)
    #expect((error.response?.body.count ?? 0) <= 16 << 20)
  }
}
