import BatchFile
import Foundation

extension Subcommand {
  static let split = Subcommand(
    name: "split",
    summary: "Cut a batch file into several within the limits.",
    usage: "[options] file",
    discussion:
      "Writes FILE-00001.jsonl, FILE-00002.jsonl, … beside the file, lines in order and byte for byte, each file "
      + "within the API's bytes and requests. The files appear whole or not at all.",
    flags: [
      .output.described(as: "The name that the numbered names are made from (default: the file's)."), .force, .quiet,
      .maxLineBytes,
      .stdinFilename,
    ] + ProviderFlags.limits,
    examples: [
      ("batchfile split requests.jsonl", "requests-00001.jsonl, …"),
      ("batchfile split --max-requests 1000 -o part.jsonl requests.jsonl", "part-00001.jsonl, …"),
    ],
    run: { try SplitCommand.run($0, $1) })
}

enum SplitCommand {
  static func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    guard arguments.operands.count == 1, let path = arguments.paths.first else {
      throw UsageError("'split' takes one file")
    }
    let input = Input(path, stdinName: arguments.value(.stdinFilename))
    let provider = try ProviderFlags.provider(arguments)
    let lineLimit = try arguments.lineLimit()
    let output = arguments.path(.output) ?? path
    if output == "-" { throw UsageError("standard input needs -o FILE; the files are named after it") }
    let handle: FileHandle
    do { handle = try input.open(console) } catch { throw input.failure(error) }
    let files = try OutputFiles(pieceOf: output, replaces: arguments.has(.force))
    console.complain(of: files.repair)
    let target = FileTarget(files, provider: provider, numbersAlways: true)
    let progress = Progress(console, name: input.name, handle: handle)
    defer { progress?.finish() }
    do {
      if let finding = try Splitter.split(
        handle, to: target, provider: provider, lineLimit: lineLimit, progress: { progress?.update($0) })
      {
        let report = ReportFormat.concise.makeReport(console.output, ReportStyle())
        report.begin(file: input.name)
        report.take(finding)
        report.end(CheckSummary(), fileFindings: [])
        console.complain("nothing written")
        return .faults
      }
    } catch {
      throw input.failure(error)
    }
    let written = try target.commit()
    if !arguments.has(.quiet) {
      console.complain("\(Counted.of(written.count, "file")): \(written.map(\.description).joined(separator: ", "))")
    }
    console.complain(of: files)
    return .clean
  }
}

extension Console {
  /// Warns of files that are named like pieces of this output but were not made now, because whoever uploads all of
  /// them would send old requests too. And warns of what replaced files had beside their content.
  func complain(of files: OutputFiles?) {
    guard let files else { return }
    for leftover in files.leftovers { complain("warning: \(leftover) is there too, and was not made by this command") }
    for (file, losses) in files.losses { complain(of: losses, file) }
  }

  /// Reports what was put back after a run that was killed while its files got their names.
  func complain(of repair: SetRepair?) {
    guard let repair else { return }
    if !repair.restored.isEmpty {
      complain(
        "warning: an earlier run was ended before all its files had their names; these files are again as they were before it: "
          + repair.restored.map(\.description).joined(separator: ", "))
    }
    for (file, former) in repair.kept {
      complain("warning: \(file) was changed since an earlier run was ended; what it was before that is in \(former)")
    }
  }

  func complain(of losses: [FileAttributes.Loss], _ file: Path) {
    if let sentence = losses.sentence { complain("warning: \(file): \(sentence)") }
  }
}
