import BatchFile
import Foundation
import JSONLines

/// What a search through the account's batches found.
enum LookResult: Hashable {
  case none
  case found([Batch])
  /// The list could not be read to its end, so the batch may be in it or not.
  case couldNotLook(ClientError)
}

extension BatchRun {
  /// The pauses between searches, in seconds: lists show a new batch late, and a curl process that a killed command
  /// left behind lives for a minute.
  private static let lookPauses = [5.0, 15, 40]
  /// How many seconds after a create its batch may still appear.
  private static let lookTime = 60.0

  /// Finds out whether a create whose answer is not known has made a batch.
  ///
  /// - Parameter isFresh: whether this command sent the create just now.
  /// - Returns: whether the part has a batch now. If none was found, the part has a problem; or another batch is
  ///   created, if a person has asked for that.
  func resolve(_ id: PartID, isFresh: Bool = false) async throws(RunError) -> Bool {
    guard let part = part(id) else { return false }
    // A command that comes long after the create looks only once. The time is compared before the first look, not
    // between two of them, and not at all after a create of this command: lists show a batch late, and on a slow machine
    // the pauses would be left out that wait for it.
    let isLate = !isFresh && clock.now.timeIntervalSince1970 - part.creatingTime > BatchRun.lookTime
    report(.looking(id, why: part.why?.why ?? "the program ended before an answer came"))
    var result = try await look(for: part)
    for pause in BatchRun.lookPauses {
      if case .found = result { break }
      if result == .none, isLate { break }
      do { try await clock.sleep(seconds: pause) } catch { throw RunError.interrupted }
      result = try await look(for: part)
    }
    switch result {
    case .found(let batches) where batches.count == 1:
      try noteBatch(batches[0], .adopted, id)
      return true
    case .found(let batches):
      try remainUnknown(id, "\(batches.count) batches have its file", batches.map(\.id))
    case .couldNotLook(let error):
      try remainUnknown(id, "the list of batches could not be read to its end: \(error)", [])
    case .none:
      if createsAgain, !folder.isCancelled {
        // A person has asked for this, and was told that it may be paid for twice.
        var fact = Fact(.refused, part: id)
        fact.why = "no batch was found, and another one is asked for"
        try note(fact)
        return try await createAgain(id)
      }
      try remainUnknown(id, "no batch was found", [])
    }
    return false
  }

  private func remainUnknown(_ id: PartID, _ found: String, _ candidates: [String]) throws(RunError) {
    let lost = part(id)?.why?.why
    let why = lost.map { "\($0); \(found)" } ?? found
    if part(id)?.stage == .creating {
      var fact = Fact(.unknown, part: id)
      fact.why = found
      try note(fact)
    }
    problems[id] = .unknown(why: why, candidates: candidates)
  }

  /// Searches the list for batches of this part's file that the run does not know.
  func look(for part: PartState) async throws(RunError) -> LookResult {
    guard let fileID = part.fileID else { return .none }
    var found: [Batch] = []
    var foundIDs: Set<String> = []
    let failure = try await forEachBatch(since: part.fileCreatedAt) { batch in
      if batch.inputFileID == fileID, !state.batchIDs.contains(batch.id), foundIDs.insert(batch.id).inserted {
        found.append(batch)
      }
    }
    if let failure { return .couldNotLook(failure) }
    return found.isEmpty ? .none : .found(found)
  }

  /// Calls `body` with the account's batches, at least with all that were made since a time.
  ///
  /// - Parameters:
  ///   - first: the first page, where it is known already.
  ///   - time: a time of the server's clock, in seconds since 1970; nil for all batches.
  /// - Returns: why the list could not be read to its end; nil where it could.
  func forEachBatch(
    from first: Page<Batch>? = nil, since time: Double?, _ body: (Batch) -> Void
  ) async throws(RunError) -> ClientError? {
    var known = first
    var cursor: PageCursor?
    var seen: Set<PageCursor> = []
    var last = Double.infinity
    var descends = true
    // Rows with the same second do not show the order of the list: an ascending list can begin with a page of them.
    var hasDescended = false
    while true {
      let page: Page<Batch>
      if let first = known.take() {
        page = first
      } else {
        do { page = try await client.batches(from: cursor, limit: 100) } catch {
          if error.kind == .cancelled { throw RunError.interrupted }
          if error.kind == .keyRefused || error.kind == .unusable { throw failure(error, "list of batches") }
          return error
        }
      }
      for batch in page.elements { body(batch) }
      // Only times of the server are compared. An ascending list has the newest batch on its last page, so it is read
      // to its end.
      var isOlder = !page.elements.isEmpty
      for batch in page.elements {
        guard let made = batch.createdAt?.timeIntervalSince1970 else {
          (descends, isOlder) = (false, false)
          continue
        }
        if made > last { descends = false }
        if made < last, last.isFinite { hasDescended = true }
        last = made
        if time.map({ made >= $0 }) ?? true { isOlder = false }
      }
      if isOlder, descends, hasDescended { break }
      guard let next = page.next, seen.insert(next).inserted else { break }
      cursor = next
    }
    return nil
  }

  // MARK: - Adoption

  /// Takes over a batch that a person names, for a part of which it is not known whether a batch was made, or which was
  /// not sent.
  func adopt(_ batchID: String) async throws(RunError) {
    if state.batchIDs.contains(batchID), state.parts.contains(where: { $0.batchID == batchID }) { return }
    let batch: Batch
    do { batch = try await client.batch(batchID) } catch { throw failure(error, "batch \(batchID)") }
    guard let remote = batch.inputFileID else {
      throw RunError.notOurs(batch: batchID, reason: "the API does not say what file it was made of")
    }
    let open = state.parts.filter { $0.stage != .made }
    if let part = open.first(where: { $0.fileID == remote }) { return try take(batch, part.id) }
    // The batch was made from another upload, so the content of that file decides.
    let bytes: Int?
    do { bytes = try await client.file(remote).bytes } catch { throw failure(error, "file \(remote)") }
    let fitting = open.filter { bytes == nil || $0.plan.bytes == bytes }
    guard !fitting.isEmpty else {
      let said = bytes.map { "\($0) bytes" } ?? "nothing"
      throw RunError.notOurs(batch: batchID, reason: "its file has \(said), and no part that is to be sent has as many")
    }
    let digest = await remoteDigest(remote)
    if let digest {
      guard let part = fitting.first(where: { $0.plan.digest == digest }) else {
        throw RunError.notOurs(batch: batchID, reason: "its file has another content")
      }
      return try take(batch, part.id)
    }
    guard fitting.count == 1, bytes != nil else {
      throw RunError.notOurs(batch: batchID, reason: "its file cannot be fetched, and more than one part could be it")
    }
    try take(batch, fitting[0].id)
  }

  private func take(_ batch: Batch, _ id: PartID) throws(RunError) {
    try noteBatch(batch, .adopted, id)
    problems[id] = nil
  }

  /// The digest of a file at the API; nil where it cannot be downloaded, as some APIs do not give uploaded files back.
  private func remoteDigest(_ fileID: String) async -> String? {
    let path = folder.path + "/adopted.part.\(UInt32.random(in: .min ... .max))"
    defer { path.unlink() }
    guard (try? await client.content(of: fileID, to: path)) != nil else { return nil }
    return try? BatchRun.digest(path).digest
  }
}
