/// Names for the findings of a file that stay the same in the next report, even where a line has moved: what is said,
/// and of which request. FNV-1a, 64 bits.
struct Fingerprints {
  private var file = ""
  /// How often each hash has come up in this file.
  private var timesSeen: [UInt64: Int] = [:]

  mutating func begin(file: String) {
    self.file = file
    timesSeen = [:]
  }

  /// Readers show one of two with the same fingerprint, so a second one gets a number.
  mutating func next(_ finding: Finding) -> String {
    let parts = [file, finding.code.rawValue, finding.param ?? "", finding.customID ?? String(finding.line ?? 0)]
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in parts.joined(separator: "\u{0}").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    let times = timesSeen[hash, default: 0] + 1
    timesSeen[hash] = times
    return String(repeating: "0", count: 16 - digits.count) + digits + (times > 1 ? "-\(times)" : "")
  }
}
