import Foundation
import TestSupport
import Testing

/// Names that are not UTF-8, pipes and devices, owners and modes, and too few descriptors.
@Suite("Hostile files")
struct HostileFileTests {
  static let line =
    #"{"custom_id":"r","method":"post","url":"/v1/chat/completions","body":"#
    + #"{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"a"}]}}"#

  /// Runs a script in a folder with such files.
  static func run(_ script: String) throws -> Program.Outcome {
    let scratch = try place()
    return try withExtendedLifetime(scratch) { try Shell.run(script, in: scratch.url) }
  }

  static func run(_ words: [String]) throws -> Program.Outcome {
    let scratch = try place()
    return try withExtendedLifetime(scratch) { try Program.run(Program.path, words, in: scratch.url) }
  }

  static func place() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.file("line", line + "\n")
    try scratch.file("prompts.txt", "one\ntwo\nthree\n")
    return scratch
  }

  @Test("the file whose name is not UTF-8 is the one that is mended, and messages show its bytes")
  func names() throws {
    let outcome = try HostileFileTests.run(
      "cp line $'t\\xfd.jsonl'; ln -s $'t\\xfd.jsonl' s.jsonl; batchfile fix -i s.jsonl && grep -c POST $'t\\xfd.jsonl';"
        + "echo broken >> $'t\\xfd.jsonl'; batchfile check $'t\\xfd.jsonl' $'u\\xfd'")
    #expect(outcome.output.hasPrefix("1\n"))
    #expect(outcome.output.contains("t\\xFD.jsonl"))
    #expect(outcome.errors.contains("u\\xFD: No such file or directory"))
  }

  @Test("an output gets its name byte for byte even if that is not UTF-8")
  func outputName() throws {
    let outcome = try HostileFileTests.run(
      "batchfile convert --model openai/gpt-oss-20b -o $'o\\xfd.jsonl' prompts.txt && wc -l <$'o\\xfd.jsonl'")
    #expect(outcome.output == "3\n")
    #expect(outcome.errors == "batchfile: 3 requests to o\\xFD.jsonl\n")
  }

  @Test("a pipe or a device is not replaced", arguments: ["mkfifo f", "ln -s /dev/null f"])
  func noFile(made: String) throws {
    let outcome = try HostileFileTests.run("\(made); batchfile fix -i f")
    #expect(outcome.errors == "batchfile: f: is not a regular file\n")
    #expect(outcome.status == 2)
  }

  @Test("a read-only file is replaced with --force only")
  func readOnly() throws {
    let outcome = try HostileFileTests.run(
      "chmod 444 line; batchfile fix -i line; echo $?; cat line; batchfile fix -i -f line; echo $?; grep -c POST line;"
        + "stat -c %a line")
    #expect(outcome.output == "2\n\(HostileFileTests.line)\n0\n1\n444\n")
    #expect(outcome.errors.hasPrefix("batchfile: line: is read-only; --force replaces it\n"))
  }

  @Test("a warning says that other hard links keep the old content")
  func hardLinks() throws {
    let outcome = try HostileFileTests.run("ln line other; batchfile fix -i line")
    #expect(outcome.status == 0)
    #expect(
      outcome.errors.hasPrefix(
        "batchfile: warning: line: 1 other name of the file (hard links) keeps the old content\n"))
  }

  @Test("root replacing a user's file keeps its owner and mode", .enabled(if: geteuid() == 0, "needs root"))
  func owner() throws {
    let outcome = try HostileFileTests.run(
      "chown 65534:65534 line; chmod 4755 line; batchfile fix -i line; stat -c '%u %g %a' line")
    #expect(outcome.output == "65534 65534 4755\n")
  }

  @Test(
    "without the right to keep the owner, the file runs as nobody else",
    .enabled(if: FaultLibrary.isAvailable && geteuid() == 0, "needs root and a C compiler"))
  func ownerIsLost() throws {
    let scratch = try HostileFileTests.place()
    var environment = try FaultLibrary.failing(
      step: 0, path: scratch.url.lastPathComponent, call: "fchown", error: EPERM)
    environment["TMPDIR"] = NSTemporaryDirectory()
    let file = scratch.url.appendingPathComponent("line").path
    chown(file, 65_534, 65_534)
    chmod(file, 0o6755)
    let outcome = try Program.run(Program.path, ["fix", "-i", "line"], in: scratch.url, environment: environment)
    #expect(outcome.errors.contains("warning: line: its owner or group could not be kept"))
    let rights = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(rights == 0o755)
  }

  @Test("more pieces are written than the process may have descriptors")
  func pieces() throws {
    let outcome = try HostileFileTests.run(
      "for i in {1..100}; do echo $i; done >many; ulimit -n 40; batchfile split --max-requests 1 many; ls many-* | wc -l"
    )
    #expect(outcome.output == "100\n", "\(outcome.errors)")
  }

  @Test("with very few descriptors the program works or ends with 2", arguments: [4, 5, 6, 7])
  func descriptors(count: Int) throws {
    let outcome = try HostileFileTests.run(
      "ulimit -n \(count); batchfile convert --model openai/gpt-oss-20b -o x.jsonl prompts.txt")
    #expect([0, 2].contains(outcome.status), "\(outcome.status) \(outcome.errors)")
  }

  static let tooLarge: [[String]] = [
    ["check", "--provider", "/dev/zero", "line"],
    ["convert", "--model", "a", "--prompt", "@/dev/zero", "prompts.txt"],
  ]

  @Test("a device that gives bytes without end is an error", arguments: tooLarge)
  func bounded(words: [String]) throws {
    let outcome = try HostileFileTests.run(words)
    #expect(outcome.errors.contains("it is larger than the "))
    #expect(outcome.status == 2)
  }

  @Test("an error names the folder for temporary files where none can be made in it")
  func temporaryFolder() throws {
    let outcome = try HostileFileTests.run("TMPDIR=/no/such batchfile fix line")
    #expect(outcome.errors == "batchfile: /no/such: No such file or directory (the folder for temporary files)\n")
    #expect(outcome.status == 2)
  }

  @Test(
    "a number with anything but digits is wrong usage",
    arguments: ["--max-bytes=+5", "--max-bytes=", "--jobs=0", "--jobs=257"])
  func numbers(option: String) throws {
    let outcome = try HostileFileTests.run(["check", option, "line"])
    #expect(outcome.errors.contains("takes a whole number"))
    #expect(outcome.status == 2)
  }
}
