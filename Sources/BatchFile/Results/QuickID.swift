import JSONLines

/// Finds the `custom_id` of a result line quickly, if the line begins as APIs write it: with strings, one of them the
/// id, and then `response` or `error`.
///
/// The rest of the line is not read here. It is read when the answer of its request is looked up, and only then it
/// shows whether the line is JSON. Lines that begin differently are read completely at once.
enum QuickID {
  private static let mostMembers = 4

  /// - Returns: the place of the id's text; nil where the line begins differently, or the id has an escape.
  static func find(_ bytes: PaddedBytes, from start: Int) -> Range<Int>? {
    guard bytes[start] == ASCII.openBrace else { return nil }
    var i = start + 1
    var id: Range<Int>?
    for _ in 0..<mostMembers {
      i = skipSpaces(bytes, i)
      guard let key = string(bytes, i) else { return nil }
      i = skipSpaces(bytes, key.upperBound + 1)
      guard bytes[i] == ASCII.colon else { return nil }
      if id != nil { return isText(bytes, key, "response") || isText(bytes, key, "error") ? id : nil }
      i = skipSpaces(bytes, i + 1)
      guard let value = string(bytes, i) else { return nil }
      if isText(bytes, key, "custom_id") { id = value }
      i = skipSpaces(bytes, value.upperBound + 1)
      guard bytes[i] == ASCII.comma else { return nil }
      i += 1
    }
    return nil
  }

  /// The content of a string without escapes that begins at an index; nil where there is none.
  private static func string(_ bytes: PaddedBytes, _ start: Int) -> Range<Int>? {
    guard bytes[start] == ASCII.quote else { return nil }
    let found = StringScanner.scan(bytes, from: start + 1)
    return found.end > 0 && found.traits.rawValue == 0 ? start + 1..<found.end : nil
  }

  private static func skipSpaces(_ bytes: PaddedBytes, _ start: Int) -> Int {
    var i = start
    while bytes[i] == ASCII.space { i += 1 }
    return i
  }

  private static func isText(_ bytes: PaddedBytes, _ range: Range<Int>, _ text: StaticString) -> Bool {
    bytes.buffer(range).isSame(as: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
