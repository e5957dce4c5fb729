import TestSupport
import Testing

@testable import JSONLines

@Suite("UTF8Validation")
struct UTF8ValidationTests {
  /// The first byte at which Swift's decoder finds an error.
  private static func firstFault(_ bytes: [UInt8]) -> Int? {
    var i = 0
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      let expected = Array(String(scalar).utf8)
      guard bytes[i...].starts(with: expected) else { return i }
      i += expected.count
    }
    return nil
  }

  private static func expectAgreement(_ bytes: [UInt8]) {
    let expected = firstFault(bytes)
    // The text is in quotes, as the scanner gives strings to the validation.
    PaddedBytes.withCopy(of: [0x22] + bytes + [0x22]) { padded in
      let range = 1..<bytes.count + 1
      #expect(UTF8Validation.isValid(padded, range) == (expected == nil), "\(bytes)")
      #expect(UTF8Validation.firstFault(padded, range) == expected.map { $0 + 1 }, "\(bytes)")
    }
  }

  private static let ranges: [ClosedRange<Int>] = [
    0x20...0x7F, 0x80...0x7FF, 0x800...0xFFF, 0x1000...0xCFFF, 0xD000...0xD7FF, 0xE000...0xFFFF,
    0x1_0000...0x3_FFFF, 0x4_0000...0xF_FFFF, 0x10_0000...0x10_FFFF,
  ]

  private static func text(_ random: inout SeededGenerator, isMostlyASCII: Bool) -> [UInt8] {
    let length = random.number(0...200)
    var text: [UInt8] = []
    while text.count < length {
      let range = isMostlyASCII && random.number(0...9) > 0 ? 0x61...0x7A : random.pick(ranges)
      if let scalar = Unicode.Scalar(UInt32(random.number(range))) { text += Array(String(scalar).utf8) }
    }
    return text
  }

  @Test("agrees with Swift's decoder on good text", arguments: [false, true])
  func valid(isMostlyASCII: Bool) {
    var random = SeededGenerator(11)
    for _ in 0..<400 {
      UTF8ValidationTests.expectAgreement(UTF8ValidationTests.text(&random, isMostlyASCII: isMostlyASCII))
    }
  }

  @Test("agrees with Swift's decoder on damaged text", arguments: [false, true], 1...4)
  func mutated(isMostlyASCII: Bool, mutations: Int) {
    var random = SeededGenerator(UInt64(mutations))
    let telling: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF]
    let leads: [UInt8] = [0xF0, 0xF1, 0xF4, 0xF5, 0xF8, 0xFF]
    for _ in 0..<400 {
      var bytes = UTF8ValidationTests.text(&random, isMostlyASCII: isMostlyASCII)
      for _ in 0..<mutations where !bytes.isEmpty {
        let place = random.number(0...bytes.count - 1)
        switch random.number(0...3) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(random.pick(telling), at: place)
        case 2: bytes[place] = random.pick(telling + leads)
        default: bytes[place] = UInt8(random.number(0...255))
        }
      }
      UTF8ValidationTests.expectAgreement(bytes)
    }
  }

  @Test("agrees with Swift's decoder on text cut at every byte")
  func cut() {
    let text = Array(String(repeating: "aé€😀", count: 12).utf8)
    for start in 0..<text.count { UTF8ValidationTests.expectAgreement(Array(text[start...])) }
    for end in 0...text.count { UTF8ValidationTests.expectAgreement(Array(text[..<end])) }
  }
}
