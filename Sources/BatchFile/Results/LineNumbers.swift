/// The line numbers of requests, counted from 1 over all their files. They differ from the requests' own numbers only
/// by the blank lines before them, so only these are kept.
struct LineNumbers {
  /// The requests that come right after blank lines, and how many blank lines there are before each in all.
  private var blanks: [(request: Int, count: Int)] = []

  /// Counts a blank line.
  /// - Parameter request: the number of the next request, from 0, which must not fall from call to call.
  mutating func addBlank(before request: Int) {
    let count = (blanks.last?.count ?? 0) + 1
    if blanks.last?.request == request {
      blanks[blanks.count - 1].count = count
    } else {
      blanks.append((request, count))
    }
  }

  /// The line of a request.
  /// - Parameter request: the request's number, from 0.
  func line(of request: Int) -> Int {
    var (low, high) = (0, blanks.count)
    while low < high {
      let middle = (low + high) / 2
      if blanks[middle].request <= request { low = middle + 1 } else { high = middle }
    }
    return request + 1 + (low > 0 ? blanks[low - 1].count : 0)
  }
}
