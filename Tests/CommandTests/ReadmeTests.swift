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
      "check", "--provider", "Fixtures/providers/local.json", "Fixtures/good.jsonl")
    #expect(outcome.output == "3 requests for local, nothing wrong\n")
  }

  /// The lines below a heading.
  private static func section(_ heading: String) throws -> [Substring] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0 == "## \(heading)" })
    return Array(lines[(start + 1)...].prefix { !$0.hasPrefix("## ") })
  }

  @Test("its chapters are in the order in which users need them")
  func order() throws {
    let headings = ReadmeTests.text.split(separator: "\n").filter { $0.hasPrefix("## ") }.map { $0.dropFirst(3) }
    let wanted = ["Install", "Check", "Convert", "The run of a file", "In a repository", "As a library", "Speed"]
    #expect(headings.filter { wanted.contains(String($0)) } == wanted.map { $0[...] })
    #expect(headings.first == "Install")
  }

  @Test("points to explain for the codes, and to the benchmark for speed")
  func pointers() throws {
    let check = try ReadmeTests.section("Check")
    for code in Code.allCases {
      #expect(!check.contains { $0.hasPrefix("|") && $0.contains("`\(code.rawValue)`") }, "\(code)")
    }
    #expect(check.contains { $0.contains("`batchfile explain` lists the codes") })
    let speed = try ReadmeTests.section("Speed").filter { !$0.isEmpty }
    #expect(speed.count <= 5)
    #expect(speed.contains { $0.contains(".ci/bench") })
  }

  @Test("it says what the program needs on the machine where it runs")
  func needs() throws {
    let install = try ReadmeTests.section("Install").joined(separator: " ")
    for word in ["--static-swift-stdlib", "glibc", "libstdc++", "`curl` (7.68"] { #expect(install.contains(word)) }
  }

  @Test("it shows a hook for a repository with other files, and how to turn it on")
  func hooks() throws {
    let folder = Program.package
    let hooks = try String(contentsOf: folder.appendingPathComponent(".pre-commit-hooks.yaml"), encoding: .utf8)
    let shown = try #require(ReadmeTests.blocks("yaml").first { $0.contains("repos:") })
    for word in ["files: ", "exclude: ", "- id: batchfile", "batchfile-system"] { #expect(shown.contains(word)) }
    for id in ["batchfile", "batchfile-system"] {
      let hook = try #require(hooks.components(separatedBy: "- id: ").first { $0.hasPrefix(id + "\n") })
      #expect(hook.contains("entry: batchfile check --skip-foreign\n"))
    }
    let prose = try ReadmeTests.section("In a repository").joined(separator: " ")
    #expect(prose.contains("`chmod +x .git/hooks/pre-commit`"))
    let hook = try String(contentsOf: folder.appendingPathComponent("Fixtures/hooks/pre-commit"), encoding: .utf8)
    #expect(hook.contains("--skip-foreign"))
  }

  @Test("its workflow installs the program before using it")
  func workflow() throws {
    let workflow = try #require(ReadmeTests.blocks("yaml").first { $0.contains("jobs:") })
    let build = try #require(workflow.range(of: "- run: swift build"))
    let check = try #require(workflow.range(of: "/batchfile check --format github"))
    #expect(build.lowerBound < check.lowerBound)
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
