/// How much is found out about each finding; less is faster where there are very many.
public enum FindingDetail: Sendable {
  /// What a ``BatchError`` holds.
  case errors
  /// Columns and notes too.
  case places
  /// The part of the line around the place too.
  case excerpts
}
