/// A subcommand. Each has a file of its own in Subcommands/ and an entry in ``all``.
struct Subcommand: Sendable {
  let name: String
  /// What it does, as one sentence on one line.
  let summary: String
  /// The operands and options, as the usage shows them after the name.
  let usage: String
  /// The paragraph of the help below the summary.
  let discussion: String
  let flags: [Flag]
  /// The words that can be operands; empty where the operands are files.
  var operands: [String] = []
  /// Example command lines, and what each does.
  var examples: [(line: String, does: String)] = []
  let run: @Sendable (Arguments, Console) throws -> ExitStatus

  /// All subcommands, in the order of the help.
  static let all: [Subcommand] = [
    .check, .convert, .split, .fix, .submit, .wait, .status, .results, .retry, .cancel, .run, .explain, .completion,
  ]

  var allFlags: [Flag] { flags + [.help] }
}
