/// Gives each finding of a file a name by which services recognise it in the next report, even if its line has moved.
///
/// The name is a 64-bit FNV-1a hash of the file, the code, the param and the request's `custom_id`; of the line's
/// number where the request has none.
struct Fingerprints {
  private var file = ""
  /// How often each hash was made in this file, of findings whose request has an id.
  private var timesSeen: [UInt64: Int] = [:]
  /// How often each hash was made on `line`, of findings whose request has no id. Their hashes depend on the line's
  /// number, so those of earlier lines do not come again and need not be kept.
  private var timesOnLine: [UInt64: Int] = [:]
  private var line: Int?

  mutating func begin(file: String) {
    self.file = file
    timesSeen = [:]
    timesOnLine = [:]
    line = nil
  }

  /// The fingerprint of the file's next finding. Services show only one of two findings with the same fingerprint, so
  /// the second gets `-2` at its end.
  mutating func next(_ finding: Finding) -> String {
    // An id can be megabytes long and is hashed again for each finding of its line, so only its beginning is used.
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
