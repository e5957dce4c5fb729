import BatchClient
import BatchFile
import Foundation
import TestSupport
import Testing

struct BatchClientTests {
  private typealias Step = ScriptedTransport.Step

  private func client(
    _ transport: some Transport, base: String = "https://api.example/v1", clock: ManualClock = ManualClock(),
    options: BatchClient.Options = .init()
  ) throws -> BatchClient {
    try BatchClient(
      Provider.API(baseURL: base, keyVariable: nil), key: "gsk_secret", transport: transport, clock: clock,
      options: options)
  }

  /// The error that a call throws; nil where it throws none.
  private func error(_ body: () async throws -> some Sendable) async -> ClientError? {
    do {
      _ = try await body()
      return nil
    } catch { return error as? ClientError }
  }

  @Test(arguments: [
    "http://api.example/v1", "ftp://api.example", "https://me@api.example/v1", "https://api.example/v1?x=1", "",
  ])
  func refusesABaseThatWouldLeak(_ base: String) async throws {
    try await ScriptedTransport.run([]) { transport async throws in
      let failure = await error { try client(transport, base: base) }
      #expect(failure?.kind == .unusable)
    }
  }

  @Test func sendsTheKeyInItsHeader() async throws {
    try await ScriptedTransport.run([.answer("GET", "/batches/b", #"{"id":"b","status":"failed"}"#)]) {
      transport async throws in
      #expect(try await client(transport).batch("b").status == .failed)
      #expect(transport.requests.map { $0.headers["authorization"] } == ["Bearer gsk_secret"])
    }
  }

  @Test func encodesIDsInPaths() async throws {
    try await ScriptedTransport.run([.answer("GET", "/batches/a%2F..%3Fb%25", #"{"id":"b"}"#)]) {
      transport async throws in
      _ = try await client(transport).batch("a/..?b%")
    }
  }

  @Test func createsWithWhatWasAsked() async throws {
    var options = BatchClient.Options()
    options.query = ["trace": "1"]
    options.headers["X-Team"] = "blue"
    options.bodyMembers = ["output_expires_after": #"{"anchor":"created_at","seconds":3600}"#]
    let body =
      #"{"input_file_id":"file-1","endpoint":"/v1/chat/completions","completion_window":"7d","#
      + #""metadata":{"a":"\"é\""},"output_expires_after":{"anchor":"created_at","seconds":3600}}"#
    try await ScriptedTransport.run([.answer("POST", "/batches?trace=1", #"{"id":"b"}"#)]) { transport async throws in
      _ = try await client(transport, options: options).createBatch(
        "file-1", endpoint: "/v1/chat/completions", completionWindow: "7d", metadata: ["a": "\"é\""])
      #expect(transport.requests.map { $0.headers["X-Team"] } == ["blue"])
      #expect(transport.requests.map(\.body) == [.json(Array(body.utf8))])
    }
  }

  /// After each of these answers a batch may have been made, whatever else they mean.
  @Test(arguments: [
    (200, "<html>ok</html>"), (202, "{}"), (200, ""), (408, "{}"), (409, "{}"), (500, ""), (502, "<html>"), (504, ""),
  ])
  func doesNotKnowWhatBecameOfACreate(_ status: Int, body: String) async throws {
    try await ScriptedTransport.run([.answer("POST", "/batches", body, status: status)]) { transport async throws in
      let client = try client(transport)
      let failure = await error { try await client.createBatch("f", endpoint: "/v1/e") }
      #expect(failure?.delivery == .unknown)
    }
  }

  @Test(arguments: [301, 400, 401, 402, 403, 404, 413, 422])
  func knowsARefusedCreate(_ status: Int) async throws {
    let body = #"{"error":{"message":"no","code":"x"}}"#
    try await ScriptedTransport.run([.answer("POST", "/batches", body, status: status)]) { transport async throws in
      let client = try client(transport)
      let failure = await error { try await client.createBatch("f", endpoint: "/v1/e") }
      #expect(failure?.delivery == .refused)
    }
  }

  @Test func createsAgainWhereNoByteWasSent() async throws {
    let steps: [Step] = [
      .fails("POST", "/batches", TransportError(.interrupted, "refused", bytesSent: 0)),
      .answer("POST", "/batches", #"{"id":"b"}"#),
    ]
    try await ScriptedTransport.run(steps) { transport async throws in
      #expect(try await client(transport).createBatch("f", endpoint: "/v1/e").id == "b")
    }
  }

  @Test(arguments: [nil, 1] as [Int?])
  func doesNotCreateAgainWhereBytesMayHaveBeenSent(_ bytesSent: Int?) async throws {
    let failure = TransportError(.interrupted, "reset", bytesSent: bytesSent)
    try await ScriptedTransport.run([.fails("POST", "/batches", failure)]) { transport async throws in
      let client = try client(transport)
      let failure = await error { try await client.createBatch("f", endpoint: "/v1/e") }
      #expect(failure?.delivery == .unknown)
    }
  }

  @Test func waitsAsLongAsItIsTold() async throws {
    let clock = ManualClock()
    let steps: [Step] = [
      .answer("GET", "/batches/b", "{}", status: 429, headers: ["Retry-After": "17"]),
      .answer("GET", "/batches/b", #"{"id":"b"}"#),
    ]
    try await ScriptedTransport.run(steps) { transport async throws in
      _ = try await client(transport, clock: clock).batch("b")
      #expect(clock.pauses == [17])
    }
  }

  @Test func handsALongerWaitUp() async throws {
    let step = Step.answer("GET", "/batches/b", "{}", status: 429, headers: ["Retry-After": "600"])
    try await ScriptedTransport.run([step]) { transport async throws in
      let client = try client(transport)
      let failure = await error { try await client.batch("b") }
      #expect(failure?.retryAfter == 600)
    }
  }

  @Test func takesAnUploadThatWasLostForNothing() async throws {
    let steps: [Step] = [
      .answer("POST", "/files", "", status: 502), .answer("POST", "/files", #"{"id":"file-2","bytes":3}"#),
    ]
    try await ScriptedTransport.run(steps) { transport async throws in
      #expect(try await client(transport).upload("/nowhere/a").id == "file-2")
      let form = APIRequest.Form(fields: [["purpose", "batch"]], file: "/nowhere/a", fileName: "a.jsonl")
      #expect(transport.requests.map(\.body) == [.form(form), .form(form)])
    }
  }

  @Test func followsADownloadToAnotherHostWithoutTheKey() async throws {
    let scratch = try Scratch()
    let steps: [Step] = [
      .answer("GET", "/files/f/content", "", status: 302, headers: ["Location": "https://store.example/x?sig=1"]),
      .answer("GET", "https://store.example/x?sig=1", "ab"),
    ]
    try await ScriptedTransport.run(steps) { transport async throws in
      #expect(try await client(transport).content(of: "f", to: Path(scratch.url.path + "/x")) == 2)
      #expect(transport.requests.map { $0.headers["Authorization"] != nil } == [true, false])
    }
  }

  @Test(arguments: ["http://store.example/x", "https://127.0.0.1/x", "http://localhost/x", "file:///etc/passwd"])
  func doesNotFollowADownloadEverywhere(_ location: String) async throws {
    let scratch = try Scratch()
    let step = Step.answer("GET", "/files/f/content", "", status: 302, headers: ["Location": location])
    try await ScriptedTransport.run([step]) { transport async throws in
      let client = try client(transport)
      let path = Path(scratch.url.path + "/x")
      let failure = await error { try await client.content(of: "f", to: path) }
      #expect(failure?.kind == .redirected)
    }
  }

  @Test func followsNoRedirectOfOtherCalls() async throws {
    let step = Step.answer(
      "GET", "/batches/b", "", status: 302, headers: ["Location": "https://api.example/v2/batches/b"])
    try await ScriptedTransport.run([step]) { transport async throws in
      let client = try client(transport)
      let failure = await error { try await client.batch("b") }
      #expect(failure?.kind == .redirected)
    }
  }

  @Test func asksAgainForWhatCamePackedUnasked() async throws {
    let steps: [Step] = [
      .answer("GET", "/batches/b", "", headers: ["Content-Encoding": "gzip"]),
      .answer("GET", "/batches/b", #"{"id":"b"}"#),
    ]
    try await ScriptedTransport.run(steps) { transport async throws in
      _ = try await client(transport).batch("b")
      #expect(transport.requests.map(\.acceptsCompression) == [false, true])
    }
  }

  @Test(
    arguments: [
      (#"{"error":{"message":"m","type":"t","code":null,"param":"p"}}"#, "t", "m", "p"),
      (#"{"error":{"message":"m","type":"t","code":413}}"#, "413", "m", nil),
      (#"{"error":"m","code":"c"}"#, "c", "m", nil),
      (#"{"detail":"m"}"#, nil, "m", nil),
      (#"{"message":"m"}"#, nil, "m", nil),
      ("<html>\u{1B}[31mm</html>", nil, "<html> [31mm</html>", nil),
      ("", nil, "an empty reply", nil),
      (#"{"error":{"message":"Incorrect key gsk_secret\nx","code":"c"}}"#, "c", "Incorrect key [key] x", nil),
    ] as [(String, String?, String, String?)])
  func readsErrors(_ body: String, code: String?, message: String, param: String?) async throws {
    let step = Step.answer("GET", "/batches/b", body, status: 400, headers: ["x-request-id": "req_1"])
    try await ScriptedTransport.run([step]) { transport async throws in
      let client = try client(transport)
      let failure = await error { try await client.batch("b") }
      #expect(failure?.code == code)
      #expect(failure?.message == message)
      #expect(failure?.param == param)
      #expect(failure?.requestID == "req_1")
    }
  }

  @Test func endsWithItsTask() async throws {
    try await ScriptedTransport.run([.answer("GET", "/batches/b", "", status: 500)]) { transport async throws in
      let client = try client(transport)
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return await error { try await client.batch("b") }
      }
      #expect(await task.value?.kind == .cancelled)
    }
  }
}
