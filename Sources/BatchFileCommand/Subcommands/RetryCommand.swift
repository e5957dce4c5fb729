import BatchFile
import Foundation

extension Flag {
  static let outcome = Flag(
    "--outcome", value: "NAME", values: ["failed", "truncated", "refused"], isRepeatable: true, isList: true,
    help: "Try requests with this outcome again too: failed (all of them, also those that the API refused for good), "
      + "truncated, refused. Repeatable.")
}

extension Subcommand {
  static let retry = Subcommand(
    name: "retry",
    summary: "Send again what may pass next time, or write it into a new batch file.",
    usage: "[options] FILE [-o FILE | --from results ... -o FILE]",
    discussion:
      "Takes the lines, byte for byte, of requests that failed for a reason that may pass (not 400, 404, 422), "
      + "expired, were cancelled or are in no result file. They become the next attempt of the file's run; with -o they "
      + "are written to a file, and nothing is sent. The new files keep the API's limits. If there is nothing to "
      + "try again, it says so and makes nothing.",
    flags: [.output.described(as: "Write a batch file and send nothing; needed with --from."), .outcome]
      + ResultFlags.shared + [.maxOpen, .maxCost]
      + RunFlags.common,
    examples: [
      ("batchfile retry requests.jsonl", "what may pass next time, as the next attempt of its run"),
      (
        "batchfile retry requests.jsonl --from output.jsonl --from errors.jsonl -o again.jsonl",
        "what may pass next time"
      ),
      ("batchfile retry requests.jsonl --from output.jsonl --outcome truncated -o again.jsonl", "and what was cut"),
    ],
    run: { try RetryCommand.run($0, $1) })
}

enum RetryCommand {
  /// Adds the outcomes of the option `--outcome` to those that are tried again.
  /// - Throws: `UsageError` for a word that is not an outcome.
  static func take(_ arguments: Arguments, into retry: inout RetryFile) throws {
    for word in arguments.values(.outcome) {
      guard let outcome = Outcome(rawValue: word), outcome != .pending, outcome != .ok else {
        throw UsageError(
          "'\(Flag.outcome.name)' does not know '\(word)'", word: word, among: Flag.outcome.values,
          note: "it takes \(Flag.outcome.values.joined(separator: ", "))")
      }
      retry.outcomes.insert(outcome)
      if outcome == .failed { retry.allFailed = true }
    }
  }

  /// What a file with the requests to try again came to.
  static func words(_ written: RetryFile.Written) -> [String] {
    if written.requests == 0 { return ["nothing to try again; no file is made"] }
    let files = written.files.map(\.description).joined(separator: ", ")
    return ["\(Counted.of(written.requests, "request")) to try again: \(files)"]
  }

  static func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    if arguments.values(.resultFiles).isEmpty { return try RunRetry.run(arguments, console) }
    var join = try ResultFlags.join(arguments, name: "retry")
    let progress = Progress(console, name: "joining", size: join.bytesToRead)
    defer { progress?.finish() }
    join.progress = { progress?.update($0) }
    guard let output = arguments.path(.output), output != "-" else {
      throw UsageError("'retry' needs \(Flag.output.short ?? "") FILE, the batch file to write")
    }
    var retry = RetryFile(join)
    try take(arguments, into: &retry)
    let report = AccountReport(arguments, console)
    try report.prepare([output], inputs: join.requests + arguments.paths(.resultFiles))
    let provider = try ProviderFlags.provider(arguments)
    let written: RetryFile.Written
    do {
      written = try retry.write(
        to: output, provider: provider, replaces: arguments.has(.force), beside: report.file)
    } catch let error as JoinError {
      throw error.told(console)
    }
    var next = words(written)
    if written.requests > 0 {
      next.append(
        "make sure that no batch with these requests still runs, or they are paid for twice; result files do not show it"
      )
    }
    progress?.finish()
    report.tell(written.account, next: next)
    return .clean
  }
}
