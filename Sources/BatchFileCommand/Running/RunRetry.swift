import BatchClient
import BatchFile
import Foundation
import JSONLines

/// `retry` of a run: the requests without a good answer become its next attempt.
enum RunRetry {
  static func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let place = try RunPlace.withoutResultFiles(arguments, console, verb: "retry")
    return try Interruptible.run(console, goesOn: "batchfile submit \(ShellWord.quoted(place.input))") {
      let session = try RunSession(place, arguments, console, mayBegin: false, maxOpen: try RunFlags.maxOpen(arguments))
      do throws(RunError) {
        guard try session.run.inputIsUnchanged() else { throw RunError.inputChanged(place.input) }
        try await session.run.fetch()
      } catch { throw RunWords.error(error, place) }
      // Requests of a part that may still run could be answered yet. Sent again, they would be paid for twice.
      if session.run.state.parts.contains(where: { [.creating, .unknown].contains($0.stage) }) {
        let status = session.close()
        let wait = "batchfile wait \(ShellWord.quoted(place.input))"
        console.say("  `\(wait)` looks for it; until it is known, nothing is tried again")
        return status.combined(with: .unreachable)
      }
      guard session.isComplete else {
        let status = session.close()
        return status == .clean ? .notYet : status
      }
      var retry = RetryFile(try session.join(isPartial: false))
      try RetryCommand.take(arguments, into: &retry)
      if session.run.folder.isCancelled { throw RunWords.error(.cancelled, place) }
      let attempt: Int
      do throws(RunError) { attempt = try session.run.prepareAttempt() } catch { throw RunWords.error(error, place) }
      let path = session.run.folder.attemptFile(attempt)
      let written: RetryFile.Written
      do {
        written = try retry.write(to: path, provider: place.provider.withoutLimits, replaces: true)
      } catch let error as JoinError { throw error.told(console) }
      if written.requests == 0 {
        AccountReport(arguments, console).tell(written.account, next: ["nothing to try again; nothing is sent"])
        return .clean
      }
      // The limit is for the whole run, so the estimate includes what earlier attempts have sent.
      guard try session.mayBeSent(with: [path]) else {
        path.unlink()
        console.complain("nothing was sent")
        return .faults
      }
      console.complain("\(Counted.of(written.requests, "request")) to try again: attempt \(attempt)")
      do throws(RunError) {
        try session.run.addAttempt(attempt, from: path, place.limits)
        try await session.run.send()
      } catch {
        _ = session.close()
        throw RunWords.error(error, place)
      }
      let status = session.close()
      console.say("  `batchfile wait \(ShellWord.quoted(place.input))` waits for the answers")
      return status
    }
  }
}
