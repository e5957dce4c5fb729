import BatchFile
import Foundation
import TestSupport
import Testing

/// The README's commands print what the README shows.
@Suite("README")
struct ReadmeTests {
  static let text =
    (try? String(contentsOf: Program.package.appendingPathComponent("README.md"), encoding: .utf8)) ?? ""

  /// The contents of all fenced blocks of a language.
  static func blocks(_ language: String) -> [String] {
    var blocks: [String] = []
    var current: (language: Substring, lines: [Substring])?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if !line.hasPrefix("```") {
        current?.lines.append(line)
      } else if let block = current {
        if block.language == language { blocks.append(block.lines.joined(separator: "\n")) }
        current = nil
      } else {
        current = (line.dropFirst(3), [])
      }
    }
    return blocks
  }

  /// Each `$ command` of the console blocks with the lines that follow it.
  static let examples: [(command: String, output: String)] = blocks("console").flatMap { block in
    block.components(separatedBy: "\n$ ").map { example in
      let lines = example.hasPrefix("$ ") ? String(example.dropFirst(2)) : example
      let end = lines.firstIndex(of: "\n") ?? lines.endIndex
      return (String(lines[..<end]), String(lines[end...].dropFirst()) + "\n")
    }
  }

  /// The output of a command in a shell, both streams.
  static func shell(_ command: String) throws -> String {
    let path = "\(Program.path.deletingLastPathComponent().path):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
    return try Program.run(
      URL(fileURLWithPath: "/bin/sh"), ["-c", "{ \(command); } 2>&1"], environment: ["PATH": path]
    ).output
  }

  @Test("has examples") func hasExamples() { #expect(ReadmeTests.examples.count >= 3) }

  @Test("each example shows what its command prints", arguments: examples)
  func example(command: String, output: String) throws {
    #expect(try ReadmeTests.shell(command) == output)
  }

  @Test("shows what its first command prints")
  func mainJob() throws {
    let command = try #require(ReadmeTests.blocks("sh").first)
    let installed = command.replacingOccurrences(of: "swift run -c release ", with: "")
    #expect(installed != command)
    #expect(try ReadmeTests.shell(installed) == ReadmeTests.blocks("")[0] + "\n")
  }

  @Test("links to a provider file that works")
  func providerFile() throws {
    let outcome = try Program.run(
      "check", "--provider", "Fixtures/providers/local.json", "Fixtures/groq-guide.jsonl")
    #expect(outcome.output == "3 requests for local, nothing wrong\n")
  }

  @Test("is short enough to be read") func length() {
    #expect(ReadmeTests.text.split(separator: "\n", omittingEmptySubsequences: false).count <= 300)
  }

  @Test(
    "shows files as they are",
    arguments: [("sh", "Fixtures/hooks/pre-commit"), ("vim", "Fixtures/editors/errorformat.vim")])
  func file(language: String, path: String) throws {
    let content = try String(contentsOf: Program.package.appendingPathComponent(path), encoding: .utf8)
    #expect(ReadmeTests.blocks(language).contains { $0 + "\n" == content })
  }

  @Test("shows the problem matcher of the task")
  func problemMatcher() throws {
    let tasks = try String(
      contentsOf: Program.package.appendingPathComponent("Fixtures/editors/tasks.json"), encoding: .utf8)
    let shown = try #require(ReadmeTests.blocks("json").first).split(separator: "\n")[0]
    #expect(tasks.contains(shown.dropLast()))
  }

  @Test("names every file it links to")
  func links() throws {
    let links = ReadmeTests.text.matches(of: /\]\(([A-Z][^)]+)\)/).map { String($0.output.1) }
    #expect(links.count > 3)
    for link in links {
      #expect(FileManager.default.fileExists(atPath: Program.package.appendingPathComponent(link).path), "\(link)")
    }
  }
}
