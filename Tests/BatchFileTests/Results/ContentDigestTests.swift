import TestSupport
import Testing

@testable import BatchFile

@Suite("Digests of contents")
struct ContentDigestTests {
  private func digest(_ pieces: [[UInt8]]) -> String {
    var digest = ContentDigest()
    for piece in pieces { piece.withUnsafeBytes { digest.update($0) } }
    return digest.text
  }

  @Test("the same however the content is cut", arguments: 0..<40)
  func pieces(seed: Int) {
    var random = SeededGenerator(UInt64(seed))
    let bytes = (0..<random.number(0...500)).map { _ in UInt8(random.number(0...255)) }
    var pieces: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + random.number(0...130))
      pieces.append(Array(bytes[start..<end]))
      start = end
    }
    #expect(digest(pieces) == digest([bytes]))
  }

  @Test("another for every byte that changes, for one more and for one less")
  func changes() {
    let bytes = (0..<200).map { UInt8($0) }
    var seen: Set<String> = [digest([bytes]), digest([bytes + [0]]), digest([Array(bytes.dropLast())]), digest([])]
    for k in bytes.indices {
      for change in [1, 0x80, 0xFF] as [UInt8] {
        var changed = bytes
        changed[k] ^= change
        seen.insert(digest([changed]))
      }
    }
    #expect(seen.count == 4 + 3 * bytes.count)
    #expect(seen.allSatisfy { $0.count == 32 })
  }

  @Test("the same in every process, since it is written down")
  func fixed() {
    #expect(digest([Array("prompt\none\n".utf8)]) == "f18e4306d991d9346a5294804af7273d")
  }
}
