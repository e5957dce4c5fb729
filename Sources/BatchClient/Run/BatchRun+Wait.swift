import BatchFile
import Foundation
import JSONLines

extension BatchRun {
  /// How a wait ended.
  package enum WaitEnd: Hashable, Sendable {
    /// Nothing more will become of any part in this command.
    case ended
    case timedOut
  }

  private static let pauses = [2.0, 5, 10, 20, 30]
  private static let longestPause = 60.0
  /// How long a refusal of a poll is waited out, in seconds.
  private static let refusalTime = 600.0
  /// How long the API may be away before that is said, in seconds.
  private static let troubleTime = 60.0
  /// How often a part goes back to the queue.
  private static let queueLimit = 20

  /// Sends parts whose turn it is, asks how the others are, and downloads what has ended, until all has.
  ///
  /// - Parameter deadline: when to return anyway.
  package func wait(until deadline: Date? = nil) async throws(RunError) -> WaitEnd {
    var asked = 0
    while true {
      let made = try await advance(patiently: true)
      if made > 0 { asked = 0 }
      try await poll(patiently: true)
      try await download(patiently: true)
      if state.parts.allSatisfy(isSettled) { return .ended }
      let now = clock.now
      if let deadline, now >= deadline { return .timedOut }
      var pause = asked < BatchRun.pauses.count ? BatchRun.pauses[asked] : BatchRun.longestPause
      asked += 1
      pause *= Double.random(in: 0.9...1.1)
      // What the server asks for comes first, in full.
      if let retryAfter { pause = max(pause, retryAfter) }
      retryAfter = nil
      var wake = now.addingTimeInterval(pause)
      if let deadline { wake = min(wake, deadline) }
      report(.waiting(until: wake))
      do { try await clock.sleep(until: wake) } catch { throw RunError.interrupted }
    }
  }

  /// Asks once how everything is, and downloads what has ended.
  package func fetch() async throws(RunError) {
    try await poll(patiently: false)
    try await download(patiently: false)
  }

  /// Whether this command has nothing more to do for a part.
  package func isSettled(_ part: PartState) -> Bool {
    if part.isDone || problems[part.id] != nil { return true }
    // What was never sent of a cancelled run stays unsent.
    if part.stage != .made, part.stage != .creating, part.stage != .unknown {
      return folder.isCancelled || stopsCreating
    }
    return false
  }

  /// Asks for every batch that is not final.
  private func poll(patiently: Bool) async throws(RunError) {
    let open = state.parts.filter { $0.stage == .made && !$0.isFinal }.compactMap(\.batchID)
    let listed: [String: Batch]
    do { listed = try await client.listed(open) } catch { throw RunError.interrupted }
    for id in state.parts.map(\.id) {
      guard let part = part(id), part.stage == .made, !part.isFinal, let batchID = part.batchID else { continue }
      let batch: Batch
      do {
        if let known = listed[batchID] { batch = known } else { batch = try await client.batch(batchID) }
        endTrouble()
      } catch {
        if error.kind == .cancelled { throw RunError.interrupted }
        let isFatal = error.kind == .keyRefused || error.kind == .unusable
        if isFatal || !patiently { throw failure(error, "state of \(batchID)") }
        noteTrouble(error)
        let isRefusal = error.kind == .refused && !error.mayPass
        if isRefusal, let since = refusedSince, clock.now.timeIntervalSince(since) > BatchRun.refusalTime {
          throw failure(error, "state of \(batchID)")
        }
        if isRefusal, refusedSince == nil { refusedSince = clock.now }
        continue
      }
      // Another batch's state must not become this one's.
      guard batch.id == batchID || batch.inputFileID == part.fileID || batch.inputFileID == nil else { continue }
      var own = batch
      own.id = batchID
      try noteState(own, id)
      try queueAgain(own, id)
    }
  }

  /// A batch that failed because the queue was full goes back to the queue with the file that is there already.
  private func queueAgain(_ batch: Batch, _ id: PartID) throws(RunError) {
    guard batch.status == .failed, batch.errors.contains(where: { $0.code == "token_limit_exceeded" }),
      let part = part(id), part.queuedTimes < BatchRun.queueLimit
    else { return }
    var fact = Fact(.queued, part: id)
    fact.batchID = batch.id
    try note(fact)
    report(.queued(id, again: part.queuedTimes + 1))
  }

  /// Brings every result file of every batch that has ended, whatever it ended as.
  private func download(patiently: Bool) async throws(RunError) {
    let isMissing = state.parts.contains { !$0.missingFiles.isEmpty }
    let fragments = isMissing ? folder.fragments(attempts: state.lastAttempt) : [:]
    for id in state.parts.map(\.id) {
      guard let part = part(id), problems[id] == nil else { continue }
      for kind in part.missingFiles {
        do throws(RunError) {
          try await download(kind, of: part, fragments, patiently: patiently)
        } catch {
          switch error {
          case .client(let failure, _) where failure.kind != .keyRefused && failure.kind != .unusable:
            problems[id] = .incomplete(kind, error)
          default: throw error
          }
        }
      }
    }
  }

  private func download(
    _ kind: ResultKind, of part: PartState, _ fragments: [Path: Path], patiently: Bool
  ) async throws(RunError) {
    guard let fileID = part.fileID(kind) else { return }
    let id = part.id
    let target = folder.results(id, kind)
    let report = report
    let random = String(UInt32.random(in: .min ... .max), radix: 16)
    let download = ResultDownload(
      client: client, fileID: fileID, target: target,
      fragment: fragments[target] ?? target + ".part.\(random)",
      countedLines: kind == .output ? part.state?.completed : part.state?.failed,
      patiently: patiently, progress: { report(.downloading(id, kind, bytes: $0)) })
    let (bytes, lines) = try await download.run()
    var fact = Fact(.downloaded, part: id)
    fact.which = kind
    fact.fileID = fileID
    fact.bytes = bytes
    fact.lines = lines
    try note(fact)
    report(.downloaded(id, kind, bytes: bytes, lines: lines))
  }

  // MARK: - Trouble

  func noteTrouble(_ error: ClientError) {
    if let seconds = error.retryAfter { retryAfter = max(retryAfter ?? 0, seconds) }
    let since = troubleSince ?? clock.now
    troubleSince = since
    if clock.now.timeIntervalSince(since) >= BatchRun.troubleTime { report(.trouble(since: since, error)) }
  }

  private func endTrouble() {
    if troubleSince != nil { report(.answered) }
    troubleSince = nil
    refusedSince = nil
  }

  // MARK: - The end of a run

  /// Deletes the run's files at the API: only once all that they hold is on the disk.
  ///
  /// - Returns: how many were deleted; nil where something is missing still.
  package func deleteRemote() async throws(RunError) -> Int? {
    guard state.isPlanned, state.parts.allSatisfy(\.isDone) else { return nil }
    if state.isDeletedRemotely { return 0 }
    let ids = state.parts.flatMap { [$0.fileID, $0.fileID(.output), $0.fileID(.errors)] }.compactMap { $0 }
    for id in ids {
      do { try await client.deleteFile(id) } catch { throw failure(error, "deletion of \(id)") }
    }
    try note(Fact(.deleted))
    return ids.count
  }
}
