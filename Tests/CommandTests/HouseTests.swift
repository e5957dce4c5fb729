import Foundation
import TestSupport
import Testing

@testable import BatchFileCommand

/// Rules of the source code that the compiler cannot check.
@Suite("House")
struct HouseTests {
  /// The lines of code of some sources, without comments.
  static func code(in folder: String) throws -> [(file: String, line: String)] {
    let root = Program.package.appendingPathComponent("Sources/\(folder)")
    let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
      .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    try #require(!files.isEmpty)
    return try files.flatMap { file in
      try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        .map { (file.lastPathComponent, String($0)) }
        .filter { !$0.1.drop { $0 == " " }.hasPrefix("//") }
    }
  }

  @Test("the libraries name no option and no subcommand", arguments: ["JSONLines", "BatchFile", "BatchClient"])
  func advice(folder: String) throws {
    let flags = Set(Subcommand.all.flatMap(\.allFlags).map(\.name))
    for (file, line) in try HouseTests.code(in: folder) {
      let options = line.matches(of: /--[a-z-]+/).map { String($0.output) }.filter(flags.contains)
      // The options in these files are curl's.
      if file.hasPrefix("Curl") { continue }
      #expect(options.isEmpty && !line.contains("`batchfile"), "\(file): \(line)")
    }
  }

  @Test("only Main.swift touches the arguments, the standard handles and the end of the process")
  func main() throws {
    for (file, line) in try HouseTests.code(in: "BatchFileCommand") where file != "Main.swift" {
      #expect(
        line.firstMatch(of: /\bCommandLine\b|\bexit\(|\.standard(Input|Output|Error)\b|\bprint\(/) == nil,
        "\(file): \(line)")
    }
  }

  @Test("each subcommand has a file and an option has one name, one short form and a help")
  func subcommands() throws {
    for command in Subcommand.all {
      let file = "Sources/BatchFileCommand/Subcommands/\(command.name.capitalized)Command.swift"
      #expect(FileManager.default.fileExists(atPath: Program.package.appendingPathComponent(file).path))
      let flags = command.allFlags
      #expect(Set(flags.map(\.name)).count == flags.count, "\(command.name)")
      let short = flags.compactMap(\.short)
      #expect(Set(short).count == short.count, "\(command.name)")
      for flag in flags {
        #expect(flag.name.hasPrefix("--") && flag.help.hasSuffix("."), "\(flag.name)")
        #expect(flag.short?.count ?? 2 == 2)
      }
    }
  }
}
