import BatchClient
import BatchFile
import Foundation
import JSONLines

extension Subcommand {
  static let submit = Subcommand(
    name: "submit",
    summary: "Check a batch file and send it to the API, once.",
    usage: "[options] FILE",
    discussion:
      "Checks FILE (with errors nothing is sent), cuts it into parts where a limit asks for that, uploads them and "
      + "creates the batches. FILE.run keeps what was done, so the same command goes on after any interruption and "
      + "pays for nothing twice. The key comes from the API's environment variable.",
    flags: RunFlags.common + RunFlags.sending + [.price],
    examples: [
      ("batchfile submit requests.jsonl", "to Groq, with the key in GROQ_API_KEY"),
      ("batchfile submit --provider openai --max-open 4 requests.jsonl", "four parts at a time"),
    ],
    run: { arguments, console in
      let place = try RunPlace(arguments, console, verb: "submit")
      if let status = try place.judge(arguments, console) { return status }
      return try Interruptible.run(console, goesOn: "batchfile submit \(ShellWord.quoted(place.input))") {
        let session = try RunSession(
          place, arguments, console, mayBegin: true, maxOpen: try RunFlags.maxOpen(arguments))
        do { try await session.submit() } catch {
          _ = session.close()
          throw error
        }
        let status = session.close()
        console.say("  `batchfile wait \(ShellWord.quoted(place.input))` waits for the answers")
        return status
      }
    })
}

/// The check of the input before anything is sent.
enum RunCheck {
  /// Checks the input and reports its findings to standard error.
  /// - Returns: whether the input has no errors.
  static func passes(_ place: RunPlace, _ arguments: Arguments, _ console: Console) throws -> Bool {
    var provider = place.provider
    // A file over a limit is not an error here, since it is cut into parts.
    provider.maxBytes = 0
    provider.maxRequests = 0
    var checker = try ReportFlags.checker(arguments, provider)
    let format = console.errorIsTerminal ? ReportFormat.full : .concise
    checker.detail = format.detail
    var style = try ReportFlags.plainStyle(arguments)
    style.width = console.errorWidth
    let report = format.makeReport(ErrorOutput(console), style)
    let sink = ReportSink(
      report, file: place.input.description, for: .send, isStrict: arguments.has(.strict), foreign: .told(style))
    let handle: FileHandle
    do { handle = try InputError.open(place.input) } catch { throw Input(place.input).failure(error) }
    defer { try? handle.close() }
    let progress = Progress(console, name: place.input.description, handle: handle)
    defer { progress?.finish() }
    do {
      let (summary, findings) = try checker.check(handle, into: sink) { progress?.update($0) }
      progress?.finish()
      let isFaulty = sink.end(summary, findings)
      report.finish()
      if isFaulty { console.complain("nothing was sent") }
      return !isFaulty
    } catch { throw Input(place.input).failure(error) }
  }
}
