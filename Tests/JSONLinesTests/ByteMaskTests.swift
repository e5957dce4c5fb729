import TestSupport
import Testing

@testable import JSONLines

@Suite("Masks as bits")
struct ByteMaskTests {
  @Test("have bit k for lane k, by the processor's instruction and by arithmetic")
  func agreement() {
    var random = SeededGenerator(16)
    var patterns = (0..<16).map { UInt64(1) << $0 } + [0, 0xFFFF]
    for _ in 0..<1_000 { patterns.append(UInt64(random.number(0...0xFFFF))) }
    for pattern in patterns {
      var mask = SIMDMask<SIMD16<Int8>>(repeating: false)
      for lane in 0..<16 { mask[lane] = pattern >> lane & 1 == 1 }
      #expect(mask.bits == pattern)
      #expect(mask.gatheredBits == pattern)
    }
  }

  @Test("of groups of four bytes have bit k for group k, by the processor's instructions and by arithmetic")
  func fours() {
    var random = SeededGenerator(4)
    for round in 0..<1_000 {
      var bytes = [UInt8](repeating: 0x61, count: 64)
      var expected: UInt32 = 0xFFFF
      for k in bytes.indices where random.number(0...99) < round % 20 {
        bytes[k] = UInt8(random.number(0x62...0xFF))
        expected &= ~(1 << UInt32(k / 4))
      }
      PaddedBytes.withCopy(of: bytes) {
        let block = Block64($0, at: 0)
        let letter = SIMD16<UInt8>(repeating: 0x61)
        #expect(block.fours { $0 .== letter } == expected)
        #expect(block.gatheredFours { $0 .== letter } == expected)
      }
    }
  }

  @Test("tell bytes of 0x80 and above", arguments: 0..<16)
  func highBits(lane: Int) {
    for byte: UInt8 in [0, 0x7F, 0x80, 0xFF] {
      var vector = SIMD16<UInt8>(repeating: 0x7F)
      vector[lane] = byte
      #expect(vector.highBits == (byte < 0x80 ? 0 : 1 << UInt64(lane)))
    }
  }
}
