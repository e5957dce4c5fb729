/// The formats that answers are written in.
public enum AnswerFormat: String, CaseIterable, Sendable {
  /// One JSON object for each request.
  case jsonl
  /// A table with a header and one row for each request.
  case csv
}
