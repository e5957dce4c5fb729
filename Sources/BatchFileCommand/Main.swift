import BatchFile
import Foundation

@main
struct Main {
  static func main() {
    DoomedFiles.unblock()
    let console = Console(
      input: .standardInput, output: .standardOutput, error: .standardError,
      environment: ProcessInfo.processInfo.environment)
    exit(Command.main(Array(CommandLine.arguments.dropFirst()), console).code)
  }
}
