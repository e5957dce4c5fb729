import BatchClient
import BatchFile
import Foundation
import JSONLines

/// `retry` of a run: the requests without a good answer become its next attempt.
enum RunRetry {
  static func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let place = try RunPlace.withoutResultFiles(arguments, console, verb: "retry")
    if arguments.path(.output) == "-" {
      throw UsageError("'retry' needs \(Flag.output.short ?? "") FILE, the batch file to write")
    }
    let file = try AnswersFile(arguments, place, console)
    let report = AccountReport(arguments, console)
    try report.prepare([file?.path].compactMap { $0 }, inputs: [place.input])
    return try Interruptible.run(console, goesOn: place.command("submit")) {
      let session = try RunSession(place, arguments, console, mayBegin: false, maxOpen: try RunFlags.maxOpen(arguments))
      do throws(RunError) {
        guard try session.run.inputIsUnchanged() else { throw RunError.inputChanged(place.input) }
        try await session.run.fetch()
      } catch { throw RunWords.error(error, place) }
      // Requests of a part that may still run could be answered yet. Sent again, they would be paid for twice.
      guard session.isComplete else {
        let status = session.close()
        return status == .clean ? .notYet : status
      }
      var retry = RetryFile(try session.join(isPartial: false))
      try RetryCommand.take(arguments, into: &retry)
      retry.leavesOut = APIErrorLines(run: session.run, input: place.input).refusedLines()
      if !retry.leavesOut.isEmpty {
        console.complain(
          "\(Counted.of(retry.leavesOut.count, "request")) that the API named as faulty \(retry.leavesOut.count == 1 ? "is" : "are") "
            + "not tried again; mend the file and submit it as another run: \(Flag.runDir.name) FOLDER")
      }
      if let file {
        do {
          let written = try retry.write(
            to: file.path, provider: place.provider, replaces: file.replaces, beside: report.file)
          report.tell(written.account, next: RetryCommand.words(written))
        } catch let error as JoinError { throw error.told(console) }
        return .clean
      }
      if session.run.folder.isCancelled { throw RunWords.error(.cancelled, place) }
      let attempt: Int
      do throws(RunError) { attempt = try session.run.prepareAttempt() } catch { throw RunWords.error(error, place) }
      let path = session.run.folder.attemptFile(attempt)
      let written: RetryFile.Written
      do {
        written = try retry.write(to: path, provider: place.provider.withoutLimits, replaces: true)
      } catch let error as JoinError { throw error.told(console) }
      try report.write(written.account)
      if written.requests == 0 {
        report.tell(written.account, next: ["nothing to try again; nothing is sent"])
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
      session.tellNext()
      return status
    }
  }
}
