import Foundation

/// The built program, run as people run it.
package struct Program {
  package struct Outcome {
    package var status: Int32
    package var output: String
    package var errors: String
  }

  /// The folder of the package.
  package static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Beside the test bundle.
  package static let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("batchfile")

  /// - Parameters:
  ///   - input: standard input; nothing for nil.
  ///   - folder: where it runs, the package's folder by default.
  package static func run(
    _ words: String..., input: Data? = nil, in folder: URL = package, environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(path, words, input: input, in: folder, environment: environment)
  }

  package static func run(
    _ executable: URL, _ words: [String], input: Data? = nil, in folder: URL = package,
    environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = executable
    process.arguments = words
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files instead of pipes: nobody has to read while the program writes.
    let scratch = try Scratch()
    let output = try scratch.file("output")
    let errors = try scratch.file("errors")
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = try FileHandle(forReadingFrom: scratch.file("input", input ?? Data()))
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}

/// A folder that is gone when the test is over.
package final class Scratch {
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
