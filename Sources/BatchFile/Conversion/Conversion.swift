/// The outcome of a conversion.
public struct Conversion: Sendable {
  /// What is wrong with single records. The line of a finding is a line of the input that is named beside it.
  public var findings: [(input: String, finding: Finding)] = []
  /// How many requests were written.
  public var requests = 0
  /// How many records were left out.
  public var skipped = 0
  /// How many blank lines the inputs have, which become no requests.
  public var blankLines = 0
  /// The files that were written; none where an error kept the output from being written.
  public var files: [Path] = []
}
