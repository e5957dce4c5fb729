/// Finds the hashes that occur more than once among very many.
enum DuplicateSearch {
  /// The most hashes that a bucket has on average. A table of so few stays in the processor's fastest cache.
  private static let bucketSize = 2_048

  static func repeated(in pieces: [ContiguousArray<UInt64>]) -> Set<UInt64> {
    let count = pieces.reduce(0) { $0 + $1.count }
    guard count > 1 else { return [] }
    // The hashes are distributed into buckets by their highest bits, and each bucket is searched by itself. One large
    // table would miss the cache with every hash.
    var bits: UInt64 = 1
    while count >> Int(bits) > bucketSize { bits += 1 }
    let shift = 64 - bits
    var ends = [Int](repeating: 0, count: 1 << Int(bits) + 1)
    for piece in pieces { for hash in piece { ends[Int(hash &>> shift) + 1] += 1 } }
    for bucket in 1..<ends.count { ends[bucket] += ends[bucket - 1] }
    let starts = ends
    let sorted = [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
      for piece in pieces {
        for hash in piece {
          let bucket = Int(hash &>> shift)
          buffer[ends[bucket]] = hash
          ends[bucket] += 1
        }
      }
      initialized = count
    }
    var table: [UInt64] = []
    var found: Set<UInt64> = []
    for bucket in 0..<starts.count - 1 {
      search(sorted[starts[bucket]..<starts[bucket + 1]], &table, &found)
    }
    return found
  }

  private static func search(_ hashes: ArraySlice<UInt64>, _ table: inout [UInt64], _ found: inout Set<UInt64>) {
    guard hashes.count > 1 else { return }
    var size = 1_024
    while size < hashes.count * 2 { size *= 2 }
    if table.count != size {
      table = Array(repeating: 0, count: size)
    } else {
      for k in table.indices { table[k] = 0 }
    }
    for hash in hashes {
      // 0 marks a free place, so a hash that is 0 is always reported as repeated. It costs a second reading of the
      // file, and one hash in 2^64 is 0.
      if hash == 0 {
        found.insert(0)
        continue
      }
      var slot = Int(truncatingIfNeeded: hash) & (size - 1)
      while table[slot] != 0, table[slot] != hash { slot = (slot + 1) & (size - 1) }
      if table[slot] == hash { found.insert(hash) }
      table[slot] = hash
    }
  }
}
