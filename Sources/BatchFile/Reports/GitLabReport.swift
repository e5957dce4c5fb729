import JSONLines

/// `gitlab`: a code quality report, one JSON array for all files.
/// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
final class GitLabReport: Report {
  private let out: any ByteSink
  private let results: FindingArray
  private let folders: [String]
  private var file = ""
  private var fingerprints = Fingerprints()

  init(_ out: any ByteSink, _ style: ReportStyle) {
    self.out = out
    folders = style.folders
    results = FindingArray(out)
    out.write("[")
  }

  func begin(file: String) {
    self.file = RelativePath.clean(file, in: folders)
    results.begin()
    fingerprints.begin(file: self.file)
  }

  func take(_ finding: Finding) { results.take(finding, append) }

  func end(_ summary: CheckSummary, fileFindings: [Finding]) { results.end(fileFindings, append) }

  func finish() { out.write(results.isEmpty ? "]\n" : "\n]\n") }

  private func append(_ finding: Finding, to out: inout [UInt8]) {
    let text = finding.note.map { "\(finding.message) (\($0))" } ?? finding.message
    JSONFields.append("description", text, to: &out, opening: true)
    JSONFields.append("check_name", finding.code.rawValue, to: &out)
    JSONFields.append("fingerprint", fingerprints.next(finding), to: &out)
    JSONFields.append("severity", severity(finding), to: &out)
    out.append(contentsOf: #","location":"#.utf8)
    JSONFields.append("path", file, to: &out, opening: true)
    out.append(contentsOf: #","lines":{"begin":\#(finding.line ?? 1)}}}"#.utf8)
  }

  private func severity(_ finding: Finding) -> String {
    if finding.code == .unreadableFile { return "critical" }
    return finding.severity == .error ? "major" : "minor"
  }
}
