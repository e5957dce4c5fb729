import JSONLines

/// Checks of the names of functions and authors, and of the addresses of images.
extension FindingList {
  mutating func checkFunctionName(_ value: JSONValue) {
    if value.isFunctionName { return }
    warn(
      .doubtfulValue, value,
      "By the API's documents a name has only letters, digits, '_' and '-', and at most 64 of them.")
  }

  mutating func requireFunctionName(_ value: JSONValue, limit: Int = 64) {
    if value.isFunctionName { return }
    let count = value.characterCount
    if count == 0 {
      error(.emptyString, value, Words.emptyString)
    } else if count > limit {
      longString(value, limit: limit, got: count)
    } else if !value.text.utf8.allSatisfy(JSONValue.isNameByte) {
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

  /// The first bytes of PNG, JPEG, GIF and WEBP in base64. Data with other ones was refused (TAPE "You uploaded an
  /// unsupported image. Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp'].").
  private static let imageBeginnings = ["iVBORw0KGgo", "/9j/", "R0lGODdh", "R0lGODlh", "UklGR"]

  /// The formats are from https://platform.openai.com/docs/guides/images-vision#image-input-requirements.
  mutating func checkImageURL(_ value: JSONValue) {
    let text = value.beginning
    let head = text.lowercased()
    if head.hasPrefix("https://") || head.hasPrefix("http://") { return }
    let formats = ["png", "jpeg", "jpg", "webp", "gif"]
    if let format = formats.first(where: { head.hasPrefix("data:image/\($0);base64,") }) {
      let data = text.dropFirst("data:image/;base64,".count + format.count)
      // Less than an image stands for one in an example.
      if data.utf8.count < 32 || FindingList.imageBeginnings.contains(where: { data.hasPrefix($0) }) { return }
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
  /// The first bytes of a string, which may be a whole file as base64. Its slashes may be written as escapes.
  var beginning: String {
    String(decoding: bytes.buffer(contentRange).prefix(64), as: UTF8.self).replacing(#"\/"#, with: "/")
  }

  fileprivate var isFunctionName: Bool {
    if traits.contains(.escaped) {
      let text = text
      return (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(JSONValue.isNameByte)
    }
    let bytes = bytes.buffer(contentRange)
    return (1...64).contains(bytes.count) && bytes.allSatisfy(JSONValue.isNameByte)
  }

  fileprivate static func isNameByte(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == 0x5F || byte == ASCII.minus
  }
}
