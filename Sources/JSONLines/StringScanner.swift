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
  /// At least one byte from 0x80 on: UTF-8 is yet to be validated.
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
/// Sixty-four bytes a step become bit masks, and one bit operation judges all escapes of a step at once: a stop at
/// every backslash would be a branch nobody can predict.
public enum StringScanner {
  /// - Parameter start: the first byte after the opening quote.
  @inlinable @inline(__always)
  public static func scan(_ bytes: PaddedBytes, from start: Int) -> StringScan {
    // Keys, ids, roles: most strings end within sixteen bytes and have nothing special in them.
    let quote = SIMD16<UInt8>(repeating: 0x22)
    let backslash = SIMD16<UInt8>(repeating: 0x5C)
    let space = SIMD16<UInt8>(repeating: 0x20)
    let v = bytes.vector(at: start)
    let stops = ((v .== quote) .| (v .== backslash) .| (v .< space)).bits
    if stops != 0 {
      let end = start &+ stops.trailingZeroBitCount
      if bytes[end] == ASCII.quote {
        let before = (stops & (0 &- stops)) &- 1
        return StringScan(end: end, traits: v.highBits & before == 0 ? .none : .nonASCII)
      }
    }
    return scanFurther(bytes, from: start)
  }

  @usableFromInline
  static func scanFurther(_ bytes: PaddedBytes, from start: Int) -> StringScan {
    let quote = SIMD16<UInt8>(repeating: ASCII.quote)
    let backslash = SIMD16<UInt8>(repeating: ASCII.backslash)
    let space = SIMD16<UInt8>(repeating: ASCII.space)
    var seen = SIMD16<UInt8>()
    var escapes = Escapes()
    var i = start
    while true {
      let block = Block64(bytes, at: i)
      let stops = block.contains { ($0 .== quote) .| ($0 .== backslash) .| ($0 .< space) }
      if !stops, !escapes.areOpen {
        seen |= (block.a | block.b) | (block.c | block.d)
        i += 64
        continue
      }
      let escaped = escapes.escaped(by: block.equal(ASCII.backslash))
      let closing = block.equal(ASCII.quote) & ~escaped
      let inside = closing == 0 ? ~0 : (closing & (0 &- closing)) &- 1
      if block.contains({ $0 .< space }), block.bits({ $0 .< space }) & inside != 0 {
        return StringScan(end: ~locateFault(bytes, from: start), traits: .none)
      }
      if escaped & inside != 0 || escapes.areDue, !escapes.judge(block, escaped & inside, inside) {
        return StringScan(end: ~locateFault(bytes, from: start), traits: .none)
      }
      if closing != 0 {
        var traits = escapes.traitsAtEnd
        if seen.highBits | (block.highBits & inside) != 0 { traits.insert(.nonASCII) }
        return StringScan(end: i + closing.trailingZeroBitCount, traits: traits)
      }
      seen |= (block.a | block.b) | (block.c | block.d)
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

  private static func isSimpleEscape(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x22, 0x2F, 0x5C, 0x62, 0x66, 0x6E, 0x72, 0x74: true  // " / \ b f n r t
    default: false
    }
  }
}

/// The escapes of a string from block to block: what the blocks before leave to the next one, each mask with bit 0 for
/// its first byte.
private struct Escapes {
  /// Whether the next byte is escaped by a backslash.
  private var isEscaped: UInt64 = 0
  /// Bytes that must be hexadecimal digits.
  private var hexDue: UInt64 = 0
  /// First and second digits of a `\u`.
  private var firstDigit: UInt64 = 0
  private var secondOfSurrogate: UInt64 = 0
  /// Second digits of the low half that a high half asks for.
  private var lowDue: UInt64 = 0
  private var traits = StringTraits.none

  /// Whether the next block matters even when it has no backslash.
  @inline(__always)
  var areOpen: Bool { isEscaped | hexDue | lowDue != 0 }

  @inline(__always)
  var areDue: Bool { hexDue | lowDue != 0 }

  var traitsAtEnd: StringTraits {
    var all = traits
    if lowDue != 0 { all.insert(.loneSurrogate) }
    return all
  }

  /// The bytes of a block that a backslash stands before, which is no escaped one itself.
  @inline(__always)
  mutating func escaped(by backslashes: UInt64) -> UInt64 {
    if backslashes == 0 {
      defer { isEscaped = 0 }
      return isEscaped
    }
    // A run of backslashes escapes every second byte; simdjson's subtraction finds the ends of odd runs.
    let oddBits: UInt64 = 0xAAAA_AAAA_AAAA_AAAA
    let openers = backslashes & ~isEscaped
    let codes = (((openers &<< 1) | oddBits) &- openers) ^ oddBits
    let escaped = codes ^ (backslashes | isEscaped)
    isEscaped = (codes & backslashes) &>> 63
    return escaped
  }

  /// - Returns: whether the escapes that end in the block are good, as far as it shows.
  @inline(__always)
  mutating func judge(_ block: Block64, _ escaped: UInt64, _ inside: UInt64) -> Bool {
    traits.insert(.escaped)
    // What prose has; the others, and \u with all that follows from it, are asked for only where there are any.
    let others = escaped & ~(block.equal(0x6E) | block.equal(ASCII.quote))
    if others | hexDue | lowDue == 0 { return true }
    if others & ~block.bits(Escapes.isEscapeLetter) != 0 { return false }
    let unicode = others & block.equal(0x75)
    let hexWanted = hexDue | (unicode &<< 1) | (unicode &<< 2) | (unicode &<< 3) | (unicode &<< 4)
    if hexWanted != 0, hexWanted & ~block.bits(Escapes.isHexDigit) != 0 { return false }
    findSurrogates(block, (unicode &<< 1) | firstDigit, inside)
    hexDue = (unicode &>> 63) | (unicode &>> 62) | (unicode &>> 61) | (unicode &>> 60)
    firstDigit = unicode &>> 63
    return true
  }

  /// U+D800 to U+DFFF are the escapes that begin with a d and an 8 or more: of a high half up to b, of a low half
  /// from c on, and a low half's second digit stands six bytes after the high half's.
  @inline(__always)
  private mutating func findSurrogates(_ block: Block64, _ firstDigits: UInt64, _ inside: UInt64) {
    let caseBit = SIMD16<UInt8>(repeating: 0x20)
    let d = SIMD16<UInt8>(repeating: 0x64)
    let startsWithD = firstDigits & block.bits { ($0 | caseBit) .== d }
    if startsWithD | secondOfSurrogate | lowDue == 0 { return }
    let c = SIMD16<UInt8>(repeating: 0x63)
    let eight = SIMD16<UInt8>(repeating: 0x38)
    let second = ((startsWithD &<< 1) | secondOfSurrogate) & inside & block.bits { $0 .>= eight }
    let low = second & block.bits { ($0 | caseBit) .>= c }
    let high = second & ~low
    if low != lowDue | (high &<< 6) { traits.insert(.loneSurrogate) }
    secondOfSurrogate = startsWithD &>> 63
    lowDue = high &>> 58
  }

  /// The bytes that may follow a backslash: `" \ / b f n r t u`.
  @inline(__always)
  private static func isEscapeLetter(_ v: SIMD16<UInt8>) -> Block64.Mask {
    @inline(__always) func any(_ byte: UInt8) -> SIMD16<UInt8> { SIMD16<UInt8>(repeating: byte) }
    let letters = ((v & any(0xFB)) .== any(0x62)) .| ((v & any(0xFE)) .== any(0x74))  // b f, t u
    return (letters .| (v .== any(0x6E)) .| (v .== any(0x72)))
      .| ((v .== any(0x22)) .| (v .== any(0x2F)) .| (v .== any(0x5C)))
  }

  @inline(__always)
  private static func isHexDigit(_ v: SIMD16<UInt8>) -> Block64.Mask {
    let zero = SIMD16<UInt8>(repeating: 0x30)
    let ten = SIMD16<UInt8>(repeating: 10)
    let caseBit = SIMD16<UInt8>(repeating: 0x20)
    let letterA = SIMD16<UInt8>(repeating: 0x61)
    let six = SIMD16<UInt8>(repeating: 6)
    return ((v &- zero) .< ten) .| (((v | caseBit) &- letterA) .< six)
  }
}
