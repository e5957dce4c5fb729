import BatchClient
import BatchFile
import Foundation
import JSONLines

extension Flag {
  static let dryRun = Flag(
    "--dry-run", help: "Say what would be sent and what it may cost; needs no key and no network.")
  static let maxCost = Flag(
    "--max-cost", value: "USD", help: "Send nothing if the upper end of the estimate is above this.")
}

/// The estimate of what sending some files may cost, and the sentences about it.
struct RunCost {
  let estimate: CostEstimate
  private let console: Console

  init(_ files: [String], _ arguments: Arguments, _ console: Console) throws {
    self.console = console
    do {
      estimate = try CostEstimate(requests: files.map { Path($0) }, prices: try ResultFlags.prices(arguments))
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
  func isWithin(_ limit: Double) -> Bool {
    for model in estimate.models where model.price == nil {
      console.complain("no price is known for \(model.name); \(Flag.price.name) \(model.name)=IN,OUT gives one")
    }
    guard let cost = estimate.cost else { return false }
    sayUnlimited()
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
  /// The most bytes and requests of a part; 0 for no limit.
  var limits: (bytes: Int, requests: Int) {
    let bytes = [provider.maxBytes, access.api.maxUploadBytes].filter { $0 > 0 }
    return (bytes.min() ?? 0, provider.maxRequests)
  }

  /// Checks the input and estimates its cost, before anything is sent.
  ///
  /// - Returns: the exit status where nothing is to be sent; nil where the input may be sent.
  func judge(_ arguments: Arguments, _ console: Console) throws -> ExitStatus? {
    let limit = try RunCost.limit(arguments)
    guard try RunCheck.passes(self, arguments, console) else { return .faults }
    if arguments.has(.dryRun) {
      let parts: Int
      do throws(RunError) {
        parts = try BatchRun.countParts(input, maxBytes: limits.bytes, maxRequests: limits.requests)
      } catch { throw RunWords.error(error, self) }
      let cost = try RunCost([input], arguments, console)
      cost.write(parts: parts)
      guard let limit else { return .clean }
      return cost.isWithin(limit) ? .clean : .faults
    }
    if let limit, try !RunCost([input], arguments, console).isWithin(limit) {
      console.complain("nothing was sent")
      return .faults
    }
    return nil
  }
}
