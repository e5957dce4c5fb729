import BatchClient
import Foundation
import TestSupport
import Testing

/// The curl process: what other processes can see of it, and how it ends.
@Suite("curl's process")
struct CurlProcessTests {
  /// A script in curl's place that writes down its process number and then becomes the real curl.
  struct Noted {
    let scratch: Scratch
    let transport: CurlTransport

    init(_ script: String = "", environment: [String: String] = [:]) throws {
      scratch = try Scratch()
      // Another process writes the script. If this one did, a child that another test starts at the moment could
      // inherit the open file, and the system does not start a program whose file is open for writing.
      _ = try Program.run(
        URL(fileURLWithPath: "/bin/sh"), ["-c", "cat > curl && chmod 755 curl"],
        input: Data("#!/bin/sh\necho $$ > \"\(scratch.url.path)/id\"\n\(script)\nexec curl \"$@\"\n".utf8),
        in: scratch.url)
      let program = scratch.url.appendingPathComponent("curl")
      transport = CurlTransport(
        curl: program.path, environment: ProcessInfo.processInfo.environment.merging(environment) { $1 })
    }

    /// The process number of curl, once it runs.
    func id() async throws -> Int32 {
      for _ in 0..<2_000 {
        if let text = try? String(contentsOf: scratch.url.appendingPathComponent("id"), encoding: .utf8),
          let id = Int32(text.dropLast())
        {
          return id
        }
        try await Task.sleep(for: .milliseconds(1))
      }
      throw CocoaError(.fileReadNoSuchFile)
    }

    var isGone: Bool {
      get async throws { kill(try await id(), 0) != 0 && errno == ESRCH }
    }
  }

  #if os(Linux)
    @Test("the key is neither in curl's arguments nor in its environment")
    func key() async throws {
      let key = "gsk_process_\(UInt32.random(in: 0 ... .max))"
      let server = try LoopbackServer { _ in HTTPAnswer(200).with(.silence) }
      let noted = try Noted(environment: ["GROQ_API_KEY": key, "ANOTHER_SECRET": key])
      var request = APIRequest(method: "POST", url: server.url, body: .json(Array("{\"p\":\"\(key)\"}".utf8)))
      request.headers["Authorization"] = "Bearer \(key)"
      let task = Task { [request] in try await noted.transport.send(request) }
      while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
      #expect(server.requests[0].header("Authorization") == "Bearer \(key)")
      let id = try await noted.id()
      for file in ["cmdline", "environ"] {
        let content = try #require(FileManager.default.contents(atPath: "/proc/\(id)/\(file)"))
        #expect(!content.isEmpty)
        #expect(content.range(of: Data(key.utf8)) == nil)
      }
      let words = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
      #expect(words == Data("curl\0-q\0--config\0-\0".utf8))
      task.cancel()
      _ = try? await task.value
    }
  #endif

  @Test("a cancelled task ends curl and leaves no process")
  func cancelled() async throws {
    let server = try LoopbackServer { _ in HTTPAnswer(200).with(.silence) }
    let noted = try Noted()
    let task = Task { try await noted.transport.send(APIRequest(url: server.url)) }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    let start = ContinuousClock.now
    task.cancel()
    let error = await #expect(throws: TransportError.self) { try await task.value }
    #expect(error?.kind == .cancelled)
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(try await noted.isGone)
  }

  @Test("a task that is already cancelled starts no curl")
  func cancelledBefore() async throws {
    let server = try CurlTransportTests.mirror()
    let noted = try Noted()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await noted.transport.send(APIRequest(url: server.url))
    }
    task.cancel()
    let error = await #expect(throws: TransportError.self) { try await task.value }
    #expect(error?.kind == .cancelled)
    #expect(error?.bytesSent == 0)
    #expect(server.connectionCount == 0)
  }

  @Test("curl is waited for, so that it leaves no zombie", arguments: 0..<3)
  func noZombie(_: Int) async throws {
    let server = try CurlTransportTests.mirror()
    let noted = try Noted()
    _ = try await noted.transport.send(APIRequest(url: server.url))
    #expect(try await noted.isGone)
  }

  @Test("a curl that another process kills is an error")
  func killed() async throws {
    let server = try LoopbackServer { _ in HTTPAnswer(200).with(.silence) }
    let noted = try Noted()
    let task = Task { try await noted.transport.send(APIRequest(url: server.url)) }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    kill(try await noted.id(), SIGKILL)
    let error = await #expect(throws: TransportError.self) { try await task.value }
    #expect(error?.kind == .interrupted)
    #expect(error?.bytesSent != 0)
  }

  @Test("a curl that ends without reading its configuration is an error", arguments: [0, 3])
  func deaf(status: Int) async throws {
    let noted = try Noted("exit \(status)")
    let body = Data(repeating: 0x61, count: 4 << 20)
    let request = APIRequest(method: "POST", url: "http://127.0.0.1:9/", body: .json(Array(body)))
    let error = await #expect(throws: TransportError.self) { try await noted.transport.send(request) }
    #expect(error?.kind != .cancelled)
    #expect(error?.response == nil)
  }

  @Test(
    "is missed where it is not installed, and not taken from the current folder", arguments: ["", ".", "relative:."])
  func missing(path: String) async throws {
    let scratch = try Scratch()
    let folder = path.isEmpty ? scratch.url.path : path
    let error = #expect(throws: TransportError.self) { try CurlTransport(environment: ["PATH": folder]) }
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains("curl") == true)
    #expect(error?.bytesSent == 0)
  }

  @Test("works in a host that ignores the end of its children")
  func ignoredChildren() async {
    await #expect(processExitsWith: .success) {
      signal(SIGCHLD, SIG_IGN)
      let server = try LoopbackServer { HTTPAnswer($0.path == "/a" ? 404 : 200, "text") }
      let transport = try CurlTransport()
      let first = try await transport.send(APIRequest(url: server.url + "/a"))
      let second = try await transport.send(APIRequest(url: server.url + "/b"))
      try #require(first.status == 404)
      try #require(second.status == 200 && second.body == Array("text".utf8))
      let url = server.url
      server.stop()
      try await Task.sleep(for: .milliseconds(20))
      let error = await CurlTransportTests.error(APIRequest(url: url), transport)
      try #require(error?.kind == .interrupted && error?.bytesSent == 0)
    }
  }

  @Test("works in a host without standard streams")
  func closedStreams() async {
    await #expect(processExitsWith: .success) {
      let server = try LoopbackServer { _ in HTTPAnswer(200, "text") }
      // curl's pipe gets the lowest free descriptor, which is that of a missing standard stream. Whatever prints to
      // this stream meanwhile prints into the pipe.
      signal(SIGPIPE, SIG_IGN)
      for descriptor in 0...2 as ClosedRange<Int32> { close(descriptor) }
      let response = try await CurlTransport().send(APIRequest(url: server.url))
      guard response.status == 200, response.body == Array("text".utf8) else { exit(1) }
    }
  }
}
