/// Finds the word that a misspelt one was meant to be.
package enum Suggestion {
  /// The fewest letters of a word that gets a suggestion. In a shorter one a single letter makes another word.
  private static let shortest = 3
  /// The most letters of a word that gets a suggestion. A longer one is not a misspelt name.
  private static let longest = 64
  /// The most letters that may be wrong.
  private static let most = 3

  /// Parameters of other endpoints and servers that look like a known one and mean something else: whoever writes
  /// `top_k` does not mean `top_p`.
  private static let meaningful = Set(
    ["encoding_format", "top_k", "top_a", "top_n", "min_p", "min_tokens", "min_length", "best_of"].map(normalized))

  /// The word of `known` that is nearest to `word`; nil where none is near, or where the nearest is `word` itself.
  package static func nearest(to word: String, among known: some Sequence<String>) -> String? {
    guard word.utf8.count <= 4 * longest else { return nil }
    let letters = letters(of: word.utf8)
    // Made for the first candidate with nearly the same letters, because most words have none: of a million unknown
    // keys each would cost an array.
    var wanted: [UInt8] = []
    var best: (word: String, distance: Int)?
    for candidate in known {
      // Each step of the distance can account for one letter that the other word lacks. So words that differ in more
      // letters than `most` are further apart than `most`, and the distance need not be computed.
      let others = Suggestion.letters(of: candidate.utf8)
      guard (letters & ~others).nonzeroBitCount <= most, (others & ~letters).nonzeroBitCount <= most else { continue }
      if wanted.isEmpty {
        wanted = normalized(word)
        guard wanted.count >= shortest, wanted.count <= longest, !meaningful.contains(wanted) else { return nil }
      }
      let other = normalized(candidate)
      guard other.count >= shortest else { continue }
      // With more than a quarter of its letters wrong, or more than three, the word is another word and not a
      // misspelling.
      let limit = max(1, min(wanted.count / 4, other.count / 4, most))
      guard abs(other.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, other)
      guard distance <= limit else { continue }
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best.flatMap { $0.word.utf8.elementsEqual(word.utf8) ? nil : $0.word }
  }

  /// One bit for each letter or digit that a word has, whatever its case. Comparing these sets is cheaper than the
  /// distance, and rules out nearly all pairs of unrelated words.
  private static func letters(of word: some Sequence<UInt8>) -> UInt64 {
    word.reduce(0) { all, byte in
      let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
      if lower &- 0x61 < 26 { return all | 1 &<< UInt64(lower &- 0x61) }
      return lower &- 0x30 < 10 ? all | 1 &<< UInt64(26 + (lower &- 0x30)) : all
    }
  }

  /// The note `did you mean 'temperature'?`; nil where no known word is near.
  static func note(for word: String, among known: some Sequence<String>) -> String? {
    nearest(to: word, among: known).map { "did you mean '\($0)'?" }
  }

  /// The word in small letters, without spaces, underscores and hyphens: people confuse these most often, so they do
  /// not count as a difference.
  private static func normalized(_ word: String) -> [UInt8] {
    word.utf8.filter { $0 != 0x20 && $0 != 0x5F && $0 != 0x2D }.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
  }

  /// The fewest insertions, deletions, replacements and swaps of neighbours that make one word the other (optimal
  /// string alignment distance).
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
