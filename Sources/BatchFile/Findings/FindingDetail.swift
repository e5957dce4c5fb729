/// How much a check finds out about each finding. Less detail is faster where a file has very many findings.
public enum FindingDetail: Sendable {
  /// The members of a ``BatchError``: code, message, param and line.
  case errors
  /// The columns and the notes as well.
  case places
  /// The part of the line around the place as well.
  case excerpts
}
