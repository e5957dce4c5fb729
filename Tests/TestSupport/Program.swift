import Foundation

/// Runs the built program as people do.
package struct Program {
  package struct Outcome {
    package var status: Int32
    package var output: String
    package var errors: String
  }

  /// The folder of the package.
  package static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The path of the program, which is beside the test bundle.
  package static let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("batchfile")

  /// - Parameters:
  ///   - input: the bytes of standard input; nil for an empty one.
  ///   - folder: the folder to run in; by default the package's.
  package static func run(
    _ words: String..., input: Data? = nil, in folder: URL = package, environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(path, words, input: input, in: folder, environment: environment)
  }

  package static func run(
    _ executable: URL, _ words: [String], input: Data? = nil, in folder: URL = package,
    environment: [String: String] = [:]
  ) throws -> Outcome {
    try RunningProgram(executable, words, input: input, in: folder, environment: environment).wait()
  }
}

/// A program that runs beside the test.
package final class RunningProgram {
  private let process = Process()
  // The outputs go to files and not to pipes, so that nothing has to read them while the program writes.
  private let scratch: Scratch
  private let output: URL
  private let errors: URL

  /// - Parameters:
  ///   - terminal: becomes standard error, in place of a file.
  ///   - environment: variables that are added to the test's own, or replace them.
  package init(
    _ executable: URL, _ words: [String], input: Data? = nil, terminal: Terminal? = nil,
    in folder: URL = Program.package, environment: [String: String] = [:]
  ) throws {
    scratch = try Scratch()
    output = try scratch.file("output")
    errors = try scratch.file("errors")
    process.executableURL = executable
    process.arguments = words
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try terminal?.program ?? FileHandle(forWritingTo: errors)
    process.standardInput = try FileHandle(forReadingFrom: scratch.file("input", input ?? Data()))
    // Threads of the dispatch library block signals. A child would inherit that, and only SIGKILL could end it.
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
  }

  deinit { if process.isRunning { signal(SIGKILL) } }

  package var id: Int32 { process.processIdentifier }
  package var isRunning: Bool { process.isRunning }

  package func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// What the program has printed so far, on both streams.
  package var printed: String {
    [output, errors].map { (try? String(contentsOf: $0, encoding: .utf8)) ?? "" }.joined()
  }

  /// Waits until the program has ended.
  package func wait() throws -> Program.Outcome {
    process.waitUntilExit()
    return Program.Outcome(
      status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}

/// A folder that is removed when the test is over.
package final class Scratch: Sendable {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("batchfile-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  @discardableResult
  package func file(_ name: String, _ content: Data = Data()) throws -> URL {
    let file = url.appendingPathComponent(name)
    try content.write(to: file)
    return file
  }

  @discardableResult
  package func file(_ name: String, _ text: String) throws -> URL { try file(name, Data(text.utf8)) }
}
