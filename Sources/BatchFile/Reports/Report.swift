/// Writes what a check finds, in one of the formats.
///
/// For each file: `begin` (again, where the file is read a second time: what came before is void), its findings in the
/// order of their lines, `end` with what concerns the file as a whole, which is written first. At last `finish`.
package protocol Report: AnyObject {
  func begin(file: String)
  func take(_ finding: Finding)
  func end(_ summary: CheckSummary, fileFindings: [Finding])
  /// In the place of all that for a file that cannot be read (any further): what came of it is void.
  func fail(_ finding: Finding, file: String)
  /// In the place of all that for a file that is passed over: what came of it is void.
  func skip(_ reason: String, file: String)
  func finish()
}

extension Report {
  package func skip(_ reason: String, file: String) {
    begin(file: file)
    end(CheckSummary(), fileFindings: [])
  }

  package func fail(_ finding: Finding, file: String) {
    begin(file: file)
    end(CheckSummary(), fileFindings: [finding])
  }
}

/// The formats by name.
package enum ReportFormat: String, CaseIterable, Sendable {
  case full, concise, json, jsonl, github, gitlab, junit, sarif

  package func makeReport(_ out: any ByteSink, _ style: ReportStyle) -> any Report {
    switch self {
    case .full: HumanReport(out, style, isFull: true)
    case .concise: HumanReport(out, style, isFull: false)
    case .json: BatchErrorsReport(out)
    case .jsonl: LinesReport(out, write: JSONFinding.append)
    case .github: LinesReport(out, write: GitHubAnnotation.append)
    case .gitlab: GitLabReport(out, style)
    case .junit: JUnitReport(out)
    case .sarif: SARIFReport(out)
    }
  }

  /// What the format shows of a finding.
  package var detail: FindingDetail {
    switch self {
    case .full: .excerpts
    case .json: .errors
    case .concise, .jsonl, .github, .gitlab, .junit, .sarif: .places
    }
  }
}

/// What people can choose about a report for people.
package struct ReportStyle: Sendable {
  /// Findings shown of a file; 0 for all, and nothing folded.
  package var maxFindings = 200
  /// Whether the closing line is written.
  package var hasClosingLine = true
  package var usesColor = false
  /// The window's width in cells; nil for any.
  package var width: Int?
  /// What the requests are checked for, for the closing line.
  package var api: String?
  /// The folder that paths in a repository are counted from, in each of its spellings.
  package var folders: [String] = []
  /// How all findings can be seen, where some are not shown.
  package var advice: String?

  package init() {}
}
