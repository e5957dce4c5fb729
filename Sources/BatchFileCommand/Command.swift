import BatchFile
import Foundation

/// The whole program, from its arguments to its exit status. `Main` adds only the process.
enum Command {
  static func main(_ words: [Word], _ console: Console) -> ExitStatus {
    let status: ExitStatus
    do {
      status = try run(words, console)
    } catch let error as UsageError {
      explain(error, words, console)
      status = .failed
    } catch let error as CommandError {
      console.complain(error.message)
      status = error.status
    } catch {
      console.complain(Advice.words(for: error))
      status = .failed
    }
    console.output.flush()
    if let failure = console.output.failure {
      // EPIPE means that the reader has closed the pipe, as `head` does when it has enough. That is no reason to
      // complain.
      if failure != .system(EPIPE) { console.complain("standard output: \(failure)") }
      return .failed
    }
    return status
  }

  private static func explain(_ error: UsageError, _ words: [Word], _ console: Console) {
    console.complain(error.message)
    if let note = error.note { console.say("  \(note)") }
    let name = (words.first?.text).flatMap { word in Subcommand.all.first { $0.name == word } }?.name
    console.say("  try `batchfile \(name.map { "help \($0)" } ?? "--help")`")
  }

  private static func run(_ words: [Word], _ console: Console) throws -> ExitStatus {
    guard let first = words.first?.text else {
      throw UsageError("no subcommand is given", note: "the subcommands are \(names.joined(separator: ", "))")
    }
    switch first {
    case "--help", "-h": console.output.write(Help.general(console.width))
    case "--version": console.output.write("batchfile \(BatchFileVersion.current)\n")
    case "help": try help(words.dropFirst().map(\.text), console)
    default: return try run(find(first), Array(words.dropFirst()), console)
    }
    return .clean
  }

  private static func run(_ command: Subcommand, _ words: [Word], _ console: Console) throws -> ExitStatus {
    let arguments = try Arguments(words, for: command)
    if arguments.has(.help) {
      console.output.write(Help.of(command, console.width))
      return .clean
    }
    return try command.run(arguments, console)
  }

  private static func help(_ words: [String], _ console: Console) throws {
    guard let word = words.first, !["help", "--help", "-h"].contains(word) else {
      return console.output.write(Help.general(console.width))
    }
    guard words.count == 1 else { throw UsageError("'help' takes one subcommand") }
    console.output.write(Help.of(try find(word), console.width))
  }

  private static func find(_ word: String) throws(UsageError) -> Subcommand {
    if let command = Subcommand.all.first(where: { $0.name == word }) { return command }
    if word.hasPrefix("-") {
      let name = String(word.prefix { $0 != "=" })
      let isOwned = Subcommand.all.contains { $0.flags.contains { $0.name == name || $0.short == name } }
      throw UsageError(
        "unknown option '\(word)'", word: word, among: ["--help", "--version"],
        note: isOwned ? "options follow the subcommand: batchfile <subcommand> \(name)" : nil)
    }
    let looksLikeFile = word.contains(".") || word.contains("/")
    throw UsageError(
      "unknown subcommand '\(word)'", word: word, among: names,
      note: looksLikeFile
        ? "did you mean `batchfile check \(word)`?" : "the subcommands are \(names.joined(separator: ", "))")
  }

  private static var names: [String] { Subcommand.all.map(\.name) + ["help"] }
}
