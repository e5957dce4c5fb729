/// How a command ended.
enum ExitStatus: Hashable {
  /// It did its work: nothing wrong, warnings allowed.
  case clean
  /// Errors were found, or some requests have no good answer.
  case faults
  /// It could not do what was asked: usage, an unreadable or changed file, a write that failed.
  case failed
  /// The key is missing, or the API refused it (401, 403).
  case unauthorized
  /// The API refused the request (other 4xx).
  case refused
  /// The API could not be reached, or nobody knows whether a batch was made.
  case unreachable
  /// The batch still runs, or another process holds the run.
  case notYet
  /// A signal with this number ended the command.
  case signal(Int32)

  /// The number that the process exits with.
  var code: Int32 {
    switch self {
    case .clean: 0
    case .faults: 1
    case .failed: 2
    case .unauthorized: 3
    case .refused: 4
    case .unreachable: 5
    case .notYet: 6
    case .signal(let number): 128 + number
    }
  }

  /// The more important of two statuses, since a process has only one: a signal, then 2, 3, 5, 6, 4, 1, 0.
  func combined(with other: ExitStatus) -> ExitStatus { other.rank < rank ? other : self }

  private var rank: Int {
    switch self {
    case .signal: 0
    case .failed: 1
    case .unauthorized: 2
    case .unreachable: 3
    case .notYet: 4
    case .refused: 5
    case .faults: 6
    case .clean: 7
    }
  }
}
