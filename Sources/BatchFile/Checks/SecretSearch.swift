import JSONLines

/// Finds secret keys and tokens by their well-known beginnings, in the bytes of a line.
///
/// Only the beginning of a file is searched, and each line that has another finding. A search of the whole file would
/// take several times as long as its check, and a key that is in one request is mostly in all of them.
enum SecretSearch {
  /// How many bytes of a file's beginning are searched.
  static let reach = 64 << 10

  /// One kind of secret.
  private struct Form {
    let prefix: [UInt8]
    /// The index of a byte of the prefix that is rare in texts, so that looking for it is quick.
    let anchor: Int
    /// The fewest bytes that follow the prefix in a key.
    let length: Int

    init(_ prefix: StaticString, anchor: Int, length: Int) {
      self.prefix = Array(UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
      self.anchor = anchor
      self.length = length
    }
  }

  /// The keys of Groq, OpenAI, Anthropic, GitHub, Hugging Face, Stripe, Slack, Google and AWS, bearer tokens, and JSON
  /// Web Tokens.
  private static let forms = [
    Form("gsk_", anchor: 3, length: 32), Form("sk-", anchor: 2, length: 32), Form("ghp_", anchor: 3, length: 36),
    Form("gho_", anchor: 3, length: 36), Form("ghs_", anchor: 3, length: 36),
    Form("github_pat_", anchor: 6, length: 40),
    Form("hf_", anchor: 2, length: 30), Form("sk_live_", anchor: 2, length: 24),
    Form("rk_live_", anchor: 2, length: 24), Form("xoxb-", anchor: 4, length: 24),
    Form("xoxp-", anchor: 4, length: 24), Form("AIza", anchor: 0, length: 35), Form("AKIA", anchor: 0, length: 16),
    Form("Bearer ", anchor: 0, length: 20), Form("eyJ", anchor: 2, length: 60),
  ]

  private static let privateKey = Array("PRIVATE KEY-----".utf8)

  /// The place of the first secret that begins in a range; nil where there is none.
  static func next(_ bytes: PaddedBytes, in range: Range<Int>) -> Range<Int>? {
    var i = range.lowerBound
    while i < range.upperBound {
      switch bytes[i] {
      case 0x2D, 0x5F, 0x41, 0x42, 0x4A:  // - _ A B J
        if let found = secret(bytes, around: i, range) { return found }
      default: break
      }
      i += 1
    }
    return nil
  }

  @inline(never)
  private static func secret(_ bytes: PaddedBytes, around place: Int, _ range: Range<Int>) -> Range<Int>? {
    for form in forms where form.prefix[form.anchor] == bytes[place] {
      let start = place - form.anchor
      guard start >= range.lowerBound, start + form.prefix.count <= bytes.count,
        bytes.buffer(start..<start + form.prefix.count).elementsEqual(form.prefix),
        start == 0 || !isKeyByte(bytes[start - 1])
      else { continue }
      let body = start + form.prefix.count
      var end = body
      while end < bytes.count, isKeyByte(bytes[end]) || bytes[end] == 0x2E { end += 1 }
      if end - body >= form.length, looksDrawn(bytes.buffer(body..<end)) { return start..<end }
    }
    if bytes[place] == 0x2D, place + 5 <= range.upperBound,
      bytes.buffer(place..<min(bytes.count, place + 64)).starts(with: Array("-----BEGIN ".utf8))
    {
      let head = bytes.buffer(place..<min(bytes.count, place + 64))
      for k in 0..<max(0, head.count - privateKey.count) where head[(head.startIndex + k)...].starts(with: privateKey) {
        return place..<place + k + privateKey.count
      }
    }
    return nil
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == 0x5F || byte == ASCII.minus
  }

  /// Whether a text looks random, as keys are. A placeholder in an example has words in it, or repeats a few
  /// characters.
  private static func looksDrawn(_ body: UnsafeRawBufferPointer) -> Bool {
    var kinds: UInt128 = 0
    var digits = 0
    var letters = 0
    for byte in body {
      kinds |= 1 << UInt128(byte & 0x7F)
      if ASCII.isDigit(byte) { digits += 1 } else if (byte | 0x20) &- 0x61 < 26 { letters += 1 }
    }
    guard digits >= 2, letters >= 2, kinds.nonzeroBitCount >= 10 else { return false }
    let text = String(decoding: body, as: UTF8.self).lowercased()
    return !["your", "example", "xxxx", "0000", "....", "placeholder", "replace"].contains { text.contains($0) }
  }
}
