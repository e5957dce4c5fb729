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

  /// A line on standard error.
  func say(_ text: String) { try? errorOutput.write(contentsOf: Data("\(text)\n".utf8)) }

  /// `batchfile: …`
  func complain(_ text: String) { say("batchfile: \(TerminalText.safe(text))") }

  /// Text on standard error without a line end, for progress.
  func draw(_ text: String) { try? errorOutput.write(contentsOf: Data(text.utf8)) }

  var inputIsTerminal: Bool { isatty(input.fileDescriptor) == 1 }
  var outputIsTerminal: Bool { isatty(output.descriptor) == 1 }
  var errorIsTerminal: Bool { isatty(errorOutput.fileDescriptor) == 1 && environment["TERM"] != "dumb" }

  /// By https://no-color.org and the terminal's own word.
  var usesColor: Bool {
    outputIsTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
  }
}
