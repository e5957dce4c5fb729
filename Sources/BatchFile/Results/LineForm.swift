import JSONLines

/// The bytes that the lines of one program have in common, learned from one of them: literals, and holes between them.
///
///     {"id":"  b1  ","custom_id":"  r-1  ","response":{"status_code":200,…"content":"  Hi  "…"total_tokens":  51  }}
///      literal hole     literal      hole              literal                hole      literal       hole
///
/// A line with the same literals, and a string or a number in each hole, has the same tokens as the line that the form
/// was learned from. So everything that was found out about that line is true of this one too, except for the values in
/// the holes. A value that decides anything is therefore a literal.
struct LineForm {
  /// The bytes in a hole of a line; for a string, those between its quotes.
  struct Filling {
    var start = 0
    var end = 0
    var traits = StringTraits.none
  }

  /// A place in a line, counted from the end of a hole; where `hole` is -1, from the line's beginning.
  struct Anchor {
    var hole: Int
    var distance: Int

    @inline(__always)
    func place(_ fillings: UnsafeMutablePointer<Filling>) -> Int {
      hole < 0 ? distance : fillings[hole].end + distance
    }
  }

  private struct Part {
    var literal: PaddedBytes
    var isNumber: Bool
  }

  /// The most bytes of all literals. A line with longer ones is unlikely to come again.
  private static let longestLiterals = 8 << 10
  static let mostHoles = 256

  private let memory: UnsafeMutableRawBufferPointer
  private let parts: UnsafeMutablePointer<Part>
  private let holeCount: Int
  /// The places of the holes in the line that the form was learned from, in order.
  private let holes: UnsafeMutablePointer<Range<Int>>

  /// - Parameters:
  ///   - root: the value of the line, which begins at index 0 of its bytes.
  ///   - decides: whether the value of a member with this key must be a literal.
  /// - Returns: nil where other lines are unlikely to have the form.
  init?(_ root: JSONValue, decides: (JSONValue) -> Bool) {
    var found: [(range: Range<Int>, isNumber: Bool)] = []
    guard root.kind == .object, LineForm.collect(root, nil, decides, &found) else { return nil }
    let line = root.bytes
    guard line.count - found.reduce(0, { $0 + $1.range.count }) <= LineForm.longestLiterals else { return nil }
    // Each literal is padded, so that it can be compared in steps of several bytes.
    memory = .allocate(byteCount: line.count + (found.count + 1) * PaddedBytes.padding, alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: ASCII.newline)
    parts = .allocate(capacity: found.count + 1)
    holeCount = found.count
    holes = .allocate(capacity: max(1, found.count))
    for (k, hole) in found.enumerated() { (holes + k).initialize(to: hole.range) }
    var used = 0
    var start = 0
    for (k, (range, isNumber)) in (found + [(line.count..<line.count, false)]).enumerated() {
      let source = line.buffer(start..<range.lowerBound)
      UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + source.count]).copyMemory(from: source)
      let literal = PaddedBytes(base: UnsafeRawPointer(memory.baseAddress! + used), count: source.count)
      (parts + k).initialize(to: Part(literal: literal, isNumber: isNumber))
      used += source.count + PaddedBytes.padding
      start = range.upperBound
    }
  }

  /// Frees the memory. This is a struct without a reference count, which the loop over all lines could not afford.
  func deallocate() {
    holes.deallocate()
    parts.deallocate()
    memory.deallocate()
  }

  /// Collects the holes of a value.
  /// - Returns: false where there are too many.
  private static func collect(
    _ value: JSONValue, _ key: JSONValue?, _ decides: (JSONValue) -> Bool,
    _ found: inout [(range: Range<Int>, isNumber: Bool)]
  ) -> Bool {
    switch value.kind {
    case .object:
      for (key, member) in value.fields { guard collect(member, key, decides, &found) else { return false } }
    case .array:
      for item in value.items { guard collect(item, key, decides, &found) else { return false } }
    case .string, .number:
      if let key, decides(key) { return true }
      found.append((value.kind == .string ? value.contentRange : value.range, value.kind == .number))
    default: break
    }
    return found.count < mostHoles
  }

  /// The number of the hole for a value of the learned line; nil where the value is not a hole.
  func hole(_ value: JSONValue) -> Int? {
    let range = value.kind == .string ? value.contentRange : value.range
    return (0..<holeCount).first { holes[$0] == range }
  }

  func anchor(_ place: Int) -> Anchor {
    guard let hole = (0..<holeCount).last(where: { holes[$0].upperBound <= place }) else {
      return Anchor(hole: -1, distance: place)
    }
    return Anchor(hole: hole, distance: place - holes[hole].upperBound)
  }

  /// Compares the line that `bytes` begins with with the form.
  /// - Parameter fillings: gets the bytes in the holes; it must have room for ``mostHoles``.
  /// - Returns: the index of the line's newline; -1 where the line has another form.
  @inline(__always)
  func match(_ bytes: PaddedBytes, into fillings: UnsafeMutablePointer<Filling>) -> Int {
    var i = 0
    for k in 0..<holeCount {
      let literal = parts[k].literal
      guard i + literal.count <= bytes.count, literal.equals(bytes, at: i) else { return -1 }
      i += literal.count
      fillings[k].start = i
      if parts[k].isNumber {
        guard ASCII.isDigit(bytes[i]) || bytes[i] == ASCII.minus, NumberScanner.scan(bytes, &i) == nil else {
          return -1
        }
        fillings[k].end = i
      } else {
        let string = StringScanner.scan(bytes, from: i)
        guard string.end >= 0 else { return -1 }
        if string.traits.contains(.nonASCII), !UTF8Validation.isValid(bytes, i..<string.end) { return -1 }
        i = string.end
        fillings[k].end = i
        fillings[k].traits = string.traits
      }
    }
    let literal = parts[holeCount].literal
    guard i + literal.count <= bytes.count, literal.equals(bytes, at: i) else { return -1 }
    i += literal.count
    return bytes[i] == ASCII.newline ? i : -1
  }
}
