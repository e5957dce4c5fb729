/// Writes the findings of one or several files in one of the formats.
///
/// The calls for each file are `begin`, `take` for each finding of its lines in their order, and `end`; or `fail` or
/// `skip` in place of `end`. After the last file comes `finish`.
package protocol Report: AnyObject {
  /// A file begins. If it is the file that was begun last, the check reads it a second time, and the findings that were
  /// taken so far are dropped.
  func begin(file: String)
  /// A finding of one of the file's lines.
  func take(_ finding: Finding)
  /// The file ends.
  /// - Parameter fileFindings: the findings about the file as a whole; they are written before those of its lines.
  func end(_ summary: CheckSummary, fileFindings: [Finding])
  /// The file could not be read, or not to its end. The findings that were taken are dropped, and this one is written.
  func fail(_ finding: Finding, file: String)
  /// The file is skipped, for this reason. The findings that were taken are dropped.
  func skip(_ reason: String, file: String)
  /// There are no more files.
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

/// The formats of a report, by the names that people choose them with.
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
    case .sarif: SARIFReport(out, style)
    }
  }

  /// How much of a finding the format shows, and so how much the check must find out.
  package var detail: FindingDetail {
    switch self {
    case .full: .excerpts
    case .json: .errors
    case .concise, .jsonl, .github, .gitlab, .junit, .sarif: .places
    }
  }
}

/// How a report looks. `folders` is for GitLab's format; the other members are for `full` and `concise`.
package struct ReportStyle: Sendable {
  /// The most findings that are shown of a file. With 0 all are shown, and none are folded together.
  package var maxFindings = 200
  /// Whether the closing line is written.
  package var hasClosingLine = true
  package var usesColor = false
  /// The width of the terminal's window in cells; nil where it is not known, and then nothing is cut to it.
  package var width: Int?
  /// The API that the requests are checked for, as the closing line names it; nil where it does not.
  package var api: String?
  /// The folder of the repository that the report's paths are relative to, in each of its spellings.
  package var folders: [String] = []
  /// What to type to see all findings, for the line that says how many are not shown.
  package var advice: String?
  /// The web address of the tool that wrote the report; nil where it is not known.
  package var address: String?

  package init() {}
}
