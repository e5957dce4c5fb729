/// Gives each finding of a file a name by which services recognise it in the next report, even if its line has moved.
///
/// The name is a 64-bit FNV-1a hash of the file, the code, the param and the request's `custom_id`; of the line's
/// number where the request has none.
struct Fingerprints {
  private static let separator: UInt8 = 0

  /// The hash of the file's name, with which all of its findings begin.
  private var fileHash = FNVHash()
  /// How often each hash was made in this file, of findings whose request has an id.
  private var timesSeen: [UInt64: Int] = [:]
  /// How often each hash was made on `line`, of findings whose request has no id. Their hashes depend on the line's
  /// number, so those of earlier lines do not come again and need not be kept.
  private var timesOnLine: [UInt64: Int] = [:]
  private var line: Int?
  /// The beginning of the id that the findings of a line have, for the line of the last one.
  private var beginning: (line: Int, id: String)?

  mutating func begin(file: String) {
    fileHash = FNVHash()
    fileHash.add(file)
    beginning = nil
    timesSeen = [:]
    timesOnLine = [:]
    line = nil
  }

  /// The fingerprint of the file's next finding. Services show only one of two findings with the same fingerprint, so
  /// the second gets `-2` at its end.
  mutating func next(_ finding: Finding) -> String {
    var hash = fileHash
    for part in [finding.code.rawValue, finding.param ?? "", request(finding)] {
      hash.add(Fingerprints.separator)
      hash.add(part)
    }
    let times = count(hash.value, finding)
    return hash.digits + (times > 1 ? "-\(times)" : "")
  }

  private mutating func request(_ finding: Finding) -> String {
    guard let id = finding.customID else { return String(finding.line ?? 0) }
    if let beginning, beginning.line == finding.line { return beginning.id }
    // An id can be megabytes long and is hashed again for each finding of its line, so only its beginning is used.
    let cut = Words.cut(id, to: Words.longestID)
    beginning = finding.line.map { ($0, cut) }
    return cut
  }

  private mutating func count(_ hash: UInt64, _ finding: Finding) -> Int {
    if finding.customID != nil {
      return Fingerprints.next(&timesSeen[hash, default: 0])
    }
    if line != finding.line {
      line = finding.line
      timesOnLine.removeAll(keepingCapacity: true)
    }
    return Fingerprints.next(&timesOnLine[hash, default: 0])
  }

  private static func next(_ times: inout Int) -> Int {
    times += 1
    return times
  }
}

/// The 64-bit FNV-1a hash: http://www.isthe.com/chongo/tech/comp/fnv/
private struct FNVHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }

  mutating func add(_ text: String) { for byte in text.utf8 { add(byte) } }

  /// In sixteen hexadecimal digits.
  var digits: String {
    String(unsafeUninitializedCapacity: 16) { out in
      for k in 0..<16 {
        let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * k)) & 15
        out.initializeElement(at: k, to: digit < 10 ? 0x30 + digit : 0x57 + digit)
      }
      return 16
    }
  }
}
