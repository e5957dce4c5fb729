import BatchFile
import Foundation
import JSONLines

/// The check of the input before anything is sent.
enum RunCheck {
  /// Checks the input and reports its findings.
  ///
  /// - Parameter writesAnswers: whether answers go to standard output. Findings must not be mixed with them, and go to
  ///   standard error then.
  /// - Returns: whether the input has no errors.
  /// - Throws: `CommandError` where the input cannot be read or the findings cannot be written.
  static func passes(
    _ place: RunPlace, _ arguments: Arguments, _ console: Console, writesAnswers: Bool
  ) throws -> Bool {
    // A file over a limit is not an error here, since it is cut into parts.
    var checker = try ReportFlags.checker(arguments, place.provider.withoutLimits)
    let isShown = writesAnswers ? console.errorIsTerminal : console.outputIsTerminal
    let format = isShown ? ReportFormat.full : .concise
    checker.detail = format.detail
    var style = try ReportFlags.plainStyle(arguments)
    style.width = writesAnswers ? console.errorWidth : console.width
    let report = format.makeReport(writesAnswers ? ErrorOutput(console) : console.output, style)
    let sink = ReportSink(
      report, file: place.input.description, for: .send, isStrict: arguments.has(.strict), foreign: .told(style))
    let handle: FileHandle
    do { handle = try InputError.open(place.input) } catch { throw Input(place.input).failure(error) }
    defer { try? handle.close() }
    let progress = Progress(console, name: place.input.description, handle: handle)
    defer { progress?.finish() }
    let isFaulty: Bool
    do {
      let (summary, findings) = try checker.check(handle, into: sink) { progress?.update($0) }
      progress?.finish()
      isFaulty = sink.end(summary, findings)
      report.finish()
    } catch { throw Input(place.input).failure(error) }
    // Nothing is paid for before the user could read the findings.
    console.output.flush()
    if console.output.failure != nil { throw CommandError("nothing was sent") }
    if isFaulty { console.complain("nothing was sent") }
    return !isFaulty
  }
}
