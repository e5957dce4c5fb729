import Foundation
import JSONLines

/// What a join keeps of one request, in 40 bytes.
struct RequestPlace {
  /// The hash of the id's text.
  var hash: UInt64
  private var location: UInt64
  private var length: UInt32
  /// Where the id begins in the line, after its quote, and its length; for a kept id both together, and where it is
  /// kept.
  private var idWords: (UInt32, UInt32)
  /// The number of the model's name in ``ModelNames``; 0 for none.
  var model: UInt32
  /// The index plus 1 of the request's first line in ``AnswerIndex``; 0 for none.
  var answer: UInt32 = 0
  var kind: AnswerKind
  private var marks: UInt8

  /// - Parameter id: the id's place in the line, without the quotes.
  init(
    _ line: LinePlace, hash: UInt64, id: Range<Int>, isEscaped: Bool, model: Int, kind: AnswerKind, hasURL: Bool
  ) {
    self.hash = hash
    location = line.location
    length = line.length
    idWords = (UInt32(id.lowerBound), UInt32(id.count))
    self.model = UInt32(model)
    self.kind = kind
    marks = (isEscaped ? 1 : 0) | (hasURL ? 2 : 0)
  }

  var isIDEscaped: Bool { marks & 1 != 0 }
  var hasURL: Bool { marks & 2 != 0 }
  var line: LinePlace { LinePlace(location, length) }

  private var isIDKept: Bool { marks & 4 != 0 }
  /// Where the id is in the line, without its quotes.
  var id: Range<Int> {
    let (start, length) = isIDKept ? (idWords.0 >> 8, idWords.0 & 0xFF) : idWords
    return Int(start)..<Int(start + length)
  }

  /// Where the id is kept in memory; nil where it must be read from the file.
  var keptID: Range<Int>? {
    isIDKept ? Int(idWords.1)..<Int(idWords.1 + idWords.0 & 0xFF) : nil
  }

  /// Notes where the id is kept, if there is room for that.
  mutating func keepID(at place: Int) {
    let (start, length) = idWords
    guard start < 1 << 24, length < 1 << 8 else { return }
    idWords = (start << 8 | length, UInt32(place))
    marks |= 4
  }
}

/// The requests of a join, in order, and found by the hash of their `custom_id`. Different ids can have the same hash,
/// so the texts must be compared after each look-up.
struct RequestIndex {
  private var places = Pieces<RequestPlace>()
  private var ids = KeptIDs()
  /// Whether each id is greater than the one before it, so that all are different. Most programs number their requests.
  private(set) var isAscending = true
  private var lastID = 0..<0
  private var table: RequestTable?
  /// Makes the table of an index without one, once for all copies of the index.
  private let delayed = DelayedTable()
  /// The requests with the hash of an earlier one, which nearly always have the same id. Their result lines are linked
  /// to the earlier request.
  private(set) var later: [(request: Int, first: Int)] = []

  var count: Int { places.count }

  subscript(_ number: Int) -> RequestPlace {
    @inline(__always) get { places[number] }
    @inline(__always) _modify { yield &places[number] }
  }

  /// - Parameter newIDs: the ids of the requests as they are spelt, one after the other. They are kept as far as there
  ///   is room.
  mutating func append(_ new: [RequestPlace], ids newIDs: [UInt8]) {
    var kept = ids.append(newIDs)
    if kept == nil { isAscending = false }
    for var place in new {
      if let start = kept {
        kept = start + place.id.count
        place.keepID(at: start)
        if isAscending { expectGreater(place) }
      }
      places.append(place)
    }
  }

  private mutating func expectGreater(_ place: RequestPlace) {
    guard let id = place.keptID, !place.isIDEscaped, count == 0 || RequestIndex.isLess(ids.bytes, lastID, ids.bytes, id)
    else {
      isAscending = false
      return
    }
    lastID = id
  }

  /// Whether an id comes before another one: it is shorter, or has the same length and lower bytes, as `r-9` comes
  /// before `r-10`.
  private static func isLess(_ a: PaddedBytes, _ first: Range<Int>, _ b: PaddedBytes, _ second: Range<Int>) -> Bool {
    guard first.count == second.count else { return first.count < second.count }
    guard !first.isEmpty else { return false }
    return memcmp(a.buffer(first).baseAddress!, b.buffer(second).baseAddress!, first.count) < 0
  }

  /// The id of a request as it is spelt, which is valid as long as the index; nil where it must be read from the file.
  func id(_ place: RequestPlace) -> SpeltText? {
    place.keptID.map { SpeltText(ids.bytes, $0, isEscaped: place.isIDEscaped) }
  }

  /// Makes the table of hashes. No request can be added afterwards.
  /// - Parameter delaysTable: whether the table of ascending ids is made only when it is needed. Then `later` is empty
  ///   even if two ids should have the same hash.
  mutating func build(delaysTable: Bool) {
    if delaysTable, isAscending { return }
    (table, later) = RequestTable.make(places)
  }

  /// Frees the table. A look-up by a hash would make it again.
  mutating func forgetHashes() {
    table = nil
    delayed.forget()
  }

  /// The table, for many look-ups one after the other.
  func readyTable() -> RequestTable { table ?? delayed.table(of: places) }

  /// The request with a number, if it has this hash.
  @inline(__always)
  func guessed(_ number: Int, _ hash: UInt64) -> Int? {
    number < count && places[number].hash == hash && later.isEmpty ? number : nil
  }

  /// The first request with a hash; nil where there is none.
  @inline(__always)
  func first(_ hash: UInt64, in table: RequestTable) -> Int? { table.first(hash, places) }

  /// The number of the request with an id among ascending ones; nil where there is none.
  /// - Parameter id: the place of an id without escapes.
  func numberOfAscending(_ bytes: PaddedBytes, _ id: Range<Int>) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      guard let kept = places[middle].keptID else { return nil }
      if RequestIndex.isLess(ids.bytes, kept, bytes, id) { low = middle + 1 } else { high = middle }
    }
    guard low < count, let kept = places[low].keptID, !RequestIndex.isLess(bytes, id, ids.bytes, kept) else {
      return nil
    }
    return low
  }

  /// The numbers of all requests with a hash.
  func all(_ hash: UInt64) -> [Int] {
    guard let first = first(hash, in: readyTable()) else { return [] }
    return later.isEmpty ? [first] : [first] + later.filter { $0.first == first }.map(\.request)
  }

  /// The number of the request that the result lines for this one are linked to: the first with the same hash.
  @inline(__always)
  func holder(of number: Int) -> Int {
    if later.isEmpty { return number }
    return later.first { $0.request == number }?.first ?? number
  }
}

/// Makes a table when it is first asked for one.
private final class DelayedTable: @unchecked Sendable {  // by `lock`
  private let lock = NSLock()
  private var table: RequestTable?

  func table(of places: Pieces<RequestPlace>) -> RequestTable {
    lock.withLock {
      if let table { return table }
      let (made, _) = RequestTable.make(places)
      table = made
      return made
    }
  }

  func forget() { lock.withLock { table = nil } }
}
