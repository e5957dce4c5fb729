import Foundation
import TestSupport
import Testing

/// The API of the tests behaves like the real ones, and each of its settings and faults has its effect.
@Suite("API of the tests")
struct BatchAPITests {
  @Test("gives back what was uploaded")
  func upload() throws {
    let api = try BatchAPI()
    let client = APIClient(api: api)
    let id = try client.upload(BatchText.three, fileName: #"a \"b\".jsonl"#)
    let info = try client.ask("GET", "/files/\(id)")?.object
    #expect(info?["bytes"] as? Int == BatchText.three.count)
    #expect(info?["filename"] as? String == #"a \"b\".jsonl"#)
    #expect(info?["status"] as? String == "processed")
    #expect(try client.ask("GET", "/files/\(id)/content")?.body == BatchText.three)
    #expect(api.content(of: id) == BatchText.three)
    #expect(try client.ask("DELETE", "/files/\(id)")?.object["deleted"] as? Bool == true)
    #expect(try client.ask("GET", "/files/\(id)/content")?.status == 404)
    #expect(api.calls.map(\.operation) == [.upload, .fileInfo, .content, .deleteFile, .content])
    #expect(api.calls.map(\.status) == [200, 200, 200, 200, 404])
    #expect(api.calls.map(\.acted) == [true, true, true, true, false])
  }

  @Test(
    "takes no upload that the real ones refuse",
    arguments: ["a.json", "none"])
  func badUpload(name: String) throws {
    let api = try BatchAPI()
    let body = name == "none" ? Data("x".utf8) : APIClient.form(BatchText.three, fileName: name)
    let reply = try APIClient(api: api).ask(
      "POST", "/files", body, headers: ["Content-Type: multipart/form-data; boundary=B"])
    #expect(reply?.status == 400)
    #expect(api.fileCount == 0)
  }

  @Test("finds a long file's end without reading all of it")
  func longUpload() throws {
    let api = try BatchAPI()
    let content = Data(repeating: 0x61, count: 2_000_000)
    #expect(api.content(of: try APIClient(api: api).upload(content)) == content)
  }

  @Test("refuses a call without the key and does not read its body")
  func key() throws {
    let api = try BatchAPI()
    let port = UInt16(URL(string: api.url)?.port ?? 0)
    let reply = try RawConnection.ask(
      "POST", "/openai/v1/files", port: port, headers: ["Authorization: Bearer other", "Expect: 100-continue"])
    #expect(reply?.status == 401)
    #expect(api.calls.map(\.isAuthorized) == [false])
    #expect(api.fileCount == 0)
  }

  @Test("a batch goes through its statuses and ends with its files")
  func life() throws {
    let api = try BatchAPI { $0.rule = { $0.index == 1 ? .failure(429, code: "busy") : .answer("A \($0.customID)") } }
    let client = APIClient(api: api)
    let id = try client.makeBatch()
    let statuses = try (0..<4).map { _ in try client.poll(id, times: 1)["status"] as? String }
    #expect(statuses == ["in_progress", "finalizing", "completed", "completed"])
    let batch = try client.poll(id, times: 1)
    #expect(batch["request_counts"] as? [String: Int] == ["total": 3, "completed": 2, "failed": 1])
    let output = try #require(batch["output_file_id"] as? String)
    let errors = try #require(batch["error_file_id"] as? String)
    let lines = try client.ask("GET", "/files/\(output)/content")?.text.split(separator: "\n") ?? []
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.contains(#""status_code":200"#) && $0.contains(#""content":"A r"#) })
    let failed = try client.ask("GET", "/files/\(errors)/content")?.text
    #expect(failed?.contains(#""custom_id":"r2""#) == true)
    #expect(failed?.contains(#""code":"busy""#) == true)
    #expect(api.batchesPerInput == [BatchText.three.digest: 1])
  }

  @Test("counts a batch that is made twice of the same content")
  func twice() throws {
    let api = try BatchAPI()
    let client = APIClient(api: api)
    _ = try client.makeBatch()
    _ = try client.makeBatch()
    #expect(api.batchesPerInput == [BatchText.three.digest: 2])
  }

  @Test("refuses a batch of a file it has not")
  func unknownFile() throws {
    let api = try BatchAPI()
    #expect(try APIClient(api: api).create("file_x")?.status == 400)
    #expect(api.batchIDs.isEmpty)
  }

  static let accepted: [(APIFault, Int?)] = [
    (.lost(.page(502)), 502), (.lost(.error(500, "Oh")), 500), (.lost(.page(200)), 200), (.broken(.resetAtOnce), nil),
    (.broken(.closed), nil), (.broken(.resetInHead), nil), (.broken(.continueOnly), 100),
  ]

  @Test("makes the batch and loses the answer", arguments: accepted.indices)
  func lost(index: Int) throws {
    let (fault, status) = BatchAPITests.accepted[index]
    let api = try BatchAPI()
    let client = APIClient(api: api)
    let file = try client.upload()
    api.fail(.create, fault)
    let reply = try client.create(file)
    #expect(reply?.status == status)
    #expect(reply?.object["id"] == nil)
    #expect(api.batchIDs.count == 1)
    #expect(api.calls(.create).map(\.acted) == [true])
  }

  @Test("makes no batch where it refuses")
  func refused() throws {
    let api = try BatchAPI()
    let client = APIClient(api: api)
    let file = try client.upload()
    api.fail(.create, .refused(.tooMany(retryAfter: "7")), times: 2)
    #expect(try client.create(file)?.header("Retry-After") == "7")
    #expect(try client.create(file)?.status == 429)
    #expect(api.batchIDs.isEmpty)
    #expect(try client.create(file)?.status == 200)
    #expect(api.calls(.create).map(\.acted) == [false, false, true])
    #expect(api.calls(.create).map(\.status) == [429, 429, 200])
  }

  @Test(
    "pages its list in each way",
    arguments: [
      (APISettings.Paging.after, false, false, [2, 2, 1]), (.cursor, false, false, [2, 2, 1]),
      (.none, false, false, [5]), (.after, true, false, [2, 2, 1, 0]), (.cursor, true, false, [2, 2, 1, 0]),
      (.cursor, false, true, [2, 2, 1, 1, 1, 1, 1, 1, 1, 1]),
    ])
  func paging(paging: APISettings.Paging, emptyPage: Bool, repeats: Bool, sizes: [Int]) throws {
    let api = try BatchAPI {
      $0.paging = paging
      $0.pageSize = 2
      $0.hasEmptyPage = emptyPage
      $0.repeatsCursor = repeats
    }
    for number in 0..<5 { api.makeBatch(of: BatchText.requests(number + 1), age: 100 - number) }
    let pages = try APIClient(api: api).list()
    #expect(pages.map(\.count) == sizes)
    #expect(Array(pages.joined().prefix(5)) == Array(api.batchIDs.reversed()))
    api.change { $0.listsAscend = true }
    #expect(try Array(APIClient(api: api).list().joined().prefix(5)) == api.batchIDs)
  }

  @Test("shows a new batch only after some lists")
  func lag() throws {
    let api = try BatchAPI { $0.listLag = 2 }
    let client = APIClient(api: api)
    let id = try client.makeBatch()
    #expect(try client.list() == [[]])
    #expect(try client.list() == [[]])
    #expect(try client.list() == [[id]])
    #expect(try client.ask("GET", "/batches?id=\(id)&id=\(id)")?.object["paging"] == nil)
  }

  @Test("has a clock of its own", arguments: [-600, 600])
  func clock(offset: Int) throws {
    let api = try BatchAPI { $0.clockOffset = offset }
    let client = APIClient(api: api)
    let batch = try client.poll(client.makeBatch(), times: 1)
    let created = try #require(batch["created_at"] as? Int)
    #expect(abs(created - offset - Int(Date().timeIntervalSince1970)) <= 2)
  }

  @Test(
    "writes an absent id in each way",
    arguments: zip(APISettings.Absence.allCases, ["null", #""""#, "{}", nil]))
  func absence(absence: APISettings.Absence, written: String?) throws {
    let api = try BatchAPI { $0.absence = absence }
    let client = APIClient(api: api)
    let text = try client.ask("GET", "/batches/\(client.makeBatch())")?.text ?? ""
    #expect(text.contains("\"output_file_id\":") == (written != nil))
    if let written { #expect(text.contains("\"output_file_id\":\(written),")) }
  }

  @Test(
    "writes errors as a list and as an object", arguments: [(true, #""errors":[{"#), (false, #""errors":{"object":"#)])
  func errors(bare: Bool, written: String) throws {
    let api = try BatchAPI {
      $0.statuses = ["validating", "failed"]
      $0.errorsAreBareList = bare
      $0.batchErrors = [("invalid_method", "Invalid value: 'GET'", 2)]
    }
    let client = APIClient(api: api)
    let text = try client.ask("GET", "/batches/\(client.makeBatch())")?.text ?? ""
    #expect(text.contains(written))
    #expect(text.contains(#""line":2"#))
    #expect(text.contains(#""status":"failed""#))
    #expect(text.contains(#""output_file_id":null"#))
  }

  @Test("fails a batch that is too much for its queue, and takes it later")
  func tokenLimit() throws {
    let api = try BatchAPI { $0.openLimit = 1 }
    let client = APIClient(api: api)
    let first = try client.makeBatch()
    let file = try client.upload(BatchText.requests(2))
    let second = try client.create(file)?.object["id"] as? String ?? ""
    let failed = try client.poll(second, times: 1)
    #expect(failed["status"] as? String == "failed")
    let errors = (failed["errors"] as? [String: Any])?["data"] as? [[String: Any]]
    #expect(errors?.first?["code"] as? String == "token_limit_exceeded")
    _ = try client.poll(first)
    let third = try client.create(file)?.object["id"] as? String ?? ""
    #expect(try client.poll(third)["status"] as? String == "completed")
  }

  @Test("cancels what runs, and nothing else")
  func cancel() throws {
    let api = try BatchAPI()
    let client = APIClient(api: api)
    let id = try client.makeBatch()
    #expect(try client.ask("POST", "/batches/\(id)/cancel")?.object["status"] as? String == "cancelling")
    #expect(try client.poll(id, times: 1)["status"] as? String == "cancelled")
    #expect(try client.ask("POST", "/batches/\(id)/cancel")?.status == 400)
    #expect(try client.ask("POST", "/batches/x/cancel")?.status == 404)
  }

  /// The output file of a batch with three requests.
  static func output(_ change: (inout APISettings) -> Void) throws -> String {
    let api = try BatchAPI(change)
    let client = APIClient(api: api)
    let batch = try client.poll(client.makeBatch())
    let id = try #require(batch["output_file_id"] as? String)
    return try client.ask("GET", "/files/\(id)/content")?.text ?? ""
  }

  static func ids(_ text: String) throws -> [String] { try Workplace.ids(in: text) }

  @Test("writes results in another order, twice, for no request, or not at all")
  func oddOutput() throws {
    #expect(try BatchAPITests.ids(BatchAPITests.output { $0.order = .reversed }) == ["r3", "r2", "r1"])
    #expect(
      try BatchAPITests.ids(BatchAPITests.output { $0.rule = { _ in .twice("a", "b") } }) == [
        "r1", "r1", "r2", "r2", "r3", "r3",
      ])
    #expect(
      try BatchAPITests.ids(BatchAPITests.output { $0.strangers = [#"{"custom_id":"nobody"}"#] }) == [
        "r1", "r2", "r3", "nobody",
      ])
    #expect(
      try BatchAPITests.ids(BatchAPITests.output { $0.rule = { $0.index == 0 ? .nothing : .answer("x") } }) == [
        "r2", "r3",
      ])
  }

  @Test("writes status 0, U+2028 and no last newline where it is told to")
  func oddLines() throws {
    #expect(
      try BatchAPITests.output { $0.rule = { _ in .oddStatus(0) } }.components(separatedBy: #""status_code":0,"#).count
        == 4)
    #expect(try BatchAPITests.output { $0.rule = { _ in .answer("a\u{2028}b") } }.contains("a\u{2028}b"))
    #expect(try BatchAPITests.output { $0.endsWithNewline = false }.hasSuffix("}"))
    #expect(try BatchAPITests.output { _ in }.hasSuffix("}\n"))
  }

  @Test("gives a wrong size where it is told to")
  func wrongBytes() throws {
    let api = try BatchAPI { $0.bytesOffset = 5 }
    let client = APIClient(api: api)
    let batch = try client.poll(client.makeBatch())
    let id = try #require(batch["output_file_id"] as? String)
    let bytes = try client.ask("GET", "/files/\(id)")?.object["bytes"] as? Int
    #expect(bytes == (api.content(of: id)?.count ?? 0) + 5)
  }

  @Test("serves ranges, gzip, redirects and broken downloads")
  func downloads() throws {
    let api = try BatchAPI()
    let client = APIClient(api: api)
    let id = try client.upload()
    let path = "/files/\(id)/content"
    #expect(try client.ask("GET", path, headers: ["Range: bytes=10-"])?.body == BatchText.three.dropFirst(10))
    api.fail(.content, .changed { $0.gzipped })
    api.fail(.content, .redirect(to: "http://127.0.0.1:9/blob"))
    api.fail(.content, .broken(.length, .cut(after: 20)))
    api.fail(.content, .none)
    let gzipped = try client.ask("GET", path)
    #expect(gzipped?.header("Content-Encoding") == "gzip")
    #expect(gzipped?.body.starts(with: [0x1F, 0x8B]) == true)
    #expect(try client.ask("GET", path)?.header("Location") == "http://127.0.0.1:9/blob")
    #expect(try client.ask("GET", path)?.body == BatchText.three.prefix(20))
    #expect(try client.ask("GET", path)?.body == BatchText.three)
    #expect(try client.ask("GET", path)?.body == BatchText.three)
  }
}
