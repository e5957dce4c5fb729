import JSONLines

// Questions that rules ask about values.

extension JSONValue {
  /// How many characters (code points) a string has, escapes resolved.
  var characterCount: Int {
    guard kind == .string else { return 0 }
    if traits.contains(.escaped) { return text.unicodeScalars.count }
    return bytes.buffer(contentRange).reduce(0) { $1 & 0xC0 != 0x80 ? $0 + 1 : $0 }
  }

  /// Whether the value is `true`.
  var isTrue: Bool { kind == .true }

  /// Whether the string contains the word json, in small or capital letters.
  var mentionsJSON: Bool {
    guard kind == .string else { return false }
    let text = Array(traits.contains(.escaped) ? Array(self.text.utf8) : Array(bytes.buffer(contentRange)))
    let word: [UInt8] = [0x6A, 0x73, 0x6F, 0x6E]
    guard text.count >= 4 else { return false }
    return (0...text.count - 4).contains { i in (0..<4).allSatisfy { text[i + $0] | 0x20 == word[$0] } }
  }

  /// Whether two strings have the same text once escapes are resolved. The texts are compared as bytes, because `String
  /// ==` takes some different spellings as equal.
  func hasSameText(as other: JSONValue) -> Bool {
    guard kind == .string, other.kind == .string else { return false }
    if traits.contains(.escaped) || other.traits.contains(.escaped) { return textBytes == other.textBytes }
    return bytes.buffer(contentRange).elementsEqual(other.bytes.buffer(other.contentRange))
  }

  /// The bytes of a string's text, with escapes resolved.
  var textBytes: [UInt8] {
    var text: [UInt8] = []
    appendText(to: &text)
    return text
  }
}
