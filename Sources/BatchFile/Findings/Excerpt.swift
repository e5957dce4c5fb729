import JSONLines

extension Finding.Excerpt {
  /// The most code points that an excerpt has: before the place, and altogether.
  private static let before = 40
  private static let whole = 100
  /// The most bytes of a code point in UTF-8. A byte that is not UTF-8 is shown as a code point of its own, so as many
  /// code points never take more bytes than this many times their number.
  private static let longest = 4

  init(_ line: PaddedBytes, _ range: Range<Int>) {
    // Only the bytes around the place are decoded, because lines can be megabytes long.
    let place = min(range.lowerBound, line.count)
    var start = place
    var shown = 0
    while start > 0, shown < Self.before, place - start < Self.before * Self.longest {
      start -= 1
      if line[start] & 0xC0 != 0x80 { shown += 1 }
    }
    var end = place
    shown = 0
    while end < line.count, shown < Self.whole, end - place < Self.whole * Self.longest {
      end += 1
      if end == line.count || line[end] & 0xC0 != 0x80 { shown += 1 }
    }
    let before = line.text(start..<place).unicodeScalars
    let behind = line.text(place..<end).unicodeScalars
    let head = before.suffix(Self.before)
    let tail = behind.prefix(Self.whole - head.count)
    let marked = line.text(place..<min(end, max(place, range.upperBound))).unicodeScalars.prefix(tail.count)
    let isCutBefore = start > 0 || head.startIndex > before.startIndex
    let isCutBehind = end < line.count || tail.endIndex < behind.endIndex
    text = (isCutBefore ? "…" : "") + String(head) + String(tail) + (isCutBehind ? "…" : "")
    indent = head.count + (isCutBefore ? 1 : 0)
    width = max(1, marked.count)
  }
}
