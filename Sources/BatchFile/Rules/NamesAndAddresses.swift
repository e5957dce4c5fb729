import JSONLines

/// Checks of the names of functions and authors, and of the addresses of images.
extension FindingList {
  mutating func checkFunctionName(_ value: JSONValue) {
    if value.isFunctionName { return }
    warn(
      .doubtfulValue, value,
      "By the API's documents a name has only letters, digits, '_' and '-', and at most 64 of them.")
  }

  mutating func requireFunctionName(_ value: JSONValue) {
    if value.isFunctionName { return }
    let count = value.characterCount
    if count == 0 {
      error(.emptyString, value, Words.emptyString)
    } else if count > 64 {
      longString(value, limit: 64, got: count)
    } else {
      error(.invalidValue, value, Words.wrongName)
    }
  }

  mutating func checkAuthorName(_ value: JSONValue) {
    if value.isFunctionName { return }
    let text = value.text
    if text.unicodeScalars.contains(where: { $0.properties.isWhitespace || "<|\\/>".unicodeScalars.contains($0) }) {
      error(.invalidValue, value, Words.wrongName)
    } else {
      checkFunctionName(value)
    }
  }

  /// The formats are from https://platform.openai.com/docs/guides/images-vision#image-input-requirements.
  mutating func checkImageURL(_ value: JSONValue) {
    let bytes = value.bytes.buffer(value.contentRange)
    let head = String(decoding: bytes.prefix(64), as: UTF8.self).lowercased()
    if head.hasPrefix("https://") || head.hasPrefix("http://") { return }
    let formats = ["png", "jpeg", "jpg", "webp", "gif"]
    if formats.contains(where: { head.hasPrefix("data:image/\($0);base64,") }) { return }
    // The slashes of the address may be written as escapes.
    if value.traits.contains(.escaped) {
      let text = value.text.prefix(64).lowercased()
      if text.hasPrefix("https://") || text.hasPrefix("http://")
        || formats.contains(where: { text.hasPrefix("data:image/\($0);base64,") })
      {
        return
      }
    }
    if head.hasPrefix("data:") {
      warn(.doubtfulValue, value, note: "formats are PNG, JPEG, WEBP and GIF, in base64") {
        "'\($0)' is no picture in base64 of a format that is known to work."
      }
    } else {
      error(.invalidValue, value, note: "an address with https:, or data:image/png;base64,…") {
        "Invalid '\($0)'. Expected a valid URL, but got a value with an invalid format."
      }
    }
  }
}

extension JSONValue {
  fileprivate var isFunctionName: Bool {
    if traits.contains(.escaped) {
      let text = text
      return (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(JSONValue.isNameByte)
    }
    let bytes = bytes.buffer(contentRange)
    return (1...64).contains(bytes.count) && bytes.allSatisfy(JSONValue.isNameByte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == 0x5F || byte == ASCII.minus
  }
}
