import BatchClient
import BatchFile
import Foundation
import TestSupport
import Testing

/// One request and its reply, with the real curl.
@Suite("curl")
struct CurlTransportTests {
  /// A server that answers with the request as text: the first line, the headers, an empty line, the body.
  static func mirror() throws -> LoopbackServer {
    try LoopbackServer { request in
      let head = request.headers.map { "\($0.name.lowercased()): \($0.value)" }.joined(separator: "\n")
      return HTTPAnswer(
        200, Data("\(request.method) \(request.target)\n\(head)\n\n".utf8) + request.body, type: "text/plain")
    }
  }

  static func text(_ response: APIResponse) -> String { String(decoding: response.body, as: UTF8.self) }

  /// The error that a call throws; nil where it throws none.
  static func error(
    _ request: APIRequest, _ transport: CurlTransport
  ) async -> TransportError? {
    do {
      let response = try await transport.send(request)
      Issue.record("it answered \(response.status)")
      return nil
    } catch { return error }
  }

  @Test("returns status, headers and body")
  func get() async throws {
    let server = try LoopbackServer { _ in
      HTTPAnswer(418, "a\r\nb\n\n").with("X-One", "1").with("Retry-After", "7")
    }
    let response = try await CurlTransport().send(APIRequest(url: server.url + "/a?b=c"))
    #expect(response.status == 418)
    #expect(response.headers["x-one"] == "1")
    #expect(response.headers["RETRY-AFTER"] == "7")
    #expect(CurlTransportTests.text(response) == "a\r\nb\n\n")
    #expect(server.requests.map(\.target) == ["/a?b=c"])
  }

  @Test("sends a JSON body byte for byte, with its length")
  func json() async throws {
    let server = try CurlTransportTests.mirror()
    let body = #"{"a":"\"\\\n\u0000","b":"é 文 😀 @x","c":" "}"# + "\u{2028}"
    var request = APIRequest(method: "POST", url: server.url, body: .json(Array(body.utf8)))
    request.headers["X-Odd"] = #"a "quoted" \ back; slash, #hash"#
    request.headers["X-Empty"] = ""
    let text = CurlTransportTests.text(try await CurlTransport().send(request))
    #expect(text.hasSuffix("\n\n" + body))
    #expect(text.contains("content-type: application/json\n"))
    #expect(text.contains("content-length: \(body.utf8.count)\n"))
    #expect(text.contains("x-odd: a \"quoted\" \\ back; slash, #hash\n"))
    #expect(text.contains("x-empty: \n"))
  }

  @Test("sends an empty body with a length of 0, and other methods", arguments: ["POST", "DELETE"])
  func empty(method: String) async throws {
    let server = try CurlTransportTests.mirror()
    let text = CurlTransportTests.text(
      try await CurlTransport().send(APIRequest(method: method, url: server.url)))
    #expect(text.hasPrefix("\(method) /\n"))
    #expect(!text.contains("content-type:"))
    #expect(text.contains("content-length: 0\n") == (method == "POST"))
  }

  @Test(
    "sends a form with any name of a file",
    arguments: [
      "plain.jsonl", "two words.jsonl", #"quote".jsonl"#, "semi;type=text;.jsonl", #"back\slash\".jsonl"#,
      "comma,b.jsonl", "é 文 😀.jsonl", "-dash.jsonl", "@at.jsonl", "<less.jsonl", "a=b&c.jsonl", "'single'.jsonl",
      "{a,b}[1-3].jsonl", "%41.jsonl", "#hash.jsonl",
    ])
  func form(name: String) async throws {
    let scratch = try Scratch()
    let content = Data("{\"a\":1}\n\r\n--\u{0}\u{FF}".utf8)
    let file = try scratch.file(name, content)
    let server = try LoopbackServer { _ in HTTPAnswer(200, "{}") }
    let form = APIRequest.Form(fields: [["purpose", "@batch;<x"]], file: Path(file.path), fileName: name)
    _ = try await CurlTransport().send(APIRequest(method: "POST", url: server.url, body: .form(form)))
    let request = try #require(server.requests.first)
    let parts = try #require(MultipartForm(request)).parts
    #expect(parts.map(\.name) == ["purpose", "file"])
    #expect(parts[0].content == Data("@batch;<x".utf8))
    #expect(parts[0].contentType == nil)
    #expect(parts[1].content == content)
    #expect(parts[1].contentType == "application/jsonl")
    // Since version 7.81 curl escapes a quote as browsers do; older versions put a backslash before it.
    let escaped = name.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
    let fileName = try #require(parts[1].fileName)
    #expect([name.replacingOccurrences(of: "\"", with: "%22"), escaped].contains(fileName))
    #expect(request.header("Content-Length") == String(request.body.count))
  }

  @Test("refuses control characters and sends nothing", arguments: ["\n", "\r", "\0", "\u{1B}", "\u{7F}"])
  func controlCharacters(character: String) async throws {
    let server = try CurlTransportTests.mirror()
    let transport = try CurlTransport()
    var header = APIRequest(url: server.url)
    header.headers["X-A"] = "a\(character)b"
    var name = APIRequest(url: server.url)
    name.headers["X\(character)A"] = "a"
    let form = APIRequest.Form(fields: [], file: "/dev/null", fileName: "a\(character).jsonl")
    for request in [
      header, name, APIRequest(url: server.url + "/\(character)"),
      APIRequest(method: "POST", url: server.url, body: .form(form)),
      APIRequest(method: "POST", url: server.url, body: .json(Array("[\(character)]".utf8))),
    ] {
      let error = await CurlTransportTests.error(request, transport)
      #expect(error?.kind == .unusable)
      #expect(error?.bytesSent == 0)
    }
    #expect(server.connectionCount == 0)
  }

  @Test("follows no redirect", arguments: [301, 302, 303, 307, 308])
  func redirect(status: Int) async throws {
    let other = try CurlTransportTests.mirror()
    let server = try LoopbackServer { _ in HTTPAnswer(status, "").with("Location", other.url + "/x") }
    let response = try await CurlTransport().send(APIRequest(url: server.url))
    #expect(response.status == status)
    #expect(response.headers["location"] == other.url + "/x")
    #expect(other.connectionCount == 0)
  }

  @Test("uses a proxy for other hosts and not for this machine", arguments: ["127.0.0.1", "localhost"])
  func proxy(host: String) async throws {
    let proxy = try LoopbackServer { _ in HTTPAnswer(200, "the proxy") }
    let server = try CurlTransportTests.mirror()
    let transport = try CurlTransport(
      environment: ProcessInfo.processInfo.environment.merging([
        "http_proxy": proxy.url, "ALL_PROXY": proxy.url, "no_proxy": "", "NO_PROXY": "",
      ]) { $1 })
    _ = try await transport.send(APIRequest(url: "http://\(host):\(server.port)/"))
    #expect(proxy.connectionCount == 0)
    let other = try await transport.send(APIRequest(url: "http://batchfile.invalid/a"))
    #expect(CurlTransportTests.text(other) == "the proxy")
    #expect(proxy.requests.map(\.target) == ["http://batchfile.invalid/a"])
  }

  @Test("unpacks a compressed reply only where that is asked for", arguments: [true, false])
  func gzip(accepts: Bool) async throws {
    let answer = HTTPAnswer(200, "some text")
    let server = try LoopbackServer { _ in answer.gzipped }
    var request = APIRequest(url: server.url)
    request.acceptsCompression = accepts
    let response = try await CurlTransport().send(request)
    #expect(Data(response.body) == (accepts ? answer.body : answer.gzipped.body))
    #expect((server.requests[0].header("Accept-Encoding") != nil) == accepts)
  }

  @Test("reads no configuration file")
  func configuration() async throws {
    let server = try CurlTransportTests.mirror()
    let home = try Scratch()
    try home.file(".curlrc", "user-agent = \"of the file\"\n")
    let transport = try CurlTransport(
      environment: ProcessInfo.processInfo.environment.merging(["HOME": home.url.path]) { $1 })
    #expect(!CurlTransportTests.text(try await transport.send(APIRequest(url: server.url))).contains("of the file"))
  }

  @Test("makes many calls at once")
  func parallel() async throws {
    let server = try LoopbackServer { HTTPAnswer(200, $0.target) }
    let transport = try CurlTransport()
    let url = server.url
    try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for number in 0..<20 {
        group.addTask {
          (number, CurlTransportTests.text(try await transport.send(APIRequest(url: "\(url)/\(number)"))))
        }
      }
      for try await (number, text) in group { #expect(text == "/\(number)") }
    }
  }

  @Test("no byte of a body is taken for its end")
  func marker() async throws {
    let text = "\nbatchfile-1-2 200 5 5\nHTTP/1.1 500 no\r\n\r\nx\n"
    let server = try LoopbackServer { _ in HTTPAnswer(200, text) }
    let response = try await CurlTransport().send(APIRequest(url: server.url))
    #expect(response.status == 200)
    #expect(CurlTransportTests.text(response) == text)
  }
}
