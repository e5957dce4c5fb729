/// The lines of result files whose id is a request's by its hash, each linked to the next one of the same request, in the
/// order of the files: 16 bytes a line.
struct AnswerIndex {
  private struct Entry {
    var location: UInt64
    var length: UInt32
    /// The index plus 1 of the request's next line, 0 for its last. Until all are there: the request's number.
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

  /// Links the lines; none is added after it.
  mutating func link(to requests: inout RequestIndex) {
    // From the last to the first, each in front of those of the same request.
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
