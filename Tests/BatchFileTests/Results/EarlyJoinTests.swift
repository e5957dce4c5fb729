import Foundation
import JSONLines
import TestSupport
import Testing

@testable import BatchFile

/// Answers that come in the order of the requests are joined while they are read for the first time. What is put out
/// must be what the usual join gives, which reads them twice.
@Suite("Answers in the requests' order")
struct EarlyJoinTests {
  /// The output, what it was told, and how many requests were joined early.
  struct Outcome {
    var text = ""
    var restarts = 0
    var early = 0
    var account = Account()
  }

  private static func early(_ join: ResultJoin) throws -> Outcome {
    final class Memory: @unchecked Sendable { var outcome = Outcome() }
    let memory = Memory()
    let take = { (bytes: UnsafeRawBufferPointer) in memory.outcome.text += String(decoding: bytes, as: UTF8.self) }
    let writer = AnswerWriter(format: join.format, withResponse: join.withResponse)
    let early = EarlyJoin(writer, take)
    do {
      let run = try JoinRun(join, .answers(writer), early: early)
      memory.outcome.early = early.requests
      memory.outcome.account = try run.run { bytes, _ in take(bytes) }
    } catch is EarlyJoin.Conflict {
      memory.outcome.restarts = 1
      memory.outcome.text = ""
      memory.outcome.account = try JoinRun(join, .answers(writer)).run { bytes, _ in take(bytes) }
    }
    return memory.outcome
  }

  /// Joins in both ways, and with several numbers of threads and sizes of blocks, and compares the outcomes.
  private func compare(
    _ requests: [String], _ parts: [(state: ResultJoin.Part.State, sent: [String], files: [[String]])]
  ) throws -> Outcome {
    let place = try JoinPlace()
    let input = try place.file("in.jsonl", requests)
    let parts = try parts.enumerated().map { number, part in
      ResultJoin.Part(
        attempt: number + 1, state: part.state, requests: [try place.file("sent-\(number)", part.sent)],
        results: try part.files.enumerated().map { try place.file("out-\(number)-\($0)", $1) })
    }
    var join = ResultJoin(requests: [input], parts: parts)
    join.isPartial = true
    var first: Outcome?
    for (jobs, blockSize) in [(1, 1 << 18), (1, 300), (2, 700), (3, 1)] {
      (join.jobs, join.blockSize) = (jobs, blockSize)
      for format in AnswerFormat.allCases {
        join.format = format
        var expected = [UInt8]()
        let account = try join.write { expected += $0 }
        let own = try EarlyJoinTests.early(join)
        let header = AnswerWriter(format: format, withResponse: false).header
        #expect(header + own.text == String(decoding: expected, as: UTF8.self))
        #expect(own.account == account)
        // The files of the library have the header once, whether the output was begun anew or not.
        #expect(try join.write(to: place.path("answers"), replaces: true) == account)
        #expect(try Array(place.text("answers").utf8) == expected)
        #expect(try join.account() == account)
        if blockSize == 300, jobs == 1 { first = own }
      }
    }
    return try #require(first)
  }

  private func compare(_ count: Int, _ files: [String]...) throws -> Outcome {
    try compare((1...count).map { JoinPlace.request("r-\($0)") }, [(.ended, [], files)])
  }

  @Test("in order all are joined early, whatever they are")
  func inOrder() throws {
    let lines = (1...30).map { k in
      switch k % 5 {
      case 0: JoinPlace.failed("r-\(k)")
      case 1: JoinPlace.good("r-\(k)", reason: "length")
      case 2: JoinPlace.notRun("r-\(k)", "batch_expired")
      default: JoinPlace.good("r-\(k)", "text \(k)")
      }
    }
    let outcome = try compare(30, lines)
    #expect(outcome.early == 30)
    #expect(outcome.restarts == 0)
    // A blank line between them changes nothing.
    #expect(try compare(30, Array(lines[..<9]) + [""] + Array(lines[9...])).early == 30)
    // Nor does it matter in how many files they are.
    #expect(try compare(30, Array(lines[..<9]), Array(lines[9...])).early == 30)
  }

  @Test("after a gap, a stranger, a line that is no JSON, or another order, the rest is joined in the usual way")
  func untilThen() throws {
    let good = (1...30).map { JoinPlace.good("r-\($0)", "text \($0)") }
    for other in [
      [], ["x"], [#"{"custom_id":"r-15","response":"#], [JoinPlace.good("nobody")], [good[15], good[14]],
    ] {
      let outcome = try compare(30, Array(good[..<14]) + other + Array(good[(other.count == 2 ? 16 : 15)...]))
      // A block of 300 bytes holds one line or two.
      #expect((12...14).contains(outcome.early), "\(outcome.early)")
      #expect(outcome.restarts == 0)
    }
    #expect(try compare(30, good.reversed()).early == 0)
    // What is missing in the first file stands in the second one.
    let outcome = try compare(30, Array(good[..<20]) + Array(good[21...]), [JoinPlace.failed("r-21")])
    #expect((18...20).contains(outcome.early))
  }

  @Test("a second answer to a request that was joined makes all be joined again", arguments: [0, 1, 2])
  func again(where: Int) throws {
    let lines = (1...30).map { JoinPlace.failed("r-\($0)") }
    let second = JoinPlace.good("r-3", "second")
    let requests = (1...30).map { JoinPlace.request("r-\($0)") }
    let outcome =
      switch `where` {
      case 0: try compare(30, lines + [second])
      case 1: try compare(30, lines, [second])
      default: try compare(requests, [(.ended, [], [lines]), (.running, [requests[2]], [[second]])])
      }
    #expect(outcome.restarts == 1)
    #expect(outcome.early == 0)
    #expect(outcome.text.contains("second"))
    #expect(outcome.account[.ok] == 1)
  }

  @Test("a request that is being tried again is pending although its first answer was joined early")
  func pending() throws {
    let requests = (1...9).map { JoinPlace.request("r-\($0)") }
    let lines = (1...9).map { JoinPlace.failed("r-\($0)") }
    let outcome = try compare(requests, [(.ended, [], [lines]), (.running, [requests[4]], [])])
    #expect(outcome.restarts == 1)
    #expect(outcome.account[.pending] == 1)
  }

  @Test("ids that are escaped, long, or too many to be kept in memory")
  func ids() throws {
    let ids = (1...20).map { k in
      k % 3 == 0 ? "\\u0061\\n\(k)" : k % 3 == 1 ? String(repeating: "x", count: 200 + k) : "é\(k)"
    }
    // A block whose first id is escaped is joined in the usual way.
    let odd = try compare(ids.map { JoinPlace.request($0) }, [(.ended, [], [ids.map { JoinPlace.good($0) }])])
    #expect(odd.early > 0 && odd.early < 20, "\(odd.early)")
    // The id is spelt in another way in the result.
    let plain = (1...20).map { "a\($0)" }
    let escaped = plain.map { JoinPlace.good($0.replacingOccurrences(of: "a", with: "\\u0061")) }
    #expect(try compare(plain.map { JoinPlace.request($0) }, [(.ended, [], [escaped])]).early == 0)
    // Only the first line of a block decides that.
    let mixed = [JoinPlace.good("a1")] + escaped.dropFirst()
    #expect(try compare(plain.map { JoinPlace.request($0) }, [(.ended, [], [mixed])]).early > 0)
    // An id of more than 255 bytes is read from the file, so its answer is not joined early.
    let long = (1...20).map { $0 == 11 ? String(repeating: "x", count: 300) : "r-\($0)" }
    let outcome = try compare(long.map { JoinPlace.request($0) }, [(.ended, [], [long.map { JoinPlace.good($0) }])])
    #expect((8...10).contains(outcome.early))
  }

  @Test("any files give the same in both ways, whether the ids ascend or not", arguments: 0..<16)
  func any(seed: Int) throws {
    var random = SeededGenerator(UInt64(seed))
    let count = random.number(1...40)
    var ids = (0..<count).map { "r-\($0)" }
    if seed % 4 == 0 { ids.shuffle(using: &random) }
    if seed % 4 == 1 { ids.swapAt(random.number(0...count - 1), random.number(0...count - 1)) }
    let requests = ids.map { JoinPlace.request($0) }
    var lines = ids.map { id in
      random.number(0...3) == 0 ? JoinPlace.failed(id) : JoinPlace.good(id, "text of \(id)")
    }
    for _ in 0..<random.number(0...3) {
      let place = random.number(0...lines.count - 1)
      switch random.number(0...4) {
      case 0: if lines.count > 1 { lines.remove(at: place) }
      case 1: lines.insert(random.pick(lines), at: place)
      case 2: lines.insert(JoinPlace.good("nobody-\(place)"), at: place)
      case 3: lines.swapAt(place, random.number(0...lines.count - 1))
      default: lines[place].removeLast()
      }
    }
    let cut = random.number(0...lines.count)
    _ = try compare(requests, [(.ended, [], [Array(lines[..<cut]), Array(lines[cut...])])])
  }
}
