import BatchFile
import Foundation

extension Subcommand {
  static let check = Subcommand(
    name: "check",
    summary: "Find what is wrong with batch files.",
    usage: "[options] [file ...]",
    discussion: "Checks every line of the files for what the API refuses, and the files for its limits. Without a "
      + "file, or for '-', standard input is checked. Findings go to standard output, everything else to standard "
      + "error. `batchfile explain` tells what the codes mean.",
    flags: CheckFlags.all + ProviderFlags.all,
    examples: [
      ("batchfile check requests.jsonl", "all faults, with their lines"),
      ("batchfile check --format json requests.jsonl", "the errors as the API would report them"),
      ("generate | batchfile check --stdin-filename generate", "what another program writes"),
    ],
    run: { try CheckCommand(arguments: $0, console: $1).run() })
}

enum CheckFlags {
  static let all = [
    Flag(
      name: "--format", value: "FORMAT", values: ReportFormat.allCases.map(\.rawValue),
      help: "full (default on a terminal): with the place in the line and notes; concise (default elsewhere): a line a "
        + "finding; json: the API's BatchErrors, a line a file; jsonl: a JSON object a finding; github, gitlab, junit, "
        + "sarif: for CI."),
    Flag(name: "--strict", help: "Warnings count as errors for the exit status."),
    Flag(name: "--exit-zero", help: "End with 0 where it would be 1."),
    Flag(
      name: "--ignore", value: "CODE", values: Code.allCases.map(\.rawValue), isRepeatable: true,
      help: "Leave out findings with this code. Repeatable."),
    Flag(
      name: "--max-findings", value: "N",
      help: "Show at most N findings of a file in full and concise (default 200); 0 for all."),
    Flag(name: "--quiet", short: "-q", help: "Leave out the closing line."),
    Flag(name: "--stdin-filename", value: "NAME", help: "What to call standard input."),
    Flag(name: "--jobs", short: "-j", value: "N", help: "Threads to use (default: all cores)."),
  ]
}

struct CheckCommand {
  private let console: Console
  private let files: [String]
  private let inputName: String
  private let checker: BatchChecker
  private let report: any Report
  private let isStrict: Bool
  private let exitsZero: Bool

  init(arguments: Arguments, console: Console) throws {
    self.console = console
    files = arguments.operands.isEmpty ? ["-"] : arguments.operands
    inputName = arguments.value("--stdin-filename") ?? "<stdin>"
    isStrict = arguments.has("--strict")
    exitsZero = arguments.has("--exit-zero")

    var checker = BatchChecker(provider: try ProviderFlags.provider(arguments))
    for word in arguments.values("--ignore") {
      guard let code = Code(rawValue: word) else {
        throw UsageError(
          "'--ignore' does not know the code '\(word)'", word: word, among: Code.allCases.map(\.rawValue))
      }
      checker.ignoredCodes.insert(code)
    }
    if let jobs = try arguments.integer("--jobs", atLeast: 1) { checker.jobs = jobs }
    let format =
      try arguments.choice("--format", ReportFormat.self) ?? (console.outputIsTerminal ? .full : .concise)
    checker.detail = format.detail
    var style = ReportStyle()
    if let most = try arguments.integer("--max-findings", atLeast: 0) { style.maxFindings = most }
    style.hasClosingLine = !arguments.has("--quiet")
    style.usesColor = console.usesColor
    self.checker = checker
    report = format.makeReport(console.output, style)
  }

  func run() throws -> ExitStatus {
    var status = ExitStatus.clean
    for file in files { status = max(status, check(file)) }
    report.finish()
    return status
  }

  private func check(_ file: String) -> ExitStatus {
    let name = file == "-" ? inputName : file
    let handle: FileHandle
    do {
      handle = file == "-" ? console.input : try InputError.open(file)
    } catch {
      console.complain("\(name): \(error)")
      return .failed
    }
    defer { if file != "-" { try? handle.close() } }
    let progress = Progress(console, name: name, handle: handle)
    defer { progress?.finish() }
    let sink = ReportSink(report, file: name)
    do {
      let (summary, fileFindings) = try checker.check(handle, into: sink) { progress?.update($0) }
      progress?.finish()
      report.end(summary, fileFindings: fileFindings)
      let isFaulty = summary.errors > 0 || isStrict && summary.warnings > 0
      return isFaulty && !exitsZero ? .faults : .clean
    } catch {
      progress?.finish()
      console.complain("\(name): \(error)")
      return .failed
    }
  }
}

/// Hands the findings of one file to a report.
final class ReportSink: FindingSink {
  private let report: any Report
  private let file: String

  init(_ report: any Report, file: String) {
    self.report = report
    self.file = file
  }

  func begin() { report.begin(file: file) }
  func take(_ findings: [Finding]) { for finding in findings { report.take(finding) } }
}
