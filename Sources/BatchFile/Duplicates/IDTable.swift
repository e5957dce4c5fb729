/// Remembers which line used an id first. It compares texts, so different ids with the same hash are not mistaken for
/// duplicates.
struct IDTable {
  private struct Entry {
    var hash: UInt64
    /// Where the id begins in `texts`.
    var text: Int
    var length: Int32
    var line: Int
  }

  private var entries: [Entry] = []
  private var texts: [UInt8] = []
  /// A hash table with open addressing: each slot holds an index into `entries` plus 1, or 0 where it is free.
  private var slots = [UInt32](repeating: 0, count: 1_024)

  /// Looks the id up, and enters it where it is new.
  /// - Returns: the line that used the same id first; nil where the id is new.
  mutating func insert(_ id: ArraySlice<UInt8>, hash: UInt64, line: Int) -> Int? {
    if (entries.count + 1) * 10 > slots.count * 7 { grow() }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.hash == hash, entry.length == id.count,
        texts[entry.text..<entry.text + id.count].elementsEqual(id)
      {
        return entry.line
      }
      slot = (slot + 1) & mask
    }
    entries.append(
      Entry(hash: hash, text: texts.count, length: Int32(clamping: id.count), line: line))
    texts.append(contentsOf: id)
    slots[slot] = UInt32(entries.count)
    return nil
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for (index, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(index + 1)
    }
  }
}
