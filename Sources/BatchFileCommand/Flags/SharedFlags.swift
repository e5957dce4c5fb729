import BatchFile

/// Options with the same meaning in every subcommand that takes them.
extension Flag {
  static let help = Flag("--help", short: "-h", help: "Show this help.")

  // MARK: - Input

  static let stdinFilename = Flag("--stdin-filename", value: "NAME", help: "The name for standard input in reports.")

  // MARK: - Output

  static let output = Flag(
    "--output", short: "-o", value: "FILE", help: "Where to write (default: standard output).")
  static let force = Flag("--force", short: "-f", help: "Replace files that exist.")

  // MARK: - Reports

  static let format = Flag(
    "--format", value: "FORMAT", values: ReportFormat.allCases.map(\.rawValue),
    help: "full (default on a terminal): with the place in the line and notes; concise (default elsewhere): a line a "
      + "finding; json: the API's BatchErrors, a line a file; jsonl: a JSON object a finding; github, gitlab, junit, "
      + "sarif: for CI.")
  static let ignore = Flag(
    "--ignore", value: "CODE", values: Code.allCases.map(\.rawValue), isRepeatable: true, isList: true,
    help: "Leave out findings with this code; several with commas between them. Repeatable.")
  static let maxFindings = Flag(
    "--max-findings", value: "N",
    help: "Show at most N findings of a file in full and concise (default 200); 0 for all.")
  static let color = Flag(
    "--color", value: "WHEN", values: ColorChoice.allCases.map(\.rawValue),
    help: "Colours: auto (default: on a terminal, by NO_COLOR and FORCE_COLOR), always, never.")
  static let quiet = Flag("--quiet", short: "-q", help: "Leave out the closing line.")
  static let maxLineBytes = Flag(
    "--max-line-bytes", value: "N", help: "The longest line that is read, in bytes (default: 67108864).")

  // MARK: - Work

  static let jobs = Flag(
    "--jobs", short: "-j", value: "N", help: "Threads to use, \(BatchChecker.mostJobs) at most (default: all cores).")
}

/// When a report has colours.
enum ColorChoice: String, CaseIterable { case auto, always, never }
