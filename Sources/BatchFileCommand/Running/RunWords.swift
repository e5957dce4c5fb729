import BatchClient
import BatchFile
import Foundation
import JSONLines

/// The messages and exit statuses for what can happen in a run.
enum RunWords {
  static func status(_ error: ClientError) -> ExitStatus {
    switch error.kind {
    case .keyRefused: .unauthorized
    case .refused, .redirected: .refused
    case .serverFault, .unreachable, .unreadable: .unreachable
    case .unusable: .failed
    case .cancelled: .signal(SIGINT)
    }
  }

  static func status(_ error: RunError) -> ExitStatus {
    switch error {
    case .client(let failure, _): status(failure)
    case .held: .notYet
    case .sameContent, .tooLarge, .tooManyInputs: .faults
    case .shortUpload: .unreachable
    case .unusableFile: .refused
    case .interrupted: .signal(SIGINT)
    case .noRun, .system, .journal, .inputChanged, .partChanged, .differs, .notOurs, .cancelled: .failed
    }
  }

  /// An error with the advice what to do about it.
  static func error(_ error: RunError, _ place: RunPlace) -> CommandError {
    var text = "\(error)"
    switch error {
    case .client(let failure, _): text += advice(failure, place).map { "; \($0)" } ?? ""
    case .noRun:
      text = "there is no run of \(place.input); `\(place.command("submit"))` begins one"
    case .sameContent(let ids):
      text +=
        "; \(Flag.adopt.name) \(ids[0]) takes it; \(Flag.createAgain.name) sends the file once more, which is paid for again"
    case .inputChanged: text += "; \(Flag.runDir.name) FOLDER begins another run"
    case .cancelled: text += "; `\(place.command("results"))` joins the answers that there are"
    case .held: text += "; wait until it ends, or end it with Ctrl-C"
    default: break
    }
    return CommandError(text, status(error))
  }

  private static func advice(_ error: ClientError, _ place: RunPlace) -> String? {
    switch (error.kind, error.status) {
    case (.keyRefused, 401): "see whether \(place.access.api.keyVariable ?? "the key") holds a valid key"
    case (.keyRefused, _) where error.code == "not_available_for_plan": "your plan has no Batch API"
    case (.refused, 404) where place.access.isOtherKey: "the key is another one than this run was begun with"
    default: nil
    }
  }

  // MARK: - Parts

  /// The name of a part in messages: `part 2`, or `part 2 of attempt 1` where the run has several attempts.
  static func name(_ id: PartID, in state: RunState) -> String {
    let attempts = state.lastAttempt
    return "part \(id.number)" + (attempts > 1 ? " of attempt \(id.attempt)" : "")
  }

  static func line(_ part: PartState, in state: RunState, isCancelled: Bool) -> String {
    let name = name(part.id, in: state)
    switch part.stage {
    case .planned where isCancelled, .uploaded where isCancelled: return "\(name): cancelled, and was never sent"
    case .planned, .uploaded: return "\(name): waits for its turn"
    case .creating, .unknown: return "\(name): it is not known whether a batch was made"
    case .refused: return "\(name): refused: \(part.why?.why ?? "")"
    case .made:
      var text = "\(name): \(part.batchID ?? "") \(part.status?.name ?? "")"
      if let total = part.state?.total, total > 0 {
        text += ", \(part.state?.completed ?? 0) of \(total) done"
        if let failed = part.state?.failed, failed > 0 { text += ", \(failed) failed" }
      }
      return text
    }
  }

  /// The lines of the message about a part's problem, with the commands that solve it.
  static func problem(_ problem: BatchRun.Problem, _ id: PartID, in state: RunState, _ place: RunPlace) -> [String] {
    let name = name(id, in: state)
    switch problem {
    case .unknown(let why, let candidates):
      var text = "\(name): it is not known whether a batch was made: \(why)"
      if !candidates.isEmpty { text += " (\(candidates.joined(separator: ", ")))" }
      return [
        text,
        "  `\(place.command("submit", Flag.adopt.name, "BATCH-ID"))` takes over its batch; "
          + "`\(place.command("submit", Flag.createAgain.name))` sends the part again, and then it may be paid for twice",
      ]
    case .refused(let error): return ["\(name): the API refused it: \(error)"]
    case .incomplete(let kind, let error):
      return [
        "\(name): its \(kind.words) could not be downloaded completely: \(error)",
        "  `\(place.command("results"))` tries again",
      ]
    }
  }

  static func status(_ problem: BatchRun.Problem) -> ExitStatus {
    switch problem {
    case .unknown, .incomplete: .unreachable
    case .refused(let error): status(error)
    }
  }
}
