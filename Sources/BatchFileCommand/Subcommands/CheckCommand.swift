import BatchFile
import Foundation

extension Subcommand {
  static let check = Subcommand(
    name: "check",
    summary: "Find what is wrong with batch files.",
    usage: "[options] [file ...]",
    discussion: "Checks every line of the files for faults that the API refuses, and the files for the API's limits. "
      + "Without a file, or for '-', standard input is checked. Findings go to standard output, everything else to "
      + "standard error. `batchfile explain` tells what the codes mean. sarif gives as the tool's "
      + "address what the variable \(ReportFlags.addressVariable) holds.",
    flags: [
      .format, .strict, .exitZero, .skipForeign, .ignore, .maxFindings, .quiet, .color, .stdinFilename, .maxLineBytes,
      .jobs,
    ] + ProviderFlags.all,
    examples: [
      ("batchfile check requests.jsonl", "all faults, with their lines"),
      ("batchfile check --format json requests.jsonl", "the errors as the API would report them"),
      ("generate | batchfile check --stdin-filename generate", "what another program writes"),
    ],
    run: { try CheckCommand(arguments: $0, console: $1).run() })
}

extension Flag {
  static let strict = Flag("--strict", help: "Warnings count as errors.")
  static let skipForeign = Flag(
    "--skip-foreign", help: "Pass over files of another kind; `explain foreign_file` lists them.")
  static let exitZero = Flag("--exit-zero", help: "End with status 0 even if there are errors.")
}

struct CheckCommand {
  private let console: Console
  private let inputs: [Input]
  private let checker: BatchChecker
  private let report: any Report
  private let isStrict: Bool
  private let exitsZero: Bool
  private let foreign: ReportSink.ForeignFiles

  init(arguments: Arguments, console: Console) throws {
    self.console = console
    inputs = Input.all(arguments)
    isStrict = arguments.has(.strict)
    exitsZero = arguments.has(.exitZero)

    var checker = try ReportFlags.checker(arguments, try ProviderFlags.widenedProvider(arguments))
    let format = try arguments.choice(.format, ReportFormat.self) ?? (console.outputIsTerminal ? .full : .concise)
    checker.detail = format.detail
    self.checker = checker
    var style = try ReportFlags.style(arguments, console, format, api: checker.provider.name)
    if format == .sarif { style.address = try ReportFlags.address(console) }
    report = format.makeReport(console.output, style)
    foreign =
      if arguments.has(.skipForeign) {
        .skipped
      } else if format == .full || format == .concise {
        .told(style)
      } else {
        .asLines
      }
  }

  func run() throws -> ExitStatus {
    var status = ExitStatus.clean
    for input in inputs { status = status.combined(with: check(input)) }
    report.finish()
    return status
  }

  private func check(_ input: Input) -> ExitStatus {
    do {
      let handle = try input.open(console)
      let progress = Progress(console, name: input.name, handle: handle)
      defer { progress?.finish() }
      let sink = ReportSink(report, file: input.name, for: .check, isStrict: isStrict, foreign: foreign)
      let (summary, fileFindings) = try checker.check(handle, into: sink) { progress?.update($0) }
      progress?.finish()
      let isFaulty = sink.end(summary, fileFindings)
      if case .skipped = foreign, let kind = summary.foreign {
        console.complain("\(input.name): skipped; it is \(kind.name)")
      }
      return isFaulty && !exitsZero ? .faults : .clean
    } catch {
      console.complain(input.failure(error).message)
      report.fail(.unreadable(input.reason(error)), file: input.name)
      return .failed
    }
  }
}
