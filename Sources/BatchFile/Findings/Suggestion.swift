/// Finds the word that a misspelt one was meant to be.
package enum Suggestion {
  /// One letter more or less makes another word of shorter ones.
  private static let shortest = 3
  /// Longer words are no misspelt names.
  private static let longest = 64
  /// The most letters that may be wrong.
  private static let most = 3

  /// Parameters of other endpoints and servers that look like a known one and mean something else: `top_k` is no `top_p`.
  private static let meaningful = Set(
    ["encoding_format", "top_k", "top_a", "top_n", "min_p", "min_tokens", "min_length", "best_of"].map(normalized))

  /// The nearest of `known`, nil where none is near.
  package static func nearest(to word: String, among known: some Sequence<String>) -> String? {
    guard word.utf8.count <= 4 * longest else { return nil }
    let wanted = normalized(word)
    guard wanted.count >= shortest, wanted.count <= longest, !meaningful.contains(wanted) else { return nil }
    let letters = letters(of: wanted)
    var best: (word: String, distance: Int)?
    for candidate in known {
      // A word has as many letters that are not in the other as it takes steps to the other, at the most.
      let others = Suggestion.letters(of: candidate.utf8)
      guard (letters & ~others).nonzeroBitCount <= most, (others & ~letters).nonzeroBitCount <= most else { continue }
      let other = normalized(candidate)
      guard other.count >= shortest else { continue }
      // A quarter of the letters wrong, or more than three, is no misspelling any more.
      let limit = max(1, min(wanted.count / 4, other.count / 4, most))
      guard abs(other.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, other)
      guard distance <= limit else { continue }
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best.flatMap { $0.word.utf8.elementsEqual(word.utf8) ? nil : $0.word }
  }

  /// One bit for each letter or digit that a word has, whatever its case. Cheaper than the distance, and enough to tell
  /// nearly all pairs of words that have nothing to do with each other.
  private static func letters(of word: some Sequence<UInt8>) -> UInt64 {
    word.reduce(0) { all, byte in
      let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
      if lower &- 0x61 < 26 { return all | 1 &<< UInt64(lower &- 0x61) }
      return lower &- 0x30 < 10 ? all | 1 &<< UInt64(26 + (lower &- 0x30)) : all
    }
  }

  /// `did you mean 'temperature'?`
  static func note(for word: String, among known: some Sequence<String>) -> String? {
    nearest(to: word, among: known).map { "did you mean '\($0)'?" }
  }

  /// Case, separators and white space are what people get wrong first.
  private static func normalized(_ word: String) -> [UInt8] {
    word.utf8.filter { $0 != 0x20 && $0 != 0x5F && $0 != 0x2D }.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var twoBack: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var cost = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, twoBack[j - 1] + 1) }
        row.append(cost)
      }
      twoBack = previous
      previous = row
    }
    return previous[b.count]
  }
}
