/// Objects of earlier lines that had no faults. They are recognised on later lines by comparing bytes.
///
/// The lines of a file often repeat a few hundred objects. Comparing the bytes of such an object is much faster than
/// scanning and checking it again.
///
///     index    hash of the first 64 bytes → tag and number of the value, 0 for none
///     values   0 … count, next to each other, so that the few in use stay in the processor's fastest caches
public final class RememberedValues {
  private static let slots = 8_192
  private static let seenSlots = 2_048
  /// The fewest bytes of an object that is remembered: a shorter one takes less time to scan than to look up.
  private static let shortest = 96
  private static let longest = 64 << 10
  private static let memoryLimit = 4 << 20

  let depth: Int
  // Plain memory: as arrays of a class these would be checked for exclusive access at every look-up.
  private let index = UnsafeMutablePointer<UInt32>.allocate(capacity: slots)
  private let values = UnsafeMutablePointer<RememberedValue>.allocate(capacity: slots)
  private var count = 0
  /// Fingerprints of the objects that were seen once. Most objects never come again, and keeping a copy of each would
  /// cost more than it saves.
  private let seenOnce = UnsafeMutablePointer<UInt32>.allocate(capacity: seenSlots)
  private var memoryUsed = 0

  /// - Parameter depth: how many containers are around the objects that are remembered. Objects at other depths are not
  ///   looked up.
  public init(depth: Int) {
    self.depth = depth
    index.initialize(repeating: 0, count: RememberedValues.slots)
    seenOnce.initialize(repeating: 0, count: RememberedValues.seenSlots)
  }

  deinit {
    for k in 0..<count { values[k].deallocate() }
    values.deallocate()
    index.deallocate()
    seenOnce.deallocate()
  }

  /// The known object whose bytes are at `i`; nil where there is none.
  @inline(__always)
  func find(in bytes: PaddedBytes, at i: Int) -> UnsafePointer<RememberedValue>? {
    guard i + RememberedValues.shortest <= bytes.count else { return nil }
    let hash = RememberedValues.hash(bytes, i)
    let entry = index[RememberedValues.slot(hash)]
    guard entry &>> 16 == RememberedValues.tag(hash) else { return nil }
    let value = values + Int(entry & 0xFFFF)
    let text = value.pointee.bytes
    guard text.count <= bytes.count - i, text.equals(bytes, at: i) else { return nil }
    return UnsafePointer(value)
  }

  /// Remembers an object without faults: keeps its bytes and tokens.
  /// - Parameter isProven: whether the object is likely to come again. Otherwise it is kept only when it comes a second
  ///   time.
  public func learn(_ value: JSONValue, verdict: RememberedValue.Verdict, isProven: Bool) {
    let range = value.range
    guard value.origin == 0, range.count >= RememberedValues.shortest, range.count <= RememberedValues.longest else {
      return
    }
    let hash = RememberedValues.hash(value.bytes, range.lowerBound)
    let slot = RememberedValues.slot(hash)
    if !isProven {
      let fingerprint = RememberedValues.fingerprint(value.bytes, range)
      let seen = slot & (RememberedValues.seenSlots - 1)
      if seenOnce[seen] != fingerprint {
        seenOnce[seen] = fingerprint
        return
      }
    }
    let isReplaced = index[slot] != 0
    let number = isReplaced ? Int(index[slot] & 0xFFFF) : count
    let freed = isReplaced ? values[number].size : 0
    let size = RememberedValue.size(of: value)
    guard memoryUsed - freed + size <= RememberedValues.memoryLimit else { return }
    memoryUsed += size - freed
    if isReplaced { values[number].deallocate() } else { count += 1 }
    (values + number).initialize(to: RememberedValue(copying: value, verdict: verdict))
    index[slot] = RememberedValues.tag(hash) &<< 16 | UInt32(truncatingIfNeeded: number)
  }

  /// A fingerprint of the object, made from eight places in its text, because many messages begin and end alike and
  /// differ between.
  private static func fingerprint(_ bytes: PaddedBytes, _ range: Range<Int>) -> UInt32 {
    var mixed = UInt64(truncatingIfNeeded: range.count)
    let step = (range.count - 8) / 7
    for k in 0..<8 {
      mixed = (mixed ^ bytes.word(at: range.lowerBound + k * step)) &* 0x9E37_79B9_7F4A_7C15
      mixed ^= mixed &>> 32
    }
    return UInt32(truncatingIfNeeded: mixed) | 1
  }

  @inline(__always)
  private static func slot(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (slots - 1) }

  /// The tag of a hash. It is never 0, because 0 stands for a free slot.
  @inline(__always)
  private static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash &>> 48) | 1 }

  /// A hash of the first 64 bytes, in which a tool or a schema has its name. The processor can compute its four
  /// products at the same time.
  @inline(__always)
  private static func hash(_ bytes: PaddedBytes, _ i: Int) -> UInt64 {
    @inline(__always) func mix(_ k: Int, _ secret: UInt64) -> UInt64 {
      let product = (bytes.word(at: i + k) ^ secret).multipliedFullWidth(by: bytes.word(at: i + k + 8) ^ ~secret)
      return product.low ^ product.high
    }
    return mix(0, 0x9E37_79B9_7F4A_7C15) ^ mix(16, 0xE703_7ED1_A0B4_28DB) ^ mix(32, 0xA076_1D64_78BD_642F)
      ^ mix(48, 0x8EBC_6AF0_9C88_C6E3)
  }
}

/// The bytes and tokens of one remembered object.
public struct RememberedValue {
  /// What a check found out about the value by itself, without the rest of its line.
  public struct Verdict: Sendable {
    /// The number of the shape that it was checked against.
    public let rule: Int
    /// The marks that the checker noted.
    public let marks: UInt64
    /// A further number that the checker keeps with the value; 0 for none.
    public let note: UInt64

    public init(rule: Int, marks: UInt64, note: UInt64 = 0) {
      self.rule = rule
      self.marks = marks
      self.note = note
    }
  }

  let bytes: PaddedBytes
  let tokens: UnsafeMutablePointer<JSONToken>
  private let tokenCount: Int
  let verdict: Verdict

  init(copying value: JSONValue, verdict: Verdict) {
    self.verdict = verdict
    let range = value.range
    bytes = .copy(of: value.bytes.buffer(range))
    // The tokens of a value are next to each other. In the copy, their places and links count from the value's own
    // beginning.
    let first = value.index
    tokenCount = value.nextIndex - first
    tokens = .allocate(capacity: tokenCount)
    let (origin, firstIndex) = (UInt32(range.lowerBound), UInt32(first))
    for k in 0..<tokenCount {
      var token = value.tokens[first &+ k]
      token.start &-= origin
      token.end &-= origin
      token.next &-= firstIndex
      (tokens + k).initialize(to: token)
    }
  }

  func deallocate() {
    bytes.deallocate()
    tokens.deallocate()
  }

  var size: Int { bytes.count + tokenCount * MemoryLayout<JSONToken>.stride }

  static func size(of value: JSONValue) -> Int {
    value.range.count + (value.nextIndex - value.index) * MemoryLayout<JSONToken>.stride
  }
}

extension JSONTape {
  /// Appends two tokens: one with the object's place, and one with the address of its ``RememberedValue``.
  mutating func appendRemembered(_ value: UnsafePointer<RememberedValue>, at start: Int) {
    append(JSONToken(.remembered, start, start + value.pointee.bytes.count, next: count + 2))
    let address = UInt64(UInt(bitPattern: value))
    var holder = JSONToken(.null, 0, 0, next: count + 1)
    holder.start = UInt32(truncatingIfNeeded: address)
    holder.end = UInt32(truncatingIfNeeded: address >> 32)
    append(holder)
  }
}

extension JSONValue {
  /// The ``RememberedValue`` that a token leads to; nil for other tokens. It is still valid, because the table that the
  /// line was scanned with outlives the line.
  @inline(__always)
  private var kept: UnsafePointer<RememberedValue>? {
    let holder = tokens[index + 1]
    return UnsafePointer(bitPattern: UInt(holder.start) | UInt(holder.end) << 32)
  }

  /// What is known of a remembered value; nil for any other value, and for one that ``at(_:)`` returned.
  public var rememberedVerdict: RememberedValue.Verdict? {
    kind == .remembered ? kept?.pointee.verdict : nil
  }

  @usableFromInline var entered: JSONValue {
    guard let kept else { return self }
    return JSONValue(
      tokens: kept.pointee.tokens, bytes: kept.pointee.bytes, index: 0, origin: Int(tokens[index].start))
  }
}
