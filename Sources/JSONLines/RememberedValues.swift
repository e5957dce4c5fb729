/// Objects that came up on earlier lines and were found to be in order, recognised by comparing bytes.
///
/// The tools and schemas of a batch file are the same few hundred texts over and over. The same bytes are the same
/// value: one comparison at memory speed replaces scanning and checking it once more.
public final class RememberedValues {
  private static let slots = 8_192
  /// Shorter objects cost less to scan than to look up.
  private static let shortest = 96
  private static let longest = 64 << 10
  private static let memoryLimit = 4 << 20

  // Plain memory: look-ups are on the hot path, and as arrays of a class they would be guarded at every one.
  private let known = UnsafeMutablePointer<RememberedValue?>.allocate(capacity: slots)
  /// Fingerprints of objects seen once: most objects never come back, and a copy of each would cost more than it saves.
  private let seenOnce = UnsafeMutablePointer<UInt64>.allocate(capacity: slots)
  private var memoryUsed = 0

  public init() {
    known.initialize(repeating: nil, count: RememberedValues.slots)
    seenOnce.initialize(repeating: 0, count: RememberedValues.slots)
  }

  deinit {
    known.deinitialize(count: RememberedValues.slots)
    known.deallocate()
    seenOnce.deallocate()
  }

  /// The known object that stands at `i`, whole.
  func find(in bytes: PaddedBytes, at i: Int) -> RememberedValue? {
    guard i + RememberedValues.shortest <= bytes.count else { return nil }
    let slot = Int(truncatingIfNeeded: RememberedValues.hash(bytes, i)) & (RememberedValues.slots - 1)
    guard let value = known[slot] else { return nil }
    guard i + value.bytes.count <= bytes.count, value.bytes.equals(bytes, at: i) else { return nil }
    return value
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
    let fingerprint = hash ^ UInt64(truncatingIfNeeded: range.count) &* 0x9E37_79B9_7F4A_7C15
    if !isProven, seenOnce[slot] != fingerprint {
      seenOnce[slot] = fingerprint
      return
    }
    // Lone surrogates are warned of line by line, which takes a line's own strings.
    for k in value.index..<value.nextIndex where value.raw(k).traits.contains(.loneSurrogate) { return }
    let new = RememberedValue(copying: value, verdict: verdict)
    let freed = known[slot]?.size ?? 0
    guard memoryUsed - freed + new.size <= RememberedValues.memoryLimit else { return }
    memoryUsed += new.size - freed
    known[slot] = new
  }

  /// A hash of the first 64 bytes: in a tool or a schema they hold its name.
  @inline(__always)
  private static func hash(_ bytes: PaddedBytes, _ i: Int) -> UInt64 {
    var h: UInt64 = 0x9E37_79B9_7F4A_7C15
    for k in 0..<8 {
      let product = (h ^ bytes.word(at: i + 8 * k)).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
      h = product.low ^ product.high
    }
    return h
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

    public init(rule: Int, marks: UInt64) {
      self.rule = rule
      self.marks = marks
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
}

extension JSONTape {
  /// Two tokens: the object's place, then the address of what is known of it.
  mutating func appendRemembered(_ value: RememberedValue, start: Int) {
    append(JSONToken(.remembered, start, start + value.bytes.count, next: count + 2))
    let address = UInt64(UInt(bitPattern: Unmanaged.passUnretained(value).toOpaque()))
    var holder = JSONToken(.null, 0, 0, next: count + 1)
    holder.start = UInt32(truncatingIfNeeded: address)
    holder.end = UInt32(truncatingIfNeeded: address >> 32)
    append(holder)
  }
}
