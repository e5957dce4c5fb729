import BatchClient
import BatchFile
import Foundation
import JSONLines

/// One command that works on a run, with all that it needs. `submit`, `wait`, `results`, `retry` and `run` share it.
struct RunSession {
  let place: RunPlace
  let arguments: Arguments
  let console: Console
  let reporter: RunReporter
  let run: BatchRun

  /// Opens the run, which no other process may work on meanwhile.
  /// - Parameters:
  ///   - mayBegin: whether the run is begun where there is none yet.
  ///   - isAsked: whether the API is asked for anything.
  /// - Throws: `CommandError`.
  init(
    _ place: RunPlace, _ arguments: Arguments, _ console: Console, mayBegin: Bool, isAsked: Bool = true,
    maxOpen: Int = 0
  ) throws {
    self.place = place
    self.arguments = arguments
    self.console = console
    if !mayBegin, !place.folder.exists { throw RunWords.error(.noRun(place.input), place) }
    if !mayBegin, place.state.parts.isEmpty {
      throw CommandError(
        "nothing of the run of \(place.input) was sent; `\(place.command("submit"))` sends it")
    }
    let reporter = RunReporter(console, name: place.input.description)
    self.reporter = reporter
    let client = try place.access.client(console, isAsked: isAsked)
    if isAsked { console.complain(place.access.sentence) }
    do {
      run = try BatchRun(input: place.input, folder: place.folder, client: client) { reporter.take($0) }
    } catch { throw RunWords.error(error, place) }
    run.maxOpen = maxOpen
  }

  /// Begins the run if it is new, and sends the parts whose turn it is.
  ///
  /// - Parameter patiently: whether this waits as long as the API asks.
  func submit(patiently: Bool = false) async throws {
    run.createsAgain = arguments.has(.createAgain)
    var plan = BatchRun.Plan(
      provider: place.access.name, api: place.access.api,
      window: arguments.value(.completionWindow) ?? run.state.run?.window ?? place.access.api.windows.first ?? "24h",
      metadata: try RunFlags.metadata(arguments), limits: place.limits)
    plan.maxCost = try RunCost.limit(arguments)
    plan.prices = arguments.values(.price)
    if run.state.run != nil {
      if run.state.isPlanned {
        console.complain("\(place.input) has a run already (\(place.folder.path)); this goes on with it")
        for flag in [Flag.maxRequests, .maxBytes, .metadata] where arguments.has(flag) {
          console.complain("warning: \(flag.name) has no effect on parts that were made already")
        }
      }
      guard try mayBeSent(with: run.state.isPlanned ? [] : [place.input]) else {
        throw CommandError("nothing was sent", .faults)
      }
    }
    do {
      try await run.submit(
        plan, key: place.access.key, adopting: arguments.values(.adopt), patiently: patiently)
    } catch { throw RunWords.error(error, place) }
  }

  /// Waits until all parts have ended.
  /// - Parameter timeout: the longest time to wait, in seconds; nil for no limit.
  /// - Returns: false where the time was over before they had ended.
  func wait(_ timeout: Double?) async throws -> Bool {
    do { return try await run.wait(until: timeout.map { Date().addingTimeInterval($0) }) == .ended } catch {
      throw RunWords.error(error, place)
    }
  }

  /// Writes to standard error the state of each part, its problem if it has one, and the API's errors about lines.
  /// - Returns: the exit status for the most important problem.
  func close() -> ExitStatus {
    reporter.finish()
    var status = ExitStatus.clean
    var isUnknown = false
    for part in run.state.parts {
      reporter.say([RunWords.line(part, in: run.state, isCancelled: run.folder.isCancelled)])
      if run.problems[part.id] == nil, [.creating, .unknown].contains(part.stage) { isUnknown = true }
      if let problem = run.problems[part.id] {
        reporter.say(RunWords.problem(problem, part.id, in: run.state, place))
        status = status.combined(with: RunWords.status(problem))
      }
    }
    let lines = APIErrorLines(run: run, input: place.input).lines()
    for line in lines { console.say(line) }
    if isUnknown {
      console.say("  `\(place.command("wait"))` looks for the batch; until it is known, nothing is sent again")
      status = status.combined(with: .unreachable)
    }
    return status
  }

  /// Writes the command to go on with; nothing where the parts' problems come first, whose messages have commands of
  /// their own.
  func tellNext() {
    if !run.problems.isEmpty { return }
    if isComplete {
      console.say("  `\(place.command("results"))` joins the answers")
    } else if run.state.parts.contains(where: { !run.isDone($0) }) {
      console.say("  `\(place.command("wait"))` waits for the answers")
    }
  }
}
