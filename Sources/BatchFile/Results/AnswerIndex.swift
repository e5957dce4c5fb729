/// The lines of result files whose id has the hash of a request's id, in 16 bytes each. Each line is linked to the next
/// one of the same request, in the order of the files.
struct AnswerIndex {
  private struct Entry {
    var location: UInt64
    var length: UInt32
    /// The index plus 1 of the request's next line; 0 for its last line. Before `link` it is the request's number.
    var next: UInt32
  }

  private var entries = Pieces<Entry>()

  var count: Int { entries.count }

  subscript(_ index: Int) -> LinePlace {
    @inline(__always) get {
      let entry = entries[index]
      return LinePlace(entry.location, entry.length)
    }
  }

  mutating func append(_ line: LinePlace, request: Int) {
    entries.append(Entry(location: line.location, length: line.length, next: UInt32(request)))
  }

  /// Links the lines. No line can be added afterwards.
  mutating func link(to requests: inout RequestIndex) {
    // The lines are linked from the last to the first, so that each comes before those of the same request that follow
    // it.
    for index in (0..<count).reversed() {
      let request = Int(entries[index].next)
      entries[index].next = requests[request].answer
      requests[request].answer = UInt32(index + 1)
    }
  }

  @inline(__always)
  func next(after index: Int) -> Int? {
    let next = Int(entries[index].next)
    return next == 0 ? nil : next - 1
  }
}
