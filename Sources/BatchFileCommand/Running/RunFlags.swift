import BatchFile

/// The options about the run of a file.
extension Flag {
  static let runDir = Flag(
    "--run-dir", value: "FOLDER",
    help: "The folder that keeps the run (default: FILE.run); another folder is another run."
  )
  static let baseURL = Flag(
    "--base-url", value: "URL", help: "The API's address up to /files, such as https://api.groq.com/openai/v1.")
  static let adopt = Flag(
    "--adopt", value: "BATCH-ID", isRepeatable: true,
    help:
      "Take over a batch that was made from this file elsewhere, or of which it is not known that this run made it. "
      + "Repeatable.")
  static let createAgain = Flag(
    "--create-again",
    help: "Send parts again of which it is not known whether a batch was made; they may be paid for twice.")
  static let completionWindow = Flag(
    "--completion-window", value: "TIME", help: "How long the API may take: 24h (default), 7d.")
  static let metadata = Flag(
    "--metadata", value: "K=V", isRepeatable: true, help: "A pair that the API keeps with each batch. Repeatable.")
  static let maxOpen = Flag(
    "--max-open", value: "N", help: "Have at most N parts at the API at a time; `wait` sends the others in their turn.")
  static let timeout = Flag("--timeout", value: "TIME", help: "Return after this time: 90s, 30m, 6h.")
  static let deleteRemote = Flag(
    "--delete-remote", help: "Delete the run's files at the API once all of them are on the disk.")
  static let limit = Flag("--limit", value: "N", help: "The most batches of the account to show (default 20).")
  static let json = Flag("--json", help: "Print a JSON object a line.")
}

enum RunFlags {
  /// The options of all subcommands for the run of a file.
  static let common: [Flag] = [.runDir, .baseURL] + ProviderFlags.all
  /// The options of those that send requests.
  static let sending: [Flag] =
    [
      .adopt, .createAgain, .completionWindow, .metadata, .maxOpen, .dryRun, .maxCost, .strict,
    ] + ReportFlags.findings

  static func maxOpen(_ arguments: Arguments) throws -> Int { try arguments.integer(.maxOpen, atLeast: 1) ?? 0 }

  static func metadata(_ arguments: Arguments) throws -> [String: String] {
    var pairs: [String: String] = [:]
    for word in arguments.values(.metadata) {
      guard let equal = word.firstIndex(of: "="), equal != word.startIndex else {
        throw UsageError("'\(Flag.metadata.name)' takes a name, '=' and a value, not '\(word)'")
      }
      pairs[String(word[..<equal])] = String(word[word.index(after: equal)...])
    }
    return pairs
  }

  /// The time of `--timeout` in seconds; nil for none.
  static func timeout(_ arguments: Arguments) throws -> Double? {
    guard let text = arguments.value(.timeout) else { return nil }
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    guard let last = text.last, let unit = units[last] ?? (last.isNumber ? 1 : nil),
      let number = Double(last.isNumber ? text[...] : text.dropLast()), number.isFinite, number >= 0
    else { throw UsageError("'\(Flag.timeout.name)' takes a time like 90s, 30m or 6h, not '\(text)'") }
    return number * unit
  }
}
