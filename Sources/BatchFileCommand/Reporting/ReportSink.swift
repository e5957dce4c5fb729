import BatchFile

/// Hands the findings of one file to a report. It adds advice to them, and makes errors of warnings where the user
/// wants that (`--strict`).
final class ReportSink: FindingSink {
  private let report: any Report
  private let file: String
  private let speaker: Advice.Speaker
  private let isStrict: Bool
  private let foreign: ForeignFiles
  /// Whether the file is named like a table or a list of prompts, and no message has said so yet.
  private var maySayTable: Bool

  /// What a report has for a file of another kind.
  enum ForeignFiles {
    /// The findings of its lines, as for any file: the formats for programs.
    case asLines
    /// Only the finding that says which kind of file it is: the formats for people.
    case folded
    /// That finding, and those of its lines.
    case named
    /// No finding: the file is skipped.
    case skipped

    /// How findings of such files are shown to people, who may want to see all of them.
    static func told(_ style: ReportStyle) -> ForeignFiles { style.maxFindings > 0 ? .folded : .named }
  }

  init(
    _ report: any Report, file: String, for speaker: Advice.Speaker, isStrict: Bool = false, foreign: ForeignFiles
  ) {
    self.report = report
    self.file = file
    self.speaker = speaker
    self.isStrict = isStrict
    self.foreign = foreign
    maySayTable = ReportSink.isTable(file)
  }

  private static func isTable(_ file: String) -> Bool {
    InputKind(path: file).map { [.prompts, .csv, .tsv].contains($0) } ?? false
  }

  func begin() {
    report.begin(file: file)
    maySayTable = ReportSink.isTable(file)
  }

  func take(_ findings: [Finding]) { for finding in findings { report.take(told(finding)) } }

  /// Ends the file.
  /// - Parameter fileFindings: the findings about the file as a whole.
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
    var finding = Advice.added(to: finding, speaker)
    if maySayTable, finding.code == .invalidJSONLine, finding.remedy == nil {
      finding.note = [finding.note, Advice.convertTable].compactMap { $0 }.joined(separator: "; ")
      maySayTable = false
    }
    if isStrict { finding.severity = .error }
    return finding
  }
}
