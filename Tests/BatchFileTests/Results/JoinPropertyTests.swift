import BatchFile
import Foundation
import JSONLines
import TestSupport
import Testing

/// Properties that the join must have for any files.
@Suite("Joins of any files")
struct JoinPropertyTests {
  @Test("every request ends in one outcome, and the account adds up", arguments: 0..<60)
  func addsUp(seed: Int) throws {
    var random = SeededGenerator(UInt64(seed))
    let place = try JoinPlace()
    let count = random.number(1...60)
    let ids = (0..<count).map { "r-\($0)" }
    let input = try place.file("in.jsonl", ids.map { JoinPlace.request($0) })
    var files: [[String]] = Array(repeating: [], count: random.number(1...3))
    /// The ids that have a good answer in any line.
    var good = Set<String>()
    for _ in 0..<random.number(0...3 * count) {
      let id = random.number(0...9) == 0 ? "nobody-\(random.number(0...5))" : random.pick(ids)
      let line: String
      switch random.number(0...7) {
      case 0: line = JoinPlace.failed(id)
      case 1: line = JoinPlace.failed(id, 400, "x")
      case 2: line = JoinPlace.notRun(id, "batch_expired")
      case 3: line = JoinPlace.good(id, reason: "content_filter")
      case 4: line = #"{"custom_id":"\#(id)""#
      case 5:
        line = JoinPlace.good(id, reason: "length")
        good.insert(id)
      default:
        line = JoinPlace.good(id)
        good.insert(id)
      }
      files[random.number(0...files.count - 1)].append(line)
    }
    var join = ResultJoin(
      requests: input, results: try files.enumerated().map { try place.file("out\($0).jsonl", $1) })
    join.isPartial = true
    join.blockSize = random.number(1...2_000)
    let found = try JoinPlace.outcomes(join)
    #expect(found.map(\.id) == ids)
    let account = try join.account()
    #expect(account.requests == count)
    #expect(account.outcomes.values.reduce(0, +) == count)
    #expect(account.failures.reduce(0) { $0 + $1.count } == account[.failed])
    for (outcome, number) in account.outcomes {
      #expect(found.count { $0.outcome == outcome.rawValue } == number)
    }
    for (id, outcome) in found { #expect((outcome == "ok" || outcome == "truncated") == good.contains(id)) }
  }

  // MARK: - Damaged result files

  private static let ids = ["a", "b", "c", "d"]
  private static let results = [
    JoinPlace.good("a"), JoinPlace.failed("b"), JoinPlace.good("c", reason: "length"),
    JoinPlace.notRun("d", "batch_expired"),
  ]

  /// The id of the request whose result line has the byte at this offset.
  private static func owner(of offset: Int) -> String {
    var end = 0
    for (id, line) in zip(ids, results) {
      end += line.utf8.count + 1
      if offset < end { return id }
    }
    return ""
  }

  private func outcomes(_ bytes: [UInt8], _ place: JoinPlace) throws -> [String: String] {
    try place.scratch.file("out.jsonl", Data(bytes))
    var join = ResultJoin(requests: place.path("in.jsonl"), results: [place.path("out.jsonl")])
    join.isPartial = true
    join.jobs = 1
    let found = try JoinPlace.outcomes(join)
    #expect(found.map(\.id) == JoinPropertyTests.ids)
    return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0.outcome) })
  }

  @Test("a file that is cut at any byte changes no request whose line is whole")
  func truncations() throws {
    let place = try JoinPlace()
    try place.file("in.jsonl", JoinPropertyTests.ids.map { JoinPlace.request($0) })
    let whole = Array(JoinPropertyTests.results.map { $0 + "\n" }.joined().utf8)
    let expected = try outcomes(whole, place)
    for count in 0..<whole.count {
      let found = try outcomes(Array(whole[..<count]), place)
      var end = 0
      for (id, line) in zip(JoinPropertyTests.ids, JoinPropertyTests.results) {
        end += line.utf8.count
        #expect(found[id] == (count >= end ? expected[id] : "pending"), "cut at \(count), \(id)")
        end += 1
      }
    }
  }

  @Test(
    "a byte that changes changes the outcome of its own line's request only", arguments: [0, 0x0A, 0x22, 0x7D, 0xFF, 1])
  func mutations(byte: UInt8) throws {
    let place = try JoinPlace()
    try place.file("in.jsonl", JoinPropertyTests.ids.map { JoinPlace.request($0) })
    let whole = Array(JoinPropertyTests.results.map { $0 + "\n" }.joined().utf8)
    let expected = try outcomes(whole, place)
    for offset in whole.indices {
      var changed = whole
      changed[offset] = byte == 1 ? changed[offset] ^ 1 : byte
      let found = try outcomes(changed, place)
      var touched: Set<String> = [JoinPropertyTests.owner(of: offset)]
      // A line without its newline spoils the next one as well, and a changed id may be that of another request.
      if whole[offset] == 0x0A, changed[offset] != 0x0A { touched.insert(JoinPropertyTests.owner(of: offset + 1)) }
      let line = JoinPropertyTests.results[
        JoinPropertyTests.ids.firstIndex(of: JoinPropertyTests.owner(of: offset)) ?? 0]
      if let other = JoinPropertyTests.ids.first(where: {
        String(decoding: changed, as: UTF8.self).contains(#""custom_id":"\#($0)""#)
          && !line.contains(#""custom_id":"\#($0)""#) && JoinPropertyTests.count($0, in: changed) > 1
      }) {
        touched.insert(other)
      }
      for id in JoinPropertyTests.ids where !touched.contains(id) {
        #expect(found[id] == expected[id], "byte \(offset), \(id)")
      }
    }
  }

  private static func count(_ id: String, in bytes: [UInt8]) -> Int {
    String(decoding: bytes, as: UTF8.self).components(separatedBy: #""custom_id":"\#(id)""#).count - 1
  }
}
