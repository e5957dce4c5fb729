import JSONLines

/// Finds secret keys and tokens by their well-known beginnings.
///
/// A search of a whole file would take as long as its check. So only strings with a long word are searched, which the
/// scan of a string finds on its way (``StringTraits/longWord``): every key is one, and hardly any word of a text.
enum SecretSearch {
  /// One kind of secret.
  private struct Form {
    let prefix: StaticString
    /// The index of the byte of the prefix that is looked for, one of those that ``anchors(in:)`` finds.
    let anchor: Int
    /// The fewest bytes that follow the prefix in a key.
    let length: Int
    /// What is between the parts of a key; nil where it has none.
    let middle: StaticString?
    /// The prefix's first eight bytes as a number, the first byte lowest. Nearly all anchors in a text belong to no
    /// secret, and comparing two numbers is enough to see it.
    let head: UInt64
    /// The bits of `head` that stand for bytes of the prefix, which may be shorter than eight bytes.
    let mask: UInt64

    init(_ prefix: StaticString, anchor: Int, length: Int, middle: StaticString? = nil) {
      self.prefix = prefix
      self.anchor = anchor
      self.length = length
      self.middle = middle
      let compared = min(8, prefix.utf8CodeUnitCount)
      head = (0..<compared).reduce(0) { $0 | UInt64(prefix.utf8Start[$1]) << (8 * UInt64($1)) }
      mask = ~0 >> (64 - 8 * UInt64(compared))
    }

    @inline(__always)
    func begins(in bytes: PaddedBytes, at start: Int) -> Bool {
      bytes.word(at: start) & mask == head && SecretSearch.stands(prefix, in: bytes, at: start)
    }
  }

  /// The keys of Groq, OpenAI, Anthropic, GitHub, Hugging Face, Stripe, Slack, Google and AWS, bearer tokens, and JSON
  /// Web Tokens. Two parts of such a token are objects of JSON in base64, which begin with `eyJ`; one such object alone
  /// is any data.
  private static let forms = [
    Form("gsk_", anchor: 3, length: 32), Form("sk-", anchor: 2, length: 32), Form("ghp_", anchor: 3, length: 36),
    Form("gho_", anchor: 3, length: 36), Form("ghs_", anchor: 3, length: 36),
    Form("github_pat_", anchor: 6, length: 40),
    Form("hf_", anchor: 2, length: 30), Form("sk_live_", anchor: 2, length: 24),
    Form("rk_live_", anchor: 2, length: 24), Form("xoxb-", anchor: 4, length: 24),
    Form("xoxp-", anchor: 4, length: 24), Form("AIza", anchor: 0, length: 35), Form("AKIA", anchor: 0, length: 16),
    Form("Bearer ", anchor: 0, length: 20), Form("eyJ", anchor: 2, length: 60, middle: ".eyJ"),
  ]

  private static let beginning = Form("-----BEGIN ", anchor: 1, length: 0)
  private static let privateKey: StaticString = "PRIVATE KEY-----"
  /// How many bytes of a possible key decide whether it is one. Without a limit, a long text of prefixes would be read
  /// to its end for each prefix.
  private static let longestJudged = 256

  /// The anchors that are the first byte of their prefix, one bit for each byte value.
  private static let first = bits { $0.anchor == 0 ? 0 : nil }
  /// The bytes that come before the anchor in the other prefixes, one bit for each byte value. Few anchors in a text
  /// follow such a byte, so for most of them no prefix need be compared.
  private static let before = bits { $0.anchor > 0 ? $0.anchor - 1 : nil }

  private static func bits(_ place: (Form) -> Int?) -> UInt128 {
    (forms + [beginning]).reduce(0) { bits, form in
      bits | (place(form).map { 1 << UInt128(form.prefix.utf8Start[$0]) } ?? 0)
    }
  }

  /// The place of the first secret in a string with a long word; nil where there is none.
  /// - Parameter content: the string's place, without its quotes.
  static func find(in bytes: PaddedBytes, _ content: Range<Int>) -> Range<Int>? {
    guard content.count >= shortest else { return nil }
    return next(bytes, in: content.lowerBound..<(payload(bytes, content) ?? content.upperBound))
  }

  /// The bytes of the shortest key, one of AWS.
  private static let shortest = 20

  /// The index after the comma of a `data:` URL in base64. An image has no words in it, and a line with images has
  /// hardly anything else.
  private static func payload(_ bytes: PaddedBytes, _ content: Range<Int>) -> Int? {
    guard stands("data:", in: bytes, at: content.lowerBound) else { return nil }
    let head = content.prefix(100)
    guard let comma = head.first(where: { bytes[$0] == ASCII.comma }) else { return nil }
    return stands(";base64,", in: bytes, at: max(content.lowerBound, comma - 7)) ? comma + 1 : nil
  }

  /// The place of the first secret that begins in a range; nil where there is none.
  static func next(_ bytes: PaddedBytes, in range: Range<Int>) -> Range<Int>? {
    let (first, before) = (first, before)
    var i = range.lowerBound
    while i < range.upperBound {
      var found = anchors(in: Block64(bytes, at: i))
      if range.upperBound - i < 64 { found &= (1 &<< UInt64(range.upperBound - i)) &- 1 }
      while found != 0 {
        let place = i + found.trailingZeroBitCount
        found &= found &- 1
        let isPossible =
          first & 1 << UInt128(bytes[place]) != 0 && isBeginning(place, bytes)
          || place > range.lowerBound && before & 1 << UInt128(bytes[place - 1]) != 0
        if isPossible, let secret = secret(bytes, around: place, range) { return secret }
      }
      i += 64
    }
    return nil
  }

  /// The places of the bytes - _ A B J. They are rare in texts, and the anchor of every prefix is one of them.
  @inline(__always)
  private static func anchors(in block: Block64) -> UInt64 {
    let (minus, underscore) = (SIMD16<UInt8>(repeating: 0x2D), SIMD16<UInt8>(repeating: 0x5F))
    let (a, b) = (SIMD16<UInt8>(repeating: 0x41), SIMD16<UInt8>(repeating: 0x42))
    let j = SIMD16<UInt8>(repeating: 0x4A)
    return block.bits { (($0 .== minus) .| ($0 .== underscore)) .| (($0 .== a) .| ($0 .== b)) .| ($0 .== j) }
  }

  private static func secret(_ bytes: PaddedBytes, around place: Int, _ range: Range<Int>) -> Range<Int>? {
    for form in forms {
      let start = place - form.anchor
      guard start >= range.lowerBound, form.begins(in: bytes, at: start), isBeginning(start, bytes) else {
        continue
      }
      let body = start + form.prefix.utf8CodeUnitCount
      let judged = end(of: body, bytes, upTo: min(bytes.count, body + longestJudged))
      if judged - body >= form.length, looksRandom(bytes.buffer(body..<judged)),
        form.middle.map({ middle in (body..<judged).contains { stands(middle, in: bytes, at: $0) } }) ?? true
      {
        return start..<end(of: judged, bytes, upTo: bytes.count)
      }
    }
    let start = place - beginning.anchor
    return start >= range.lowerBound && beginning.begins(in: bytes, at: start) ? keyBlock(bytes, at: start, range) : nil
  }

  /// The place of the first line of a private key, such as `-----BEGIN RSA PRIVATE KEY-----`; nil where there is none.
  private static func keyBlock(_ bytes: PaddedBytes, at place: Int, _ range: Range<Int>) -> Range<Int>? {
    guard place + 5 <= range.upperBound else { return nil }
    let count = privateKey.utf8CodeUnitCount
    let last = min(bytes.count, place + 64) - count
    for start in place..<max(place, last + 1) where stands(privateKey, in: bytes, at: start) {
      return place..<start + count
    }
    return nil
  }

  private static func stands(_ text: StaticString, in bytes: PaddedBytes, at start: Int) -> Bool {
    let wanted = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    return start + wanted.count <= bytes.count && bytes.buffer(start..<start + wanted.count).elementsEqual(wanted)
  }

  private static func end(of body: Int, _ bytes: PaddedBytes, upTo limit: Int) -> Int {
    var end = body
    while end < limit, isKeyByte(bytes[end]) || bytes[end] == 0x2E { end += 1 }
    return end
  }

  /// Whether a key can begin at an index, because the byte before it belongs to no key: it is none of a key's bytes, or
  /// the last one of an escape such as that of a newline.
  @inline(__always)
  private static func isBeginning(_ start: Int, _ bytes: PaddedBytes) -> Bool {
    start == 0 || !isKeyByte(bytes[start - 1]) || isEscapeEnd(start, bytes)
  }

  private static func isEscapeEnd(_ end: Int, _ bytes: PaddedBytes) -> Bool {
    func isEscape(_ start: Int) -> Bool {
      var before = start
      while before >= 0, start - before < longestJudged, bytes[before] == ASCII.backslash { before -= 1 }
      return (start - before) % 2 == 1
    }
    return isEscape(end - 2) && bytes[end - 1] != 0x75 || end >= 6 && isEscape(end - 6) && bytes[end - 5] == 0x75
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == 0x5F || byte == ASCII.minus
  }

  /// Whether a text looks random, as keys are. A placeholder in an example has words in it, or repeats a few
  /// characters.
  private static func looksRandom(_ body: UnsafeRawBufferPointer) -> Bool {
    var kinds: UInt128 = 0
    var digits = 0
    var letters = 0
    for byte in body {
      kinds |= 1 << UInt128(byte & 0x7F)
      if ASCII.isDigit(byte) { digits += 1 } else if (byte | 0x20) &- 0x61 < 26 { letters += 1 }
    }
    guard digits >= 2, letters >= 2, kinds.nonzeroBitCount >= 10 else { return false }
    return !body.indices.contains { k in examples.contains { isWord($0, at: k, of: body) } }
  }

  /// Words that placeholders for keys have, in small letters.
  private static let examples = ["your", "example", "xxxx", "0000", "....", "placeholder", "replace"].map {
    Array($0.utf8)
  }

  private static func isWord(_ word: [UInt8], at start: Int, of text: UnsafeRawBufferPointer) -> Bool {
    guard start + word.count <= text.count else { return false }
    for k in word.indices {
      let byte = text[start + k]
      if (byte &- 0x41 < 26 ? byte | 0x20 : byte) != word[k] { return false }
    }
    return true
  }
}
