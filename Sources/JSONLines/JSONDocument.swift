/// The values of one line as a flat tape of their places in the line's bytes. The memory is used again for each line.
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
public final class JSONDocument {
  @usableFromInline let tape = UnsafeMutablePointer<JSONTape>.allocate(capacity: 1)

  /// - Parameter findsLongWords: whether strings are searched for a ``StringTraits/longWord``.
  public init(findsLongWords: Bool = false) { tape.initialize(to: JSONTape(findsLongWords: findsLongWords)) }

  deinit {
    tape.pointee.deallocate()
    tape.deallocate()
  }

  /// The line.
  @inlinable public var bytes: PaddedBytes { tape.pointee.bytes }
  /// Whether any string of the line has only one half of a surrogate pair.
  @inlinable public var hasLoneSurrogate: Bool { tape.pointee.hasLoneSurrogate }
  /// Calls `body` with every string that has a long word, keys too, in order. A document must be made to find them, and
  /// those in remembered objects are left out.
  public func forEachLongWord(_ body: (JSONValue) -> Void) {
    var left = tape.pointee.longWords
    var k = 0
    while left > 0 {
      let value = root.raw(k)
      if value.kind == .string, value.traits.contains(.longWord) {
        left -= 1
        body(value)
      }
      k += value.kind == .remembered ? 2 : 1
    }
  }
  /// The line's value. Valid until the document is used for another line.
  @inlinable public var root: JSONValue { JSONValue(tokens: tape.pointee.tokens, bytes: bytes, index: 0, origin: 0) }
}

/// The tokens of a document. The scanner takes a copy into local variables and gives it back at the end: as members of
/// a class, pointer and count would be loaded and checked for exclusive access at every token.
public struct JSONTape {
  @usableFromInline var tokens: UnsafeMutablePointer<JSONToken>
  var count = 0
  private var capacity: Int
  @usableFromInline var bytes: PaddedBytes
  @usableFromInline var hasLoneSurrogate = false
  var longWords = 0
  let findsLongWords: Bool

  init(findsLongWords: Bool) {
    self.findsLongWords = findsLongWords
    capacity = 256
    tokens = .allocate(capacity: capacity)
    bytes = PaddedBytes(base: UnsafeRawPointer(tokens), count: 0)
  }

  func deallocate() { tokens.deallocate() }

  @inline(__always)
  mutating func append(_ token: JSONToken) {
    if count == capacity { grow() }
    (tokens + count).initialize(to: token)
    count += 1
  }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutablePointer<JSONToken>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: tokens, count: count)
    tokens.deallocate()
    tokens = larger
    capacity *= 2
  }
}

/// The type of a JSON value.
public enum JSONKind: Sendable {
  case null, `false`, `true`, number, string, array, object
  /// An object that was recognised by its bytes. The next token has the address of its ``RememberedValue``.
  case remembered

  /// One bit for each kind. An enum of eight cases is a single byte, and this cast keeps the operation a simple one
  /// from other modules too.
  @inlinable @inline(__always)
  public var bit: UInt8 { 1 &<< unsafeBitCast(self, to: UInt8.self) }

  // The operator that the compiler would make is a call from other modules, which the checker's loops cannot afford.
  @inlinable @inline(__always)
  public static func == (a: JSONKind, b: JSONKind) -> Bool {
    unsafeBitCast(a, to: UInt8.self) == unsafeBitCast(b, to: UInt8.self)
  }

  @inlinable @inline(__always)
  public static func != (a: JSONKind, b: JSONKind) -> Bool { !(a == b) }
}

/// One value or key of a document, by its place in the line.
public struct JSONToken {
  @usableFromInline var start: UInt32
  @usableFromInline var end: UInt32
  /// The index after this value and all values inside it. While a container is open, the index of the container around
  /// it.
  @usableFromInline var next: UInt32
  @usableFromInline var kind: JSONKind
  @usableFromInline var traits: StringTraits

  @inline(__always)
  init(_ kind: JSONKind, _ start: Int, _ end: Int, next: Int, traits: StringTraits = .none) {
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
    self.next = UInt32(truncatingIfNeeded: next)
    self.kind = kind
    self.traits = traits
  }
}
