import Foundation
import TestSupport
import Testing

/// The output of `batchfile convert`: its names and limits, existing files, and that it appears whole or not at all.
@Suite("Outputs of convert")
struct ConvertOutputTests {
  // MARK: - Limits

  /// The bytes of a line for a one-digit number and a prompt of one letter.
  static let lineSize =
    #"{"custom_id":"request-1","method":"POST","url":"/v1/chat/completions","body":"#.utf8.count
    + #"{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"a"}]}}"#.utf8.count + 1

  static let limits: [(options: [String], sizes: [Int])] = [
    (["--max-requests", "7"], [7]), (["--max-requests", "3"], [3, 3, 1]),
    (["--max-requests", "1"], [1, 1, 1, 1, 1, 1, 1]), (["--max-requests", "0", "--max-bytes", "0"], [7]),
    (["--max-bytes", "\(lineSize * 7)"], [7]), (["--max-bytes", "\(lineSize * 7 - 1)"], [6, 1]),
    (["--max-bytes", "\(lineSize * 3)"], [3, 3, 1]), (["--max-bytes", "\(lineSize)"], [1, 1, 1, 1, 1, 1, 1]),
    (["--max-bytes", "\(lineSize * 4)", "--max-requests", "3"], [3, 3, 1]),
    (["--max-bytes", "\(lineSize * 2)", "--max-requests", "3"], [2, 2, 2, 1]),
  ]

  @Test("an output over a limit is cut into files within it, in order", arguments: limits)
  func files(options: [String], sizes: [Int]) throws {
    let place = try Workplace("a.txt", "a\nb\nc\nd\ne\nf\ng\n")
    let outcome = try place.run(["--model", "openai/gpt-oss-20b", "-o", "out.jsonl"] + options + ["a.txt"])
    let names = sizes.count == 1 ? ["out.jsonl"] : sizes.indices.map { "out-0000\($0 + 1).jsonl" }
    #expect(try place.files == names)
    #expect(try names.map { try place.ids($0).count } == sizes)
    #expect(try names.flatMap { try place.ids($0) } == (1...7).map { "request-\($0)" })
    #expect(outcome.status == 0)
  }

  @Test("a request that alone is over the limit is an error", arguments: [["-o", "out.jsonl"], []])
  func tooLarge(output: [String]) throws {
    let place = try Workplace("a.txt", "a\n")
    let outcome = try place.run(
      ["--model", "openai/gpt-oss-20b", "--max-bytes", "\(Self.lineSize - 1)"] + output + ["a.txt"])
    let findings = output.isEmpty ? outcome.errors : outcome.output
    #expect(
      findings.hasPrefix(
        "a.txt:1: error[maximum_input_file_size_exceeded]: The request has \(Self.lineSize) bytes,"
          + " more than the \(Self.lineSize - 1) a file may have."))
    #expect(try place.files == [])
    #expect(outcome.status == 1)
  }

  @Test(
    "standard output does not go on in a second file", arguments: ["--max-requests=2", "--max-bytes=\(lineSize * 2)"])
  func standardOutput(limit: String) throws {
    let outcome = try Workplace("a.txt", "a\nb\nc\n").convert(limit)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("a.txt:3: error[maximum_"))
    #expect(outcome.status == 1)
  }

  // MARK: - Files that are there

  @Test(
    "an existing file stays without --force",
    arguments: [["-o", "out.jsonl"], ["-o", "out.jsonl", "--max-requests=1"]])
  func existing(options: [String]) throws {
    let place = try Workplace()
    let name = options.count == 2 ? "out.jsonl" : "out-00002.jsonl"
    try place.scratch.file(name, "old")
    let outcome = try place.run(["--model", "openai/gpt-oss-20b"] + options + [place.input])
    #expect(outcome.errors == "batchfile: \(name): exists; --force replaces it\n")
    #expect(outcome.status == 2)
    #expect(try place.text(name) == "old")
    #expect(try place.files == [name])
  }

  @Test("--force replaces an existing file")
  func force() throws {
    let place = try Workplace()
    try place.scratch.file("out.jsonl", "old")
    #expect(try place.convert("-o", "out.jsonl", "--force").status == 0)
    #expect(try place.ids("out.jsonl") == ["request-1", "request-2", "request-3"])
    #expect(try place.files == ["out.jsonl"])
  }

  @Test("an error with several threads at work leaves nothing", arguments: 0..<4)
  func errorAmongThreads(run: Int) throws {
    let rows = (0..<9_000).map { "\($0),\(String(repeating: "x", count: 200))\n" }.joined()
    let place = try Workplace("a.csv", "id,prompt\n" + rows)
    try place.scratch.file("b.csv", "id,other\n1,2\n")
    let outcome = try place.run(
      ["--model", "openai/gpt-oss-20b", "--max-requests=0", "-o", "out.jsonl", "a.csv", "b.csv"])
    #expect(outcome.status == 2)
    #expect(try place.files == ["b.csv"])
  }

  @Test("the error about an output over a limit is the same for any number of threads")
  func limitAmongThreads() throws {
    let row = String(repeating: "x", count: 300)
    let rows = (0..<15_000).map { $0 % 50 > 0 ? "\($0),\(row)\n" : $0 % 100 > 0 ? "\($0)\n" : "\n" }.joined()
    let place = try Workplace("a.csv", "id,prompt\n" + rows)
    let outcomes = try (0..<5).map { _ in try place.convert("--skip-bad", "--max-requests=4000") }
    #expect(outcomes.allSatisfy { $0.status == 1 && $0.errors == outcomes[0].errors })
  }

  @Test("a warning names all pieces of an earlier output, and no file that only has a similar name")
  func leftovers() throws {
    let place = try Workplace()
    for name in ["out-00001.jsonl", "out-00002.jsonl", "out-00007.jsonl", "out-100000.jsonl"] {
      try place.scratch.file(name, "old")
    }
    for name in [
      "out-0001.jsonl", "out-000001.jsonl", "out-0000a.jsonl", "out-00001.json", "xout-00001.jsonl", "out-.jsonl",
    ] {
      try place.scratch.file(name, "other")
    }
    let outcome = try place.convert("-o", "out.jsonl")
    #expect(outcome.status == 0)
    let warned = outcome.errors.split(separator: "\n").filter { $0.contains("is there too") }.map {
      $0.split(separator: " ")[2]
    }
    #expect(warned == ["out-00001.jsonl", "out-00002.jsonl", "out-00007.jsonl", "out-100000.jsonl"])
    #expect(try place.text("out-00007.jsonl") == "old")
    let forced = try place.convert("-o", "out.jsonl", "--force", "--max-requests=2")
    #expect(forced.errors == "batchfile: 3 requests to out-00001.jsonl, out-00002.jsonl\n")
    #expect(
      try place.files
        == [
          "out-.jsonl", "out-00001.json", "out-00001.jsonl", "out-000001.jsonl", "out-00002.jsonl", "out-0000a.jsonl",
          "out-0001.jsonl", "xout-00001.jsonl",
        ].sorted())
  }

  @Test("split keeps its input, and with --force removes pieces of an earlier output")
  func leftoversOfSplit() throws {
    let place = try Workplace("r.jsonl", "{}\n{}\n{}\n")
    try place.scratch.file("r-00004.jsonl", "old")
    let split = try Program.run("split", "--max-requests=1", "r.jsonl", in: place.scratch.url)
    #expect(
      split.errors.hasSuffix("batchfile: warning: r-00004.jsonl is there too, and was not made by this command\n"))
    let forced = try Program.run("split", "--force", "--max-requests=2", "r.jsonl", in: place.scratch.url)
    #expect(forced.status == 0)
    #expect(try place.files == ["r-00001.jsonl", "r-00002.jsonl"])
    #expect(try place.text("r.jsonl") == "{}\n{}\n{}\n")
  }

  @Test(
    "a piece of an earlier run goes with --force", arguments: [(["--max-requests=2"], "out-00003"), ([], "out-00001")])
  func leftover(options: [String], name: String) throws {
    let place = try Workplace()
    try place.scratch.file("\(name).jsonl", "old")
    let outcome = try place.run(
      ["--model", "openai/gpt-oss-20b", "--force", "-o", "out.jsonl"] + options + [place.input])
    #expect(outcome.status == 0)
    #expect(!outcome.errors.contains("is there too"))
    #expect(try !place.files.contains("\(name).jsonl"))
  }

  @Test("--force keeps the old file where an error keeps the new one from being written")
  func forceWithFault() throws {
    let place = try Workplace("a.csv", "prompt,id\na,1\nb\n")
    try place.scratch.file("out.jsonl", "old")
    #expect(try place.convert("-o", "out.jsonl", "--force").status == 1)
    #expect(try place.text("out.jsonl") == "old")
    #expect(try place.files == ["out.jsonl"])
  }

  @Test("the input itself can be replaced")
  func ownInput() throws {
    let place = try Workplace("a.jsonl", Workplace.row)
    #expect(try place.convert("-o", "a.jsonl").status == 2)
    #expect(try place.text("a.jsonl") == Workplace.row)
    #expect(try place.convert("-o", "a.jsonl", "--force").status == 0)
    #expect(try place.ids("a.jsonl") == ["request-1"])
  }

  @Test("a symbolic link stays, and the file that it leads to is replaced", arguments: [true, false])
  func link(leadsSomewhere: Bool) throws {
    let place = try Workplace()
    try FileManager.default.createDirectory(
      at: place.scratch.url.appendingPathComponent("folder"), withIntermediateDirectories: false)
    let target = place.scratch.url.appendingPathComponent("folder/target.jsonl")
    if leadsSomewhere { try Data("old".utf8).write(to: target) }
    let link = place.scratch.url.appendingPathComponent("out.jsonl").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "folder/target.jsonl")
    let outcome = leadsSomewhere ? try place.convert("-o", "out.jsonl", "-f") : try place.convert("-o", "out.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "folder/target.jsonl")
    #expect(try place.ids("folder/target.jsonl").count == 3)
    #expect(try FileManager.default.contentsOfDirectory(atPath: target.deletingLastPathComponent().path).count == 1)
  }

  @Test("a new file has the mode that the umask gives, and a replaced one keeps its mode")
  func rights() throws {
    let place = try Workplace()
    let file = place.scratch.url.appendingPathComponent("out.jsonl").path
    let sample = try place.scratch.file("sample").path
    func rights(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    _ = try place.convert("-o", "out.jsonl")
    #expect(try rights(file) == rights(sample))
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
    _ = try place.convert("-o", "out.jsonl", "--force")
    #expect(try rights(file) == 0o640)
  }

  // MARK: - Signals

  /// A conversion that has written some of its output and waits for more input.
  final class Waiting {
    let place: Workplace
    let process = Process()
    private let pipe = Pipe()

    /// - Parameter shell: commands that a shell runs before it becomes the program.
    init(shell: String = ":") throws {
      place = try Workplace()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = [
        "-c", "\(shell); exec \"$0\" \"$@\"", Program.path.path, "convert", "--from", "prompts", "--model",
        "openai/gpt-oss-20b", "-o", "out.jsonl",
      ]
      process.currentDirectoryURL = place.scratch.url
      process.standardInput = pipe
      process.standardError = FileHandle.nullDevice
      try process.run()
      // If the signal has no effect, the test must fail and not wait forever.
      DispatchQueue.global().asyncAfter(deadline: .now() + 30) { [process] in
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      }
      // This is more than the pipe holds, so the program has read some of it once all is written.
      try pipe.fileHandleForWriting.write(contentsOf: Data(String(repeating: "A prompt\n", count: 100_000).utf8))
    }

    func closeInput() throws { try pipe.fileHandleForWriting.close() }

    /// Whether the program has a temporary file that it has not renamed yet.
    var hasTemporaryFile: Bool { get throws { try place.files.contains { $0.hasPrefix(".batchfile-") } } }
  }

  @Test(
    "a signal ends it by that signal and leaves nothing",
    arguments: [
      SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGPIPE, SIGXFSZ, SIGXCPU,
    ])
  func signals(signal: Int32) throws {
    let waiting = try Waiting()
    #expect(try waiting.hasTemporaryFile)
    kill(waiting.process.processIdentifier, signal)
    waiting.process.waitUntilExit()
    #expect(waiting.process.terminationReason == .uncaughtSignal)
    #expect(waiting.process.terminationStatus == signal)
    #expect(try waiting.place.files == [])
  }

  @Test("a hang-up under nohup does not end the program")
  func nohup() throws {
    let waiting = try Waiting(shell: "trap '' HUP")
    kill(waiting.process.processIdentifier, SIGHUP)
    try waiting.closeInput()
    waiting.process.waitUntilExit()
    #expect(waiting.process.terminationReason == .exit)
    #expect(try waiting.place.files.count == 2)
  }
}
