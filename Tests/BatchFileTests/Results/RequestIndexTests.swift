import JSONLines
import TestSupport
import Testing

@testable import BatchFile

/// Requests are found by a table of hashes. For ascending ids, which are all different, it is made only when it is needed.
@Suite("Requests by their ids")
struct RequestIndexTests {
  private static let seed = TextHash.seed

  private static func hash(_ id: String) -> UInt64 {
    Array(id.utf8).withUnsafeBytes { TextHash.hash($0, seed: seed) }
  }

  /// An index of requests, which come in blocks of seven.
  private static func index(_ ids: [String], delaysTable: Bool = true, escaped: Set<Int> = []) -> RequestIndex {
    var index = RequestIndex()
    for start in stride(from: 0, to: ids.count, by: 7) {
      let numbers = start..<min(start + 7, ids.count)
      let places = numbers.map { number in
        RequestPlace(
          LinePlace(file: 0, offset: 100 * number, length: 50), hash: hash(ids[number]),
          id: 14..<14 + ids[number].utf8.count,
          isEscaped: escaped.contains(number), model: 0, kind: .chat, hasURL: true)
      }
      index.append(places, ids: numbers.flatMap { Array(ids[$0].utf8) })
    }
    index.build(delaysTable: delaysTable)
    return index
  }

  private static func ascending(_ index: RequestIndex, _ id: String) -> Int? {
    PaddedBytes.withCopy(of: Array("<\(id)>".utf8)) { index.numberOfAscending($0, 1..<1 + id.utf8.count) }
  }

  @Test("numbers ascend, with zeros before them and without", arguments: ["r-", "", "request_"], [0, 6])
  func numbered(prefix: String, digits: Int) {
    let ids = (1...1_200).map { number in
      let text = String(number)
      return prefix + String(repeating: "0", count: max(0, digits - text.count)) + text
    }
    let index = RequestIndexTests.index(ids)
    #expect(index.isAscending)
    #expect(index.later.isEmpty)
    for (number, id) in ids.enumerated() {
      #expect(RequestIndexTests.ascending(index, id) == number)
      #expect(index.guessed(number, RequestIndexTests.hash(id)) == number)
      #expect(index.guessed(number + 1, RequestIndexTests.hash(id)) == nil)
    }
    for stranger in ["", "q", "r", "r-", "r-0", "r-1x", "r-99999", "zzzzzzzzzzzzzzzzzzzzz", prefix + "12O0"] {
      #expect(RequestIndexTests.ascending(index, stranger) == nil, "\(stranger)")
    }
    let table = index.readyTable()
    for (number, id) in ids.enumerated() { #expect(index.first(RequestIndexTests.hash(id), in: table) == number) }
    #expect(index.first(RequestIndexTests.hash("stranger"), in: table) == nil)
    #expect(index.all(RequestIndexTests.hash(ids[7])) == [7])
  }

  @Test(
    "ids that do not ascend are not taken for ascending",
    arguments: [
      ["b", "a"], ["a", "a"], ["r-10", "r-9"], ["a", "b", "ab", "c"], ["1", "2", "3", "4", "5", "6", "7", "7"],
    ])
  func others(ids: [String]) {
    let index = RequestIndexTests.index(ids)
    #expect(!index.isAscending)
    let table = index.readyTable()
    for id in ids { #expect(index.first(RequestIndexTests.hash(id), in: table) == ids.firstIndex(of: id)) }
    #expect(index.later.map(\.request) == (Set(ids).count == ids.count ? [] : [ids.count - 1]))
  }

  @Test("an escaped id, and more ids than are kept in memory, do not ascend")
  func unknownTexts() {
    #expect(!RequestIndexTests.index(["a", "b", "c"], escaped: [1]).isAscending)
    let long = (100_000...142_000).map { String(repeating: "x", count: 200) + String($0) }
    #expect(!RequestIndexTests.index(long).isAscending)
    #expect(RequestIndexTests.index(Array(long.prefix(1_000))).isAscending)
  }

  @Test("a table that was asked for early is there at once, and can be forgotten")
  func eager() {
    let ids = (1...50).map { "r-\($0)" }
    var index = RequestIndexTests.index(ids, delaysTable: false)
    #expect(index.isAscending)
    #expect(index.all(RequestIndexTests.hash("r-7")) == [6])
    #expect(RequestIndexTests.ascending(index, "r-7") == 6)
    index.forgetHashes()
    #expect(index.count == 50)
  }
}
