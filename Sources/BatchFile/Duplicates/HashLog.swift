/// Hashes in the order they came, in pieces: growing one large array would need room for it twice.
struct HashLog {
  private static let smallest = 256
  private static let largest = 1 << 16

  private(set) var pieces: [ContiguousArray<UInt64>] = []
  private var current = ContiguousArray<UInt64>()

  @inline(__always)
  mutating func append(_ hash: UInt64) {
    if current.count == current.capacity { beginPiece() }
    current.append(hash)
  }

  @inline(never)
  private mutating func beginPiece() {
    let size = min(max(HashLog.smallest, current.count * 4), HashLog.largest)
    if !current.isEmpty { pieces.append(current) }
    current = []
    current.reserveCapacity(size)
  }

  /// All pieces, the last one too.
  var all: [ContiguousArray<UInt64>] { current.isEmpty ? pieces : pieces + [current] }
}
