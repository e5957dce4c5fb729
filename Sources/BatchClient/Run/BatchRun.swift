import BatchFile
import Foundation

/// The run of one file of requests: its parts are sent, each once, waited for, and their results downloaded.
///
/// The journal holds the run's whole state. Every step is in it before the next one begins, so after a crash of the
/// process or the machine at any moment the same command goes on.
package final class BatchRun {
  /// The settings of a new run.
  package struct Plan: Sendable {
    package var provider: String
    package var api: Provider.API
    package var window: String
    package var metadata: [String: String]
    /// What a part may hold.
    package var limits: FileLimits
    /// The most that the run may cost, in US dollars, and further prices for its estimate. Both are kept in the
    /// journal, because they also hold for later parts and attempts.
    package var maxCost: Double?
    package var prices: [String] = []

    package init(
      provider: String, api: Provider.API, window: String, metadata: [String: String], limits: FileLimits
    ) {
      self.provider = provider
      self.api = api
      self.window = window
      self.metadata = metadata
      self.limits = limits
    }
  }

  /// Why this command cannot go on with a part.
  package enum Problem: Hashable, Sendable {
    /// It is not known whether a batch was made. Where several batches could be it, these are the candidates.
    case unknown(why: String, candidates: [String])
    case refused(ClientError)
    /// A result file could not be downloaded completely.
    case incomplete(ResultKind, RunError)
  }

  /// The name of the metadata with the digest of the input.
  static let digestKey = "batchfile_input"

  package let folder: RunFolder
  let input: Path
  let client: BatchClient
  let clock: any WallClock
  let report: @Sendable (RunEvent) -> Void
  private let lock: RunLock
  private let journal: Journal
  package private(set) var state: RunState
  package var problems: [PartID: Problem] = [:]
  /// The most parts at the API at a time; 0 for no limit.
  package var maxOpen = 0
  /// Whether another batch may be created where it is not known whether the first one was made.
  package var createsAgain = false
  /// Whether this command creates no more batches, because one was refused or because they would cost too much.
  package var stopsCreating = false
  var hasLookedFirst = false
  /// When this command last saw a batch of the run end, in seconds since 1970.
  var lastBatchEnd = 0.0
  /// Since when the API has not answered; nil while it does.
  var troubleSince: Date?
  /// Since when the API has refused to give the status of a batch; nil while it gives it.
  var refusedSince: Date?
  /// How many seconds the server asked to wait; nil where it did not.
  var retryAfter: Double?

  /// Locks the run for this process, and makes its folder.
  ///
  /// - Throws: ``RunError``; it is `held` where another process has the run.
  package init(
    input: Path, folder: RunFolder, client: BatchClient, report: @escaping @Sendable (RunEvent) -> Void
  ) throws(RunError) {
    self.input = input
    self.folder = folder
    self.client = client
    clock = client.clock
    self.report = report
    try folder.make()
    lock = try folder.lock()
    journal = try Journal(folder.journal, clock: clock)
    state = RunState(journal.facts)
    report(.began(state.parts))
  }

  func note(_ fact: Fact) throws(RunError) {
    try journal.append(fact)
    guard let noted = journal.facts.last else { return }
    state.apply(noted)
    if let id = noted.part, let part = part(id) { report(.noted(part)) }
  }

  func part(_ id: PartID) -> PartState? { state.part(id) }

  /// How many parts a file would have, without writing any.
  package static func countParts(_ input: Path, _ limits: FileLimits) throws(RunError) -> Int {
    try PartPlanner(limits: limits, path: { _ in Path("") }).count(input)
  }

  /// The salted hash of a key and of the address that it is sent to. It proves that the key was sent there before: an
  /// address that is changed in the journal does not fit it any more.
  package static func keyHash(_ key: String, salt: String, baseURL: String) -> String {
    SHA256.digest(of: "\(salt)\n\(baseURL)\n\(key)")
  }

  /// The digest of a file and its size.
  static func digest(_ path: Path) throws(RunError) -> (digest: String, bytes: Int) {
    let file = path.opened(O_RDONLY)
    guard file >= 0 else { throw RunError.system(path: path, code: errno) }
    defer { close(file) }
    do { return try SHA256.digest(of: file) } catch { throw RunError.system(path: path, code: error.code) }
  }

  /// Whether the input is unchanged since the run began.
  package func inputIsUnchanged() throws(RunError) -> Bool {
    guard let run = state.run else { return true }
    let (digest, bytes) = try BatchRun.digest(input)
    return digest == run.digest && bytes == run.bytes
  }

  /// Writes the limit of the cost and the prices to the journal if they are new.
  package func limitCost(to maxCost: Double?, prices: [String]) throws(RunError) {
    let prices = prices.filter { !state.prices.contains($0) }
    if maxCost == state.maxCost || maxCost == nil, prices.isEmpty { return }
    var fact = Fact(.limit)
    fact.maxCost = maxCost
    fact.prices = prices.isEmpty ? nil : prices
    try note(fact)
  }

  /// Writes to the journal what is about to be written to a path, whose links are followed. It must come before the
  /// file gets its name: otherwise a crash in between would leave a file that the run does not know as its own.
  package func noteWriting(_ path: Path, digest: String) throws(RunError) {
    var fact = Fact(.wrote)
    fact.file = path.description
    fact.digest = digest
    try note(fact)
  }

  package static func fileDigest(_ path: Path) throws(RunError) -> String { try digest(path).digest }
}

/// What happens in a run, for the program that shows it.
package enum RunEvent: Hashable, Sendable {
  /// A command has begun to work on the run, which has these parts so far.
  case began([PartState])
  /// Something about a part was written to the journal.
  case noted(PartState)
  case planned(parts: Int, requests: Int)
  case uploading(PartID, share: Double)
  case uploaded(PartID, fileID: String)
  case created(PartID, batchID: String)
  case adopted(PartID, batchID: String)
  /// The answer to a create was lost, and the batch is searched for among the account's batches.
  case looking(PartID, why: String)
  /// The API had no room for the part, so it is sent again later; `again` is how often that has happened.
  case queued(PartID, again: Int)
  /// Something about a batch has changed at the API.
  case changed(PartState)
  case downloading(PartID, ResultKind, bytes: Int)
  case downloaded(PartID, ResultKind, bytes: Int, lines: Int)
  /// The API has not answered since a time.
  case trouble(since: Date, ClientError)
  /// The API has answered again.
  case answered
  case waiting(until: Date)
}
