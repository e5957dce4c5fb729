import Foundation
import TestSupport
import Testing

/// The loopback server does what the tests of the client need.
@Suite("Loopback server")
struct LoopbackServerTests {
  /// A server that answers with the method, the target and the body.
  static func echo() throws -> LoopbackServer {
    try LoopbackServer { request in
      HTTPAnswer(200, Data("\(request.method) \(request.target) ".utf8) + request.body, type: "text/plain")
    }
  }

  @Test("answers several requests of one connection in turn")
  func keepAlive() throws {
    let server = try LoopbackServerTests.echo()
    var connection = try RawConnection(port: server.port)
    connection.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b?c=d HTTP/1.1\r\nContent-Length: 3\r\n\r\nxyz")
    #expect(connection.readReply()?.text == "GET /a ")
    #expect(connection.readReply()?.text == "POST /b?c=d xyz")
    #expect(server.connectionCount == 1)
    #expect(server.requests.map(\.target) == ["/a", "/b?c=d"])
  }

  @Test("ends the connection where the client asks for it")
  func connectionClose() throws {
    let server = try LoopbackServerTests.echo()
    var connection = try RawConnection(port: server.port)
    connection.send("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n")
    #expect(String(decoding: connection.readToEnd(), as: UTF8.self).hasSuffix("Connection: close\r\n\r\nGET /a "))
  }

  @Test("reads a chunked body")
  func chunkedBody() throws {
    let server = try LoopbackServerTests.echo()
    var connection = try RawConnection(port: server.port)
    connection.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
    connection.send("A;x=y\r\n0123456789\r\n0\r\n\r\n")
    #expect(connection.readReply()?.text == "POST / abc0123456789")
  }

  @Test("answers 100 Continue where the client waits for it")
  func expectContinue() throws {
    let server = try LoopbackServerTests.echo()
    var connection = try RawConnection(port: server.port)
    connection.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    #expect(connection.readHead() == "HTTP/1.1 100 Continue")
    #expect(server.requests.isEmpty)
    connection.send("ok")
    #expect(connection.readReply()?.text == "POST / ok")
  }

  @Test("refuses a request without asking for its body")
  func early() throws {
    let server = try LoopbackServer(
      early: { _ in HTTPAnswer(401, "no", type: "text/plain") }, answer: { _ in HTTPAnswer(200) })
    var connection = try RawConnection(port: server.port)
    connection.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    #expect(connection.readReply()?.status == 401)
    connection.finish()
    #expect(connection.readToEnd().isEmpty)
  }

  @Test("takes a body that is larger than its memory")
  func largeBody() throws {
    let server = try LoopbackServer { HTTPAnswer(200, String($0.body.count)) }
    let body = Data(repeating: 7, count: 3_000_000)
    #expect(try RawConnection.ask("POST", "/", port: server.port, body: body)?.text == "3000000")
    #expect(server.requests.first?.body == body)
  }

  static let text = Data("0123456789".utf8)

  @Test(
    "frames a body in each way",
    arguments: [
      (HTTPAnswer.Framing.length, "Content-Length: 10", "0123456789"),
      (.chunked, "Transfer-Encoding: chunked", "a\r\n0123456789\r\n0\r\n\r\n"),
      (.untilClose, "Connection: close", "0123456789"), (.claimed(12), "Content-Length: 12", "0123456789"),
    ])
  func framing(framing: HTTPAnswer.Framing, header: String, body: String) throws {
    let server = try LoopbackServer { _ in HTTPAnswer(200, LoopbackServerTests.text).with(framing) }
    var connection = try RawConnection(port: server.port)
    connection.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
    #expect(connection.readHead()?.contains("\r\n" + header) == true)
    #expect(String(decoding: connection.readToEnd(), as: UTF8.self) == body)
  }

  @Test(
    "breaks a body off",
    arguments: [
      (HTTPAnswer.Framing.length, HTTPAnswer.Wire.cut(after: 4), "0123"), (.untilClose, .cut(after: 4), "0123"),
      (.chunked, .cut(after: 4), "4\r\n0123\r\n"), (.length, .reset(after: 3), "012"),
    ])
  func broken(framing: HTTPAnswer.Framing, wire: HTTPAnswer.Wire, body: String) throws {
    let server = try LoopbackServer { _ in HTTPAnswer(200, LoopbackServerTests.text).with(framing, wire) }
    var connection = try RawConnection(port: server.port)
    connection.send("GET / HTTP/1.1\r\n\r\n")
    let head = connection.readHead()
    #expect(head?.contains("Content-Length: 10") == (framing == .length))
    #expect(String(decoding: connection.readToEnd(), as: UTF8.self) == body)
  }

  @Test(
    "ends a connection without an answer",
    arguments: [
      (HTTPAnswer.Wire.closed, ""), (.resetAtOnce, ""), (.resetInHead, "HTTP/1.1 200 OK\r\nCon"),
      (.continueOnly, "HTTP/1.1 100 Continue\r\n\r\n"), (.raw("nonsense"), "nonsense"),
    ])
  func unanswered(wire: HTTPAnswer.Wire, sent: String) throws {
    let server = try LoopbackServer { _ in HTTPAnswer(200, LoopbackServerTests.text).with(wire) }
    var connection = try RawConnection(port: server.port)
    connection.send("GET / HTTP/1.1\r\n\r\n")
    #expect(String(decoding: connection.readToEnd(), as: UTF8.self) == sent)
    #expect(server.requests.count == 1)
  }

  @Test("stopping ends waiting connections and accepts no more")
  func stop() async throws {
    let server = try LoopbackServer { _ in HTTPAnswer(200).with(.silence) }
    var connection = try RawConnection(port: server.port)
    connection.send("GET / HTTP/1.1\r\n\r\n")
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    server.stop()
    #expect(connection.readToEnd().isEmpty)
    var refused = false
    for _ in 0..<100 where !refused {
      refused = (try? RawConnection(port: server.port)) == nil
      try await Task.sleep(for: .milliseconds(2))
    }
    #expect(refused)
  }

  @Test("answers many clients at once")
  func parallel() async throws {
    let server = try LoopbackServer { HTTPAnswer(200, $0.target, type: "text/plain").after(milliseconds: 20) }
    let port = server.port
    let texts = try await withThrowingTaskGroup(of: String?.self) { group in
      for number in 0..<20 { group.addTask { try RawConnection.ask("GET", "/\(number)", port: port)?.text } }
      return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
    }
    #expect(texts == Set((0..<20).map { "/\($0)" }))
  }

  @Test(
    "serves the range that is asked for",
    arguments: [
      ("bytes=4-", 206, "456789", "bytes 4-9/10"), ("bytes=4-5", 206, "45", "bytes 4-5/10"),
      ("bytes=10-", 416, "", "bytes */10"), ("lines=1", 200, "0123456789", nil),
    ])
  func range(range: String, status: Int, body: String, content: String?) throws {
    let server = try LoopbackServer { HTTPAnswer(200, LoopbackServerTests.text).inRange(of: $0) }
    let reply = try RawConnection.ask("GET", "/", port: server.port, headers: ["Range: \(range)"])
    #expect(reply?.status == status)
    #expect(reply?.text == body)
    #expect(reply?.header("Content-Range") == content)
  }

  @Test("compresses so that gzip reads it", arguments: [0, 10, 65_535, 65_536, 200_000])
  func gzip(count: Int) throws {
    let body = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 / 3) })
    let answer = HTTPAnswer(200, body).gzipped
    let scratch = try Scratch()
    let file = try scratch.file("body.gz", answer.body)
    let outcome = try Shell.run("gzip -dc \"$1\" > \"$2\"", file.path, scratch.url.path + "/body")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try Data(contentsOf: scratch.url.appendingPathComponent("body")) == body)
  }

  @Test("counts a connection even if no request comes on it")
  func neverAsked() throws {
    let proxy = try LoopbackServer.neverAsked()
    #expect(proxy.connectionCount == 0)
    #expect(try RawConnection.ask("GET", "http://api.groq.com/", port: proxy.port)?.status == 500)
    #expect(proxy.connectionCount == 1)
    #expect(proxy.requests.map(\.target) == ["http://api.groq.com/"])
  }
}
