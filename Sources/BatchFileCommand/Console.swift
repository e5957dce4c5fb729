import BatchFile
import Foundation

/// The standard streams and the environment of a command.
///
/// Unchecked: one thread at a time uses it, except for `screen`, which has a lock.
final class Console: @unchecked Sendable {
  let input: FileHandle
  let output: Output
  /// Standard output for data, which is made for programs and not for people.
  let data: any ByteSink
  private let errorOutput: FileHandle
  /// Standard error, with the block of lines that is drawn at its end.
  let screen: LiveScreen
  private let environment = Environment()

  init(input: FileHandle, output: FileHandle, error: FileHandle) {
    self.input = input
    let stream = Output(output)
    self.output = stream
    data = isatty(output.fileDescriptor) == 1 ? TerminalData(stream) : stream
    errorOutput = error
    let screen = LiveScreen(error)
    self.screen = screen
    if isatty(output.fileDescriptor) == 1, isatty(error.fileDescriptor) == 1 {
      // Both are probably the same terminal, where text would begin in the middle of a drawn line.
      stream.willWrite = { screen.clear() }
    }
  }

  /// A variable of the environment; nil where it is not set or empty.
  func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// The whole environment, for child processes, which get a part of it.
  var variables: [String: String] { environment.all }

  /// Writes a line to standard error. All messages go through here, so that all text in them from a file, an argument
  /// or the API is made safe here.
  func say(_ text: String) { screen.write(TerminalText.line(text) + "\n") }

  /// Writes a line to standard error that begins with the program's name.
  func complain(_ text: String) { say("batchfile: \(text)") }

  /// Writes a line to standard output, made safe as messages are.
  func answer(_ text: String) { output.write(TerminalText.line(text) + "\n") }

  var inputIsTerminal: Bool { isatty(input.fileDescriptor) == 1 }
  var outputIsTerminal: Bool { isatty(output.descriptor) == 1 }
  var errorIsTerminal: Bool { isatty(errorOutput.fileDescriptor) == 1 && environment["TERM"] != "dumb" }

  /// Whether the output has colours: by https://no-color.org, https://force-color.org, and whether the output is a
  /// terminal that can show them.
  var usesColor: Bool {
    if variable("NO_COLOR") != nil { return false }
    return forcesColor || outputIsTerminal && environment["TERM"] != "dumb"
  }

  /// Whether colours are wanted even where the output is not a terminal.
  var forcesColor: Bool {
    guard let word = variable("FORCE_COLOR") else { return false }
    return word != "0" && variable("NO_COLOR") == nil
  }

  /// The width of the terminal's window in cells; nil where standard output is not a terminal.
  var width: Int? { size("COLUMNS", of: output.descriptor, \.ws_col) }

  /// The width of the window of standard error, in cells; nil where it is not a terminal.
  var errorWidth: Int? { size("COLUMNS", of: errorOutput.fileDescriptor, \.ws_col) }

  /// The window of standard error as it is now, in cells and lines.
  var window: (width: Int, height: Int) {
    let error = errorOutput.fileDescriptor
    return (size("COLUMNS", of: error, \.ws_col) ?? 80, size("LINES", of: error, \.ws_row) ?? 24)
  }

  /// The size from an environment variable, or else from the terminal.
  private func size(_ variable: String, of descriptor: Int32, _ member: KeyPath<winsize, UInt16>) -> Int? {
    if let number = environment[variable].flatMap({ Int($0) }), number > 0 { return number }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size[keyPath: member] > 0 else { return nil }
    return Int(size[keyPath: member])
  }

  /// The folder that the program was started in, as the system spells it and as the shell does, which keeps symbolic
  /// links.
  var folders: [String] { [FileManager.default.currentDirectoryPath] + [environment["PWD"]].compactMap { $0 } }
}
