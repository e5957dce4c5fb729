/// Objects that came up on earlier lines and were found to be in order, recognised by comparing bytes.
///
/// The tools and schemas of a batch file are the same few hundred texts over and over. The same bytes are the same
/// value: one comparison at memory speed replaces scanning and checking it once more.
public final class RememberedValues {
  private static let slots = 8_192
  private static let seenSlots = 2_048
  /// Shorter objects cost less to scan than to look up.
  private static let shortest = 96
  private static let longest = 64 << 10
  private static let memoryLimit = 4 << 20

  /// What a look-up needs, side by side: a value's bytes, and the value, which the slot owns.
  private struct Slot {
    var bytes: PaddedBytes
    var value: Unmanaged<RememberedValue>?
  }

  // Plain memory: look-ups are on the hot path, and as arrays of a class they would be guarded at every one.
  private let known = UnsafeMutablePointer<Slot>.allocate(capacity: slots)
  /// Two bytes of each slot's hash, 0 for a free one: small enough to stay in the fastest cache, they tell of most
  /// objects that are not known without a look at the slots.
  private let tags = UnsafeMutablePointer<UInt16>.allocate(capacity: slots)
  /// Fingerprints of objects seen once: most objects never come back, and a copy of each would cost more than it saves.
  private let seenOnce = UnsafeMutablePointer<UInt32>.allocate(capacity: seenSlots)
  private var memoryUsed = 0

  public init() {
    // No text is that long: a free slot matches nothing.
    let free = Slot(bytes: PaddedBytes(base: UnsafeRawPointer(known), count: Int.max >> 1), value: nil)
    known.initialize(repeating: free, count: RememberedValues.slots)
    tags.initialize(repeating: 0, count: RememberedValues.slots)
    seenOnce.initialize(repeating: 0, count: RememberedValues.seenSlots)
  }

  deinit {
    for k in 0..<RememberedValues.slots { known[k].value?.release() }
    known.deallocate()
    tags.deallocate()
    seenOnce.deallocate()
  }

  /// The known object that stands at `i`, whole, with its length.
  @inline(__always)
  func find(in bytes: PaddedBytes, at i: Int) -> (value: Unmanaged<RememberedValue>, count: Int)? {
    guard i + RememberedValues.shortest <= bytes.count else { return nil }
    let hash = RememberedValues.hash(bytes, i)
    let slot = Int(truncatingIfNeeded: hash) & (RememberedValues.slots - 1)
    guard tags[slot] == RememberedValues.tag(hash) else { return nil }
    let text = known[slot].bytes
    guard text.count <= bytes.count - i, text.equals(bytes, at: i), let value = known[slot].value else { return nil }
    return (value, text.count)
  }

  /// Learns an object that is in order: its bytes and tokens are kept.
  /// - Parameter isProven: false for an object that may well be the only one of its kind; it is kept once it comes again.
  public func learn(_ value: JSONValue, verdict: RememberedValue.Verdict, isProven: Bool) {
    let range = value.range
    guard value.origin == 0, range.count >= RememberedValues.shortest, range.count <= RememberedValues.longest else {
      return
    }
    let hash = RememberedValues.hash(value.bytes, range.lowerBound)
    let slot = Int(truncatingIfNeeded: hash) & (RememberedValues.slots - 1)
    if !isProven {
      let fingerprint = RememberedValues.fingerprint(value.bytes, range)
      let seen = slot & (RememberedValues.seenSlots - 1)
      if seenOnce[seen] != fingerprint {
        seenOnce[seen] = fingerprint
        return
      }
    }
    // Lone surrogates are warned of line by line, which takes a line's own strings.
    for k in value.index..<value.nextIndex where value.raw(k).traits.contains(.loneSurrogate) { return }
    let freed = known[slot].value?._withUnsafeGuaranteedRef { $0.size } ?? 0
    let size = RememberedValue.size(of: value)
    guard memoryUsed - freed + size <= RememberedValues.memoryLimit else { return }
    memoryUsed += size - freed
    let new = RememberedValue(copying: value, verdict: verdict)
    known[slot].value?.release()
    known[slot] = Slot(bytes: new.bytes, value: .passRetained(new))
    tags[slot] = RememberedValues.tag(hash)
  }

  /// Differs for nearly all texts that differ anywhere: messages begin alike, and many end alike.
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
  private static func tag(_ hash: UInt64) -> UInt16 { UInt16(truncatingIfNeeded: hash &>> 48) | 1 }

  /// A hash of the first 64 bytes: in a tool or a schema they hold its name. Four products that do not wait for each other.
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

/// One object's bytes and tokens, kept.
public final class RememberedValue {
  /// What was found out about the value by itself, without the rest of its line.
  public struct Verdict: Sendable {
    /// The rule that it was checked against.
    public let rule: Int
    /// What the checker noted while it did.
    public let marks: UInt64
    /// A number of the checker's own that goes with the value; 0 for none.
    public let note: UInt64

    public init(rule: Int, marks: UInt64, note: UInt64 = 0) {
      self.rule = rule
      self.marks = marks
      self.note = note
    }
  }

  public let verdict: Verdict
  let bytes: PaddedBytes
  let tokens: UnsafeMutablePointer<JSONToken>
  private let tokenCount: Int

  init(copying value: JSONValue, verdict: Verdict) {
    self.verdict = verdict
    let range = value.range
    bytes = .copy(of: value.bytes.buffer(range))
    // The tokens of a value stand together; only their places and links are counted from elsewhere.
    let first = value.index
    tokenCount = value.nextIndex - first
    tokens = .allocate(capacity: tokenCount)
    for k in 0..<tokenCount {
      var token = value.tokens[first + k]
      token.start -= UInt32(range.lowerBound)
      token.end -= UInt32(range.lowerBound)
      token.next -= UInt32(first)
      (tokens + k).initialize(to: token)
    }
  }

  deinit {
    bytes.deallocate()
    tokens.deallocate()
  }

  var size: Int { bytes.count + tokenCount * MemoryLayout<JSONToken>.stride }

  static func size(of value: JSONValue) -> Int {
    value.range.count + (value.nextIndex - value.index) * MemoryLayout<JSONToken>.stride
  }
}

extension JSONTape {
  /// Two tokens: the object's place, then the address of what is known of it.
  mutating func appendRemembered(_ value: Unmanaged<RememberedValue>, _ range: Range<Int>) {
    append(JSONToken(.remembered, range.lowerBound, range.upperBound, next: count + 2))
    let address = UInt64(UInt(bitPattern: value.toOpaque()))
    var holder = JSONToken(.null, 0, 0, next: count + 1)
    holder.start = UInt32(truncatingIfNeeded: address)
    holder.end = UInt32(truncatingIfNeeded: address >> 32)
    append(holder)
  }
}
