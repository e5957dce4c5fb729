/// How far a batch is, whatever case the API writes it in.
public enum BatchStatus: Hashable, Sendable {
  case validating, inProgress, finalizing, completed, failed, expired, cancelling, cancelled
  /// One that nobody here knows, as the API spelt it: it is waited on like one that is not final.
  case other(String)

  public init(_ text: String) {
    self = BatchStatus.names[text.lowercased()] ?? .other(text)
  }

  /// As OpenAI and Groq spell it.
  public var name: String {
    if case .other(let text) = self { return text }
    return BatchStatus.names.first { $0.value == self && $0.key != "canceled" && $0.key != "canceling" }?.key ?? ""
  }

  /// Whether nothing more will become of the batch.
  public var isFinal: Bool {
    switch self {
    case .completed, .failed, .expired, .cancelled: true
    default: false
    }
  }

  private static let names: [String: BatchStatus] = [
    "validating": .validating, "in_progress": .inProgress, "finalizing": .finalizing, "completed": .completed,
    "failed": .failed, "expired": .expired, "cancelling": .cancelling, "cancelled": .cancelled,
    "canceling": .cancelling, "canceled": .cancelled,
  ]
}
