/// Where one line with a `custom_id` stands: 24 bytes.
struct Place {
  static let mostFiles = 1 << 14

  /// Of the id's text.
  var hash: UInt64
  /// The file's number and the offset in bytes.
  private var location: UInt64
  /// Of the line without its newline, in bytes.
  var length: UInt32
  /// The index plus 1 of the next place with the same hash, in the order of the files; 0 for the last.
  var next: UInt32 = 0

  init(hash: UInt64, file: Int, offset: Int, length: Int) {
    self.hash = hash
    location = UInt64(file) << 48 | UInt64(offset)
    self.length = UInt32(length)
  }

  var file: Int { Int(location >> 48) }
  var offset: Int { Int(location & 0xFFFF_FFFF_FFFF) }
}

/// Lines by the hash of their `custom_id`. That two ids are the same is never left to the hash: whoever looks up
/// compares the texts.
///
///     slots   [ 0 | 3 | 0 | 1 | … ]        index plus 1 of the first place with a hash; 0 is free
///     places  [ a | b | a' ]               a → a' → 0, by `next`
struct PlaceIndex {
  private static let pieceBits = 14

  /// Growing one large array would need room for it twice.
  private var pieces: [ContiguousArray<Place>] = []
  private(set) var count = 0
  private var slots = ContiguousArray<UInt32>()
  /// How many different hashes there are.
  private(set) var distinct = 0

  subscript(_ index: Int) -> Place {
    @inline(__always) get { pieces[index >> PlaceIndex.pieceBits][index & (1 << PlaceIndex.pieceBits - 1)] }
    @inline(__always) set { pieces[index >> PlaceIndex.pieceBits][index & (1 << PlaceIndex.pieceBits - 1)] = newValue }
  }

  mutating func append(_ place: Place) {
    if count & (1 << PlaceIndex.pieceBits - 1) == 0 {
      pieces.append([])
      pieces[pieces.count - 1].reserveCapacity(count == 0 ? 64 : 1 << PlaceIndex.pieceBits)
    }
    pieces[pieces.count - 1].append(place)
    count += 1
  }

  /// Makes the places findable; none is added after it.
  mutating func build() {
    var size = 16
    while size < count + count / 2 { size *= 2 }
    slots = ContiguousArray(repeating: 0, count: size)
    distinct = 0
    // From the last to the first, each in front of those with the same hash: they are found in order.
    for index in (0..<count).reversed() {
      let slot = slot(of: self[index].hash)
      self[index].next = slots[slot]
      if slots[slot] == 0 { distinct += 1 }
      slots[slot] = UInt32(index + 1)
    }
  }

  /// The index of the first place with a hash; nil where there is none.
  @inline(__always)
  func first(_ hash: UInt64) -> Int? {
    if slots.isEmpty { return nil }
    let index = Int(slots[slot(of: hash)])
    return index == 0 ? nil : index - 1
  }

  func next(after index: Int) -> Int? {
    let next = Int(self[index].next)
    return next == 0 ? nil : next - 1
  }

  /// Where a hash is, or belongs.
  @inline(__always)
  private func slot(of hash: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0, self[Int(slots[slot]) - 1].hash != hash { slot = (slot + 1) & mask }
    return slot
  }
}
