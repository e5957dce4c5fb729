import BatchFile
import Foundation

/// What becomes of one file of requests: sent in parts, each of them once, waited for, and brought back.
///
/// Its state is its journal. Every step is noted before the next one is taken, so that after an end at any moment, of
/// the process or of the machine, the same command goes on.
package final class BatchRun {
  /// What a new run is begun with.
  package struct Plan: Sendable {
    package var provider: String
    package var api: Provider.API
    package var window: String
    package var metadata: [String: String]
    /// Of an upload; 0 for no limit.
    package var maxBytes: Int
    package var maxRequests: Int
    /// What the run may cost, in US dollars, and the prices to estimate that with beside the known ones. They are kept:
    /// they bind parts and attempts that come later.
    package var maxCost: Double?
    package var prices: [String] = []

    package init(
      provider: String, api: Provider.API, window: String, metadata: [String: String], maxBytes: Int, maxRequests: Int
    ) {
      self.provider = provider
      self.api = api
      self.window = window
      self.metadata = metadata
      self.maxBytes = maxBytes
      self.maxRequests = maxRequests
    }
  }

  /// What keeps a part from going on in this command.
  package enum Problem: Hashable, Sendable {
    /// Nobody knows whether a batch was made; the batches that it could be, where there is more than one.
    case unknown(why: String, candidates: [String])
    case refused(ClientError)
    /// A result file could not be brought whole.
    case incomplete(ResultKind, RunError)
  }

  /// The name of the metadata that carries the digest of the input.
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
  /// How many parts are at the API at a time; 0 for no limit.
  package var maxOpen = 0
  /// Whether another batch may be asked for where nobody knows what became of the first.
  package var createsAgain = false
  /// Whether no further batch is asked for by this command: after a refusal, or since it would cost more than it may.
  package var stopsCreating = false
  var hasLookedFirst = false
  /// When one of the run's batches ended, as far as this command saw it, in seconds since 1970.
  var lastBatchEnd = 0.0
  var troubleSince: Date?
  var refusedSince: Date?
  /// What the server asked to wait, in seconds.
  var retryAfter: Double?

  /// Takes the run, and makes its folder.
  ///
  /// - Throws: ``RunError``, `held` where another process has it.
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

  /// How many parts a file has, without writing any.
  package static func countParts(_ input: Path, maxBytes: Int, maxRequests: Int) throws(RunError) -> Int {
    try PartPlanner(maxBytes: maxBytes, maxRequests: maxRequests, path: { _ in Path("") }).count(input)
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

  /// Whether the input is what it was when the run began.
  package func inputIsUnchanged() throws(RunError) -> Bool {
    guard let run = state.run else { return true }
    let (digest, bytes) = try BatchRun.digest(input)
    return digest == run.digest && bytes == run.bytes
  }

  /// Notes what the run may cost from here on, where that is new.
  package func limitCost(to maxCost: Double?, prices: [String]) throws(RunError) {
    let prices = prices.filter { !state.prices.contains($0) }
    if maxCost == state.maxCost || maxCost == nil, prices.isEmpty { return }
    var fact = Fact(.limit)
    fact.maxCost = maxCost
    fact.prices = prices.isEmpty ? nil : prices
    try note(fact)
  }

  /// Notes what is about to stand at a path without links. Before it stands there: a crash in between would leave a
  /// file that the run does not know for its own.
  package func noteWriting(_ path: Path, digest: String) throws(RunError) {
    var fact = Fact(.wrote)
    fact.file = path.description
    fact.digest = digest
    try note(fact)
  }

  package static func fileDigest(_ path: Path) throws(RunError) -> String { try digest(path).digest }
}

/// What happens in a run, for whoever shows it.
package enum RunEvent: Hashable, Sendable {
  /// A command takes the run up, with the parts that it has so far.
  case began([PartState])
  /// Something about a part was written to the journal.
  case noted(PartState)
  case planned(parts: Int, requests: Int)
  case uploading(PartID, share: Double)
  case uploaded(PartID, fileID: String)
  case created(PartID, batchID: String)
  case adopted(PartID, batchID: String)
  /// The answer to a create was lost, and the account's batches are looked through.
  case looking(PartID, why: String)
  case queued(PartID, again: Int)
  /// The API says something new about a batch.
  case changed(PartState)
  case downloading(PartID, ResultKind, bytes: Int)
  case downloaded(PartID, ResultKind, bytes: Int, lines: Int)
  /// The API has not answered since a time.
  case trouble(since: Date, ClientError)
  /// It has answered again.
  case answered
  case waiting(until: Date)
}
