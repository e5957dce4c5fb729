/// Replaces single ASCII characters in an output. It compares scalars, because Swift reads a carriage return and the
/// newline after it as one `Character`.
struct Replacements {
  private let replacements: [Unicode.Scalar: String]
  /// The characters that are replaced, one bit for each. Most texts have none of them, which this finds out quickly.
  private let low: UInt64
  private let high: UInt64

  init(_ replacements: [Unicode.Scalar: String]) {
    self.replacements = replacements
    (low, high) = replacements.keys.reduce(into: (low: UInt64(0), high: UInt64(0))) { bits, scalar in
      if scalar.value < 64 { bits.low |= 1 &<< UInt64(scalar.value) } else { bits.high |= 1 &<< UInt64(scalar.value) }
    }
  }

  func apply(to text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      byte >= 0x80 || (byte < 64 ? low : high) & (1 &<< UInt64(byte & 63)) == 0
    }
    if isPlain { return text }
    return text.unicodeScalars.reduce(into: "") { out, scalar in
      if let replacement = replacements[scalar] { out += replacement } else { out.unicodeScalars.append(scalar) }
    }
  }
}
