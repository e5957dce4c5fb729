/// How answers are written.
public enum AnswerFormat: String, CaseIterable, Sendable {
  /// One object a request.
  case jsonl
  /// One row a request, with a header.
  case csv
}
