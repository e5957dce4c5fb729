import BatchFile

/// Hands the findings of one file to a report, with advice.
final class ReportSink: FindingSink {
  private let report: any Report
  private let file: String

  init(_ report: any Report, file: String) {
    self.report = report
    self.file = file
  }

  func begin() { report.begin(file: file) }

  func take(_ findings: [Finding]) { for finding in findings { report.take(Advice.added(to: finding, .check)) } }

  /// - Parameter fileFindings: about the file as a whole.
  func end(_ summary: CheckSummary, _ fileFindings: [Finding]) {
    report.end(summary, fileFindings: fileFindings.map { Advice.added(to: $0, .check) })
  }
}
