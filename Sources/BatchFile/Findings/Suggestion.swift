/// Finds the word that a misspelt one was meant to be.
package enum Suggestion {
  /// One letter more or less makes another word of shorter ones.
  private static let shortest = 3

  /// Parameters of other endpoints and servers that look like a known one and mean something else: `top_k` is no `top_p`.
  private static let meaningful = Set(
    ["encoding_format", "top_k", "top_a", "top_n", "min_p", "min_tokens", "min_length", "best_of"].map(normalized))

  /// The nearest of `known`, nil where none is near.
  package static func nearest(to word: String, among known: some Sequence<String>) -> String? {
    let wanted = normalized(word)
    guard wanted.count >= shortest, wanted.count <= 64, !meaningful.contains(wanted) else { return nil }
    var best: (word: String, distance: Int)?
    for candidate in known {
      let other = normalized(candidate)
      guard other.count >= shortest else { continue }
      // A quarter of the letters wrong, or more than three, is no misspelling any more.
      let limit = max(1, min(wanted.count / 4, other.count / 4, 3))
      guard abs(other.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, other)
      guard distance <= limit else { continue }
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word == word ? nil : best?.word
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
