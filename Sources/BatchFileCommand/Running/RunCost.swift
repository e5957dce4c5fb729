import BatchClient
import BatchFile
import Foundation
import JSONLines

extension Flag {
  static let dryRun = Flag(
    "--dry-run", help: "Say what would be sent and what it may cost; needs no key and no network.")
  static let maxCost = Flag(
    "--max-cost", value: "USD",
    help:
      "Send nothing if the upper end of the estimate is above this; parts and attempts that come later are bound "
      + "by it too.")
}

/// The estimate of what sending some files may cost, and the sentences about it.
struct RunCost {
  let estimate: CostEstimate
  private let console: Console

  init(_ files: [Path], _ prices: PriceTable, _ console: Console) throws {
    self.console = console
    do {
      estimate = try CostEstimate(requests: files, prices: prices)
    } catch {
      if let error = error as? JoinError { throw error.told(console) }
      throw error
    }
  }

  /// The limit that the options give, in US dollars; nil for none.
  static func limit(_ arguments: Arguments) throws -> Double? {
    guard let text = arguments.value(.maxCost) else { return nil }
    guard let limit = Double(text), limit.isFinite, limit >= 0 else {
      throw UsageError("'\(Flag.maxCost.name)' takes US dollars, not '\(text)'")
    }
    return limit
  }

  /// Whether the estimate is within a limit in US dollars. If it is not, a message says why: the cost, or a model
  /// without a known price.
  ///
  /// - Parameter isWritten: whether ``write(parts:)`` has already reported what the estimate does not include.
  func isWithin(_ limit: Double, isWritten: Bool = false) -> Bool {
    for model in estimate.models where model.price == nil {
      console.complain("no price is known for \(model.name); \(Flag.price.name) \(model.name)=IN,OUT gives one")
    }
    guard let cost = estimate.cost else { return false }
    if !isWritten { sayUnlimited() }
    if cost.upperBound <= limit { return true }
    console.complain(
      "it may cost \(Account.dollars(cost.upperBound)), more than \(Flag.maxCost.name) \(Account.dollars(limit))")
    return false
  }

  /// Writes to standard output what would be sent and what it may cost.
  func write(parts: Int) {
    console.answer("\(Counted.of(estimate.requests, "request")) in \(Counted.of(parts, "part"))")
    for model in estimate.models {
      let input = "\(Counted.number(model.input.lowerBound)) to \(Counted.number(model.input.upperBound)) tokens in"
      let output = "up to \(Counted.number(model.output)) out"
      let cost =
        model.cost.map {
          "\(Account.dollars($0.lowerBound)) to \(Account.dollars($0.upperBound))"
            + (model.price.map { $0.date.isEmpty ? "" : " (prices of \($0.date))" } ?? "")
        } ?? "no price is known"
      console.answer("\(model.name): \(Counted.of(model.requests, "request")), \(input), \(output), \(cost)")
    }
    if let cost = estimate.cost, estimate.models.count > 1 {
      console.answer("together \(Account.dollars(cost.lowerBound)) to \(Account.dollars(cost.upperBound))")
    }
    sayUnlimited()
  }

  private func sayUnlimited() {
    if estimate.attachments > 0 {
      console.complain(
        "the estimate does not include \(Counted.of(estimate.attachments, "attachment")) (images, sound, files)")
    }
    guard estimate.requestsWithoutLimit > 0, let line = estimate.firstLineWithoutLimit else { return }
    console.complain(
      "\(Counted.of(estimate.requestsWithoutLimit, "request")) without a limit of output, the first on line \(line): "
        + "the estimate does not include the output of such requests")
  }
}

extension RunPlace {
  /// What a part may hold.
  var limits: FileLimits {
    var provider = provider
    provider.maxBytes = [provider.maxBytes, access.api.maxUploadBytes].filter { $0 > 0 }.min() ?? 0
    return FileLimits(provider)
  }

  /// Checks the input and estimates its cost, before anything is sent.
  ///
  /// - Parameter writesAnswers: whether answers go to standard output later.
  /// - Returns: the exit status where nothing is to be sent; nil where the input may be sent.
  func judge(_ arguments: Arguments, _ console: Console, writesAnswers: Bool = false) throws -> ExitStatus? {
    let limit = try RunCost.limit(arguments)
    guard try RunCheck.passes(self, arguments, console, writesAnswers: writesAnswers) else { return .faults }
    if arguments.has(.dryRun) {
      let parts: Int
      do throws(RunError) {
        parts = try BatchRun.countParts(input, limits)
      } catch { throw RunWords.error(error, self) }
      let cost = try RunCost([input], ResultFlags.prices(arguments), console)
      cost.write(parts: parts)
      guard let limit else { return .clean }
      return cost.isWithin(limit, isWritten: true) ? .clean : .faults
    }
    // For a run that already has parts, the session checks the limit, because all of its parts count and not only this
    // file.
    if let limit, !state.isPlanned, try !RunCost([input], ResultFlags.prices(arguments), console).isWithin(limit) {
      console.complain("nothing was sent")
      return .faults
    }
    return nil
  }
}

extension RunSession {
  /// The known prices, those that were given for the run, and those given now.
  func prices() throws -> PriceTable {
    try ResultFlags.prices(run.state.prices + (arguments.takes(.price) ? arguments.values(.price) : []))
  }

  /// Whether the rest of the run may be sent: with it, everything that the run sends must be within its limit. If not,
  /// a message says why.
  ///
  /// - Parameter more: files of requests that an attempt would add.
  func mayBeSent(with more: [Path] = []) throws -> Bool {
    if arguments.takes(.maxCost) {
      // The limit is written to the journal before it is checked, so that a limit that is too low also holds for later
      // commands.
      let limit = try RunCost.limit(arguments)
      do throws(RunError) {
        try run.limitCost(to: limit, prices: arguments.takes(.price) ? arguments.values(.price) : [])
      } catch { throw RunWords.error(error, place) }
    }
    guard let limit = run.state.maxCost else { return true }
    let parts = run.state.parts
    // If it is not known whether a batch was made, making it again may cost its price twice.
    let again = run.createsAgain ? parts.filter { [.creating, .unknown].contains($0.stage) } : []
    let unsent = parts.filter { [.planned, .uploaded, .refused].contains($0.stage) } + again
    if unsent.isEmpty, more.isEmpty { return true }
    let files = (parts + again).map { run.folder.part($0.id) } + more
    return try RunCost(files, prices(), console).isWithin(limit)
  }
}
