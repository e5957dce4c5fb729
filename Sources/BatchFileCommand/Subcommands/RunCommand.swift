import BatchClient
import BatchFile
import Foundation
import JSONLines

extension Subcommand {
  static let run = Subcommand(
    name: "run",
    summary: "Send a batch file, wait for its answers and write them: submit, wait, results.",
    usage: "[options] FILE -o OUT",
    discussion:
      "If it is interrupted, the same command goes on where it was, and pays for nothing twice. Ends with 0 if every "
      + "request has a good answer.",
    flags: [
      .output.described(as: "Where the answers go (default: standard output)."), .answerFormat, .withResponse, .force,
      .account, .price, .timeout, .deleteRemote,
    ] + RunFlags.common + RunFlags.sending,
    examples: [("batchfile run requests.jsonl -o answers.jsonl", "from requests to answers")],
    run: { arguments, console in
      let place = try RunPlace(arguments, console, verb: "run")
      // The output is looked at before anything is sent, so that nobody pays for answers that cannot be written.
      let file = try AnswersFile(arguments, place, console)
      try ResultFlags.validate(
        arguments, console, [file?.path].compactMap { $0 }, input: place.input)
      let timeout = try RunFlags.timeout(arguments)
      if let status = try place.judge(arguments, console, writesAnswers: file == nil) { return status }
      return try Interruptible.run(console, goesOn: arguments.commandLine) {
        let session = try RunSession(
          place, arguments, console, mayBegin: true, maxOpen: try RunFlags.maxOpen(arguments))
        try await session.submit(patiently: true)
        let hasEnded = try await session.wait(timeout)
        var status = session.close()
        if !hasEnded { return status.combined(with: .notYet) }
        guard session.isComplete else { return status == .clean ? .notYet : status }
        status = try session.writeResults(to: file, isPartial: false)
        if arguments.has(.deleteRemote) { status = status.combined(with: try await session.deleteRemote()) }
        return status
      }
    })
}
