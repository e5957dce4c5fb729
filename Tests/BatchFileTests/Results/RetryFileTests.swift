import BatchFile
import Foundation
import JSONLines
import TestSupport
import Testing

@Suite("The file of requests to try again")
struct RetryFileTests {
  private let place: JoinPlace
  private let join: ResultJoin
  private let lines: [String: String]

  init() throws {
    place = try JoinPlace()
    let ids = ["ok", "cut", "refused", "429", "400", "expired", "cancelled", "missing", "quota"]
    var lines: [String: String] = [:]
    // The lines are spelt in unusual ways, because they must be written byte for byte.
    for id in ids {
      lines[id] = #"{ "custom_id" : "\#(id)", "url":"\/v1\/chat\/completions", "body":{"x":1.50e+1,"\u0061":"\u00e9"}}"#
    }
    self.lines = lines
    try place.file("in.jsonl", ids.map { lines[$0] ?? "" })
    try place.file("out.jsonl", [JoinPlace.good("ok"), JoinPlace.good("cut", reason: "length")])
    try place.file(
      "err.jsonl",
      [
        JoinPlace.good("refused", reason: "content_filter"), JoinPlace.failed("429"), JoinPlace.failed("400", 400, "x"),
        JoinPlace.notRun("expired", "batch_expired"), JoinPlace.notRun("cancelled", "batch_cancelled"),
        JoinPlace.failed("quota", 429, "insufficient_quota"),
      ])
    join = ResultJoin(
      requests: place.path("in.jsonl"), results: [place.path("out.jsonl"), place.path("err.jsonl")])
  }

  private func written(_ retry: RetryFile) throws -> String {
    let written = try retry.write(to: place.path("again.jsonl"), provider: .groq)
    #expect(written.files == [place.path("again.jsonl")])
    return try place.text("again.jsonl")
  }

  private func expected(_ ids: String...) -> String { ids.map { (lines[$0] ?? "") + "\n" }.joined() }

  @Test("holds the requests that may pass next time, byte for byte, in order")
  func usual() throws {
    #expect(try written(RetryFile(join)) == expected("429", "expired", "cancelled", "missing"))
    #expect(try join.account().worthRetrying == 4)
  }

  @Test("holds requests with other outcomes where they are asked for")
  func others() throws {
    var retry = RetryFile(join)
    retry.outcomes.formUnion([.truncated, .refused])
    retry.allFailed = true
    #expect(
      try written(retry) == expected("cut", "refused", "429", "400", "expired", "cancelled", "missing", "quota"))
  }

  @Test("is cut into several files at the provider's limits")
  func limits() throws {
    var provider = Provider.groq
    provider.maxRequests = 3
    let written = try RetryFile(join).write(to: place.path("again.jsonl"), provider: provider)
    #expect(written.files == [place.path("again-00001.jsonl"), place.path("again-00002.jsonl")])
    #expect(try place.text("again-00002.jsonl") == expected("missing"))
    #expect(written.requests == 4)
  }

  @Test("is not made where there is nothing to try again")
  func nothing() throws {
    let place = try JoinPlace()
    let input = try place.file("in.jsonl", [JoinPlace.request("a")])
    let results = try place.file("out.jsonl", [JoinPlace.good("a")])
    let written = try RetryFile(ResultJoin(requests: input, results: [results])).write(
      to: place.path("again.jsonl"), provider: .groq)
    #expect(written.requests == 0)
    #expect(written.files == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.scratch.url.path).count == 2)
  }
}
