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
      Flag(
        name: "--output", short: "-o", value: "FILE",
        help: "The name to make the numbered names of (default: the file's)."),
      ConvertFlags.force,
    ] + ProviderFlags.all.filter { !["--model", "--url"].contains($0.name) },
    examples: [
      ("batchfile split requests.jsonl", "requests-00001.jsonl, …"),
      ("batchfile split --max-requests 1000 -o part.jsonl requests.jsonl", "part-00001.jsonl, …"),
    ],
    run: { try SplitCommand.run($0, $1) })
}

enum SplitCommand {
  static func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    guard arguments.operands.count == 1, let path = arguments.operands.first else {
      throw UsageError("'split' takes one file")
    }
    let provider = try ProviderFlags.provider(arguments, takesNames: false)
    let output = arguments.value("--output") ?? path
    if output == "-" { throw UsageError("standard input needs -o FILE; the files are named after it") }
    let name = path == "-" ? "<stdin>" : path
    let handle: FileHandle
    do {
      handle = path == "-" ? console.input : try InputError.open(path)
    } catch {
      throw UsageFreeError("\(name): \(error)")
    }
    let files = try OutputFiles(pieceOf: output, replaces: arguments.has("--force"))
    let target = FileTarget(files, provider: provider, numbersAlways: true)
    let progress = Progress(console, name: name, handle: handle)
    defer { progress?.finish() }
    do {
      if let finding = try Splitter.split(handle, to: target, provider: provider, progress: { progress?.update($0) }) {
        let report = ReportFormat.concise.makeReport(console.output, ReportStyle())
        report.begin(file: name)
        report.take(finding)
        report.end(CheckSummary(), fileFindings: [])
        console.complain("nothing written")
        return .faults
      }
    } catch let error as InputError {
      throw UsageFreeError("\(name): \(error)")
    }
    let written = try target.commit()
    console.complain("\(written.count) file\(written.count == 1 ? "" : "s"): \(written.joined(separator: ", "))")
    console.complain(ofLeftover: files)
    return .clean
  }
}

extension Console {
  /// Tells of a numbered file that is not of this run: whoever uploads all of them would send its requests again.
  func complain(ofLeftover files: OutputFiles?) {
    if let leftover = files?.leftover { complain("warning: \(leftover) is there too, and not of this run") }
  }
}
