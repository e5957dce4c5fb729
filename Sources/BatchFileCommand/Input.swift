import BatchFile
import Foundation

/// An input that the user named: a file, or `-` for standard input.
struct Input: Sendable {
  /// As it was typed.
  let path: String
  /// What reports and messages call it.
  let name: String

  var isStandardInput: Bool { path == "-" }

  /// - Parameter stdinName: what to call standard input, where the user says so.
  init(_ path: String, stdinName: String? = nil) {
    self.path = path
    name = path == "-" ? stdinName ?? "<stdin>" : path
  }

  /// The operands; standard input where there are none.
  static func all(_ arguments: Arguments) -> [Input] {
    let paths = arguments.operands.isEmpty ? ["-"] : arguments.operands
    return paths.map { Input($0, stdinName: arguments.value(.stdinFilename)) }
  }

  /// Opens it for reading; the caller closes what is not standard input, or lets go of it.
  ///
  /// A person at a terminal who forgot the file would wait for a program that waits for them: they are told.
  func open(_ console: Console) throws(InputError) -> FileHandle {
    guard isStandardInput else { return try InputError.open(path) }
    if console.inputIsTerminal { console.complain("reading standard input from the terminal; Ctrl-D ends it") }
    return console.input
  }

  /// The words for an error that says why, but not of which input.
  func failure(_ error: any Error) -> CommandError { CommandError("\(name): \(error)") }
}
