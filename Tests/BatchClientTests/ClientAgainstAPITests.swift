import BatchClient
import BatchFile
import Foundation
import TestSupport
import Testing

/// The client with the real curl against the API of the tests, with a clock that does not wait.
@Suite("Client against the API")
struct ClientAgainstAPITests {
  /// A client of an API, with a file of three requests.
  struct Pair {
    let api: BatchAPI
    let client: BatchClient
    let clock = ManualClock()
    let scratch: Scratch
    let input: URL

    init(_ change: (inout APISettings) -> Void = { _ in }) throws {
      let api = try BatchAPI(change)
      self.api = api
      client = try BatchClient(
        Provider.API(baseURL: api.url, keyVariable: nil), key: api.key, transport: CurlTransport(), clock: clock)
      scratch = try Scratch()
      input = try scratch.file("requests.jsonl", RunPlace.requests(1...3))
    }

    func upload() async throws -> String { try await client.upload(Path(input.path)).id }

    func create() async throws -> Batch {
      try await client.createBatch(upload(), endpoint: "/v1/chat/completions", metadata: ["a": "b"])
    }

    func path(_ name: String) -> String { scratch.url.appendingPathComponent(name).path }
  }

  /// The error that a call throws.
  static func error(_ body: () async throws -> some Sendable) async throws -> ClientError {
    do {
      let value = try await body()
      Issue.record("it gave \(value)")
      return ClientError(.cancelled, delivery: .notSent, message: "")
    } catch { return try #require(error as? ClientError) }
  }

  @Test("uploads a file, creates its batch, waits for it and reads its answers", arguments: [true, false])
  func life(shouts: Bool) async throws {
    let pair = try Pair {
      $0.shouts = shouts
      $0.rule = { $0.index == 0 ? .failure(400, code: "bad") : .answer("yes") }
    }
    var batch = try await pair.create()
    #expect(batch.status == .validating)
    while !batch.status.isFinal { batch = try await pair.client.batch(batch.id) }
    #expect(batch.status == .completed)
    let output = try #require(batch.outputFileID)
    let errors = try #require(batch.errorFileID)
    try await pair.client.content(of: output, to: Path(pair.path("output")))
    try await pair.client.content(of: errors, to: Path(pair.path("errors")))
    #expect(FileManager.default.contents(atPath: pair.path("output")) == pair.api.content(of: output))
    #expect(FileManager.default.contents(atPath: pair.path("errors")) == pair.api.content(of: errors))
    #expect(try await pair.client.file(output).bytes == pair.api.content(of: output)?.count)
    for id in [output, errors, batch.inputFileID ?? ""] { try await pair.client.deleteFile(id) }
    // A file that does not exist any more counts as deleted.
    try await pair.client.deleteFile(output)
    #expect(pair.api.fileCount == 0)
    #expect(pair.api.calls.allSatisfy { $0.isAuthorized })
  }

  static let losses: [APIFault] = [
    .lost(.page(502)), .lost(.error(500, "Oh", type: "server_error")), .lost(.error(503, "Later")),
    .lost(.error(408, "Too late")), .lost(.error(409, "Conflict")), .lost(.page(200)), .lost(HTTPAnswer(200, "")),
    .lost(HTTPAnswer(200, "{}")), .lost(HTTPAnswer(202, "[]")), .broken(.closed), .broken(.resetAtOnce),
    .broken(.resetInHead), .broken(.continueOnly), .broken(.cut(after: 20)), .broken(.raw("nonsense\r\n\r\n")),
    .lost(HTTPAnswer(200, "{}").with(.claimed(1_000))),
  ]

  @Test("a create is not sent again where the first one may have reached the API", arguments: losses.indices)
  func lost(index: Int) async throws {
    let pair = try Pair()
    pair.api.fail(.create, ClientAgainstAPITests.losses[index], times: .max)
    let error = try await ClientAgainstAPITests.error { try await pair.create() }
    #expect(error.delivery == .unknown, "\(error)")
    #expect(pair.api.calls(.create).count == 1)
    #expect(pair.clock.pauses.isEmpty)
  }

  @Test("a create is not sent again where the answer did not come in time")
  func timeout() async throws {
    let pair = try Pair()
    var options = BatchClient.Options()
    options.timeouts.call = 1
    let client = try BatchClient(
      Provider.API(baseURL: pair.api.url, keyVariable: nil), key: pair.api.key, transport: CurlTransport(),
      clock: pair.clock, options: options)
    let file = try await pair.upload()
    pair.api.fail(.create, .broken(.silence), times: .max)
    let error = try await ClientAgainstAPITests.error { try await client.createBatch(file, endpoint: "/v1/x") }
    #expect(error.delivery == .unknown)
    #expect(pair.api.calls(.create).map(\.acted) == [true])
  }

  @Test(
    "a create that was refused is sent once", arguments: [301, 302, 307, 308, 400, 401, 402, 403, 404, 413, 422, 424])
  func refused(status: Int) async throws {
    let pair = try Pair()
    pair.api.fail(
      .create, .refused(.error(status, "No", code: "no").with("Location", "http://127.0.0.1:9/")), times: .max)
    let error = try await ClientAgainstAPITests.error { try await pair.create() }
    #expect(error.delivery == .refused)
    #expect(error.status == status)
    #expect(error.requestID == "req_error_\(status)")
    #expect(pair.api.calls(.create).count == 1)
  }

  @Test("a create is sent again where it did not reach the API")
  func unheard() async throws {
    let pair = try Pair()
    let url = pair.api.url
    pair.api.stop()
    try await Task.sleep(for: .milliseconds(20))
    let client = try BatchClient(
      Provider.API(baseURL: url, keyVariable: nil), key: "k", transport: CurlTransport(), clock: pair.clock)
    let error = try await ClientAgainstAPITests.error { try await client.createBatch("f", endpoint: "/v1/x") }
    #expect(error.delivery == .notSent)
    #expect(error.kind == .unreachable)
    #expect(pair.clock.pauses.count == 3)
  }

  @Test(
    "429 is obeyed to the second",
    arguments: [
      (HTTPAnswer.tooMany(retryAfter: "7"), 7.0), (.tooMany(retryAfter: "59.5"), 59.5),
      (HTTPAnswer.tooMany(retryAfter: "9").with("retry-after-ms", "1500"), 1.5),
    ])
  func tooMany(answer: HTTPAnswer, pause: Double) async throws {
    let pair = try Pair()
    pair.api.fail(.create, .refused(answer), times: 3)
    #expect(try await pair.create().status == .validating)
    #expect(pair.api.calls(.create).map(\.acted) == [false, false, false, true])
    #expect(pair.clock.pauses == [pause, pause, pause])
  }

  @Test("a 429 that asks to wait for over a minute is thrown, with the time to wait")
  func tooManyForLong() async throws {
    let pair = try Pair()
    pair.api.fail(.create, .refused(.tooMany(retryAfter: "3600")), times: .max)
    let error = try await ClientAgainstAPITests.error { try await pair.create() }
    #expect(error.status == 429)
    #expect(error.retryAfter == 3_600)
    #expect(error.delivery == .refused)
    #expect(pair.api.calls(.create).count == 1)
  }

  /// Faults after which the client tries again.
  static let passing: [APIFault] = [
    .refused(.page(502)), .refused(.error(500, "Oh")), .refused(.tooMany()), .refused(.error(408, "Late")),
    .broken(.closed), .broken(.resetAtOnce), .broken(.resetInHead), .broken(.continueOnly),
  ]

  @Test("calls other than a create are tried again", arguments: passing.indices)
  func again(index: Int) async throws {
    let pair = try Pair()
    let fault = ClientAgainstAPITests.passing[index]
    pair.api.fail(.upload, fault, times: 2)
    let file = try await pair.upload()
    #expect(pair.api.calls(.upload).count == 3)
    let batch = try await pair.client.createBatch(file, endpoint: "/v1/chat/completions")
    for operation in [APIOperation.retrieve, .list, .fileInfo, .deleteFile] {
      pair.api.fail(operation, fault, times: 2)
    }
    _ = try await pair.client.batch(batch.id)
    _ = try await pair.client.batches()
    _ = try await pair.client.file(file)
    try await pair.client.deleteFile(file)
    for operation in [APIOperation.retrieve, .list, .fileInfo, .deleteFile] {
      #expect(pair.api.calls(operation).count == 3)
    }
    #expect(pair.clock.pauses.count == 10)
    #expect(pair.clock.pauses.allSatisfy { $0 >= 0.375 && $0 <= 1 })
  }

  @Test("gives up after four tries")
  func givesUp() async throws {
    let pair = try Pair()
    pair.api.fail(.list, .refused(.page(502)), times: .max)
    let error = try await ClientAgainstAPITests.error { try await pair.client.batches() }
    #expect(error.kind == .serverFault)
    #expect(pair.api.calls(.list).count == 4)
    // The message quotes the page of the proxy without its control characters.
    #expect(!error.message.unicodeScalars.contains { $0.value < 0x20 })
    #expect(error.message.count <= 201)
  }

  @Test(
    "reads lists of each kind",
    arguments: [
      (APISettings.Paging.after, false), (.cursor, false), (.none, false), (.after, true), (.cursor, true),
    ])
  func lists(paging: APISettings.Paging, emptyPage: Bool) async throws {
    let pair = try Pair {
      $0.paging = paging
      $0.pageSize = 2
      $0.hasEmptyPage = emptyPage
    }
    for number in 0..<5 { pair.api.makeBatch(of: Data("\(number)\n".utf8), age: number) }
    var ids: [String] = []
    var cursor: PageCursor?
    repeat {
      let page = try await pair.client.batches(from: cursor)
      ids += page.elements.map(\.id)
      cursor = page.next
    } while cursor != nil && ids.count < 50
    #expect(ids == pair.api.batchIDs.reversed())
  }

  @Test("reads each form of an absent file id", arguments: APISettings.Absence.allCases, [true, false])
  func absent(absence: APISettings.Absence, bare: Bool) async throws {
    let pair = try Pair {
      $0.absence = absence
      $0.errorsAreBareList = bare
      $0.statuses = ["validating", "failed"]
      $0.hasCounts = false
      $0.batchErrors = [("invalid_method", "No", 2)]
    }
    let batch = try await pair.client.batch(try await pair.create().id)
    #expect(batch.status == .failed)
    #expect(batch.outputFileID == nil)
    #expect(batch.errorFileID == nil)
    #expect(batch.errors.map(\.code) == ["invalid_method"])
    #expect(batch.errors.map(\.line) == [2])
  }
}
