import JSONLines

/// A text from a result line, or one that this library made.
package enum ResultText {
  case none
  /// A string of the line, which keeps its escapes.
  case spelt(JSONValue)
  case own(String)

  /// The text itself.
  package var text: String? {
    switch self {
    case .none: nil
    case .spelt(let value): value.text
    case .own(let text): text
    }
  }

  func isText(_ wanted: StaticString) -> Bool {
    switch self {
    case .none: false
    case .spelt(let value): value.isString(wanted)
    case .own(let text):
      text.utf8.elementsEqual(UnsafeBufferPointer(start: wanted.utf8Start, count: wanted.utf8CodeUnitCount))
    }
  }
}

/// The API's error about one request.
///
/// `error` was seen as an object with `code` or only `type`, as a string, as `{}` or `""` for null, and in the body
/// instead of the line (recorded lines of OpenAI, llama-stack, vLLM and R programs, 2024 to 2026).
package struct ResultError {
  package var code: ResultText
  package var message: ResultText

  /// Whether a value of `error` means that there is none.
  static func isNone(_ value: JSONValue?) -> Bool {
    guard let value else { return true }
    switch value.kind {
    case .null, .false: return true
    case .string: return value.contentRange.isEmpty
    case .object, .array: return value.nextIndex == value.index + 1
    default: return false
    }
  }

  /// - Parameter status: the status, which becomes the code where the error has none.
  init(_ value: JSONValue, status: Int?) {
    let ownCode = status.map { ResultText.own(String($0)) } ?? .none
    switch value.kind {
    case .string:
      code = ownCode
      message = .spelt(value)
    case .object:
      code = ResultError.text(value["code"]) ?? ResultError.text(value["type"]) ?? ownCode
      message = ResultError.text(value["message"]) ?? ResultError.text(value["detail"]) ?? .none
    default:
      code = ownCode
      message = .own(value.bytes.text(value.range))
    }
  }

  /// The text of a string that is not empty, or of a number, since some servers have numbers as codes; nil for other
  /// values.
  static func text(_ value: JSONValue?) -> ResultText? {
    guard let value else { return nil }
    switch value.kind {
    case .string: return value.contentRange.isEmpty ? nil : .spelt(value)
    case .number: return .own(value.bytes.text(value.range))
    default: return nil
    }
  }

  init(code: ResultText, message: ResultText) {
    self.code = code
    self.message = message
  }
}
