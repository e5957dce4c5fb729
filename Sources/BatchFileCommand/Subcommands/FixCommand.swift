import BatchFile
import Foundation

extension Subcommand {
  static let fix = Subcommand(
    name: "fix",
    summary: "Mend faults that have exactly one right answer.",
    usage: "[options] file ...",
    discussion:
      "Mends a byte-order mark, UTF-16 and UTF-32, blank lines, CRLF, requests that are printed over several lines, in an "
      + "array, or two on a line, a missing method or url, a method in the wrong case, "
      + "a full or slash-ended url, and stream. Lines without such faults stay byte for byte. Other faults are "
      + "reported as `batchfile check` does, with the lines of the mended file.",
    flags: [
      .inPlace, .diff, .renameDuplicates, .force.described(as: "Replace read-only files, too."), .quiet,
      .maxLineBytes, .stdinFilename,
    ] + ReportFlags.findings + ProviderFlags.all,
    examples: [
      ("batchfile fix --diff requests.jsonl", "what would change"),
      ("batchfile fix --in-place requests.jsonl", "mend the file"),
    ],
    run: { try FixCommand(arguments: $0, console: $1).run() })
}

extension Flag {
  static let inPlace = Flag(
    "--in-place", short: "-i", help: "Write the result into the file itself, whole or not at all.")
  static let diff = Flag("--diff", help: "Show what would change as a unified diff, and write nothing.")
  static let renameDuplicates = Flag("--rename-duplicates", help: "Give a second 'r-1' the id 'r-1-2'.")
}

struct FixCommand {
  private let console: Console
  private let inputs: [Input]
  private let fixer: FileFixer
  private let checker: BatchChecker
  private let style: ReportStyle
  private let isInPlace: Bool
  private let isDiff: Bool
  private let replacesReadOnly: Bool
  private let isQuiet: Bool

  init(arguments: Arguments, console: Console) throws {
    self.console = console
    inputs = Input.all(arguments)
    isInPlace = arguments.has(.inPlace)
    isDiff = arguments.has(.diff)
    replacesReadOnly = arguments.has(.force)
    isQuiet = arguments.has(.quiet)
    if isInPlace, isDiff { throw UsageError("--in-place and --diff cannot be given together") }
    if isInPlace, inputs.contains(where: \.isStandardInput) {
      throw UsageError("standard input cannot be written in place; leave out --in-place")
    }
    if inputs.count > 1, !isInPlace, !isDiff {
      throw UsageError("several files need --in-place or --diff", note: "standard output takes one")
    }
    let provider = try ProviderFlags.widenedProvider(arguments)
    checker = try ReportFlags.checker(arguments, provider)
    var fixer = FileFixer(provider: provider, renamesDuplicates: arguments.has(.renameDuplicates))
    fixer.lineLimit = checker.lineLimit
    self.fixer = fixer
    style = try ReportFlags.plainStyle(arguments)
  }

  func run() -> ExitStatus {
    var status = ExitStatus.clean
    for input in inputs {
      do {
        status = status.combined(with: try fix(input))
      } catch {
        console.complain(input.failure(error).message)
        status = .failed
      }
    }
    return status
  }

  private func fix(_ input: Input) throws -> ExitStatus {
    let place = isInPlace ? try InPlaceFile(input.path) : nil
    let source = try seekable(input.open(console))
    let result = try UnnamedFile()
    var diff = UnifiedDiff(file: input.name, to: console.output)
    var changes = 0
    if ForeignKind.ofFirstBytes(source) != nil {
      // A file that is not text has no lines that can be fixed.
      try result.fill(from: source)
    } else {
      try fixer.fix(source) { line, change in
        try result.append(line)
        if change != nil { changes += 1 }
        if isDiff { diff.take(line, change) }
      }
      diff.finish()
    }
    try result.rewind()

    // The faults that are left are reported with the lines of the result. The result is checked before it replaces the
    // file, so that an error of reading cannot come after the file is changed.
    let report = ReportFormat.concise.makeReport(isInPlace ? console.output : ErrorOutput(console), style)
    let sink = ReportSink(report, file: input.name, for: .fix, foreign: .told(style))
    let (summary, fileFindings) = try checker.check(result.handle, into: sink)
    let isFaulty = sink.end(summary, fileFindings)

    if diff.escapedLines > 0 {
      let lines = "\(diff.escapedLines) line\(diff.escapedLines == 1 ? "" : "s")"
      console.complain(
        "\(input.name): \(lines) of the diff have control characters shown as escapes, so `patch` cannot apply them")
    }
    if let place {
      if changes > 0 {
        let losses = try place.replace(with: result, replacesReadOnly: replacesReadOnly)
        console.complain(of: losses, input.path)
      }
    } else if !isDiff {
      try result.copy(to: console.data)
    }
    if !isQuiet {
      console.complain("\(input.name): \(Counted.of(changes, "line")) \(isDiff ? "would be " : "")mended")
    }
    return isFaulty ? .faults : .clean
  }

  /// The input itself, or a temporary copy where it is a pipe: the input is read more than once.
  private func seekable(_ input: FileHandle) throws -> FileHandle {
    if lseek(input.fileDescriptor, 0, SEEK_CUR) >= 0 { return input }
    let copy = try UnnamedFile()
    try copy.fill(from: input)
    return copy.handle
  }
}
