import Foundation
import JSONLines
import TestSupport
import Testing

@testable import BatchFile

@Suite("Joining results with requests")
struct ResultJoinTests {
  private func outcomes(_ requests: [String], _ results: [[String]], partial: Bool = false) throws -> [String] {
    let place = try JoinPlace()
    let input = try place.file("in.jsonl", requests)
    let files = try results.enumerated().map { try place.file("out\($0).jsonl", $1) }
    var join = ResultJoin(requests: input, results: files)
    join.isPartial = partial
    return try JoinPlace.outcomes(join).map { "\($0.id) \($0.outcome)" }
  }

  @Test("answers come in the requests' order")
  func order() throws {
    let requests = ["a", "b", "c"].map { JoinPlace.request($0) }
    let results = ["c", "a", "b"].map { JoinPlace.good($0) }
    #expect(try outcomes(requests, [results]) == ["a ok", "b ok", "c ok"])
  }

  @Test("each outcome is told from the result's line")
  func allOutcomes() throws {
    let ids = ["ok", "cut", "filtered", "failed", "expired", "cancelled", "missing"]
    let results = [
      JoinPlace.good("ok"), JoinPlace.good("cut", reason: "length"),
      JoinPlace.good("filtered", "", reason: "content_filter"), JoinPlace.failed("failed"),
      JoinPlace.notRun("expired", "batch_expired"), JoinPlace.notRun("cancelled", "batch_cancelled"),
    ]
    #expect(
      try outcomes(ids.map { JoinPlace.request($0) }, [results]) == [
        "ok ok", "cut truncated", "filtered refused", "failed failed", "expired expired", "cancelled cancelled",
        "missing missing",
      ])
  }

  @Test("a request without a result is pending while its batch runs")
  func pending() throws {
    #expect(try outcomes([JoinPlace.request("a")], [[]], partial: true) == ["a pending"])
  }

  static let spellings: [(request: String, result: String, isSame: Bool)] = [
    (#"caf\u00e9"#, "café", true), ("a/b", #"a\/b"#, true), (#"\u0061"#, "a", true), (#"\ud83d\ude00"#, "😀", true),
    // The texts look the same and Swift takes them as equal, but they are two ids to the API.
    (#"e\u0301"#, "é", false), ("a", "A", false), ("a", "a ", false),
  ]

  @Test("two ids are the same where their texts have the same bytes", arguments: spellings)
  func spelling(request: String, result: String, isSame: Bool) throws {
    let found = try outcomes([JoinPlace.request(request)], [[JoinPlace.good(result)]], partial: true)
    #expect(found.first?.hasSuffix(isSame ? " ok" : " pending") == true)
  }

  @Test("ids of different halves of surrogate pairs differ")
  func surrogates() throws {
    let place = try JoinPlace()
    let input = try place.file("in.jsonl", [JoinPlace.request(#"\ud800"#)])
    let results = try place.file("out.jsonl", [JoinPlace.good(#"\ud801"#)])
    var join = ResultJoin(requests: input, results: [results])
    join.isPartial = true
    #expect(try join.account().outcomes == [.pending: 1])
  }

  static let noise: [(name: String, text: String)] = [
    ("CRLF", JoinPlace.good("a") + "\r\n" + JoinPlace.good("b") + "\r\n"),
    ("no last newline", JoinPlace.good("a") + "\n" + JoinPlace.good("b")),
    ("blank lines", "\n" + JoinPlace.good("a") + "\n \r\n\n" + JoinPlace.good("b") + "\n\n"),
    ("byte-order mark", "\u{FEFF}" + JoinPlace.good("a") + "\n" + JoinPlace.good("b") + "\n"),
    ("U+2028 and U+0085", JoinPlace.good("a", "x\u{2028}y\u{85}z") + "\n" + JoinPlace.good("b") + "\n"),
    ("a conflict mark", "<<<<<<< HEAD\n" + JoinPlace.good("a") + "\n" + JoinPlace.good("b") + "\n>>>>>>> x\n"),
  ]

  @Test("a result is found whatever lines are around it", arguments: noise)
  func around(name: String, text: String) throws {
    let place = try JoinPlace()
    let input = try place.file("in.jsonl", [JoinPlace.request("a"), JoinPlace.request("b")])
    try place.scratch.file("out.jsonl", text)
    let found = try JoinPlace.outcomes(ResultJoin(requests: input, results: [place.path("out.jsonl")]))
    #expect(found.map(\.outcome) == ["ok", "ok"])
  }

  // MARK: - Several answers

  @Test("a good answer is never replaced by a bad one", arguments: [false, true])
  func goodFirst(isReversed: Bool) throws {
    let lines = [JoinPlace.good("a"), JoinPlace.failed("a")]
    #expect(try outcomes([JoinPlace.request("a")], [isReversed ? lines.reversed() : lines]) == ["a ok"])
    #expect(try outcomes([JoinPlace.request("a")], (isReversed ? lines.reversed() : lines).map { [$0] }) == ["a ok"])
  }

  @Test("of two good answers the first counts, and both places are named")
  func twice() throws {
    let place = try JoinPlace()
    let input = try place.file("in.jsonl", [JoinPlace.request("a"), JoinPlace.request("b")])
    let results = try place.file(
      "out.jsonl",
      [JoinPlace.good("a", "first"), JoinPlace.good("b"), JoinPlace.good("a", "second"), JoinPlace.good("b")])
    let join = ResultJoin(requests: input, results: [results])
    let account = try join.write(to: place.path("answers.jsonl"))
    #expect(account.repeated == Account.Repeated(same: 1, different: 1))
    #expect(
      account.repeatedExamples == [
        "  'a': \(results):1 taken, \(results):3 not", "  'b': \(results):2 taken, \(results):4 not",
      ])
    #expect(try place.text("answers.jsonl").contains("first"))
    #expect(try !place.text("answers.jsonl").contains("second"))
  }

  @Test("later attempts count before earlier ones, and each is paid for")
  func attempts() throws {
    let place = try JoinPlace()
    let input = try place.file("in.jsonl", ["a", "b", "c"].map { JoinPlace.request($0) })
    let first = try place.file(
      "1.jsonl", [JoinPlace.failed("a"), JoinPlace.good("b", "old", reason: "length"), JoinPlace.good("c", "kept")])
    let second = try place.file("2.jsonl", [JoinPlace.good("a"), JoinPlace.good("b", "new"), JoinPlace.failed("c")])
    let join = ResultJoin(
      requests: [input], parts: [.init(attempt: 1, results: [first]), .init(attempt: 2, results: [second])])
    let account = try join.write(to: place.path("answers.jsonl"))
    let text = try place.text("answers.jsonl")
    #expect(account.outcomes == [.ok: 3])
    #expect(text.contains("new") && text.contains("kept") && !text.contains("old"))
    #expect(account.tokens.input == 40)
    #expect(account.repeated == Account.Repeated())
  }

  @Test("requests of parts that have not ended are pending, and of parts never sent cancelled")
  func states() throws {
    let place = try JoinPlace()
    let ids = ["a", "b", "c", "d", "e"]
    let input = try place.file("in.jsonl", ids.map { JoinPlace.request($0) })
    let done = try place.file("1.out.jsonl", [JoinPlace.good("a"), JoinPlace.failed("e")])
    let running = try place.file("2.jsonl", [JoinPlace.request("b"), JoinPlace.request("e")])
    let unsent = try place.file("3.jsonl", [JoinPlace.request("c")])
    let join = ResultJoin(
      requests: [input],
      parts: [
        .init(results: [done]), .init(attempt: 2, state: .running, requests: [running], results: []),
        .init(state: .unsent, requests: [unsent], results: []),
      ])
    #expect(try JoinPlace.outcomes(join).map(\.outcome) == ["ok", "pending", "cancelled", "missing", "pending"])
  }

  // MARK: - What is refused

  @Test("with an id that two requests have, both lines are named and nothing is written")
  func duplicateRequests() throws {
    let place = try JoinPlace()
    let input = try place.file(
      "in.jsonl", [JoinPlace.request("a"), JoinPlace.request("b"), JoinPlace.request(#"\u0061"#)])
    let results = try place.file("out.jsonl", [JoinPlace.good("a")])
    do {
      _ = try ResultJoin(requests: input, results: [results]).write(to: place.path("answers.jsonl"))
      Issue.record("nothing thrown")
    } catch JoinError.requests(let faults) {
      #expect(faults == [RequestFault(path: input, line: 3, reason: .duplicate(of: 1, id: "a"))])
    }
    #expect(!FileManager.default.fileExists(atPath: place.path("answers.jsonl").description))
  }

  @Test(
    "a request without an id is an error that names its line",
    arguments: [#"{"url":"/v1/chat/completions"}"#, #"{"custom_id":7}"#, "{", "[]"])
  func requestFault(line: String) throws {
    let place = try JoinPlace()
    let input = try place.file("in.jsonl", [JoinPlace.request("a"), "", line])
    let results = try place.file("out.jsonl", [JoinPlace.good("a")])
    do {
      _ = try ResultJoin(requests: input, results: [results]).account()
      Issue.record("nothing thrown")
    } catch JoinError.requests(let faults) {
      #expect(faults.map(\.line) == [3])
    }
  }

  @Test(
    "results of other requests", arguments: [(0, 1, true), (1, 2, false), (1, 3, true), (2, 4, false), (1, 1, false)])
  func otherRequests(matching: Int, all: Int, isRefused: Bool) throws {
    let requests = (0..<40).map { JoinPlace.request("r-\($0)") }
    let results = (0..<all).map { JoinPlace.good($0 < matching ? "r-\($0)" : "x-\($0)") }
    if isRefused {
      #expect(throws: JoinError.self) { try outcomes(requests, [results]) }
    } else {
      #expect(try outcomes(requests, [results]).count == 40)
    }
    #expect(try outcomes(requests, [results], partial: true).count == 40)
  }

  // MARK: - What is named

  @Test("results that belong to no request, or cannot be read, are named and the rest is joined")
  func strangers() throws {
    let place = try JoinPlace()
    let input = try place.file("in.jsonl", [JoinPlace.request("a"), JoinPlace.request("b")])
    let results = try place.file(
      "out.jsonl",
      [JoinPlace.good("a"), JoinPlace.good("z"), "{\"custom_id\":", #"{"custom_id":null}"#, JoinPlace.good("b")])
    let account = try ResultJoin(requests: input, results: [results]).account()
    #expect(account.outcomes == [.ok: 2])
    #expect(account.strangers == 1)
    #expect(account.unreadable == 2)
    #expect(
      account.resultFiles.first?.examples == [
        "  \(results):3: the line ends inside a value", "  \(results):4: without a custom_id",
        "  \(results):2: 'z' is no request's",
      ])
  }

  @Test("requests and results that were exchanged are an error")
  func swapped() throws {
    let place = try JoinPlace()
    let input = try place.file("in.jsonl", [JoinPlace.request("a")])
    let results = try place.file("out.jsonl", [JoinPlace.good("a")])
    for (requests, results) in [(input, input), (results, results), (results, input)] {
      #expect(throws: JoinError.self) { try ResultJoin(requests: requests, results: [results]).account() }
    }
  }

  static let foreignFiles: [(text: String, says: String)] = [
    ("[{\"custom_id\":\"a\"},\n{\"custom_id\":\"b\"}]\n", "JSON array"),
    ("{\n  \"custom_id\": \"a\"\n}\n", "JSON printer"),
    ("<html>\n", "HTML"),
  ]

  @Test("a file of results that is another kind of file is named as such", arguments: foreignFiles)
  func foreign(text: String, says: String) throws {
    let place = try JoinPlace()
    let input = try place.file("in.jsonl", [JoinPlace.request("a")])
    try place.scratch.file("out.jsonl", text)
    var join = ResultJoin(requests: input, results: [place.path("out.jsonl")])
    join.isPartial = true
    #expect(try join.account().resultFiles.first?.kind?.contains(says) == true)
    join.isPartial = false
    do {
      _ = try join.account()
      Issue.record("nothing thrown")
    } catch let error as JoinError {
      #expect("\(error)".contains(says))
    }
  }

  @Test("a file of results that was cut off is named as such")
  func cut() throws {
    let place = try JoinPlace()
    let input = try place.file("in.jsonl", [JoinPlace.request("a"), JoinPlace.request("b")])
    try place.scratch.file("out.jsonl", JoinPlace.good("a") + "\n" + JoinPlace.good("b").prefix(150))
    let account = try ResultJoin(requests: input, results: [place.path("out.jsonl")]).account()
    #expect(account.outcomes == [.ok: 1, .missing: 1])
    #expect(account.unreadable == 1)
    #expect(account.resultFiles.first?.kind?.contains("in the middle of a line") == true)
    #expect(account.resultFiles.first?.examples.first?.contains("out.jsonl:2: ") == true)
  }

  @Test("answers of another model than the request's are a warning")
  func otherModel() throws {
    let place = try JoinPlace()
    let input = try place.file(
      "in.jsonl", [JoinPlace.request("a", model: "gpt-4o"), JoinPlace.request("b", model: "gpt-4o")])
    let other = try place.file("1.jsonl", [JoinPlace.good("a", model: "llama"), JoinPlace.good("b", model: "llama")])
    let same = try place.file(
      "2.jsonl", [JoinPlace.good("a", model: "llama"), JoinPlace.good("b", model: "gpt-4o-2024-08-06")])
    #expect(
      try ResultJoin(requests: input, results: [other]).account().otherModel
        == Account.OtherModel(requested: "gpt-4o", answered: "llama"))
    #expect(try ResultJoin(requests: input, results: [same]).account().otherModel == nil)
  }

  @Test("the join is the same for any number of threads and any block size", arguments: [1, 3], [1, 300, 4_096])
  func threads(jobs: Int, blockSize: Int) throws {
    let place = try JoinPlace()
    var random = SeededGenerator(7)
    let input = try place.file("in.jsonl", (0..<500).map { JoinPlace.request("r-\($0)") })
    let results = try place.file(
      "out.jsonl",
      (0..<500).shuffled(using: &random).map {
        $0 % 7 == 0 ? JoinPlace.failed("r-\($0)") : JoinPlace.good("r-\($0)", "\($0)")
      })
    var join = ResultJoin(requests: input, results: [results])
    let expected = try join.write(to: place.path("expected"))
    join.jobs = jobs
    join.blockSize = blockSize
    #expect(try join.write(to: place.path("own")) == expected)
    #expect(try place.text("own") == place.text("expected"))
  }
}
