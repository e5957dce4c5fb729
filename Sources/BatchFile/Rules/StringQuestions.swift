import JSONLines

// What rules ask of a string.

extension JSONValue {
  /// How many characters (code points) a string has, escapes resolved.
  var characterCount: Int {
    guard kind == .string else { return 0 }
    if traits.contains(.escaped) { return text.unicodeScalars.count }
    return bytes.buffer(contentRange).reduce(0) { $1 & 0xC0 != 0x80 ? $0 + 1 : $0 }
  }

  /// Whether a value is there and says yes.
  var isTrue: Bool { kind == .true }

  /// Whether a string has the word json in it, in any case.
  var mentionsJSON: Bool {
    guard kind == .string else { return false }
    let text = Array(traits.contains(.escaped) ? Array(self.text.utf8) : Array(bytes.buffer(contentRange)))
    let word: [UInt8] = [0x6A, 0x73, 0x6F, 0x6E]
    guard text.count >= 4 else { return false }
    return (0...text.count - 4).contains { i in (0..<4).allSatisfy { text[i + $0] | 0x20 == word[$0] } }
  }

  /// Whether two strings say the same, however they are spelt. Texts that only Unicode calls equal are two.
  func hasSameText(as other: JSONValue) -> Bool {
    guard kind == .string, other.kind == .string else { return false }
    if traits.contains(.escaped) || other.traits.contains(.escaped) { return textBytes == other.textBytes }
    return bytes.buffer(contentRange).elementsEqual(other.bytes.buffer(other.contentRange))
  }

  /// A string's text, however it is spelt.
  var textBytes: [UInt8] {
    var text: [UInt8] = []
    appendText(to: &text)
    return text
  }
}
