/// What a join keeps of one request, in 40 bytes.
struct RequestPlace {
  /// The hash of the id's text.
  var hash: UInt64
  private var location: UInt64
  private var length: UInt32
  /// Where the id begins in the line, after its quote.
  var idStart: UInt32
  var idLength: UInt32
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
    idStart = UInt32(id.lowerBound)
    idLength = UInt32(id.count)
    self.model = UInt32(model)
    self.kind = kind
    marks = (isEscaped ? 1 : 0) | (hasURL ? 2 : 0)
  }

  var isIDEscaped: Bool { marks & 1 != 0 }
  var hasURL: Bool { marks & 2 != 0 }
  var line: LinePlace { LinePlace(location, length) }
}

/// The requests of a join, in order, and found by the hash of their `custom_id`. Different ids can have the same hash,
/// so the texts must be compared after each look-up.
///
///     slots   [ 0 | 3 | 0 | 1 | … ]     the number plus 1 of the first request with a hash; 0 is free
struct RequestIndex {
  private var places = Pieces<RequestPlace>()
  private var slots = ContiguousArray<UInt32>()
  /// The requests with the hash of an earlier one, which nearly always have the same id. Their result lines are linked
  /// to the earlier request.
  private(set) var later: [(request: Int, first: Int)] = []

  var count: Int { places.count }

  subscript(_ number: Int) -> RequestPlace {
    @inline(__always) get { places[number] }
    @inline(__always) _modify { yield &places[number] }
  }

  mutating func append(_ place: RequestPlace) { places.append(place) }

  /// Builds the hash table. No request can be added afterwards.
  mutating func build() {
    var size = 16
    while size < count + count / 2 { size *= 2 }
    slots = ContiguousArray(repeating: 0, count: size)
    for number in 0..<count {
      let slot = slot(of: places[number].hash)
      if slots[slot] == 0 {
        slots[slot] = UInt32(number + 1)
      } else {
        later.append((number, Int(slots[slot]) - 1))
      }
    }
  }

  /// The first request with a hash; nil where there is none.
  @inline(__always)
  func first(_ hash: UInt64) -> Int? {
    if slots.isEmpty { return nil }
    let number = Int(slots[slot(of: hash)])
    return number == 0 ? nil : number - 1
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

  /// The slot of a hash, or the free one where it belongs.
  @inline(__always)
  private func slot(of hash: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0, places[Int(slots[slot]) - 1].hash != hash { slot = (slot + 1) & mask }
    return slot
  }
}
