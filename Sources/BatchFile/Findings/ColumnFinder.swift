import JSONLines

/// Finds the columns of places in one line: in code points, from 1.
///
/// As far as a line was read, the finder remembers how many code points stand before every 256th byte, and counts on
/// from there. Counting from the line's beginning for each finding would take time quadratic in the line's findings.
struct ColumnFinder {
  private static let step = 256

  /// The code points before byte 0, 256, 512, ….
  private var before: [Int] = [0]

  /// Begins another line.
  mutating func clear() { if before.count > 1 { before.removeLast(before.count - 1) } }

  /// The columns that a range of bytes covers; an empty range covers one.
  mutating func columns(of range: Range<Int>, in line: PaddedBytes) -> Range<Int> {
    let start = 1 + codePoints(before: min(range.lowerBound, line.count), line)
    let end = 1 + codePoints(before: min(range.upperBound, line.count), line)
    return start..<max(start + 1, end)
  }

  private mutating func codePoints(before offset: Int, _ line: PaddedBytes) -> Int {
    let step = ColumnFinder.step
    while before.count <= offset / step {
      let start = (before.count - 1) * step
      before.append(before[before.count - 1] + line.codePoints(in: start..<start + step))
    }
    return before[offset / step] + line.codePoints(in: offset / step * step..<offset)
  }
}

extension PaddedBytes {
  /// The columns that a range of bytes covers; an empty range covers one. For lines of which only one place is looked
  /// up: for several, a ``ColumnFinder`` is faster.
  func columns(of range: Range<Int>) -> Range<Int> {
    let start = 1 + codePoints(in: 0..<min(range.lowerBound, count))
    return start..<start + max(1, codePoints(in: min(range.lowerBound, count)..<min(range.upperBound, count)))
  }
}
