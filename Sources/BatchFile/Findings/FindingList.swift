import JSONLines

/// Collects the findings of the lines of one block, in order.
///
/// Paths, columns and sentences are made here, once there is something to say; a clean line never comes here.
struct FindingList {
  private(set) var items: [Finding] = []
  private let detail: FindingDetail
  private var line = PaddedBytes(base: UnsafeRawPointer(bitPattern: 64)!, count: 0)
  private var root: JSONValue?
  private var lineNumber = 0
  private var firstOfLine = 0

  init(detail: FindingDetail = .places) { self.detail = detail }

  var count: Int { items.count }

  /// - Parameter number: from 1, in the block.
  mutating func beginLine(_ line: PaddedBytes, number: Int, root: JSONValue?) {
    self.line = line
    self.root = root
    lineNumber = number
    firstOfLine = items.count
  }

  /// Names the request in all findings of its line.
  mutating func endLine(customID: String?) {
    guard let customID else { return }
    for k in firstOfLine..<items.count { items[k].customID = customID }
  }

  /// Puts the findings from an index on in the order of their places.
  mutating func sortByPlace(from index: Int) {
    guard items.count - index > 1 else { return }
    let sorted = items[index...].enumerated().sorted {
      ($0.element.offset ?? 0, $0.offset) < ($1.element.offset ?? 0, $1.offset)
    }
    items.replaceSubrange(index..., with: sorted.map(\.element))
  }

  mutating func takeAll() -> [Finding] {
    defer { items.removeAll(keepingCapacity: false) }
    return items
  }

  // MARK: - By place

  mutating func add(
    _ code: Code, _ severity: Finding.Severity = .error, at range: Range<Int>, param: String?, _ message: String,
    note: @autoclosure () -> String? = nil
  ) {
    let wantsPlaces = detail != .errors
    let columns = wantsPlaces ? line.columns(of: range) : nil
    items.append(
      Finding(
        code: code, severity: severity, message: message, param: param, line: lineNumber,
        column: columns?.lowerBound, offset: range.lowerBound, length: range.count,
        note: wantsPlaces ? note() : nil, excerpt: detail == .excerpts ? Finding.Excerpt(line, range) : nil,
        endColumn: columns?.upperBound))
  }

  /// Says what would help with the finding that was added last.
  mutating func offer(_ remedy: Finding.Remedy) { items[items.count - 1].remedy = remedy }

  // MARK: - By value

  mutating func error(
    _ code: Code, _ value: JSONValue, note: @autoclosure () -> String? = nil, _ message: (String) -> String
  ) {
    let path = path(of: value)
    add(code, at: value.lineRange, param: path, message(path), note: note())
  }

  mutating func warn(
    _ code: Code, _ value: JSONValue, note: @autoclosure () -> String? = nil, _ message: (String) -> String
  ) {
    let path = path(of: value)
    add(code, .warning, at: value.lineRange, param: path, message(path), note: note())
  }

  mutating func warn(_ code: Code, _ value: JSONValue, _ message: String) { warn(code, value) { _ in message } }

  mutating func invalidType(_ value: JSONValue, expected: String) {
    error(.invalidType, value) { Words.invalidType($0, expected: expected, got: value) }
  }

  mutating func invalidValue(_ value: JSONValue, supported: Choices) {
    error(.invalidValue, value, note: Suggestion.note(for: value.text, among: supported.values)) { _ in
      Words.invalidValue(value, supported: supported)
    }
  }

  mutating func emptyArray(_ value: JSONValue) { error(.emptyArray, value, Words.emptyArray) }

  mutating func longArray(_ value: JSONValue, limit: Int, got count: Int) {
    error(.arrayAboveMaxLength, value) { Words.longArray($0, limit: limit, got: count) }
  }

  mutating func outOfRange(_ value: JSONValue, isInteger: Bool, isAbove: Bool, limit: Double) {
    let code: Code =
      isInteger
      ? (isAbove ? .integerAboveMaxValue : .integerBelowMinValue)
      : (isAbove ? .decimalAboveMaxValue : .decimalBelowMinValue)
    error(code, value) {
      Words.outOfRange($0, isInteger: isInteger, isAbove: isAbove, limit: limit, got: value)
    }
  }

  mutating func missing(_ name: String, in object: JSONValue, note: @autoclosure () -> String? = nil) {
    let path = path(of: object).member(name)
    add(
      .missingRequiredParameter, at: object.lineRange.lowerBound..<object.lineRange.lowerBound + 1, param: path,
      Words.missing(path), note: note())
  }

  mutating func duplicateKey(_ key: JSONValue) {
    warn(.duplicateKey, key) { "The key '\($0)' is here a second time; readers of JSON differ in which one they take." }
  }

  mutating func unknown(_ key: JSONValue, isError: Bool, known: [String]) {
    let path = path(of: key)
    add(
      .unknownParameter, isError ? .error : .warning, at: key.lineRange, param: path, Words.unknown(path),
      note: Suggestion.note(for: key.text, among: known))
  }

  // MARK: - Paths

  /// `body.messages[0].role`; a key has its member's path, the line's object the empty one.
  func path(of value: JSONValue) -> String {
    guard var place = root else { return "" }
    let target = value.lineRange.lowerBound
    var path = ""
    descent: while place.lineRange.lowerBound < target {
      for (key, member) in place.fields where member.lineRange.upperBound > target {
        guard key.lineRange.lowerBound <= target else { break descent }
        path = path.member(key.text)
        if key.lineRange.lowerBound == target { break descent }
        place = member
        continue descent
      }
      for (k, item) in place.items.enumerated() where item.lineRange.upperBound > target {
        path += "[\(k)]"
        place = item
        continue descent
      }
      break
    }
    return path
  }
}

extension String {
  /// The path of a member of the object with this path; long keys are cut.
  fileprivate func member(_ key: String) -> String { isEmpty ? Words.cut(key) : self + "." + Words.cut(key) }

}

extension PaddedBytes {
  /// The columns of bytes: in code points, from 1; at least one.
  func columns(of range: Range<Int>) -> Range<Int> {
    let start = 1 + codePoints(0..<min(range.lowerBound, count))
    return start..<start + max(1, codePoints(min(range.lowerBound, count)..<min(range.upperBound, count)))
  }

  /// How many code points begin among bytes.
  private func codePoints(_ range: Range<Int>) -> Int {
    var points = 0
    for byte in buffer(range) where byte & 0xC0 != 0x80 { points += 1 }
    return points
  }
}
