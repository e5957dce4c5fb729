/// One of the things that `batchfile` does: a file in Subcommands/ and an entry in ``all``.
struct Subcommand: Sendable {
  let name: String
  /// One line.
  let summary: String
  /// What follows the name in the usage.
  let usage: String
  let discussion: String
  let flags: [Flag]
  /// The words that its operands can be, where they are no files.
  var operands: [String] = []
  /// Command lines with what they do.
  var examples: [(line: String, does: String)] = []
  let run: @Sendable (Arguments, Console) throws -> ExitStatus

  /// In the order of the help.
  static let all: [Subcommand] = [
    .check, .convert, .split, .fix, .submit, .wait, .status, .results, .retry, .cancel, .run, .explain, .completion,
  ]

  var allFlags: [Flag] { flags + [.help] }
}
