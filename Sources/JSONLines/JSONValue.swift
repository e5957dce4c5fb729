import Foundation

/// A view of one value of a document: valid until the document is used for another line.
public struct JSONValue {
  @usableFromInline let tokens: UnsafeMutablePointer<JSONToken>
  public let bytes: PaddedBytes
  public let index: Int
  /// Where `bytes` begins in the line; it is 0 except inside a remembered value.
  public let origin: Int

  @inlinable @inline(__always)
  init(tokens: UnsafeMutablePointer<JSONToken>, bytes: PaddedBytes, index: Int, origin: Int) {
    self.tokens = tokens
    self.bytes = bytes
    self.index = index
    self.origin = origin
  }

  @inlinable @inline(__always) public var kind: JSONKind { tokens[index].kind }
  /// The value's place in ``bytes``; a string's place includes its quotes.
  @inlinable @inline(__always) public var range: Range<Int> { Int(tokens[index].start)..<Int(tokens[index].end) }
  /// The value's place in the line.
  @inlinable @inline(__always) public var lineRange: Range<Int> {
    Int(tokens[index].start) + origin..<Int(tokens[index].end) + origin
  }
  @inlinable @inline(__always) public var nextIndex: Int { Int(tokens[index].next) }
  @inlinable @inline(__always) public var traits: StringTraits { tokens[index].traits }

  /// The value at another index of the same tape. For a remembered value it is the value on the tape that was
  /// remembered.
  @inlinable @inline(__always)
  public func at(_ other: Int) -> JSONValue {
    let value = JSONValue(tokens: tokens, bytes: bytes, index: other, origin: origin)
    return value.kind == .remembered ? value.entered : value
  }

  /// The value at another index of the same tape, even if it is a remembered one.
  @inlinable @inline(__always)
  public func raw(_ other: Int) -> JSONValue {
    JSONValue(tokens: tokens, bytes: bytes, index: other, origin: origin)
  }
}

// MARK: - Containers

extension JSONValue {
  /// The members of an object in order; empty for other values.
  @inlinable @inline(__always) public var fields: Fields { Fields(of: self) }
  /// The elements of an array in order; empty for other values.
  @inlinable @inline(__always) public var items: Items { Items(of: self) }

  /// The last member with this key, which is the one that most readers of JSON take; nil where there is none.
  public subscript(key: StaticString) -> JSONValue? {
    guard kind == .object else { return nil }
    var found = -1
    var i = index + 1
    let end = nextIndex
    while i < end {
      if raw(i).isString(key) { found = i + 1 }
      i = Int(tokens[i + 1].next)
    }
    return found < 0 ? nil : at(found)
  }

  /// Calls `body` with every string in this value, keys too, in order.
  public func forEachString(_ body: (JSONValue) -> Void) {
    var k = index
    while k < nextIndex {
      let value = raw(k)
      if value.kind == .remembered {
        value.entered.forEachString(body)
        k += 1
      } else if value.kind == .string {
        body(value)
      }
      k += 1
    }
  }

  public struct Fields: Sequence, IteratorProtocol {
    @usableFromInline let parent: JSONValue
    @usableFromInline var position: Int
    @usableFromInline let end: Int

    @inlinable @inline(__always)
    init(of parent: JSONValue) {
      self.parent = parent
      position = parent.index + 1
      end = parent.kind == .object ? parent.nextIndex : position
    }

    @inlinable @inline(__always)
    public mutating func next() -> (key: JSONValue, value: JSONValue)? {
      guard position < end else { return nil }
      let key = parent.raw(position)
      let value = parent.raw(position + 1)
      position = value.nextIndex
      return (key, value.kind == .remembered ? value.entered : value)
    }
  }

  public struct Items: Sequence, IteratorProtocol {
    @usableFromInline let parent: JSONValue
    @usableFromInline var position: Int
    @usableFromInline let end: Int

    @inlinable @inline(__always)
    init(of parent: JSONValue) {
      self.parent = parent
      position = parent.index + 1
      end = parent.kind == .array ? parent.nextIndex : position
    }

    @inlinable @inline(__always)
    public mutating func next() -> JSONValue? {
      guard position < end else { return nil }
      let value = parent.raw(position)
      position = value.nextIndex
      return value.kind == .remembered ? value.entered : value
    }
  }
}

// MARK: - Strings and numbers

extension JSONValue {
  /// The bytes between a string's quotes, with their escapes.
  @inlinable @inline(__always) public var contentRange: Range<Int> { range.lowerBound + 1..<range.upperBound - 1 }

  /// The text of a string with escapes resolved; a lone half of a surrogate pair becomes U+FFFD. The bytes of other
  /// values.
  public var text: String {
    guard kind == .string else { return bytes.text(range) }
    guard traits.contains(.escaped) else { return bytes.text(contentRange) }
    var out: [UInt8] = []
    appendText(to: &out)
    return JSONText.string(out)
  }

  /// Appends the text of a string as UTF-8, with escapes resolved. Lone surrogates get three bytes, so that different
  /// strings stay different.
  public func appendText(to out: inout [UInt8]) {
    guard kind == .string else { return }
    let content = contentRange
    guard traits.contains(.escaped) else {
      out.append(contentsOf: bytes.buffer(content))
      return
    }
    JSONText.unescape(bytes, content, into: &out)
  }

  /// The same for a buffer.
  public func appendText(to out: inout TextBuffer) {
    guard kind == .string else { return }
    if traits.contains(.escaped) {
      JSONText.unescape(bytes, contentRange, into: &out)
    } else {
      out.append(bytes.buffer(contentRange))
    }
  }

  /// Whether this is a string with exactly this text, once its escapes are resolved.
  public func isString(_ text: StaticString) -> Bool {
    let token = tokens[index]
    guard token.kind == .string else { return false }
    let wanted = text.utf8CodeUnitCount
    if token.traits.contains(.escaped) { return isEscapedString(text) }
    guard Int(token.end &- token.start) == wanted + 2 else { return false }
    return memcmp(bytes.base + Int(token.start) + 1, text.utf8Start, wanted) == 0
  }

  @inline(never)
  private func isEscapedString(_ text: StaticString) -> Bool {
    var own: [UInt8] = []
    appendText(to: &own)
    return own.elementsEqual(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// The number as a double, an infinity where it is too large for one; nil for other values.
  public var number: Double? {
    kind == .number ? NumberScanner.double(bytes, range) : nil
  }

  /// Whether a number is written without a fraction and an exponent.
  public var isWrittenAsInteger: Bool {
    kind == .number && bytes.buffer(range).allSatisfy { ASCII.isDigit($0) || $0 == ASCII.minus }
  }
}
