import TestSupport
import Testing

@testable import JSONLines

@Suite("StringScanner")
struct StringScannerTests {
  /// The expected result, found by reading one byte at a time.
  private struct Reference {
    /// The same as ``StringScan/end``.
    var end = 0
    var isEscaped = false
    var hasNonASCII = false
    var hasLoneSurrogate = false
    /// The length of the longest word in the string: of ASCII above the comma, without a backslash.
    var longestWord = 0

    init(_ bytes: [UInt8]) {
      func byte(_ i: Int) -> UInt8 { i < bytes.count ? bytes[i] : 0x0A }
      func unit(_ i: Int) -> UInt32? {
        guard byte(i) == 0x5C, byte(i + 1) == 0x75 else { return nil }
        let digits = (i + 2..<i + 6).map { Character(Unicode.Scalar(byte($0))).hexDigitValue }
        guard !digits.contains(nil), (i + 2..<i + 6).allSatisfy({ byte($0) < 0x80 }) else { return nil }
        return digits.reduce(0) { $0 * 16 + UInt32($1!) }
      }
      var i = 0
      while true {
        switch byte(i) {
        case 0x22:
          end = i
          let words = bytes[..<i].split { !(0x2D...0x7F).contains($0) || $0 == 0x5C }
          longestWord = words.map(\.count).max() ?? 0
          return
        case ..<0x20:
          end = ~i
          return
        case 0x5C where byte(i + 1) == 0x75:
          guard let value = unit(i) else {
            end = ~(i + 2..<i + 6).first { Character(Unicode.Scalar(byte($0))).hexDigitValue == nil }!
            return
          }
          isEscaped = true
          i += 6
          if (0xD800...0xDBFF).contains(value), let low = unit(i), (0xDC00...0xDFFF).contains(low) {
            i += 6
          } else if (0xD800...0xDFFF).contains(value) {
            hasLoneSurrogate = true
          }
        case 0x5C:
          guard Array("\"\\/bfnrt".utf8).contains(byte(i + 1)) else {
            end = ~i
            return
          }
          isEscaped = true
          i += 2
        case let other:
          if other >= 0x80 { hasNonASCII = true }
          i += 1
        }
      }
    }
  }

  private static func expectAgreement(_ bytes: [UInt8], _ place: SourceLocation = #_sourceLocation) {
    let expected = Reference(bytes)
    let found = PaddedBytes.withCopy(of: bytes) { StringScanner.scan($0, from: 0) }
    let text = Comment(rawValue: String(decoding: bytes, as: UTF8.self))
    #expect(found.end == expected.end, text, sourceLocation: place)
    guard expected.end >= 0, found.end == expected.end else { return }
    #expect(found.traits.contains(.escaped) == expected.isEscaped, text, sourceLocation: place)
    #expect(found.traits.contains(.loneSurrogate) == expected.hasLoneSurrogate, text, sourceLocation: place)
    #expect(found.traits.contains(.nonASCII) == expected.hasNonASCII, text, sourceLocation: place)
    #expect(!found.traits.contains(.longWord), text, sourceLocation: place)
    let asked = PaddedBytes.withCopy(of: bytes) { StringScanner.scan($0, from: 0, findsLongWords: true) }
    #expect(asked.end == found.end, text, sourceLocation: place)
    #expect(asked.traits.rawValue & 7 == found.traits.rawValue, text, sourceLocation: place)
    if expected.longestWord >= 19 { #expect(asked.traits.contains(.longWord), text, sourceLocation: place) }
    if expected.longestWord < 16 { #expect(!asked.traits.contains(.longWord), text, sourceLocation: place) }
  }

  private static let good = [
    #"\\"#, #"\""#, #"\/"#, #"\n"#, #"\b\f\r\t"#, #"\u0041"#, #"\u00e9"#, #"\uABCD"#, #"\ud83d\ude00"#,
    #"\uD83D\uDE00"#, #"\\\\"#, #"\\\""#, #"\\u12"#, "a", "dc", "plain text, no escape", "é", "€uro", "😀",
    "/", "\u{7f}",
  ]
  private static let surrogates = [
    #"\ud83d"#, #"\ude00"#, #"\ud83d\ud83d\ude00"#, #"\ude00\ud83d"#, #"\ud83d\\ude00"#, #"\ud83dx\ude00"#,
    #"\ud83d\n"#, #"\udbff\udfff"#, #"\ud800\udc00\udc00"#, #"\ud7ff\ue000"#, #"\ud83d\u0041"#,
  ]
  private static let bad = [
    #"\x"#, #"\uG234"#, #"\u1/34"#, #"\u12:4"#, #"\u123`"#, #"\u12g4"#, #"\u"#, #"\U0041"#, "\t", "\u{0}", "\u{1f}",
    #"\ud83d\udcxx"#, #"\'"#,
  ]

  private static func random(_ random: inout SeededGenerator, density: Int) -> [UInt8] {
    let length = random.number(0...300)
    var bytes: [UInt8] = []
    while bytes.count < length {
      let dice = random.number(0...99)
      if dice >= density {
        bytes += Array(repeating: UInt8(random.number(0x61...0x7A)), count: random.number(1...40))
      } else if random.number(0...9) == 0 {
        bytes += Array(random.pick(surrogates).utf8)
      } else {
        bytes += Array(random.pick(good).utf8)
      }
      if random.number(0...149) == 0 { bytes += Array(random.pick(bad).utf8) }
      if random.number(0...149) == 0 { bytes.append(0x22) }
    }
    // The text may be cut inside an escape or a character.
    return Array(bytes.prefix(length))
  }

  @Test("agrees with a byte-by-byte reading of random strings", arguments: [10, 40, 75, 95], [1, 2, 3] as [UInt64])
  func randomStrings(density: Int, seed: UInt64) {
    var random = SeededGenerator(seed &* 1_000 &+ UInt64(density))
    for _ in 0..<300 {
      let bytes = StringScannerTests.random(&random, density: density)
      StringScannerTests.expectAgreement(bytes + [0x22])
      StringScannerTests.expectAgreement(bytes)
      StringScannerTests.expectAgreement(bytes + Array("\"\\ud83d\u{1}é\\x\"".utf8))
    }
  }

  @Test("agrees wherever an escape stands in a block", arguments: good + surrogates + bad)
  func positions(piece: String) {
    for dense in [#"\n"#, #"\n\n\n"#, #"\u0041\u0041\u0041"#] {
      for position in 0...80 {
        let head = dense + String(repeating: "a", count: position) + piece
        StringScannerTests.expectAgreement(Array((head + "\"").utf8))
        let escapes = String(repeating: #"\\"#, count: position)
        StringScannerTests.expectAgreement(Array((dense + escapes + piece + "\"").utf8))
        StringScannerTests.expectAgreement(Array((head + String(repeating: "b", count: 70) + "\"").utf8))
      }
    }
  }

  @Test("finds a long word wherever it stands in a block", arguments: 0...80)
  func longWords(position: Int) {
    for filler in [" ", "a ", "été ", #"\n"#, #"\u00e9 "#] {
      let head = String(repeating: filler, count: position / filler.utf8.count) + " "
      for word in [#"a.B-2_c/D:e@f~h[i]jk"#, "aaaabbbbccccddddeee", "aaaabbbbccccddd"] {
        for tail in ["", " ", ",", "é", #"\n"#, String(repeating: " b", count: 40)] {
          StringScannerTests.expectAgreement(Array("\(head)\(word)\(tail)\"max_completion_tokens_and_more\"".utf8))
        }
      }
    }
  }

  @Test("finds the end of a run of backslashes of any length", arguments: 0...140)
  func backslashes(count: Int) {
    for head in ["", "a", #"\n\n\n"#] {
      StringScannerTests.expectAgreement(Array(head.utf8) + Array(repeating: 0x5C, count: count) + [0x22, 0x78, 0x22])
    }
  }

  @Test("starts at any byte of a block", arguments: 0...70)
  func starts(start: Int) {
    let bytes = Array(repeating: UInt8(0x22), count: start) + Array(#"a\n\u0041\\"x"#.utf8)
    let end = PaddedBytes.withCopy(of: bytes) { StringScanner.scan($0, from: start).end }
    #expect(end == start + 11)
  }
}
