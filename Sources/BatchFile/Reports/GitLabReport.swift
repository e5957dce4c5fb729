import JSONLines

/// `gitlab`: a code quality report, one JSON array for all files.
/// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
final class GitLabReport: Report {
  private let out: any ByteSink
  private let results: FindingArray
  private var file = ""
  /// How often each hash has come up in this file.
  private var timesSeen: [UInt64: Int] = [:]

  init(_ out: any ByteSink) {
    self.out = out
    results = FindingArray(out)
    out.write("[")
  }

  func begin(file: String) {
    self.file = file
    results.begin()
    timesSeen = [:]
  }

  func take(_ finding: Finding) { results.take(finding, append) }

  func end(_ summary: CheckSummary, fileFindings: [Finding]) { results.end(fileFindings, append) }

  func finish() { out.write(results.isEmpty ? "]\n" : "\n]\n") }

  private func append(_ finding: Finding, to out: inout [UInt8]) {
    let text = finding.note.map { "\(finding.message) (\($0))" } ?? finding.message
    JSONFields.append("description", text, to: &out, opening: true)
    JSONFields.append("check_name", finding.code.rawValue, to: &out)
    JSONFields.append("fingerprint", fingerprint(finding), to: &out)
    JSONFields.append("severity", finding.severity == .error ? "major" : "minor", to: &out)
    out.append(contentsOf: #","location":"#.utf8)
    JSONFields.append("path", file, to: &out, opening: true)
    out.append(contentsOf: #","lines":{"begin":\#(finding.line ?? 1)}}}"#.utf8)
  }

  /// The same finding gets the same one in the next report, even where its line has moved: what it says, and of which
  /// request; FNV-1a, 64 bits. GitLab shows one of two with the same fingerprint, so a second one gets a number.
  private func fingerprint(_ finding: Finding) -> String {
    let parts = [file, finding.code.rawValue, finding.param ?? "", finding.customID ?? String(finding.line ?? 0)]
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in parts.joined(separator: "\u{0}").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    let times = timesSeen[hash, default: 0] + 1
    timesSeen[hash] = times
    return String(repeating: "0", count: 16 - digits.count) + digits + (times > 1 ? "-\(times)" : "")
  }
}
