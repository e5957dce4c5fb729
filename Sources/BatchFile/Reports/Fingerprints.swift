/// Names for the findings of a file that stay the same in the next report, even where a line has moved: what is said,
/// and of which request. FNV-1a, 64 bits.
struct Fingerprints {
  private var file = ""
  /// How often each hash has come up in this file.
  private var timesSeen: [UInt64: Int] = [:]
  /// The same for the findings of one line whose request has no id: their hashes hold the line's number, so those of
  /// earlier lines do not come again and need not be kept.
  private var timesOnLine: [UInt64: Int] = [:]
  private var line: Int?

  mutating func begin(file: String) {
    self.file = file
    timesSeen = [:]
    timesOnLine = [:]
    line = nil
  }

  /// Readers show one of two with the same fingerprint, so a second one gets a number.
  mutating func next(_ finding: Finding) -> String {
    // Each finding of a line has its id, which can be megabytes long.
    let request = finding.customID.map { Words.cut($0, to: Words.longestID) } ?? String(finding.line ?? 0)
    let parts = [file, finding.code.rawValue, finding.param ?? "", request]
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in parts.joined(separator: "\u{0}").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    let times = count(hash, finding)
    return String(repeating: "0", count: 16 - digits.count) + digits + (times > 1 ? "-\(times)" : "")
  }
  private mutating func count(_ hash: UInt64, _ finding: Finding) -> Int {
    if finding.customID != nil {
      timesSeen[hash, default: 0] += 1
      return timesSeen[hash, default: 0]
    }
    if line != finding.line {
      line = finding.line
      timesOnLine.removeAll(keepingCapacity: true)
    }
    timesOnLine[hash, default: 0] += 1
    return timesOnLine[hash, default: 0]
  }
}
