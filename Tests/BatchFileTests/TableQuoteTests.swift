import JSONLines
import TestSupport
import Testing

@testable import BatchFile

@Suite("Quotes of a table")
struct TableQuoteTests {
  @Test("finds the quote that closes a cell, and counts lines", arguments: [1, 5, 40, 95])
  func singleQuote(density: Int) {
    var random = SeededGenerator(UInt64(density) + 100)
    for _ in 0..<300 {
      var text: [UInt8] = []
      var newlines = 0
      var hasDoubled = false
      for _ in 0..<random.number(0...200) {
        switch random.number(0...99) {
        case ..<density:
          text += [0x22, 0x22]
          hasDoubled = true
        case ..<(density + 3):
          text.append(0x0A)
          newlines += 1
        default: text.append(0x61)
        }
      }
      for tail in [[0x22, 0x2C, 0x22, 0x0A], []] as [[UInt8]] {
        var found = (newlines: 0, hasDoubled: false)
        let bytes = text + tail
        let index = PaddedBytes.withCopy(of: bytes) {
          $0.findSingleQuote(from: 0, countingNewlines: &found.newlines, hasDoubled: &found.hasDoubled)
        }
        #expect(tail.isEmpty ? index >= bytes.count : index == text.count)
        if !tail.isEmpty { #expect(found == (newlines, hasDoubled)) }
      }
    }
  }
}
