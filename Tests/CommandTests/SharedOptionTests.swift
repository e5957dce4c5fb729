import BatchFile
import Foundation
import TestSupport
import Testing

@testable import BatchFileCommand

/// An option that several subcommands take means the same in all of them.
@Suite("Options that subcommands share")
struct SharedOptionTests {
  /// Who takes which of the options that are about findings, threads and the closing line.
  static let owners: [String: [String]] = [
    "--ignore": ["check", "fix", "submit", "run"],
    "--max-findings": ["check", "convert", "fix", "submit", "run"],
    "--format": ["check", "results", "run"],
    "--jobs": ["check", "convert", "fix", "submit", "results", "retry", "run"],
    "--quiet": ["check", "convert", "split", "fix"],
  ]

  /// Where one name stands for two things, since the contract says so: what they take differs, too.
  static let twofold: [String: [[String]]] = [
    // Of findings, and of answers.
    "--format": [["check"], ["results", "run"]],
    // The one to write, and those to accept beside the provider's.
    "--model": [["convert"], ["check", "fix", "submit", "wait", "status", "results", "retry", "cancel", "run"]],
    "--url": [["convert"], ["check", "fix", "submit", "wait", "status", "results", "retry", "cancel", "run"]],
    // What the source is, and the API's files.
    "--from": [["convert"], ["results", "retry"]],
    // The ids to write, and those to look for.
    "--id": [["convert"], ["results"]],
  ]
  /// Options whose help says what is written or replaced.
  static let ownWords: Set<String> = ["--output", "--force"]

  @Test("an option of several subcommands is the same in all, with the same help")
  func sameOption() {
    var seen: [String: [(command: String, flag: Flag)]] = [:]
    for command in Subcommand.all {
      for flag in command.allFlags { seen[flag.name, default: []].append((command.name, flag)) }
    }
    for (name, uses) in seen {
      let groups = SharedOptionTests.twofold[name] ?? [uses.map(\.command)]
      #expect(Set(groups.joined()) == Set(uses.map(\.command)), "\(name)")
      for group in groups {
        let flags = uses.filter { group.contains($0.command) }.map(\.flag)
        #expect(Set(flags.map { [$0.short, $0.value, "\($0.values) \($0.isRepeatable) \($0.isList)"] }).count == 1)
        if !SharedOptionTests.ownWords.contains(name) { #expect(Set(flags.map(\.help)).count == 1, "\(name)") }
      }
    }
  }

  @Test(
    "a subcommand takes the option, or names the subcommands that do", arguments: owners.keys.sorted(),
    Subcommand.all.map(\.name))
  func whoTakesIt(option: String, name: String) throws {
    let command = try #require(Subcommand.all.first { $0.name == name })
    let owners = try #require(SharedOptionTests.owners[option])
    let takesIt = command.allFlags.contains { $0.name == option }
    #expect(takesIt == owners.contains(name))
    if takesIt { return }
    let outcome = try Program.run(name, option, "x")
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("batchfile: unknown option '\(option)'\n"))
    for owner in owners {
      #expect(outcome.errors.contains("`\(owner)`") || outcome.errors.contains("batchfile \(owner)`"))
    }
    #expect(outcome.errors.contains(" have this option\n"))
  }

  // MARK: - The same effect

  /// Three findings with three codes, all errors.
  private static let faulty = [
    FoldTests.line(1, #","temprature":1"#), FoldTests.line(2, "").replacing("POST", with: "GET"),
    FoldTests.line(3, #","temperature":"hot""#),
  ]
  private static let codes = "unknown_parameter,invalid_method,invalid_type"

  /// Runs a subcommand that checks on a file of such lines.
  private static func check(_ command: String, _ options: String...) throws -> Program.Outcome {
    try check(command, options)
  }

  private static func check(_ command: String, _ options: [String]) throws -> Program.Outcome {
    let place = try Workplace("in.jsonl", faulty.joined(separator: "\n") + "\n")
    let sends = command == "submit" || command == "run"
    return try Program.run(
      Program.path, [command] + options + (sends ? ["--dry-run"] : []) + ["in.jsonl"], in: place.scratch.url)
  }

  private static func findings(_ outcome: Program.Outcome) -> [Substring] {
    (outcome.output + outcome.errors).split(separator: "\n").filter { $0.hasPrefix("in.jsonl:") && $0.contains("[") }
  }

  @Test(
    "--max-findings limits the findings that are shown, and the number of the others is given",
    arguments: ["check", "fix", "submit", "run"])
  func maxFindings(command: String) throws {
    for (most, shown) in [("1", 1), ("2", 2), ("0", 3)] {
      let outcome = try SharedOptionTests.check(command, "--max-findings", most)
      #expect(SharedOptionTests.findings(outcome).count == shown)
      #expect((outcome.output + outcome.errors).contains("\(3 - shown) more finding") == (shown < 3))
      #expect(outcome.status == 1)
    }
  }

  @Test(
    "findings of a submission go to standard output, but to standard error where answers go to standard output",
    arguments: [["submit"], ["run", "-o", "out.jsonl"], ["run"], ["run", "-o", "-"]])
  func whereFindingsGo(words: [String]) throws {
    let outcome = try SharedOptionTests.check(words[0], Array(words.dropFirst()))
    let findings = words.count == 3 && words[2] != "-" || words == ["submit"] ? outcome.output : outcome.errors
    #expect(findings.split(separator: "\n").filter { $0.hasPrefix("in.jsonl:") && $0.contains("[") }.count == 3)
    #expect(SharedOptionTests.findings(outcome).count == 3)
    #expect(outcome.errors.hasSuffix("batchfile: nothing was sent\n"))
  }

  @Test("--max-findings limits the findings that convert shows")
  func maxFindingsOfSource() throws {
    let place = try Workplace("in.csv", "prompt\na,1\nb,2\nc,3\n")
    let outcome = try Program.run(
      "convert", "--model", "m", "--max-findings", "1", "in.csv", in: place.scratch.url)
    #expect(outcome.errors.components(separatedBy: "error[").count == 2)
    #expect(outcome.errors.contains("2 more findings not shown"))
  }

  @Test(
    "--ignore leaves findings out, and the others decide the exit status", arguments: ["check", "fix", "submit", "run"])
  func ignore(command: String) throws {
    let one = try SharedOptionTests.check(command, "--ignore", "unknown_parameter")
    #expect(one.status == 1)
    #expect(!(one.output + one.errors).contains("[unknown_parameter]"))
    #expect((one.output + one.errors).contains("[invalid_type]"))
    for options in [
      ["--ignore", SharedOptionTests.codes], ["--ignore=unknown_parameter,invalid_method", "--ignore=invalid_type"],
    ] {
      let place = try Workplace("in.jsonl", SharedOptionTests.faulty.joined(separator: "\n") + "\n")
      let sends = command == "submit" || command == "run"
      let all = try Program.run(
        Program.path, [command] + options + (sends ? ["--dry-run"] : []) + ["in.jsonl"], in: place.scratch.url)
      #expect(all.status == 0, "\(all.errors)")
      #expect(SharedOptionTests.findings(all).isEmpty)
    }
    let unknown = try SharedOptionTests.check(command, "--ignore", "invalid_typ")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("'--ignore' does not know the code 'invalid_typ'\n  did you mean 'invalid_type'?"))
  }

  /// Command lines that do their work, and may say how many threads.
  static let working: [[String]] = [
    ["check", "Fixtures/formats/faulty.jsonl"], ["fix", "Fixtures/formats/faulty.jsonl"],
    ["convert", "--model", "m", "Fixtures/readme/questions.csv", "--prompt", "{question}"],
    ["submit", "--dry-run", "Fixtures/groq-guide.jsonl"], ["run", "--dry-run", "Fixtures/groq-guide.jsonl"],
    ["results", "Fixtures/results/groq.requests.jsonl", "--from", "Fixtures/results/groq.output.jsonl"],
  ]

  @Test("--jobs takes the same numbers in all subcommands and does not change the output", arguments: working)
  func jobs(words: [String]) throws {
    let usual = try Program.run(Program.path, words)
    for number in ["1", "2", "256"] {
      let outcome = try Program.run(Program.path, words + ["--jobs", number])
      #expect(outcome.status == usual.status)
      #expect(outcome.output == usual.output)
      #expect(outcome.errors == usual.errors)
    }
    for number in ["0", "257", "x", "-1"] {
      let outcome = try Program.run(Program.path, words + ["-j", number])
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("'--jobs' takes a whole number from 1 to 256, not '\(number)'"))
    }
  }

  @Test("--quiet leaves out the closing line and nothing else")
  func quiet() throws {
    let place = try Workplace("in.jsonl", FoldTests.line(1, "") + "\r\n")
    try place.scratch.file("in.txt", "Hi\n")
    for (words, line) in [
      (["check", "in.jsonl"], "1 request for groq, nothing wrong"),
      (["fix", "in.jsonl"], "batchfile: in.jsonl: 1 line mended"),
      (["fix", "--diff", "in.jsonl"], "batchfile: in.jsonl: 1 line would be mended"),
      (["convert", "--model", "m", "in.txt"], "batchfile: 1 request"),
      (["convert", "--model", "m", "-fo", "out.jsonl", "in.txt"], "batchfile: 1 request to out.jsonl"),
      (["split", "-f", "in.jsonl"], "batchfile: 1 file: in-00001.jsonl"),
    ] {
      let words = words.flatMap { $0 == "-fo" ? ["-f", "-o"] : [$0] }
      let usual = try Program.run(Program.path, words, in: place.scratch.url)
      for option in ["-q", "--quiet"] {
        let quiet = try Program.run(Program.path, words + [option], in: place.scratch.url)
        #expect(quiet.status == usual.status)
        let without = { (text: String) in text.replacing(line + "\n", with: "") }
        #expect(usual.output + usual.errors != without(usual.output) + without(usual.errors), "\(words)")
        #expect(quiet.output == without(usual.output))
        #expect(quiet.errors == without(usual.errors))
      }
    }
  }

  @Test(
    "an unknown word for --format is answered with the words that it takes", arguments: ["check", "results", "run"])
  func format(command: String) throws {
    let file = "Fixtures/results/groq.requests.jsonl"
    let more =
      switch command {
      case "results": ["--from", "Fixtures/results/groq.output.jsonl"]
      case "run": ["--dry-run"]
      default: [String]()
      }
    let outcome = try Program.run(Program.path, [command, "--format", "xml", file] + more)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("'--format' does not know 'xml'\n  it takes "))
  }

  // MARK: - Advice

  static let remedies: [Finding.Remedy] = [
    .acceptModel, .splitFile, .convertRequest, .chooseProvider("openai"), .joinLines, .openArray, .readLongerLines,
    .nameModel,
  ]

  @Test("advice names only options that the subcommand takes which gives it", arguments: remedies)
  func advice(remedy: Finding.Remedy) {
    for speaker in Advice.Speaker.allCases {
      // Only what makes requests can meet one that names no model.
      if remedy == .nameModel, speaker != .convert { continue }
      let words = [Advice.of(remedy, speaker), Advice.showAll].compactMap { $0 }.joined(separator: " ")
      for option in words.matches(of: /--[a-z-]+/).map({ String($0.output) }) {
        for command in speaker.subcommands {
          #expect(command.allFlags.contains { $0.name == option }, "\(command.name): \(words)")
        }
      }
      for name in words.matches(of: /`batchfile ([a-z]+)/).map({ String($0.output.1) }) {
        #expect(Subcommand.all.contains { $0.name == name })
        #expect(!speaker.subcommands.contains { $0.name == name }, "\(name) sends people to where they are")
      }
    }
  }
}
