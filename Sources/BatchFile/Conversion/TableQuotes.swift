import JSONLines

extension PaddedBytes {
  /// The index of the next quote from `start` on that is not one of two in a row, which stand for one; behind the
  /// sentinel where there is none.
  /// - Parameters:
  ///   - newlines: goes up by the newlines before it.
  ///   - hasDoubled: set where there are two in a row before it.
  func findSingleQuote(
    from start: Int, countingNewlines newlines: inout Int, hasDoubled: inout Bool
  ) -> Int {
    var i = start
    while i <= count {
      let block = Block64(self, at: i)
      var quotes = block.equal(ASCII.quote)
      let breaks = block.equal(ASCII.newline)
      var step = 64
      while quotes != 0 {
        let first = quotes.trailingZeroBitCount
        if self[i + first + 1] != ASCII.quote {
          newlines += (breaks & ((1 &<< UInt64(first)) &- 1)).nonzeroBitCount
          return i + first
        }
        hasDoubled = true
        // The second one may be the next block's first byte.
        if first == 63 { step = 65 }
        quotes &= quotes &- 1
        quotes &= quotes &- 1
      }
      if breaks != 0 { newlines += breaks.nonzeroBitCount }
      i += step
    }
    return count + 1
  }
}
