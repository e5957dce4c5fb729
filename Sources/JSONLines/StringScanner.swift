/// Where a string ends, and what its bytes contain.
public struct StringScan {
  /// The index of the closing quote; for an invalid string, `~index` of the first invalid byte.
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
/// This is not an `OptionSet`, because the generic operations of one would be calls from other modules.
public struct StringTraits: Sendable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable public static var none: StringTraits { StringTraits(rawValue: 0) }
  /// There is at least one escape, so the text differs from the bytes.
  @inlinable public static var escaped: StringTraits { StringTraits(rawValue: 1) }
  /// There is at least one byte from 0x80 on, so UTF-8 has to be validated.
  @inlinable public static var nonASCII: StringTraits { StringTraits(rawValue: 2) }
  /// There is an escape `\uD800` to `\uDFFF` without its other half. JSON's grammar allows that, but it is not Unicode
  /// text.
  @inlinable public static var loneSurrogate: StringTraits { StringTraits(rawValue: 4) }
  /// There is a word of nineteen or more bytes: letters, digits, hyphens, slashes and other ASCII above the comma, but
  /// no backslash. It may be a word of only sixteen. Only a scan that is asked to looks for such words.
  @inlinable public static var longWord: StringTraits { StringTraits(rawValue: 8) }

  @inlinable @inline(__always)
  public func contains(_ other: StringTraits) -> Bool { rawValue & other.rawValue != 0 }

  /// Whether the string has at most escapes, so that nothing else of it need be checked.
  @inlinable @inline(__always)
  public var isPlainOrEscaped: Bool { rawValue <= 1 }

  mutating func insert(_ other: StringTraits) { rawValue |= other.rawValue }
}

/// Finds the end of a string, and checks its escapes and control characters. ``UTF8Validation`` checks its UTF-8.
///
/// Each step makes bit masks of 64 bytes, and checks all escapes among them at once by operations on the masks. A stop
/// at each backslash would be a branch that the processor cannot predict.
public enum StringScanner {
  /// - Parameters:
  ///   - start: the first byte after the opening quote.
  ///   - findsLongWords: whether the traits say if there is a ``StringTraits/longWord``, which takes up to half as much
  ///     time again.
  @inlinable @inline(__always)
  public static func scan(_ bytes: PaddedBytes, from start: Int, findsLongWords: Bool = false) -> StringScan {
    // Most strings, such as keys, ids and roles, have fewer than sixteen bytes and only plain ASCII.
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
    return findsLongWords ? scanFurtherForWords(bytes, from: start) : scanFurther(bytes, from: start)
  }

  @usableFromInline
  static func scanFurther(_ bytes: PaddedBytes, from start: Int) -> StringScan {
    scanBlocks(bytes, from: start, findsLongWords: false)
  }

  @usableFromInline
  static func scanFurtherForWords(_ bytes: PaddedBytes, from start: Int) -> StringScan {
    scanBlocks(bytes, from: start, findsLongWords: true)
  }

  @inline(__always)
  private static func scanBlocks(_ bytes: PaddedBytes, from start: Int, findsLongWords: Bool) -> StringScan {
    let quote = SIMD16<UInt8>(repeating: ASCII.quote)
    let backslash = SIMD16<UInt8>(repeating: ASCII.backslash)
    let space = SIMD16<UInt8>(repeating: ASCII.space)
    var seen = SIMD16<UInt8>()
    var escapes = Escapes()
    var words = LongWords()
    var i = start
    while true {
      let block = Block64(bytes, at: i)
      let stops = block.contains { ($0 .== quote) .| ($0 .== backslash) .| ($0 .< space) }
      if !stops, !escapes.areOpen {
        if findsLongWords { words.add(block) }
        seen |= (block.a | block.b) | (block.c | block.d)
        i &+= 64
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
        let length = closing.trailingZeroBitCount
        if findsLongWords, words.areFound(with: block, upTo: length) { traits.insert(.longWord) }
        return StringScan(end: i + length, traits: traits)
      }
      if findsLongWords { words.add(block) }
      seen |= (block.a | block.b) | (block.c | block.d)
      i &+= 64
    }
  }

  /// The first invalid byte of a string that is known to be invalid, found one byte at a time.
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

/// Finds long words, such as keys, in a text that is read 64 bytes at a time.
///
/// A text is cut into groups of four bytes. A word of nineteen bytes fills four groups next to each other wherever it
/// begins, and four groups that are full belong to a word of at least sixteen.
struct LongWords {
  /// The full groups of the last two blocks, the later ones in the higher bits.
  private var full: UInt32 = 0
  private var found: UInt32 = 0

  @inline(__always)
  mutating func add(_ block: Block64) { add(full: LongWords.full(block)) }

  /// Whether there are any, with those in the first bytes of a last block.
  @inline(__always)
  mutating func areFound(with block: Block64, upTo length: Int) -> Bool {
    // A word of nineteen bytes that ends here has as much as is needed in the groups before its end.
    add(full: LongWords.full(block) & ((1 &<< UInt32(length &>> 2)) &- 1))
    return found != 0
  }

  @inline(__always)
  private static func full(_ block: Block64) -> UInt32 {
    // These are more bytes than keys have, the slash and the colon among them, but the test is cheap. The backslash
    // begins a newline between two words in most texts.
    let (comma, backslash) = (SIMD16<Int8>(repeating: 0x2C), SIMD16<UInt8>(repeating: ASCII.backslash))
    return block.fours { unsafeBitCast($0, to: SIMD16<Int8>.self) .> comma .& ($0 .!= backslash) }
  }

  @inline(__always)
  private mutating func add(full groups: UInt32) {
    full = full &>> 16 | groups &<< 16
    let pairs = full & full &>> 1
    found |= pairs & pairs &>> 2
  }
}

/// The state of a string's escapes at the border between two blocks. In each mask, bit 0 is for the first byte of the
/// next block.
private struct Escapes {
  /// Whether the next byte is escaped by a backslash before it.
  private var isEscaped: UInt64 = 0
  /// Bytes that must be hexadecimal digits.
  private var hexDue: UInt64 = 0
  /// The bytes that are first digits of a `\u`.
  private var firstDigit: UInt64 = 0
  private var secondOfSurrogate: UInt64 = 0
  /// The bytes that must be second digits of a low half, because a high half came before.
  private var lowDue: UInt64 = 0
  private var traits = StringTraits.none

  /// Whether an escape goes on in the next block, so that this block matters even without a backslash.
  @inline(__always)
  var areOpen: Bool { isEscaped | hexDue | lowDue != 0 }

  @inline(__always)
  var areDue: Bool { hexDue | lowDue != 0 }

  var traitsAtEnd: StringTraits {
    var all = traits
    if lowDue != 0 { all.insert(.loneSurrogate) }
    return all
  }

  /// The bytes of a block that come after a backslash which is not escaped itself.
  @inline(__always)
  mutating func escaped(by backslashes: UInt64) -> UInt64 {
    if backslashes == 0 {
      defer { isEscaped = 0 }
      return isEscaped
    }
    // In a run of backslashes every second byte is escaped. A subtraction, taken from simdjson, finds the ends of runs
    // of odd length.
    let oddBits: UInt64 = 0xAAAA_AAAA_AAAA_AAAA
    let openers = backslashes & ~isEscaped
    let codes = (((openers &<< 1) | oddBits) &- openers) ^ oddBits
    let escaped = codes ^ (backslashes | isEscaped)
    isEscaped = (codes & backslashes) &>> 63
    return escaped
  }

  /// Checks the escapes of a block.
  /// - Returns: whether those that end in it are valid.
  @inline(__always)
  mutating func judge(_ block: Block64, _ escaped: UInt64, _ inside: UInt64) -> Bool {
    traits.insert(.escaped)
    // Texts mostly have only escaped newlines and quotes. Other escapes are looked at only if there are any.
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

  /// Finds surrogates. These are the escapes whose digits begin with d and 8 to b (a high half) or c to f (a low half).
  /// The second digit of a low half comes six bytes after that of its high half.
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

  /// Whether a byte may follow a backslash: `" \ / b f n r t u`.
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
