/// The values of one line as a flat tape of places in its bytes; the storage is used again for every line.
///
///     {"a":[1,true]}
///     0    5
///
///     index  kind    start  end  next
///     0      object  0      14   5       next: the index after the subtree, so a value is skipped in one step
///     1      string  1      4    2       a key, quotes included
///     2      array   5      13   5
///     3      number  6      7    4
///     4      true    8      12   5
package final class JSONDocument {
  @usableFromInline var tokens: UnsafeMutablePointer<JSONToken>
  @usableFromInline var count = 0
  private var capacity: Int
  @usableFromInline package internal(set) var bytes: PaddedBytes
  /// Whether parts of the line were recognised instead of scanned.
  package internal(set) var hasRemembered = false
  /// Whether any string of the line has a half of a surrogate pair alone.
  package internal(set) var hasLoneSurrogate = false

  package init() {
    capacity = 256
    tokens = .allocate(capacity: capacity)
    bytes = PaddedBytes(base: UnsafeRawPointer(tokens), count: 0)
  }

  deinit { tokens.deallocate() }

  /// The line's value. Valid until the document is used for another line.
  @inlinable package var root: JSONValue { JSONValue(tokens: tokens, bytes: bytes, index: 0, origin: 0) }

  @inline(__always)
  func append(_ token: JSONToken) {
    if count == capacity { grow() }
    (tokens + count).initialize(to: token)
    count += 1
  }

  @inline(never)
  private func grow() {
    let larger = UnsafeMutablePointer<JSONToken>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: tokens, count: count)
    tokens.deallocate()
    tokens = larger
    capacity *= 2
  }
}

/// What a token is.
package enum JSONKind: UInt8, Sendable {
  case null, `false`, `true`, number, string, array, object
  /// An object that was recognised by its bytes: the next token holds a ``RememberedValue``.
  case remembered
}

package struct JSONToken {
  @usableFromInline var start: UInt32
  @usableFromInline var end: UInt32
  /// The index after this value and all in it; while a container is open, the index of the one around it.
  @usableFromInline var next: UInt32
  @usableFromInline var kind: JSONKind
  @usableFromInline var traits: StringTraits

  @inline(__always)
  init(_ kind: JSONKind, _ start: Int, _ end: Int, next: Int, traits: StringTraits = []) {
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
    self.next = UInt32(truncatingIfNeeded: next)
    self.kind = kind
    self.traits = traits
  }
}
