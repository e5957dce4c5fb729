/// Why a line is not one JSON value, and where.
public struct JSONError: Error, Equatable, Sendable {
  public enum Reason: Equatable, Sendable {
    case empty
    case cutShort
    case expectedValue
    case expectedKey
    case expectedColon
    case expectedCommaOrEnd
    case trailingComma
    case trailingBytes
    case tooDeep
    case tooLong
    case unterminatedString
    case controlCharacter
    case invalidEscape
    case invalidUTF8
    case leadingZero
    case invalidNumber
    case invalidLiteral
    case notANumberLiteral
    case singleQuote
    case byteOrderMark
  }

  public let reason: Reason
  /// Where the fault is, in bytes from the line's beginning.
  public let offset: Int

  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

extension JSONError: CustomStringConvertible {
  public var description: String {
    switch reason {
    case .empty: "there is nothing here"
    case .cutShort: "the line ends inside a value"
    case .expectedValue: "expected a value"
    case .expectedKey: "expected a key in double quotes"
    case .expectedColon: "expected ':' after the key"
    case .expectedCommaOrEnd: "expected ',' or the closing bracket"
    case .trailingComma: "a comma before the closing bracket"
    case .trailingBytes: "something follows the value"
    case .tooDeep: "nested more deeply than 1,000 levels"
    case .tooLong: "longer than 2 GiB"
    case .unterminatedString: "the string is not closed on this line"
    case .controlCharacter: "a raw control character in a string; write it as an escape"
    case .invalidEscape: "not an escape that JSON knows"
    case .invalidUTF8: "not UTF-8"
    case .leadingZero: "a number with a leading zero"
    case .invalidNumber: "not a number that JSON knows"
    case .invalidLiteral: "expected true, false or null"
    case .notANumberLiteral: "NaN and Infinity are not JSON"
    case .singleQuote: "single quotes are not JSON"
    case .byteOrderMark: "a byte-order mark"
    }
  }
}
