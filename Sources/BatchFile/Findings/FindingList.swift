import JSONLines

/// Collects the findings of the lines of one block, in order.
///
/// Paths, columns and sentences are made here, only for findings; a line without faults costs nothing here.
struct FindingList {
  private(set) var items: [Finding] = []
  private let detail: FindingDetail
  private var line = PaddedBytes(base: UnsafeRawPointer(bitPattern: 64)!, count: 0)
  private var root: JSONValue?
  private var lineNumber = 0
  private var firstOfLine = 0
  private var paths = PathFinder()
  private var columns = ColumnFinder()
  /// Places in the line that excerpts must not show: keys and passwords.
  private var secrets: [Range<Int>] = []

  init(detail: FindingDetail = .places) { self.detail = detail }

  var count: Int { items.count }

  /// - Parameter number: the line's number in the block, from 1.
  mutating func beginLine(_ line: PaddedBytes, number: Int, root: JSONValue?) {
    self.line = line
    self.root = root
    lineNumber = number
    firstOfLine = items.count
    paths.clear()
    columns.clear()
    if !secrets.isEmpty { secrets.removeAll() }
  }

  /// Hides the text of a string, without its quotes, in all excerpts of the line.
  mutating func hide(_ string: JSONValue) {
    secrets.append(string.lineRange.lowerBound + 1..<string.lineRange.upperBound - 1)
  }

  /// Hides a range of the line's bytes in all excerpts of the line.
  mutating func hide(at place: Range<Int>) { secrets.append(place) }

  /// Makes the excerpts of the line again with asterisks for its secrets, if it has any: an excerpt that was made
  /// before a secret was found may show it.
  /// - Parameter others: is called with the line without its secrets, for excerpts that are kept elsewhere.
  mutating func hideSecrets(_ others: (PaddedBytes) -> Void) {
    guard !secrets.isEmpty, detail == .excerpts else { return }
    var bytes = Array(line.buffer(0..<line.count))
    for secret in secrets { for k in secret { bytes[k] = 0x2A } }
    PaddedBytes.withCopy(of: bytes) { hidden in
      for k in firstOfLine..<items.count {
        guard let offset = items[k].offset else { continue }
        items[k].excerpt = Finding.Excerpt(hidden, offset..<offset + items[k].length)
      }
      others(hidden)
    }
  }

  /// Ends the line: all its findings get the `custom_id` of its request.
  mutating func endLine(customID: String?) {
    guard let customID else { return }
    for k in firstOfLine..<items.count { items[k].customID = customID }
  }

  /// Sorts the findings from `index` on by their places in the line.
  mutating func sortByPlace(from index: Int) {
    let isSorted = (index..<items.count).dropFirst().allSatisfy {
      (items[$0 - 1].offset ?? 0) <= (items[$0].offset ?? 0)
    }
    if isSorted { return }
    // Findings are large values, so the offsets are sorted instead and each finding is moved once.
    let order = (index..<items.count).map { (offset: items[$0].offset ?? 0, index: $0) }.sorted { $0 < $1 }
    let sorted = order.map { items[$0.index] }
    items.replaceSubrange(index..., with: sorted)
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
    let columns = wantsPlaces ? columns.columns(of: range, in: line) : nil
    items.append(
      Finding(
        code: code, severity: severity, message: message, param: param, line: lineNumber,
        column: columns?.lowerBound, offset: range.lowerBound, length: range.count,
        note: wantsPlaces ? note() : nil, excerpt: detail == .excerpts ? Finding.Excerpt(line, range) : nil,
        endColumn: columns?.upperBound))
  }

  /// Sets what would mend the finding that was added last.
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

  mutating func longString(_ value: JSONValue, limit: Int, got count: Int) {
    error(.stringAboveMaxLength, value) { Words.longString($0, limit: limit, got: count) }
  }

  mutating func longName(_ key: JSONValue, limit: Int, got count: Int) {
    error(.propertyNameAboveMaxLength, key) { Words.longName($0, limit: limit, got: count) }
  }

  mutating func manyMembers(_ object: JSONValue, limit: Int, got count: Int) {
    error(.objectAboveMaxProperties, object) { Words.manyMembers($0, limit: limit, got: count) }
  }

  /// Adds the error for a member without which the API refuses the whole batch.
  /// - Parameter text: the message in the API's words.
  mutating func neededParameter(_ name: String, in object: JSONValue, _ text: String) {
    add(
      .invalidRequest, at: object.lineRange.lowerBound..<object.lineRange.lowerBound + 1,
      param: path(of: object).member(name), text)
  }

  mutating func movedParameter(_ key: JSONValue, instead: String) {
    error(.unsupportedParameter, key) { Words.moved($0, instead: instead) }
  }

  /// Adds an error at the first element whose type differs from the type of the element before it, if there is one: all
  /// elements must have the same type.
  mutating func mixedArray(_ array: JSONValue) {
    var first: JSONKind?
    for item in array.items {
      if let first, first != item.kind {
        return error(.invalidType, item) {
          "Invalid type for '\($0)': the elements of an array have one type; the first one is \(Words.typeName(array.items.first { _ in true } ?? item))."
        }
      }
      first = item.kind
    }
  }

  mutating func emptyArray(_ value: JSONValue) { error(.emptyArray, value, Words.emptyArray) }

  mutating func longArray(_ value: JSONValue, limit: Int, got count: Int) {
    error(.arrayAboveMaxLength, value) { Words.longArray($0, limit: limit, got: count) }
  }

  mutating func outOfRange(
    _ value: JSONValue, isInteger: Bool, isAbove: Bool, limit: Double, note: @autoclosure () -> String? = nil
  ) {
    let code: Code =
      isInteger
      ? (isAbove ? .integerAboveMaxValue : .integerBelowMinValue)
      : (isAbove ? .decimalAboveMaxValue : .decimalBelowMinValue)
    error(code, value, note: note()) {
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

  /// - Parameter instead: the name that this endpoint has for it, where another endpoint has the member by this name.
  mutating func unknown(_ key: JSONValue, isError: Bool, known: some Sequence<String>, instead: String? = nil) {
    let path = path(of: key)
    add(
      .unknownParameter, isError ? .error : .warning, at: key.lineRange, param: path, Words.unknown(path),
      note: instead.map { "did you mean '\($0)'?" } ?? Suggestion.note(for: key.text, among: known))
  }

  /// The offsets in the line, in bytes, of its findings with this code. Looking through the findings for each string
  /// would take time quadratic in the line.
  func places(of code: Code) -> Set<Int> {
    Set(items[firstOfLine...].lazy.filter { $0.code == code }.compactMap(\.offset))
  }

  /// Makes errors of the line's warnings about unknown members whose path `isRefused` is true for.
  mutating func refuseUnknown(where isRefused: (String) -> Bool) {
    for k in firstOfLine..<items.count where items[k].code == .unknownParameter && items[k].severity == .warning {
      if let param = items[k].param, isRefused(param) { items[k].severity = .error }
    }
  }

  // MARK: - Paths

  /// The path of a value, such as `body.messages[0].role`. A key has the path of its member; the path of the line's own
  /// object is empty.
  mutating func path(of value: JSONValue) -> String { root.map { paths.path(of: value, in: $0) } ?? "" }
}
