/// The status of a batch. APIs write it in capital or small letters.
public enum BatchStatus: Hashable, Sendable {
  case validating, inProgress, finalizing, completed, failed, expired, cancelling, cancelled
  /// A status that is not known here, as the API writes it. It counts as not final.
  case other(String)

  /// The status with this name, in any case.
  public init(_ text: String) {
    self = BatchStatus.names[text.lowercased()] ?? .other(text)
  }

  /// The name of the status, as OpenAI and Groq write it.
  public var name: String {
    if case .other(let text) = self { return text }
    return BatchStatus.names.first { $0.value == self && $0.key != "canceled" && $0.key != "canceling" }?.key ?? ""
  }

  /// Whether the status will not change any more.
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
