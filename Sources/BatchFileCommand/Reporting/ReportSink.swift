import BatchFile

/// Hands the findings of one file to a report: with advice, and as errors where the user takes warnings for such.
final class ReportSink: FindingSink {
  private let report: any Report
  private let file: String
  private let isStrict: Bool
  private let foreign: ForeignFiles

  /// What a report says of a file of another kind.
  enum ForeignFiles {
    /// Nothing; all that is wrong with its lines, for programs.
    case asLines
    /// What it is, for people, instead of its lines.
    case folded
    /// What it is, before its lines.
    case named
    /// That it is passed over.
    case skipped
  }

  init(_ report: any Report, file: String, isStrict: Bool = false, foreign: ForeignFiles = .asLines) {
    self.report = report
    self.file = file
    self.isStrict = isStrict
    self.foreign = foreign
  }

  func begin() { report.begin(file: file) }

  func take(_ findings: [Finding]) { for finding in findings { report.take(told(finding)) } }

  /// - Parameter fileFindings: about the file as a whole.
  /// - Returns: whether the file has errors.
  func end(_ summary: CheckSummary, _ fileFindings: [Finding]) -> Bool {
    var summary = summary
    var fileFindings = fileFindings
    if isStrict {
      summary.errors += summary.warnings
      summary.warnings = 0
    }
    if let kind = summary.foreign {
      switch foreign {
      case .asLines: break
      case .folded:
        report.begin(file: file)
        fileFindings = [.foreign(kind)]
        summary = CheckSummary()
        summary.errors = 1
      case .named:
        fileFindings.insert(.foreign(kind), at: 0)
        summary.errors += 1
      case .skipped:
        report.skip("It is \(kind.name).", file: file)
        return false
      }
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
