/// One of the things that `batchfile` does.
struct Subcommand: Sendable {
  var name: String
  /// One line.
  var summary: String
  /// What follows the name in the usage.
  var usage: String
  var discussion: String
  var flags: [Flag]
  /// Command lines with what they do.
  var examples: [(line: String, does: String)] = []
  var run: @Sendable (Arguments, Console) throws -> ExitStatus

  static let all: [Subcommand] = [.check, .convert, .split, .fix, .explain, .completion]

  static let helpFlag = Flag(name: "--help", short: "-h", help: "Show this help.")

  var allFlags: [Flag] { flags + [Subcommand.helpFlag] }
}
