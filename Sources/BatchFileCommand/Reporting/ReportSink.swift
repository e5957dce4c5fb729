import BatchFile

/// Hands the findings of one file to a report: with advice, and as errors where the user takes warnings for such.
final class ReportSink: FindingSink {
  private let report: any Report
  private let file: String
  private let isStrict: Bool

  init(_ report: any Report, file: String, isStrict: Bool = false) {
    self.report = report
    self.file = file
    self.isStrict = isStrict
  }

  func begin() { report.begin(file: file) }

  func take(_ findings: [Finding]) { for finding in findings { report.take(told(finding)) } }

  /// - Parameter fileFindings: about the file as a whole.
  /// - Returns: whether the file has errors.
  func end(_ summary: CheckSummary, _ fileFindings: [Finding]) -> Bool {
    var summary = summary
    if isStrict {
      summary.errors += summary.warnings
      summary.warnings = 0
    }
    report.end(summary, fileFindings: fileFindings.map(told))
    return summary.errors > 0
  }

  private func told(_ finding: Finding) -> Finding {
    var finding = Advice.added(to: finding, .check)
    if isStrict { finding.severity = .error }
    return finding
  }
}
