import Foundation
import TestSupport
import Testing

/// What another process does to a file while `fix --in-place` replaces it, and what a file loses by that.
@Suite("Replacing a file beside others")
struct InPlaceRaceTests {
  @Test(
    "a line that is appended just before the file is replaced is kept",
    .enabled(if: FaultLibrary.isAvailable, "needs Linux and a C compiler"))
  func appended() throws {
    let scratch = try HostileFileTests.place()
    let file = scratch.url.appendingPathComponent("line")
    let environment = try FaultLibrary.appending("appended\n", path: scratch.url.lastPathComponent)
    let outcome = try Program.run(Program.path, ["fix", "-i", file.path], in: scratch.url, environment: environment)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("changed while it was read; nothing is written"))
    #expect(try String(contentsOf: file, encoding: .utf8) == HostileFileTests.line + "\nappended\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted() == ["line", "prompts.txt"])
  }

  @Test(
    "where files cannot exchange their names, one is replaced all the same",
    .enabled(if: FaultLibrary.isAvailable, "needs Linux and a C compiler"), arguments: [EINVAL, ENOSYS])
  func withoutExchange(error: Int32) throws {
    let scratch = try HostileFileTests.place()
    let file = scratch.url.appendingPathComponent("line")
    let environment = try FaultLibrary.failing(
      step: 0, path: scratch.url.lastPathComponent, call: "renameat2", error: error)
    let outcome = try Program.run(Program.path, ["fix", "-i", file.path], in: scratch.url, environment: environment)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try String(contentsOf: file, encoding: .utf8).contains("POST"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted() == ["line", "prompts.txt"])
  }

  static let setAttribute = "python3 -c 'import os, sys; os.setxattr(sys.argv[1], \"user.note\", b\"a\")'"

  /// Some file systems keep none.
  static let hasAttributes = (try? HostileFileTests.run("\(setAttribute) line").status) == 0

  @Test(
    "extended attributes that are lost are told of, in one warning with other names",
    .enabled(if: hasAttributes, "needs python3 and a file system with extended attributes"))
  func attributes() throws {
    let alone = try HostileFileTests.run("\(InPlaceRaceTests.setAttribute) line; batchfile fix -i line")
    #expect(alone.status == 0)
    #expect(alone.errors.hasPrefix("batchfile: warning: line: its extended attributes are lost\n"))
    let both = try HostileFileTests.run("ln line b; \(InPlaceRaceTests.setAttribute) line; batchfile fix -i line")
    #expect(
      both.errors.hasPrefix(
        "batchfile: warning: line: 1 other name of the file (hard links) keeps the old content; its extended "
          + "attributes are lost\n"))
    #expect(try HostileFileTests.run("batchfile fix -i line").errors.contains("warning") == false)
  }

  @Test(
    "extended attributes of files that are replaced by pieces are told of",
    .enabled(if: hasAttributes, "needs python3 and a file system with extended attributes"))
  func attributesOfPieces() throws {
    let outcome = try HostileFileTests.run(
      "cp line line-00001; \(InPlaceRaceTests.setAttribute) line-00001; batchfile split -f line")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("warning: line-00001: its extended attributes are lost"))
  }
}
