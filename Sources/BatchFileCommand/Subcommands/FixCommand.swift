import BatchFile
import Foundation

extension Subcommand {
  static let fix = Subcommand(
    name: "fix",
    summary: "Mend what has one right answer.",
    usage: "[options] file ...",
    discussion:
      "Mends a byte-order mark, UTF-16, blank lines, CRLF, a missing method or url, a method in the wrong case, "
      + "a full or slash-ended url, and stream. Lines that need nothing stay byte for byte. What cannot be mended is "
      + "reported as `batchfile check` does, with the lines of the mended file.",
    flags: [
      Flag(name: "--in-place", short: "-i", help: "Write the result into the file itself, whole or not at all."),
      Flag(name: "--diff", help: "Show what would change as a unified diff, and write nothing."),
      Flag(name: "--rename-duplicates", help: "Give a second 'r-1' the id 'r-1-2'."),
    ] + ProviderFlags.all,
    examples: [
      ("batchfile fix --diff requests.jsonl", "what would change"),
      ("batchfile fix --in-place requests.jsonl", "mend the file"),
    ],
    run: { try FixCommand(arguments: $0, console: $1).run() })
}

struct FixCommand {
  private let console: Console
  private let files: [String]
  private let fixer: FileFixer
  private let checker: BatchChecker
  private let isInPlace: Bool
  private let isDiff: Bool

  init(arguments: Arguments, console: Console) throws {
    self.console = console
    files = arguments.operands.isEmpty ? ["-"] : arguments.operands
    isInPlace = arguments.has("--in-place")
    isDiff = arguments.has("--diff")
    if isInPlace, isDiff { throw UsageError("either --in-place or --diff") }
    if isInPlace, files.contains("-") { throw UsageError("standard input has no place; leave out --in-place") }
    if files.count > 1, !isInPlace, !isDiff {
      throw UsageError("several files need --in-place or --diff", note: "standard output takes one")
    }
    let provider = try ProviderFlags.provider(arguments)
    fixer = FileFixer(provider: provider, renamesDuplicates: arguments.has("--rename-duplicates"))
    checker = BatchChecker(provider: provider)
  }

  func run() -> ExitStatus {
    var status = ExitStatus.clean
    for file in files {
      do {
        status = max(status, try fix(file))
      } catch let error as OutputError {
        // It names the file itself.
        console.complain("\(error)")
        status = .failed
      } catch {
        console.complain("\(file == "-" ? "<stdin>" : file): \(error)")
        status = .failed
      }
    }
    return status
  }

  private func fix(_ file: String) throws -> ExitStatus {
    let name = file == "-" ? "<stdin>" : file
    let input = file == "-" ? console.input : try InputError.open(file)
    let source = try seekable(input)
    let result = try UnnamedFile()
    let writer = Output(result.handle)
    var diff = UnifiedDiff(file: name, to: console.output)
    var changes = 0
    try fixer.fix(source) { line, change in
      writer.write(line)
      if change != nil { changes += 1 }
      if isDiff { diff.take(line, change) }
    }
    diff.finish()
    writer.flush()
    if let failure = writer.failure { throw failure }

    // What is left, in the lines of the result; before a file is replaced, so that reading it again cannot fail later.
    let report = ReportFormat.concise.makeReport(isInPlace ? console.output : ErrorOutput(console), style)
    lseek(result.handle.fileDescriptor, 0, SEEK_SET)
    let sink = ReportSink(report, file: name)
    let (summary, fileFindings) = try checker.check(result.handle, into: sink)
    report.end(summary, fileFindings: fileFindings)

    if isInPlace, changes > 0 {
      try OutputFiles.replace(file, with: result)
    } else if !isInPlace, !isDiff {
      try result.copy(to: console.output)
    }
    console.complain("\(name): \(changes) line\(changes == 1 ? "" : "s") \(isDiff ? "would be " : "")mended")
    return summary.errors > 0 ? .faults : .clean
  }

  private var style: ReportStyle {
    var style = ReportStyle()
    style.hasClosingLine = false
    return style
  }

  /// The file is read more than once; a pipe's content goes through a temporary file.
  private func seekable(_ input: FileHandle) throws -> FileHandle {
    if lseek(input.fileDescriptor, 0, SEEK_CUR) >= 0 { return input }
    let copy = try UnnamedFile()
    try copy.fill(from: input)
    return copy.handle
  }
}
