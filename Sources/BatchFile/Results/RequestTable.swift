/// The numbers of requests by the hashes of their ids.
///
///     slots   [ 0 | 3 | 0 | 1 | … ]     the number plus 1 of the first request with a hash; 0 is free
///
/// The upper half of a slot is the upper half of the hash, so that the place of a request in another slot, which would
/// have to be waited for, is not looked at.
struct RequestTable: Sendable {
  private let slots: ContiguousArray<UInt64>

  private static let tag: UInt64 = ~0 << 32
  private static let step = 32

  /// - Returns: also the requests with the hash of an earlier one, and the first request with it.
  static func make(_ places: Pieces<RequestPlace>) -> (RequestTable, later: [(request: Int, first: Int)]) {
    let count = places.count
    var size = 16
    while size < count + count / 2 { size *= 2 }
    var later: [(request: Int, first: Int)] = []
    var table = ContiguousArray<UInt64>(repeating: 0, count: size)
    // Through pointers: at each write to an array, its owners would be counted.
    table.withUnsafeMutableBufferPointer { slots in
      withUnsafeTemporaryAllocation(of: (hash: UInt64, seen: UInt64).self, capacity: step) { ahead in
        for start in stride(from: 0, to: count, by: step) {
          let numbers = start..<min(start + step, count)
          // Each slot is somewhere else in memory. Read in a loop of their own, the processor waits for all of them
          // together.
          for number in numbers {
            let hash = places[number].hash
            ahead[number - start] = (hash, slots[home(of: hash, size)])
          }
          for number in numbers {
            let (hash, seen) = ahead[number - start]
            if let first = insert(number, hash, seen: seen, places, slots) { later.append((number, first)) }
          }
        }
      }
    }
    return (RequestTable(slots: table), later)
  }

  /// - Parameter seen: what was in the hash's first slot before the last few requests were inserted.
  /// - Returns: the request that has the hash already; nil where there is none.
  private static func insert(
    _ number: Int, _ hash: UInt64, seen: UInt64, _ places: Pieces<RequestPlace>,
    _ slots: UnsafeMutableBufferPointer<UInt64>
  ) -> Int? {
    var slot = home(of: hash, slots.count)
    var held = seen == 0 ? slots[slot] : seen
    while held != 0 {
      let other = RequestTable.number(held)
      if (held ^ hash) & tag == 0, places[other].hash == hash { return other }
      slot = (slot + 1) & (slots.count - 1)
      held = slots[slot]
    }
    slots[slot] = hash & tag | UInt64(number + 1)
    return nil
  }

  /// The first request with a hash; nil where there is none.
  @inline(__always)
  func first(_ hash: UInt64, _ places: Pieces<RequestPlace>) -> Int? {
    let mask = slots.count - 1
    var slot = RequestTable.home(of: hash, slots.count)
    while slots[slot] != 0 {
      let number = RequestTable.number(slots[slot])
      if (slots[slot] ^ hash) & RequestTable.tag == 0, places[number].hash == hash { return number }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// The slot at which the search for a hash begins.
  @inline(__always)
  private static func home(of hash: UInt64, _ size: Int) -> Int { Int(truncatingIfNeeded: hash) & (size - 1) }

  @inline(__always)
  private static func number(_ slot: UInt64) -> Int { Int(slot & ~tag) - 1 }
}
