/// The findings and the summary of a check of one file.
public struct CheckedFile: Sendable {
  /// The findings about the whole file first, then those of its lines in the order of the lines.
  public var findings: [Finding]
  public var summary: CheckSummary

  /// The errors in the form of the API, which has no warnings.
  public var errors: BatchErrors {
    BatchErrors(findings.filter { $0.severity == .error }.map(\.batchError))
  }
}
