import Foundation

/// The state of a run, which follows from the facts of its journal alone.
package struct RunState: Hashable, Sendable {
  /// The fact `run`; nil where the run has not begun.
  package var run: Fact?
  /// The parts, in the order of their ids.
  package private(set) var parts: [PartState] = []
  /// The index of each part in `parts`, because a run may have tens of thousands of parts with several facts each.
  private var places: [PartID: Int] = [:]
  /// How many parts have a batch that has not ended.
  package private(set) var openCount = 0
  /// The ids of all batches that belong to the run, whatever their status is.
  package var batchIDs: Set<String> = []
  /// The digests of the files of answers that were written, or were about to be, by the descriptions of their paths.
  package var wrote: [String: Set<String>] = [:]
  package var isDeletedRemotely = false
  /// The most that the whole run may cost, in US dollars; nil where there is no limit.
  package var maxCost: Double?
  /// The prices that were given for the run. For each model the last one counts.
  package var prices: [String] = []

  package init(_ facts: [Fact] = []) {
    for fact in facts { apply(fact) }
    // A crash has interrupted the plan of the last attempt, so nothing of it was sent, and it is made again.
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
      // After an interrupted plan the part is planned again.
      let part = PartState(id: id, plan: fact)
      if let place = places[id] {
        if parts[place].isOpen { openCount -= 1 }
        parts[place] = part
      } else if parts.last.map({ $0.id < id }) ?? true {
        places[id] = parts.count
        parts.append(part)
      } else {
        // A journal names parts in their order, unless somebody has changed it.
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

  /// Whether the journal has all parts of the last attempt.
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
    /// The request that creates the batch may have been sent, and its answer is not in the journal.
    case creating
    case unknown
    case refused
    /// The part has a batch.
    case made
  }

  package let id: PartID
  /// The fact `part`.
  package let plan: Fact
  package var stage = Stage.planned
  package var fileID: String?
  /// When the uploaded file was made, by the server's clock, in seconds since 1970.
  package var fileCreatedAt: Double?
  /// The status of the file when it was uploaded.
  package var fileStatus: String?
  /// How often the request that creates a batch was sent.
  package var creations = 0
  /// When it was last sent, by this machine's clock, in seconds since 1970.
  package var creatingTime = 0.0
  package var batchID: String?
  /// The last state of the batch.
  package var state: Fact?
  /// Why the API refused the batch, or why it is not known whether there is one.
  package var why: Fact?
  package var downloaded: [ResultKind: Fact] = [:]
  /// How often the part went back to the queue.
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

  /// The result files at the API that are not completely on the disk.
  package var missingFiles: [ResultKind] {
    guard isFinal else { return [] }
    return ResultKind.allCases.filter { fileID($0) != nil && downloaded[$0]?.fileID != fileID($0) }
  }

  /// Whether the batch has ended and all its result files are on the disk.
  package var isDone: Bool { isFinal && missingFiles.isEmpty }
}
