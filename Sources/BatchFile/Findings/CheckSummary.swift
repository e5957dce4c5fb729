/// The totals of one file.
public struct CheckSummary: Hashable, Sendable {
  /// Lines, blank ones too.
  public var lines = 0
  /// Lines that are not blank.
  public var requests = 0
  /// The file's size in bytes.
  public var bytes = 0
  public var errors = 0
  public var warnings = 0
  /// What the file is where it is not a batch file; nil for a batch file. Its lines are checked and counted either way.
  package var foreign: ForeignKind?

  public init() {}
}
