/// What a check found.
public struct CheckedFile: Sendable {
  /// File-level findings first, then by line.
  public var findings: [Finding]
  public var summary: CheckSummary

  /// The errors in the form of the API; warnings have no place in it.
  public var errors: BatchErrors {
    BatchErrors(findings.filter { $0.severity == .error }.map(\.batchError))
  }
}
