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
///
///     slots   [ 0 | 3 | 0 | 1 | … ]     the number plus 1 of the first request with a hash; 0 is free
///
/// The upper half of a slot is the upper half of the hash, so that the place of a request in another slot, which would
/// have to be waited for, is not looked at.
struct RequestIndex {
  private var places = Pieces<RequestPlace>()
  private var slots = ContiguousArray<UInt64>()
  private var ids = KeptIDs()
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
    for var place in new {
      if let start = kept {
        kept = start + place.id.count
        place.keepID(at: start)
      }
      places.append(place)
    }
  }

  /// The id of a request as it is spelt, which is valid as long as the index; nil where it must be read from the file.
  func id(_ place: RequestPlace) -> SpeltText? {
    place.keptID.map { SpeltText(ids.bytes, $0, isEscaped: place.isIDEscaped) }
  }

  /// Builds the hash table. No request can be added afterwards.
  mutating func build() {
    var size = 16
    while size < count + count / 2 { size *= 2 }
    var table = ContiguousArray<UInt64>(repeating: 0, count: size)
    // Through pointers: at each write to an array, its owners would be counted.
    table.withUnsafeMutableBufferPointer { slots in
      withUnsafeTemporaryAllocation(of: (hash: UInt64, seen: UInt64).self, capacity: RequestIndex.step) { ahead in
        for start in stride(from: 0, to: count, by: RequestIndex.step) {
          let numbers = start..<min(start + RequestIndex.step, count)
          // Each slot is somewhere else in memory. Read in a loop of their own, the processor waits for all of them
          // together.
          for number in numbers {
            let hash = places[number].hash
            ahead[number - start] = (hash, slots[RequestIndex.home(of: hash, size)])
          }
          for number in numbers {
            insert(number, ahead[number - start].hash, seen: ahead[number - start].seen, slots)
          }
        }
      }
    }
    slots = table
  }

  private static let step = 32

  /// - Parameter seen: what was in the hash's first slot before the last few requests were inserted.
  private mutating func insert(
    _ number: Int, _ hash: UInt64, seen: UInt64, _ slots: UnsafeMutableBufferPointer<UInt64>
  ) {
    var slot = RequestIndex.home(of: hash, slots.count)
    var held = seen == 0 ? slots[slot] : seen
    while held != 0 {
      let other = RequestIndex.number(held)
      if (held ^ hash) & RequestIndex.tag == 0, places[other].hash == hash { return later.append((number, other)) }
      slot = (slot + 1) & (slots.count - 1)
      held = slots[slot]
    }
    slots[slot] = hash & RequestIndex.tag | UInt64(number + 1)
  }

  /// Frees the hash table. No request is found by its hash afterwards.
  mutating func forgetHashes() { slots = [] }

  /// The first request with a hash; nil where there is none.
  ///
  /// - Parameter guess: the request that is looked at first.
  @inline(__always)
  func first(_ hash: UInt64, guess: Int = .max) -> Int? {
    if slots.isEmpty { return nil }
    if guess < count, places[guess].hash == hash, later.isEmpty { return guess }
    let slot = slots[slot(of: hash)]
    return slot == 0 ? nil : RequestIndex.number(slot)
  }

  /// The numbers of all requests with a hash.
  func all(_ hash: UInt64) -> [Int] {
    guard let first = first(hash) else { return [] }
    return later.isEmpty ? [first] : [first] + later.filter { $0.first == first }.map(\.request)
  }

  /// The number of the request that the result lines for this one are linked to: the first with the same hash.
  @inline(__always)
  func holder(of number: Int) -> Int {
    if later.isEmpty { return number }
    return later.first { $0.request == number }?.first ?? number
  }

  /// The slot at which the search for a hash begins.
  @inline(__always)
  private static func home(of hash: UInt64, _ size: Int) -> Int { Int(truncatingIfNeeded: hash) & (size - 1) }

  /// The slot of a hash, or the free one where it belongs.
  @inline(__always)
  private func slot(of hash: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = RequestIndex.home(of: hash, slots.count)
    while slots[slot] != 0 {
      if (slots[slot] ^ hash) & RequestIndex.tag == 0, places[RequestIndex.number(slots[slot])].hash == hash { break }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private static let tag: UInt64 = ~0 << 32

  @inline(__always)
  private static func number(_ slot: UInt64) -> Int { Int(slot & ~tag) - 1 }
}
