import JSONLines

/// The sentences of the messages. They have the forms of OpenAI's request validator, since Groq's one recorded error of
/// a batch has that form too.
package enum Words {
  static func missing(_ path: String) -> String { "Missing required parameter: '\(path)'." }

  static func unknown(_ path: String) -> String { "Unknown parameter: '\(path)'." }

  static func invalidType(_ path: String, expected: String, got value: JSONValue) -> String {
    "Invalid type for '\(path)': expected \(expected), but got \(typeName(value)) instead."
  }

  /// The message for a value in the body. It ends with a full stop, as OpenAI's validator writes it.
  static func invalidValue(_ value: JSONValue, supported: Choices) -> String {
    invalidEnvelopeValue(value, supported: supported) + "."
  }

  /// The message for `method` or another member of the envelope. It ends without a full stop, as in Groq's batch guide.
  static func invalidEnvelopeValue(_ value: JSONValue, supported: Choices) -> String {
    "Invalid value: '\(quoted(value))'. Supported values are: \(supported.list)"
  }

  static func outOfRange(_ path: String, isInteger: Bool, isAbove: Bool, limit: Double, got value: JSONValue) -> String
  {
    let kind = isInteger ? "integer" : "decimal"
    let bound = isAbove ? "above maximum value. Expected a value <= " : "below minimum value. Expected a value >= "
    return "Invalid '\(path)': \(kind) \(bound)\(number(limit)), but got \(quoted(value)) instead."
  }

  static func emptyArray(_ path: String) -> String {
    "Invalid '\(path)': empty array. Expected an array with minimum length 1, but got an empty array instead."
  }

  static func longArray(_ path: String, limit: Int, got count: Int) -> String {
    "Invalid '\(path)': array too long. Expected an array with maximum length \(limit), but got an array with length \(count) instead."
  }

  static func longString(_ path: String, limit: Int, got count: Int) -> String {
    "Invalid '\(path)': string too long. Expected a string with maximum length \(limit), but got a string with length \(count) instead."
  }

  static func longName(_ path: String, limit: Int, got count: Int) -> String {
    "Invalid '\(path)': property name too long. Expected a property name with maximum length \(limit), but got a property name with length \(count) instead."
  }

  static func manyMembers(_ path: String, limit: Int, got count: Int) -> String {
    "Invalid '\(path)': too many properties. Expected an object with at most \(limit) properties, but got an object with \(count) properties instead."
  }

  static func wrongName(_ path: String) -> String {
    "Invalid '\(path)': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."
  }

  /// OpenAI's own text for a member of chat completions in a body of `/v1/responses`.
  static func moved(_ path: String, instead: String) -> String {
    "Unsupported parameter: '\(path)'. In the Responses API, this parameter has moved to '\(instead)'. Try again with the new parameter."
  }

  static func emptyString(_ path: String) -> String {
    "Invalid '\(path)': empty string. Expected a string with minimum length 1, but got an empty string instead."
  }

  static func duplicate(_ id: String) -> String {
    "The custom_id '\(id)' for this request is a duplicate of another request. "
      + "The custom_id parameter must be unique for each request in a batch."
  }

  // MARK: - Parts of sentences

  static func typeName(_ value: JSONValue) -> String {
    switch value.kind {
    case .null: "null"
    case .true, .false: "a boolean"
    case .number: value.isWrittenAsInteger ? "an integer" : "a decimal number"
    case .string: "a string"
    case .array: "an array"
    case .object, .remembered: "an object"
    }
  }

  /// The items as a list in a sentence: `a`, `a and b`, `a, b, and c`.
  /// - Parameter last: the word before the last item.
  package static func list(_ items: [String], last: String) -> String {
    switch items.count {
    case 0: ""
    case 1: items[0]
    case 2: "\(items[0]) \(last) \(items[1])"
    default: items.dropLast().joined(separator: ", ") + ", \(last) \(items[items.count - 1])"
    }
  }

  /// A number with its digits in groups of three: `50,000`.
  package static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    let groups = digits.reversed().enumerated().reduce(into: "") { out, digit in
      if digit.offset > 0, digit.offset % 3 == 0 { out += "," }
      out.append(digit.element)
    }
    return (number < 0 ? "-" : "") + String(groups.reversed())
  }

  /// The longest text of the user that a message repeats whole, in code points.
  package static let longestQuote = 64
  /// The longest `custom_id` that a report repeats whole, in code points.
  static let longestID = 256

  /// The user's own text, cut after ``longestQuote`` code points.
  static func quoted(_ value: JSONValue) -> String { cut(value.text) }

  /// The text, or its first `limit` code points and an ellipsis.
  package static func cut(_ text: String, to limit: Int = longestQuote) -> String {
    if text.utf8.count <= limit { return text }
    let kept = text.unicodeScalars.prefix(limit)
    return kept.endIndex == text.endIndex ? text : String(kept) + "…"
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }
}

/// The values that a parameter can have, and the list of them for messages.
struct Choices: Sendable {
  let values: [String]

  init(_ values: [String]) { self.values = values }

  /// The values as a message lists them: `'a', 'b', and 'c'`.
  var list: String { Words.list(values.map { "'\($0)'" }, last: "and") }
}
