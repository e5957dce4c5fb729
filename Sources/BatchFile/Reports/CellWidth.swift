/// How many cells of a terminal a text takes: East Asian wide characters and emoji take two, marks that combine none.
package enum CellWidth {
  /// Wide and fullwidth letters and signs, but not emoji, which Swift knows by a property of their own. From Unicode
  /// 15.1's EastAsianWidth.txt; see https://www.unicode.org/reports/tr11/.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4CF,
    0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18D08, 0x1AFF0...0x1B2FB, 0x1F200...0x1F265, 0x20000...0x3FFFD,
  ]

  /// The cells that a text without control characters takes.
  package static func of(_ text: some Sequence<Unicode.Scalar>) -> Int {
    var total = 0
    /// The cells of the last character that takes any.
    var last = 0
    var isJoined = false
    for scalar in text {
      if scalar.isASCII {
        (total, last, isJoined) = (total + 1, 1, false)
        continue
      }
      switch scalar.value {
      case 0x200D:
        // A zero-width joiner after an emoji makes one emoji of it and the next one.
        isJoined = last == 2
        continue
      case 0xFE0F:
        // This selector asks for the form as an emoji of a sign that is drawn as text without it.
        if last == 1 { (total, last) = (total + 1, 2) }
        continue
      case 0x1F3FB...0x1F3FF where last == 2: continue
      default: break
      }
      let width = isJoined && scalar.properties.isEmoji ? 0 : of(scalar)
      isJoined = false
      total += width
      if width > 0 { last = width }
    }
    return total
  }

  package static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return 1 }
    // Two regional indicators make one flag of two cells, so each counts one.
    if (0x1F1E6...0x1F1FF).contains(value) { return 1 }
    // Hangul vowels and final consonants are drawn in the cells of the consonant before them.
    if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FB).contains(value) { return 0 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wide.contains { $0.contains(value) } ? 2 : 1
  }
}
