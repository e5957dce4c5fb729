import BatchFile
import Foundation
import JSONLines

extension BatchRun {
  /// How a wait ended.
  package enum WaitEnd: Hashable, Sendable {
    /// This command can do nothing more for any part.
    case ended
    case timedOut
  }

  private static let pauses = [2.0, 5, 10, 20, 30]
  private static let longestPause = 60.0
  /// For how many seconds refusals of polls do not end the wait.
  private static let refusalTime = 600.0
  /// After how many seconds without answers that is reported.
  private static let troubleTime = 60.0
  /// The most times that a part goes back to the queue.
  private static let queueLimit = 20

  /// Sends the parts whose turn it is, asks for the status of the others, and downloads their results, until all parts
  /// have ended.
  ///
  /// - Parameter deadline: the time at which to return even if they have not; nil for none.
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
      // A pause that the server asks for is made in full.
      if let retryAfter { pause = max(pause, retryAfter) }
      retryAfter = nil
      var wake = now.addingTimeInterval(pause)
      if let deadline { wake = min(wake, deadline) }
      report(.waiting(until: wake))
      do { try await clock.sleep(until: wake) } catch { throw RunError.interrupted }
    }
  }

  /// Asks once for the status of all batches, and downloads the results of those that have ended.
  package func fetch() async throws(RunError) {
    try await poll(patiently: false)
    try await download(patiently: false)
  }

  /// Whether this command has nothing more to do for a part.
  package func isSettled(_ part: PartState) -> Bool {
    if isDone(part) || problems[part.id] != nil { return true }
    // Parts of a cancelled run that were never sent stay unsent.
    if part.stage != .made, part.stage != .creating, part.stage != .unknown {
      return folder.isCancelled || stopsCreating
    }
    return false
  }

  /// Asks for the status of every batch that is not final.
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
      // The answer must be about this batch and not another one.
      guard batch.id == batchID || batch.inputFileID == part.fileID || batch.inputFileID == nil else { continue }
      var own = batch
      own.id = batchID
      try noteState(own, id)
      try queueAgain(own, id)
    }
  }

  /// Puts a part whose batch failed because the API's queue was full back to the queue. It uses the uploaded file
  /// again.
  private func queueAgain(_ batch: Batch, _ id: PartID) throws(RunError) {
    guard batch.status == .failed, batch.errors.contains(where: { $0.code == "token_limit_exceeded" }),
      let part = part(id), part.queuedTimes < BatchRun.queueLimit
    else { return }
    var fact = Fact(.queued, part: id)
    fact.batchID = batch.id
    try note(fact)
    report(.queued(id, again: part.queuedTimes + 1))
  }

  /// The result files of a part that are not completely on the disk. That includes files that were downloaded, and that
  /// somebody has removed or cut since.
  private func missingFiles(_ part: PartState) -> [ResultKind] {
    guard part.isFinal else { return [] }
    return ResultKind.allCases.filter { part.missingFiles.contains($0) || !folder.isIntact($0, of: part) }
  }

  /// Whether the batch of a part has ended, and all its result files are on the disk.
  package func isDone(_ part: PartState) -> Bool { folder.hasAllResults(of: part) }

  /// Downloads every result file of every batch that has ended, whatever its final status is.
  private func download(patiently: Bool) async throws(RunError) {
    let isMissing = state.parts.contains { !missingFiles($0).isEmpty }
    let fragments = isMissing ? folder.fragments(attempts: state.lastAttempt) : [:]
    for id in state.parts.map(\.id) {
      guard let part = part(id), problems[id] == nil else { continue }
      for kind in missingFiles(part) {
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

  /// Deletes the run's files at the API, but only if all results are on the disk.
  ///
  /// - Returns: how many files were deleted; nil where results are missing on the disk.
  package func deleteRemote() async throws(RunError) -> Int? {
    guard state.isPlanned, state.parts.allSatisfy(isDone) else { return nil }
    if state.isDeletedRemotely { return 0 }
    let ids = state.parts.flatMap { [$0.fileID, $0.fileID(.output), $0.fileID(.errors)] }.compactMap { $0 }
    for id in ids {
      do { try await client.deleteFile(id) } catch { throw failure(error, "deletion of \(id)") }
    }
    try note(Fact(.deleted))
    return ids.count
  }
}
