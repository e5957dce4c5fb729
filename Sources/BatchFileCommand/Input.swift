import BatchFile
import Foundation

/// An input that the user named: a file, or `-` for standard input.
struct Input: Sendable {
  /// The path as it was typed.
  let path: Path
  /// The name of the input in reports and messages.
  let name: String

  var isStandardInput: Bool { path == Input.dash }

  private static let dash: Path = "-"

  /// - Parameter stdinName: the name for standard input, where the user has given one.
  init(_ path: Path, stdinName: String? = nil) {
    self.path = path
    // The name is empty if it is given by a shell variable that is not set.
    name = path == Input.dash ? stdinName ?? "<stdin>" : path.bytes.isEmpty ? "''" : path.description
  }

  /// The inputs that the operands name; standard input where there are no operands.
  static func all(_ arguments: Arguments) -> [Input] {
    let paths = arguments.paths.isEmpty ? [dash] : arguments.paths
    return paths.map { Input($0, stdinName: arguments.value(.stdinFilename)) }
  }

  /// Opens the input for reading. A file is closed when the handle is released.
  ///
  /// If standard input is a terminal, a message says that it is read: whoever forgot to name a file would otherwise not
  /// know that the program waits for input.
  func open(_ console: Console) throws(InputError) -> FileHandle {
    guard isStandardInput else { return try InputError.open(path) }
    if console.inputIsTerminal { console.complain("reading standard input from the terminal; Ctrl-D ends it") }
    return console.input
  }

  /// Why the input could not be read, without its name.
  func reason(_ error: any Error) -> String { (error as? InputError).map { "\($0.reason)" } ?? "\(error)" }

  /// The error for a command that could not read this input, or could not write its output. An `OutputError` names its
  /// file itself; other errors get the input's name.
  func failure(_ error: any Error) -> CommandError {
    switch error {
    case let error as OutputError: CommandError(Advice.words(for: error))
    case let error as RecipeError: CommandError("\(name): \(Advice.words(for: error))")
    default: CommandError("\(name): \(reason(error))")
    }
  }
}
