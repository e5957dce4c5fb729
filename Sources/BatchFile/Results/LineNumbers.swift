/// The numbers of the requests' lines, counted from 1 over all their files: they are the requests' own numbers, but for
/// blank lines between them.
struct LineNumbers {
  /// Requests with blank lines before them, each with how many there are before it in all.
  private var blanks: [(request: Int, count: Int)] = []

  /// - Parameter request: the number of the request that comes next, from 0; it never falls.
  mutating func addBlank(before request: Int) {
    let count = (blanks.last?.count ?? 0) + 1
    if blanks.last?.request == request {
      blanks[blanks.count - 1].count = count
    } else {
      blanks.append((request, count))
    }
  }

  /// - Parameter request: from 0.
  func line(of request: Int) -> Int {
    var (low, high) = (0, blanks.count)
    while low < high {
      let middle = (low + high) / 2
      if blanks[middle].request <= request { low = middle + 1 } else { high = middle }
    }
    return request + 1 + (low > 0 ? blanks[low - 1].count : 0)
  }
}
