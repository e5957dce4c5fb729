import Foundation
import JSONLines

/// A string of a line with its escapes, without its quotes. It is valid as long as the line.
struct SpeltText {
  var bytes: PaddedBytes
  var range: Range<Int>
  var isEscaped: Bool

  init(_ bytes: PaddedBytes, _ range: Range<Int>, isEscaped: Bool) {
    self.bytes = bytes
    self.range = range
    self.isEscaped = isEscaped
  }

  /// - Parameter string: a value that is a string.
  init(_ string: JSONValue) {
    self.init(string.bytes, string.contentRange, isEscaped: string.traits.contains(.escaped))
  }

  var spelling: UnsafeRawBufferPointer { bytes.buffer(range) }

  func appendText(to out: inout [UInt8]) {
    if isEscaped {
      JSONText.unescape(bytes, range, into: &out)
    } else {
      out.append(contentsOf: spelling)
    }
  }

  func appendText(to out: inout TextBuffer) {
    if isEscaped {
      JSONText.unescape(bytes, range, into: &out)
    } else {
      out.append(spelling)
    }
  }

  /// The text with its escapes resolved, for people: a lone half of a surrogate pair becomes U+FFFD.
  var text: String {
    var out: [UInt8] = []
    appendText(to: &out)
    return JSONText.string(out)
  }

  /// Whether both have the same text once their escapes are resolved, compared as bytes.
  @inline(__always)
  func isSame(as other: SpeltText) -> Bool {
    if !isEscaped, !other.isEscaped { return spelling.isSame(as: other.spelling) }
    return isSameText(as: other)
  }

  /// - Parameter string: a value that is a string; nil is not the same as any text.
  func isSame(as string: JSONValue?) -> Bool { string.map { isSame(as: SpeltText($0)) } ?? false }

  private func isSameText(as other: SpeltText) -> Bool {
    var (a, b): ([UInt8], [UInt8]) = ([], [])
    appendText(to: &a)
    other.appendText(to: &b)
    return a == b
  }
}

extension UnsafeRawBufferPointer {
  @inline(__always)
  func isSame(as other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count, let a = baseAddress, let b = other.baseAddress else { return count == other.count }
    return memcmp(a, b, count) == 0
  }
}
