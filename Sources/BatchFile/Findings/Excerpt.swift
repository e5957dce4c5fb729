import JSONLines

extension Finding.Excerpt {
  /// How much of a line is shown: code points before the place and in all.
  private static let before = 40
  private static let whole = 100

  init(_ line: PaddedBytes, _ range: Range<Int>) {
    // Only the surroundings are decoded: lines can be megabytes long.
    var start = range.lowerBound
    var shown = 0
    while start > 0, shown < Self.before {
      start -= 1
      if line[start] & 0xC0 != 0x80 { shown += 1 }
    }
    var end = range.lowerBound
    while end < line.count, shown < Self.whole {
      end += 1
      if end == line.count || line[end] & 0xC0 != 0x80 { shown += 1 }
    }
    let head = line.text(start..<range.lowerBound)
    let place = line.text(range.lowerBound..<max(range.lowerBound, min(end, range.upperBound)))
    let tail = line.text(min(end, max(range.upperBound, range.lowerBound))..<end)
    text = (start > 0 ? "…" : "") + head + place + tail + (end < line.count ? "…" : "")
    indent = head.unicodeScalars.count + (start > 0 ? 1 : 0)
    width = max(1, place.unicodeScalars.count)
  }
}
