import BatchFile
import Foundation

@main
struct Main {
  static func main() {
    DoomedFiles.unblock()
    DoomedFiles.restoreQuit()
    let console = Console(input: .standardInput, output: .standardOutput, error: .standardError)
    exit(Command.main(Array(words.dropFirst()), console).code)
  }

  /// The arguments byte for byte. `CommandLine.arguments` would replace bytes that are not UTF-8, and so name other
  /// files.
  private static var words: [Word] {
    (0..<Int(CommandLine.argc)).compactMap { k in
      CommandLine.unsafeArgv[k].map { Word(bytes: UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    }
  }
}
