/// Where a string ends and what is special about it.
public struct StringScan {
  /// The index of the closing quote; where the string is broken, `~index` of the byte that breaks it.
  public let end: Int
  public let traits: StringTraits

  @inlinable @inline(__always)
  init(end: Int, traits: StringTraits) {
    self.end = end
    self.traits = traits
  }
}

/// What a string's bytes contain beyond plain ASCII.
///
/// An `OptionSet` in all but name: its generic operations would be calls from other modules.
public struct StringTraits: Sendable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable public static var none: StringTraits { StringTraits(rawValue: 0) }
  /// At least one backslash escape: the text differs from the bytes.
  @inlinable public static var escaped: StringTraits { StringTraits(rawValue: 1) }
  /// At least one byte from 0x80 on may be there: UTF-8 is yet to be validated.
  @inlinable public static var nonASCII: StringTraits { StringTraits(rawValue: 2) }
  /// A `\uD800`–`\uDFFF` without its other half: in the grammar, but no Unicode text.
  @inlinable public static var loneSurrogate: StringTraits { StringTraits(rawValue: 4) }

  @inlinable @inline(__always)
  public func contains(_ other: StringTraits) -> Bool { rawValue & other.rawValue != 0 }

  /// Whether there is nothing in the string that needs another look.
  @inlinable @inline(__always)
  public var isPlainOrEscaped: Bool { rawValue <= 1 }

  mutating func insert(_ other: StringTraits) { rawValue |= other.rawValue }
}

/// Finds a string's end and checks its escapes and control characters; UTF-8 is ``UTF8Validation``'s.
///
/// Two gaits, one result. Where escapes are rare, sixteen bytes a step until something special turns up. Where they
/// are dense, every such stop is a branch nobody can predict: there 64 bytes a step become bit masks, and one bit
/// operation judges all escapes of a block at once (more than twice as fast on text full of `\uXXXX`).
public enum StringScanner {
  /// - Parameter start: the first byte after the opening quote.
  @inlinable @inline(__always)
  public static func scan(_ bytes: PaddedBytes, from start: Int) -> StringScan {
    // Keys, ids, roles: most strings end within sixteen bytes and have nothing special in them.
    let quote = SIMD16<UInt8>(repeating: 0x22)
    let backslash = SIMD16<UInt8>(repeating: 0x5C)
    let space = SIMD16<UInt8>(repeating: 0x20)
    let v = bytes.vector(at: start)
    let stops = (v .== quote) .| (v .== backslash) .| (v .< space)
    let halves = unsafeBitCast(stops, to: SIMD2<UInt64>.self)
    if halves[0] | halves[1] != 0 {
      let end =
        start
        + (halves[0] != 0 ? halves[0].trailingZeroBitCount &>> 3 : 8 &+ halves[1].trailingZeroBitCount &>> 3)
      if bytes[end] == ASCII.quote { return StringScan(end: end, traits: v.hasHighBit ? .nonASCII : .none) }
    }
    return scanFurther(bytes, from: start)
  }

  @usableFromInline
  static func scanFurther(_ bytes: PaddedBytes, from start: Int) -> StringScan {
    let quote = SIMD16<UInt8>(repeating: ASCII.quote)
    let backslash = SIMD16<UInt8>(repeating: ASCII.backslash)
    let space = SIMD16<UInt8>(repeating: ASCII.space)
    var seen = SIMD16<UInt8>()
    var traits = StringTraits.none
    var crowded = 0
    var plain = 0
    var pairedLow = -1
    var i = start
    while true {
      let v = bytes.vector(at: i)
      seen |= v
      let stops = (v .== quote) .| (v .== backslash) .| (v .< space)
      let halves = unsafeBitCast(stops, to: SIMD2<UInt64>.self)
      if halves[0] | halves[1] == 0 {
        i += 16
        crowded = 0
        plain += 1
        // A long run of plain text: four times as much a step, until something turns up.
        if plain == 4 {
          i = skipPlain(bytes, from: i, &seen)
          plain = 0
        }
        continue
      }
      plain = 0
      i += halves[0] != 0 ? halves[0].trailingZeroBitCount >> 3 : 8 + halves[1].trailingZeroBitCount >> 3
      let byte = bytes[i]
      if byte == ASCII.quote {
        if seen.hasHighBit { traits.insert(.nonASCII) }
        return StringScan(end: i, traits: traits)
      }
      guard byte == ASCII.backslash else { return StringScan(end: ~i, traits: traits) }

      traits.insert(.escaped)
      crowded += 1
      if crowded == 3 {
        crowded = 0
        switch scanDense(bytes, from: &i, seen: &seen, traits: &traits, pairedLow: &pairedLow) {
        case .closed:
          if seen.hasHighBit { traits.insert(.nonASCII) }
          return StringScan(end: i, traits: traits)
        case .sparse: continue
        case .broken: return StringScan(end: ~locateFault(bytes, from: start), traits: traits)
        }
      }
      let next = bytes[i + 1]
      if next == 0x75 {
        for k in i + 2..<i + 6 where ASCII.hexValue(bytes[k]) == nil { return StringScan(end: ~k, traits: traits) }
        if isLoneSurrogate(bytes, digits: i + 2, pairedLow: &pairedLow) { traits.insert(.loneSurrogate) }
        i += 6
      } else if isSimpleEscape(next) {
        i += 2
      } else {
        return StringScan(end: ~i, traits: traits)
      }
    }
  }

  /// - Returns: the beginning of the first 64 bytes from `start` on that hold a quote, a backslash or a control character.
  @inline(__always)
  private static func skipPlain(_ bytes: PaddedBytes, from start: Int, _ seen: inout SIMD16<UInt8>) -> Int {
    let quote = SIMD16<UInt8>(repeating: ASCII.quote)
    let backslash = SIMD16<UInt8>(repeating: ASCII.backslash)
    let space = SIMD16<UInt8>(repeating: ASCII.space)
    var i = start
    while true {
      let block = Block64(bytes, at: i)
      let a = (block.a .== quote) .| (block.a .== backslash) .| (block.a .< space)
      let b = (block.b .== quote) .| (block.b .== backslash) .| (block.b .< space)
      let c = (block.c .== quote) .| (block.c .== backslash) .| (block.c .< space)
      let d = (block.d .== quote) .| (block.d .== backslash) .| (block.d .< space)
      let ab = a .| b
      let cd = c .| d
      let halves = unsafeBitCast(ab .| cd, to: SIMD2<UInt64>.self)
      if halves[0] | halves[1] != 0 { return i }
      seen |= block.a | block.b
      seen |= block.c | block.d
      i += 64
    }
  }

  private enum DenseOutcome { case closed, sparse, broken }

  /// Works in blocks of 64 bytes from `i`, which stands on a backslash, until the string closes, or a block without
  /// a backslash shows that the dense part is over, or something is broken (where, is for `locateFault` to say).
  @inline(never)
  private static func scanDense(
    _ bytes: PaddedBytes, from i: inout Int, seen: inout SIMD16<UInt8>, traits: inout StringTraits,
    pairedLow: inout Int
  ) -> DenseOutcome {
    let oddBits: UInt64 = 0xAAAA_AAAA_AAAA_AAAA
    var isEscaped: UInt64 = 0  // bit 0: the block's first byte is escaped by the one before it
    var hexDue: UInt64 = 0  // the bits of this block that must be hexadecimal digits by the block before
    var digitDue: UInt64 = 0  // bit 0: the block's first byte is the first digit of a \u
    while true {
      let block = Block64(bytes, at: i)
      seen |= block.a | block.b | block.c | block.d
      let backslashes = block.equal(ASCII.backslash)
      if backslashes | isEscaped | hexDue == 0 { return .sparse }

      // A run of backslashes escapes every second byte; simdjson's subtraction finds the ends of odd runs.
      let openers = backslashes & ~isEscaped
      let codes = (((openers &<< 1) | oddBits) &- openers) ^ oddBits
      let escaped = codes ^ (backslashes | isEscaped)
      let nextIsEscaped = (codes & backslashes) &>> 63

      let closing = block.equal(ASCII.quote) & ~escaped
      let inside = closing == 0 ? ~0 : (closing & (0 &- closing)) &- 1
      if block.hasControl, block.below(ASCII.space) & inside != 0 { return .broken }
      let escapedInside = escaped & inside
      if escapedInside & ~block.escapeLetters() != 0 { return .broken }
      let unicode = escapedInside & block.equal(0x75)
      let hexWanted = hexDue | (unicode &<< 1) | (unicode &<< 2) | (unicode &<< 3) | (unicode &<< 4)
      if hexWanted != 0 {
        if hexWanted & ~block.hexDigits() != 0 { return .broken }
        // U+D800 to U+DFFF are the escapes whose first digit is a d.
        var surrogates = ((unicode &<< 1) | digitDue) & block.equalIgnoringCase(0x64)
        while surrogates != 0 {
          let at = i + surrogates.trailingZeroBitCount
          if isLoneSurrogate(bytes, digits: at, pairedLow: &pairedLow) { traits.insert(.loneSurrogate) }
          surrogates &= surrogates &- 1
        }
      }
      if closing != 0 {
        i += closing.trailingZeroBitCount
        return .closed
      }
      isEscaped = nextIsEscaped
      hexDue = (unicode &>> 63) | (unicode &>> 62) | (unicode &>> 61) | (unicode &>> 60)
      digitDue = unicode &>> 63
      i += 64
    }
  }

  /// The broken byte of a string known to be broken, found a byte at a time.
  private static func locateFault(_ bytes: PaddedBytes, from start: Int) -> Int {
    var i = start
    while true {
      let byte = bytes[i]
      if byte < ASCII.space || byte == ASCII.quote { return i }
      if byte != ASCII.backslash {
        i += 1
      } else if bytes[i + 1] == 0x75 {
        for k in i + 2..<i + 6 where ASCII.hexValue(bytes[k]) == nil { return k }
        i += 6
      } else if isSimpleEscape(bytes[i + 1]) {
        i += 2
      } else {
        return i
      }
    }
  }

  /// Whether the four hexadecimal digits at `digits` are one half of a surrogate pair without the other.
  /// A high half notes in `pairedLow` where its low half's digits stand.
  private static func isLoneSurrogate(_ bytes: PaddedBytes, digits: Int, pairedLow: inout Int) -> Bool {
    guard bytes[digits] | 0x20 == 0x64, let second = ASCII.hexValue(bytes[digits + 1]), second >= 8 else {
      return false
    }
    if second >= 12 { return digits != pairedLow }
    let low = digits + 6
    guard bytes[digits + 4] == ASCII.backslash, bytes[digits + 5] == 0x75, bytes[low] | 0x20 == 0x64,
      let lowSecond = ASCII.hexValue(bytes[low + 1]), lowSecond >= 12
    else { return true }
    pairedLow = low
    return false
  }

  private static func isSimpleEscape(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x22, 0x2F, 0x5C, 0x62, 0x66, 0x6E, 0x72, 0x74: true  // " / \ b f n r t
    default: false
    }
  }
}

extension SIMD16<UInt8> {
  /// Whether any byte is 0x80 or above.
  @inlinable @inline(__always)
  public var hasHighBit: Bool {
    let halves = unsafeBitCast(self, to: SIMD2<UInt64>.self)
    return (halves[0] | halves[1]) & 0x8080_8080_8080_8080 != 0
  }
}

/// Sixty-four bytes as questions with 64 answers, the first byte's in the lowest bit.
struct Block64 {
  let a, b, c, d: SIMD16<UInt8>

  @inline(__always)
  init(_ bytes: PaddedBytes, at i: Int) {
    a = bytes.vector(at: i)
    b = bytes.vector(at: i + 16)
    c = bytes.vector(at: i + 32)
    d = bytes.vector(at: i + 48)
  }

  @inline(__always)
  private func bits(_ test: (SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>>) -> UInt64 {
    Block64.gather(test(a)) | Block64.gather(test(b)) &<< 16 | Block64.gather(test(c)) &<< 32
      | Block64.gather(test(d)) &<< 48
  }

  /// One bit a byte. The multiplication moves one bit of each byte next to the others, in order, above bit 64:
  /// a product of full width, since the compiler would make vectors of narrower ones, and x86's have no multiplication
  /// of 64 bits.
  @inline(__always)
  private static func gather(_ mask: SIMDMask<SIMD16<Int8>>) -> UInt64 {
    let w = unsafeBitCast(mask, to: SIMD2<UInt64>.self)
    let low = (w[0] & 0x0202_0202_0202_0202).multipliedFullWidth(by: 0x8102_0408_1020_4000).high & 0xFF
    let high = (w[1] & 0x0202_0202_0202_0202).multipliedFullWidth(by: 0x8102_0408_1020_4000).high & 0xFF
    return low | high &<< 8
  }

  @inline(__always)
  func equal(_ byte: UInt8) -> UInt64 {
    let wanted = SIMD16<UInt8>(repeating: byte)
    return bits { $0 .== wanted }
  }

  /// - Parameter letter: a lower-case one.
  @inline(__always)
  func equalIgnoringCase(_ letter: UInt8) -> UInt64 {
    let wanted = SIMD16<UInt8>(repeating: letter)
    let caseBit = SIMD16<UInt8>(repeating: 0x20)
    return bits { ($0 | caseBit) .== wanted }
  }

  @inline(__always)
  func below(_ byte: UInt8) -> UInt64 {
    let limit = SIMD16<UInt8>(repeating: byte)
    return bits { $0 .< limit }
  }

  @inline(__always)
  var hasControl: Bool {
    let space = SIMD16<UInt8>(repeating: ASCII.space)
    let any = (a .< space) .| (b .< space) .| (c .< space) .| (d .< space)
    let w = unsafeBitCast(any, to: SIMD2<UInt64>.self)
    return w[0] | w[1] != 0
  }

  /// The bytes that may follow a backslash: `" \ / b f n r t u`.
  @inline(__always)
  func escapeLetters() -> UInt64 {
    let q = SIMD16<UInt8>(repeating: 0x22)
    let s = SIMD16<UInt8>(repeating: 0x2F)
    let k = SIMD16<UInt8>(repeating: 0x5C)
    let b = SIMD16<UInt8>(repeating: 0x62)
    let f = SIMD16<UInt8>(repeating: 0x66)
    let n = SIMD16<UInt8>(repeating: 0x6E)
    let r = SIMD16<UInt8>(repeating: 0x72)
    let t = SIMD16<UInt8>(repeating: 0x74)
    let u = SIMD16<UInt8>(repeating: 0x75)
    return bits {
      (($0 .== q) .| ($0 .== s) .| ($0 .== k)) .| (($0 .== b) .| ($0 .== f) .| ($0 .== n))
        .| (($0 .== r) .| ($0 .== t) .| ($0 .== u))
    }
  }

  @inline(__always)
  func hexDigits() -> UInt64 {
    let zero = SIMD16<UInt8>(repeating: 0x30)
    let ten = SIMD16<UInt8>(repeating: 10)
    let caseBit = SIMD16<UInt8>(repeating: 0x20)
    let letterA = SIMD16<UInt8>(repeating: 0x61)
    let six = SIMD16<UInt8>(repeating: 6)
    return bits { (($0 &- zero) .< ten) .| ((($0 | caseBit) &- letterA) .< six) }
  }
}
