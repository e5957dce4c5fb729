/// Line numbers in rising order, written as ranges: `4–50,000`.
struct LineRanges {
  /// The most ranges that are kept and written; the lines after them are only counted.
  private static let most = 6

  private var ranges: [ClosedRange<Int>] = []
  private var hasMore = false
  /// How many lines there are.
  private(set) var count = 0
  private(set) var last = 0

  mutating func add(_ line: Int) {
    guard line != last else { return }
    count += 1
    last = line
    if let range = ranges.last, range.upperBound == line - 1, !hasMore {
      ranges[ranges.count - 1] = range.lowerBound...line
    } else if ranges.count < LineRanges.most {
      ranges.append(line...line)
    } else {
      hasMore = true
    }
  }

  var text: String {
    let told = ranges.map { range in
      let first = Words.grouped(range.lowerBound)
      if range.count == 1 { return first }
      return range.count == 2
        ? "\(first), \(Words.grouped(range.upperBound))" : "\(first)–\(Words.grouped(range.upperBound))"
    }
    return (told + (hasMore ? ["…"] : [])).joined(separator: ", ")
  }
}
