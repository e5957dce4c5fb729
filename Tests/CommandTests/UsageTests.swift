import Foundation
import TestSupport
import Testing

@Suite("Usage")
struct UsageTests {
  static let good = "Fixtures/good.jsonl"
  static let bad = "Fixtures/line-4-is-get.jsonl"
  static let doubtful = "Fixtures/check/warnings-are-no-errors.jsonl"

  // MARK: - Exit statuses

  struct Run: Sendable, CustomTestStringConvertible {
    var words: [String]
    var status: Int32
    /// The texts that standard error must have.
    var says: [String]
    var testDescription: String { words.joined(separator: " ") }

    init(_ status: Int32, _ words: String..., says: String...) {
      (self.words, self.status, self.says) = (words, status, says)
    }
  }

  static let statuses: [Run] = [
    Run(0, "check", good),
    Run(1, "check", bad),
    Run(1, "check", good, bad, good),
    Run(0, "check", doubtful),
    Run(1, "check", "--strict", doubtful),
    Run(0, "check", "--strict", good),
    Run(0, "check", "--exit-zero", bad),
    Run(0, "check", "--strict", "--exit-zero", doubtful, bad),
    Run(2, "check", "--exit-zero", bad, "nowhere.jsonl", says: "nowhere.jsonl: No such file or directory"),
    Run(2, "check", "nowhere.jsonl", good, says: "nowhere.jsonl: No such file or directory"),
    Run(2, "check", "Fixtures", good, says: "Fixtures: Is a directory"),
    Run(2, "check", "", says: "batchfile: '': No such file or directory"),
    Run(2, "check", "--", "--quiet", says: "--quiet: No such file or directory"),
    Run(0, "check", "--ignore", "invalid_method", bad),
    Run(0, "check", "--ignore=invalid_method", "--ignore=blank_line", bad),
    Run(0, "check", "--format=json", "--jobs=1", good),
    Run(0, "check", "-j", "2", "-q", good),
    Run(0, "check", "-j2", "-q", good),
    Run(0, "check", "-j=2", good),
    Run(0, "check", "--ignore", "blank_line,invalid_method", bad),
    Run(0, "check", "--ignore", "blank_line, invalid_method", "--ignore=empty_file", bad),
    Run(0, "check", good, "--format", "json"),
    Run(0, "check", "--format", "json", "--", good),
    Run(0, "check", "--max-requests", "0", "--max-bytes=0", good),
    Run(1, "check", "--max-requests", "2", good),
    Run(1, "check", "--max-bytes", "10", good),
    Run(1, "check", "-"),
    Run(1, "check"),
  ]

  static let mistakes: [Run] = [
    Run(2, says: "check, convert, split, fix, submit, wait, status, results, retry, cancel, run, explain"),
    Run(2, "chekc", good, says: "unknown subcommand 'chekc'", "did you mean 'check'?"),
    Run(2, "x", says: "unknown subcommand 'x'", "the subcommands are check, convert"),
    Run(2, good, says: "did you mean `batchfile check \(good)`?"),
    Run(2, "--versoin", says: "unknown option '--versoin'", "did you mean '--version'?"),
    Run(2, "--model", "x", "check", good, says: "unknown option '--model'", "options follow the subcommand"),
    Run(2, "-q", "check", good, says: "unknown option '-q'", "options follow the subcommand"),
    Run(2, "help", "chek", says: "did you mean 'check'?"),
    Run(2, "help", "check", "fix", says: "one subcommand"),
    Run(
      2, "check", "--frmat", "json", good, says: "unknown option '--frmat'", "did you mean '--format'?", "help check"),
    Run(2, "check", "-x", good, says: "unknown option '-x'"),
    Run(2, "check", "-qx", good, says: "unknown option '-qx'"),
    Run(2, "check", "--in-place", good, says: "unknown option '--in-place'", "`batchfile fix` has this option"),
    Run(2, "split", "-output", "x", good, says: "unknown option '-output'", "did you mean '--output'?"),
    Run(2, "check", "-j0", good, says: "'--jobs' takes a whole number from 1 to 256, not '0'"),
    Run(2, "check", "--ignore", "blank_line,,", good, says: "does not know the code ''"),
    Run(2, "check", "--format", "sarf", good, says: "'--format' does not know 'sarf'", "did you mean 'sarif'?"),
    Run(2, "check", "--format", "zzz", good, says: "full, concise, json, jsonl, github, gitlab, junit, sarif"),
    Run(2, "check", "--format=", good, says: "'--format' does not know ''"),
    Run(2, "check", good, "--format", says: "'--format' needs a value"),
    Run(2, "check", "--format", "json", "--format", "json", good, says: "'--format' is given twice"),
    Run(2, "check", "--quiet=yes", good, says: "'--quiet' takes no value"),
    Run(2, "check", "--ignore", "blnk_line", good, says: "the code 'blnk_line'", "did you mean 'blank_line'?"),
    Run(2, "check", "--jobs", "0", good, says: "'--jobs' takes a whole number from 1 to 256, not '0'"),
    Run(2, "check", "--max-findings", "-1", good, says: "'--max-findings' takes a whole number from 0 on, not '-1'"),
    Run(2, "check", "--max-bytes", "1e6", good, says: "not '1e6'"),
    Run(2, "check", "--provider", "grok", good, says: "unknown provider 'grok'", "did you mean 'groq'?"),
    Run(2, "check", "--provider", "nowhere.json", good, says: "nowhere.json: No such file or directory"),
    Run(2, "explain", "--", "--quiet", says: "unknown code '--quiet'"),
    Run(2, "explain", "blank_lin", says: "unknown code 'blank_lin'", "did you mean 'blank_line'?"),
    Run(2, "convert", "--model", "m", "-o", "", good, says: "'--output' needs a file's name and got an empty one"),
    Run(2, "explain", "duplicate", says: "did you mean 'duplicate_key' or 'duplicate_custom_id'?"),
    Run(2, "explain", "Duplicate-Custom", says: "did you mean 'duplicate_custom_id'?"),
    Run(2, "explain", "id", says: "`batchfile explain` lists the codes"),
    Run(2, "explain", "nonsense", says: "`batchfile explain` lists the codes"),
    Run(2, "explain", "--provider", "groq", "blank_line", says: "either a code or --provider"),
    Run(2, "completion", says: "bash, zsh, fish"),
    Run(2, "completion", "tcsh", says: "there are bash, zsh, fish"),
  ]

  @Test("each case ends with its exit status", arguments: statuses)
  func status(run: Run) throws {
    let outcome = try Program.run(Program.path, run.words)
    #expect(outcome.status == run.status)
    #expect(outcome.errors.isEmpty == run.says.isEmpty)
    for text in run.says { #expect(outcome.errors.contains(text)) }
  }

  @Test("a wrong word is named, with the one that was probably meant", arguments: mistakes)
  func mistake(run: Run) throws {
    let outcome = try Program.run(Program.path, run.words)
    #expect(outcome.status == run.status)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("batchfile: "))
    for text in run.says { #expect(outcome.errors.contains(text)) }
  }

  @Test("a file that cannot be read does not keep others from being checked")
  func missingAmongOthers() throws {
    let outcome = try Program.run("check", "nowhere.jsonl", UsageTests.bad, "Fixtures", UsageTests.good)
    #expect(outcome.status == 2)
    let lines = outcome.output.split(separator: "\n")
    try #require(lines.count == 4)
    #expect(lines[0].hasPrefix("nowhere.jsonl: error[unreadable_file]: "))
    #expect(lines[1].hasPrefix("\(UsageTests.bad):4:38: error[invalid_method]"))
    #expect(lines[2].hasPrefix("Fixtures: error[unreadable_file]: "))
    #expect(lines[3] == "7 requests in 2 files for groq, 1 error, 0 warnings; 2 files not read")
    #expect(outcome.errors.split(separator: "\n").count == 2)
  }

  @Test("a file that may not be read ends with 2", .enabled(if: geteuid() != 0))
  func forbidden() throws {
    let scratch = try Scratch()
    let file = try scratch.file("f.jsonl", "{}\n")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: file.path)
    let outcome = try Program.run("check", file.path)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("Permission denied"))
  }

  @Test(
    "what an estimate does not include is reported once", arguments: [[], ["--max-cost", "9"], ["--max-cost", "0"]])
  func estimate(options: [String]) throws {
    let outcome = try Program.run(Program.path, ["submit", "--dry-run"] + options + [UsageTests.good])
    #expect(outcome.errors.components(separatedBy: "without a limit of output").count == 2, "\(outcome.errors)")
  }

  @Test("standard input has the name it is given")
  func standardInput() throws {
    let input = Data("x\n".utf8)
    for words in [["check"], ["check", "-"]] {
      #expect(try Program.run(Program.path, words, input: input).output.hasPrefix("<stdin>:1:1: error["))
      let named = try Program.run(Program.path, words + ["--stdin-filename", "a b"], input: input)
      #expect(named.output.hasPrefix("a b:1:1: error["))
    }
    let fixed = try Program.run("fix", "--stdin-filename", "a b", input: input)
    #expect(fixed.errors.hasPrefix("a b:1:1: error["))
    let pipe = try Shell.run("cat | batchfile check -q - \"$1\"", UsageTests.bad, input: input)
    #expect(pipe.output.split(separator: "\n").map { $0.prefix { $0 != ":" } } == ["<stdin>", "\(UsageTests.bad)"])
  }

  @Test("a person at a terminal is told that standard input is read", .enabled(if: Shell.has("script")))
  func terminalInput() throws {
    // `script` runs the program with a terminal as its standard input, and Ctrl-D ends that input.
    let outcome = try Shell.run("(sleep 0.5; printf '\\004') | script -qec 'batchfile check' /dev/null")
    #expect(outcome.output.contains("batchfile: reading standard input from the terminal; Ctrl-D ends it"))
    #expect(outcome.output.contains("error[empty_file]"))
  }

  // MARK: - Output

  @Test("the program and each subcommand print help, and the program its version")
  func help() throws {
    let general = try Program.run("--help")
    #expect(general.status == 0)
    for words in [["-h"], ["help"], ["help", "help"], ["help", "--help"]] {
      #expect(try Program.run(Program.path, words).output == general.output)
    }
    for command in ["check", "convert", "split", "fix", "explain", "completion"] {
      #expect(general.output.contains("\n  \(command) "))
      let own = try Program.run(command, "--help")
      #expect(own.status == 0)
      #expect(own.errors.isEmpty)
      #expect(own.output.contains("USAGE: batchfile \(command) "))
      #expect(!own.output.split(separator: "\n").contains { $0.count > 100 && !$0.contains("batchfile") })
      #expect(try Program.run("help", command).output == own.output)
      #expect(try Program.run(command, "-h").output == own.output)
    }
    let version = try Program.run("--version")
    #expect(version.status == 0)
    #expect(version.output.wholeMatch(of: /batchfile \d+\.\d+\.\d+\n/) != nil)
  }

  @Test("a reader that closes the pipe gets no message, whether SIGPIPE is ignored or not")
  func closedPipe() throws {
    let scratch = try Scratch()
    let file = try scratch.file("f.jsonl", String(repeating: "x\n", count: 4000))
    for ignored in ["", "trap '' PIPE; "] {
      let outcome = try Shell.run("\(ignored)batchfile check --format jsonl \"$1\" | head -1", file.path)
      #expect(outcome.output.split(separator: "\n").count == 1)
      #expect(outcome.errors.isEmpty)
    }
  }

  @Test(
    "a full disk under standard output ends with 2", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDisk() throws {
    for command in [
      "check \(UsageTests.bad)", "check \(UsageTests.good)", "--help", "explain", "fix \(UsageTests.good)",
      "submit \(UsageTests.bad)", "submit --dry-run \(UsageTests.good)",
    ] {
      let outcome = try Shell.run("batchfile \(command) > /dev/full")
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("standard output: No space left on device"))
    }
  }

  // MARK: - Provider files

  /// Groq's provider file with one text replaced by another, and the text that the message must have.
  static let providers: [(String, String, String)] = [
    ("\"max_bytes\"", "\"max_byte\"", "unknown key 'max_byte'; did you mean 'max_bytes'?"),
    ("\"max_bytes\"", "\"x\" : 1, \"max_bytes\"", "unknown key 'x'"),
    ("\"name\" : \"groq\",", "", "the key 'name' is missing"),
    ("200000000", "\"200 MB\"", "the value of 'max_bytes' must be a whole number"),
    ("200000000", "1.5", "the value of 'max_bytes' must be a whole number"),
    ("200000000", "1e30", "the value of 'max_bytes' must be a whole number"),
    ("200000000", "null", "the value of 'max_bytes' must be a whole number"),
    ("200000000", "-1", "'max_bytes' is negative"),
    ("50000", "true", "the value of 'max_requests' must be a whole number"),
    ("false", "0", "the value of 'one_model_per_file' must be true or false"),
    ("\"/v1/chat/completions\"", "3", "the value of 'urls[0]' must be a string"),
    (
      "\"/v1/chat/completions\",\n    \"/v1/audio/transcriptions\",\n    \"/v1/audio/translations\"", "",
      "'urls' is empty"
    ),
    ("\"body_schema\" : \"groq\"", "\"body_schema\" : \"grok\"", "the value of 'body_schema' is not among 'groq'"),
    ("{", "[", "not JSON"),
    ("}", "", "not JSON"),
  ]

  @Test("a provider file's fault is named", arguments: providers)
  func provider(old: String, new: String, message: String) throws {
    let groq = try Program.run("explain", "--provider", "groq").output
    let text = groq.replacingOccurrences(of: old, with: new)
    try #require(text != groq)
    let scratch = try Scratch()
    try scratch.file("p.json", text)
    let good = Program.package.appendingPathComponent(UsageTests.good).path
    let outcome = try Program.run("check", "--provider", "p.json", good, in: scratch.url)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("batchfile: p.json: "))
    #expect(outcome.errors.contains(message))
  }

  @Test("the provider that is printed can be given again")
  func providerAgain() throws {
    let scratch = try Scratch()
    for name in ["groq", "openai"] {
      let text = try Program.run("explain", "--provider", name).output
      let file = try scratch.file("p.json", text)
      #expect(try Program.run("explain", "--provider", file.path).output == text)
      let outcome = try Program.run("check", "--provider", file.path, UsageTests.bad)
      #expect(outcome.output == (try Program.run("check", "--provider", name, UsageTests.bad).output))
    }
  }
}
