import Foundation

/// What a run is, told by the facts of its journal and by nothing else.
package struct RunState: Hashable, Sendable {
  /// The fact `run`, once it is there.
  package var run: Fact?
  /// In the order of their ids.
  package private(set) var parts: [PartState] = []
  /// Where each stands in `parts`: a run may have tens of thousands, each with several facts.
  private var places: [PartID: Int] = [:]
  /// How many parts have a batch that has not ended.
  package private(set) var openCount = 0
  /// Ids of batches that belong to the run, whatever became of them.
  package var batchIDs: Set<String> = []
  /// Where answers were written, by the paths' descriptions, and the digests of what was written or about to be.
  package var wrote: [String: Set<String>] = [:]
  package var isDeletedRemotely = false
  /// What all of the run may cost, in US dollars; nil for no limit.
  package var maxCost: Double?
  /// Prices that were given for the run, the last of a model counts.
  package var prices: [String] = []

  package init(_ facts: [Fact] = []) {
    for fact in facts { apply(fact) }
    // A crash cut the plan of the last attempt short, so nothing of it was sent: it is made again.
    if !isPlanned {
      let attempt = lastAttempt
      parts.removeAll { $0.id.attempt == attempt }
      index()
    }
  }

  package func part(_ id: PartID) -> PartState? { places[id].map { parts[$0] } }

  private mutating func index() {
    places = [:]
    for (index, part) in parts.enumerated() { places[part.id] = index }
    openCount = parts.count(where: \.isOpen)
  }

  package mutating func apply(_ fact: Fact) {
    if let id = fact.batchID { batchIDs.insert(id) }
    if let limit = fact.maxCost { maxCost = limit }
    prices += fact.prices ?? []
    switch fact.fact {
    case .run: run = fact
    case .part:
      guard let id = fact.part else { return }
      // A plan that was cut short is made again, before anything of it is sent.
      let part = PartState(id: id, plan: fact)
      if let place = places[id] {
        if parts[place].isOpen { openCount -= 1 }
        parts[place] = part
      } else if parts.last.map({ $0.id < id }) ?? true {
        places[id] = parts.count
        parts.append(part)
      } else {
        // Journals name parts in their order; this is one that somebody changed.
        parts.insert(part, at: parts.firstIndex { id < $0.id } ?? parts.count)
        index()
      }
    case .wrote:
      if let file = fact.file, let digest = fact.digest { wrote[file, default: []].insert(digest) }
    case .deleted: isDeletedRemotely = true
    case .limit: break
    default:
      guard let id = fact.part, let place = places[id] else { return }
      let wasOpen = parts[place].isOpen
      parts[place].apply(fact)
      openCount += (parts[place].isOpen ? 1 : 0) - (wasOpen ? 1 : 0)
    }
  }

  package var lastAttempt: Int { parts.last?.id.attempt ?? 0 }

  /// Whether all parts of the last attempt are there.
  package var isPlanned: Bool {
    let attempt = lastAttempt
    let last = parts.filter { $0.id.attempt == attempt }
    return !last.isEmpty && last.allSatisfy { $0.plan.of == last.count }
  }
}

/// One part of one attempt.
package struct PartState: Hashable, Sendable {
  package enum Stage: Hashable, Sendable {
    case planned
    case uploaded
    /// The request went out, or may have: the answer is not in the journal.
    case creating
    case unknown
    case refused
    /// There is a batch.
    case made
  }

  package let id: PartID
  /// The fact `part`.
  package let plan: Fact
  package var stage = Stage.planned
  package var fileID: String?
  /// When the file was made, by the server's clock.
  package var fileCreatedAt: Double?
  /// What the API said of the file when it took it.
  package var fileStatus: String?
  /// How often a batch was asked for.
  package var creations = 0
  /// When the last was asked for, by our clock.
  package var creatingTime = 0.0
  package var batchID: String?
  /// What the API said last.
  package var state: Fact?
  /// Why the API refused it, or why nobody knows.
  package var why: Fact?
  package var downloaded: [ResultKind: Fact] = [:]
  /// How often it went back to the queue.
  package var queuedTimes = 0
  package var queuedAt = 0.0

  init(id: PartID, plan: Fact) {
    self.id = id
    self.plan = plan
  }

  mutating func apply(_ fact: Fact) {
    switch fact.fact {
    case .uploaded:
      stage = .uploaded
      fileID = fact.fileID
      fileCreatedAt = fact.createdAt
      fileStatus = fact.status
    case .creating:
      stage = .creating
      creations = fact.creation ?? creations + 1
      creatingTime = fact.time
    case .created, .adopted:
      stage = .made
      batchID = fact.batchID
      if let fileID = fact.fileID { self.fileID = fileID }
      state = nil
      downloaded = [:]
    case .refused:
      stage = .refused
      why = fact
    case .unknown:
      stage = .unknown
      why = fact
    case .queued:
      stage = .uploaded
      queuedTimes += 1
      queuedAt = fact.time
      state = nil
      batchID = nil
      downloaded = [:]
    case .state: state = fact
    case .downloaded:
      if let which = fact.which { downloaded[which] = fact }
    default: break
    }
  }

  package var status: BatchStatus? { state?.status.map { BatchStatus($0) } }
  package var isOpen: Bool { stage == .made && !isFinal }
  package var isFinal: Bool { stage == .made && status?.isFinal == true }

  package func fileID(_ kind: ResultKind) -> String? {
    kind == .output ? state?.outputFileID : state?.errorFileID
  }

  /// The result files that are at the API and not whole on the disk.
  package var missingFiles: [ResultKind] {
    guard isFinal else { return [] }
    return ResultKind.allCases.filter { fileID($0) != nil && downloaded[$0]?.fileID != fileID($0) }
  }

  /// Whether nothing more will become of it and all that there is of it is on the disk.
  package var isDone: Bool { isFinal && missingFiles.isEmpty }
}
