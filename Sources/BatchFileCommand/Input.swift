import BatchFile
import Foundation

/// An input that the user named: a file, or `-` for standard input.
struct Input: Sendable {
  /// As it was typed.
  let path: Path
  /// What reports and messages call it.
  let name: String

  var isStandardInput: Bool { path == Input.dash }

  private static let dash: Path = "-"

  /// - Parameter stdinName: what to call standard input, where the user says so.
  init(_ path: Path, stdinName: String? = nil) {
    self.path = path
    name = path == Input.dash ? stdinName ?? "<stdin>" : path.description
  }

  /// The operands; standard input where there are none.
  static func all(_ arguments: Arguments) -> [Input] {
    let paths = arguments.paths.isEmpty ? [dash] : arguments.paths
    return paths.map { Input($0, stdinName: arguments.value(.stdinFilename)) }
  }

  /// Opens it for reading; the caller closes what is not standard input, or lets go of it.
  ///
  /// At a terminal it says so first: a person who forgot to name a file would otherwise wait for a program that waits
  /// for input.
  func open(_ console: Console) throws(InputError) -> FileHandle {
    guard isStandardInput else { return try InputError.open(path) }
    if console.inputIsTerminal { console.complain("reading standard input from the terminal; Ctrl-D ends it") }
    return console.input
  }

  /// Why it could not be read.
  func reason(_ error: any Error) -> String { (error as? InputError).map { "\($0.reason)" } ?? "\(error)" }

  /// The words for an error that says why, but not of which input; others name the file that they are about.
  func failure(_ error: any Error) -> CommandError {
    switch error {
    case let error as OutputError: CommandError(Advice.words(for: error))
    default: CommandError("\(name): \(reason(error))")
    }
  }
}
