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
    if let plain = Finding.Excerpt(plain: line, place, range.upperBound) {
      self = plain
      return
    }
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

  /// The same where all bytes around the place are ASCII, as they mostly are; nil where one is not. A line may have a
  /// million findings, and this takes a fifth of the time.
  private init?(plain line: PaddedBytes, _ place: Int, _ upperBound: Int) {
    let start = max(0, place - Self.before)
    let end = min(line.count, start == 0 ? Self.whole : place + Self.whole - Self.before)
    // The byte behind the last one may belong to it.
    for k in start..<min(line.count, place + Self.whole + 1) where line[k] >= 0x80 { return nil }
    text = (start > 0 ? "…" : "") + line.text(start..<end) + (end < line.count ? "…" : "")
    indent = place - start + (start > 0 ? 1 : 0)
    width = max(1, min(upperBound, end) - place)
  }
}
