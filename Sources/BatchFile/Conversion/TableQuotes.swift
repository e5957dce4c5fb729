import JSONLines

extension PaddedBytes {
  /// Finds the quote that closes a cell. Two quotes in a row stand for a quote in the cell's text (RFC 4180) and are
  /// passed over.
  /// - Parameters:
  ///   - start: the index after the quote that opens the cell.
  ///   - newlines: raised by the number of newlines in the cell.
  ///   - hasDoubled: set to true where two quotes in a row were passed over.
  /// - Returns: the index of the quote; `count + 1` or more where the cell does not end in these bytes.
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
        // The second quote of the two may be the first byte of the next 64.
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
