import BatchClient
import BatchFile
import Foundation
import Testing

struct WireTests {
  private func batch(_ members: String) throws -> Batch {
    try #require(Batch(json: Array(#"{"id":"batch_1","status":"completed",\#(members)}"#.utf8)))
  }

  @Test(arguments: ["null", #""""#, "{}", "7", "[]"])
  func takesNoIDForNone(_ value: String) throws {
    let batch = try batch(#""output_file_id":\#(value),"error_file_id":\#(value)"#)
    #expect(batch.outputFileID == nil)
    #expect(batch.errorFileID == nil)
  }

  @Test(arguments: [
    #"{"object":"list","data":[{"code":"a","message":"b","param":null,"line":4}]}"#,
    #"{"data":[{"code":"a","message":"b","line":"4"}]}"#,
    #"[{"code":"a","message":"b","line":4}]"#,
  ])
  func readsErrorsInEveryForm(_ errors: String) throws {
    #expect(try batch(#""errors":\#(errors)"#).errors == [BatchError(code: "a", message: "b", param: nil, line: 4)])
  }

  @Test(arguments: ["null", "{}", "[]", #""""#, #"{"object":"list","data":[]}"#])
  func takesNoErrorsForNone(_ errors: String) throws {
    #expect(try batch(#""errors":\#(errors)"#).errors.isEmpty)
  }

  @Test func readsErrorsThatAreAText() throws {
    #expect(try batch(#""errors":"too big""#).errors.map(\.message) == ["too big"])
  }

  @Test(arguments: [
    "1779512129", "1779512129000", #""1779512129""#, #""2026-05-23T04:55:29Z""#, #""2026-05-23T06:55:29.000+02:00""#,
  ])
  func readsTimes(_ value: String) throws {
    #expect(try batch(#""created_at":\#(value)"#).createdAt == Date(timeIntervalSince1970: 1_779_512_129))
  }

  @Test(arguments: ["0", "946656000000", "null", #""""#, #""later""#, "true", "{}"])
  func takesNoTimeForNone(_ value: String) throws {
    #expect(try batch(#""expires_at":\#(value)"#).expiresAt == nil)
  }

  @Test(arguments: [
    ("completed", BatchStatus.completed, true), ("COMPLETED", .completed, true), ("in_progress", .inProgress, false),
    ("canceled", .cancelled, true), ("PONDERING", .other("PONDERING"), false), ("", .other(""), false),
  ])
  func readsStatuses(_ text: String, status: BatchStatus, isFinal: Bool) {
    #expect(BatchStatus(text) == status)
    #expect(BatchStatus(text).isFinal == isFinal)
  }

  @Test func readsAStatusByTheProvidersName() {
    let batch = Batch(json: Array(#"{"id":"b","status":"SUCCESS"}"#.utf8), statusNames: ["success": "completed"])
    #expect(batch?.status == .completed)
  }

  @Test func unwrapsABatchInAJob() {
    #expect(Batch(json: Array(#"{"job":{"id":"b","status":"VALIDATING"},"warning":""}"#.utf8))?.id == "b")
  }

  @Test(arguments: ["", "null", "[]", "{}", #"{"id":null}"#, #"{"id":""}"#, "<html>", #"{"id":7}"#])
  func isNoBatchWithoutAnID(_ json: String) { #expect(Batch(json: Array(json.utf8)) == nil) }

  @Test(
    arguments: [
      (#"{"data":[{"id":"a"},{"id":"b"}],"paging":{"next_cursor":"c1"}}"#, 2, PageCursor.cursor("c1")),
      (#"{"data":[{"id":"a"},{"id":"b"}],"has_more":true,"last_id":"b"}"#, 2, .after("b")),
      (#"{"data":[{"id":"a"},{"id":"b"}],"has_more":true}"#, 2, .after("b")),
      (#"{"data":[{"id":"a"}],"has_more":false,"last_id":"a","paging":{"next_cursor":null}}"#, 1, nil),
      (#"{"data":[],"has_more":true,"last_id":"b"}"#, 0, nil),
      (#"[{"id":"a"},{"nothing":1}]"#, 1, nil),
    ] as [(String, Int, PageCursor?)])
  func readsPages(_ json: String, count: Int, next: PageCursor?) throws {
    let page = try #require(Page<Batch>(json: Array(json.utf8)))
    #expect(page.elements.count == count)
    #expect(page.next == next)
  }

  @Test(arguments: ["{}", "null", #"{"data":{}}"#, #"{"error":{"message":"x"}}"#, ""])
  func isNoPage(_ json: String) { #expect(Page<Batch>(json: Array(json.utf8)) == nil) }
}
