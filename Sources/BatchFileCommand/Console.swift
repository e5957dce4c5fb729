import BatchFile
import Foundation

/// The streams that a command talks to.
final class Console: @unchecked Sendable {  // used by one thread but for `say`, which writes in one call
  let input: FileHandle
  let output: Output
  private let errorOutput: FileHandle
  private let environment: [String: String]

  init(input: FileHandle, output: FileHandle, error: FileHandle, environment: [String: String]) {
    self.input = input
    self.output = Output(output)
    errorOutput = error
    self.environment = environment
  }

  /// A variable of the environment that is set and not empty.
  func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// The environment, for a child that gets what it needs of it.
  var variables: [String: String] { environment }

  /// A line on standard error.
  func say(_ text: String) { try? errorOutput.write(contentsOf: Data("\(text)\n".utf8)) }

  /// `batchfile: …`
  func complain(_ text: String) { say("batchfile: \(TerminalText.safe(text))") }

  /// Text on standard error without a line end, for progress.
  func draw(_ text: String) { try? errorOutput.write(contentsOf: Data(text.utf8)) }

  var inputIsTerminal: Bool { isatty(input.fileDescriptor) == 1 }
  var outputIsTerminal: Bool { isatty(output.descriptor) == 1 }
  var errorIsTerminal: Bool { isatty(errorOutput.fileDescriptor) == 1 && environment["TERM"] != "dumb" }

  /// By https://no-color.org, https://force-color.org and the terminal's own word.
  var usesColor: Bool {
    if !environment["NO_COLOR", default: ""].isEmpty { return false }
    return forcesColor || outputIsTerminal && environment["TERM"] != "dumb"
  }

  /// Whether colours are wanted where no terminal is seen, too.
  var forcesColor: Bool {
    let word = environment["FORCE_COLOR", default: ""]
    return !word.isEmpty && word != "0" && environment["NO_COLOR", default: ""].isEmpty
  }

  /// Of the window of standard output, in cells; nil where there is none.
  var width: Int? {
    if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
    var size = winsize()
    guard ioctl(output.descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// The folder the program was started in, as the system and as the shell spell it.
  var folders: [String] { [FileManager.default.currentDirectoryPath] + [environment["PWD"]].compactMap { $0 } }
}
