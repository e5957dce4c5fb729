import BatchFile
import Foundation
import JSONLines

extension BatchRun {
  /// Begins the run if it is new, and sends the parts that have not been sent.
  ///
  /// - Parameters:
  ///   - adopting: ids of batches that were made of this input elsewhere, or that got lost.
  ///   - patiently: whether this waits as long as the API asks, and leaves faults that may pass to ``wait(until:)``. If
  ///     not, both end the call.
  /// - Throws: ``RunError`` about the whole run. Problems of single parts are in ``problems``.
  package func submit(
    _ plan: Plan, key: String?, adopting: [String] = [], patiently: Bool = false
  ) async throws(RunError) {
    // A run that has no parts has sent nothing, so it may begin anew with another address or another content.
    if let run = state.run, !state.parts.isEmpty {
      guard try inputIsUnchanged() else { throw RunError.inputChanged(input) }
      if let was = run.window, was != plan.window {
        throw RunError.differs(what: "the completion window", was: was, is: plan.window)
      }
    } else {
      try begin(plan, key)
    }
    if folder.isCancelled { throw RunError.cancelled }
    if !state.isPlanned {
      try await lookFirst(forSameContent: adopting.isEmpty && !createsAgain, patiently: patiently)
      try makeParts(plan)
    }
    for id in adopting { try await adopt(id) }
    try await advance(patiently: patiently)
  }

  private func begin(_ plan: Plan, _ key: String?) throws(RunError) {
    var fact = Fact(.run)
    fact.maxRequests = plan.limits.requests < .max ? plan.limits.requests : nil
    fact.maxBytes = plan.limits.bytes < .max ? plan.limits.bytes : nil
    fact.file = input.name.description
    (fact.digest, fact.bytes) = try BatchRun.digest(input)
    fact.provider = plan.provider
    fact.api = plan.api
    fact.window = plan.window
    fact.metadata = plan.metadata.isEmpty ? nil : plan.metadata
    fact.maxCost = plan.maxCost
    fact.prices = plan.prices.isEmpty ? nil : plan.prices
    let salt = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined()
    fact.salt = salt
    fact.keyHash = key.map { BatchRun.keyHash($0, salt: salt, baseURL: plan.api.baseURL) }
    try note(fact)
  }

  private func makeParts(_ plan: Plan) throws(RunError) {
    try folder.make(attempt: 1)
    let folder = folder
    let planner = PartPlanner(limits: plan.limits) {
      folder.part(PartID(attempt: 1, number: $0))
    }
    let parts = try planner.plan(input)
    if parts.count == 1, parts[0].bytes == state.run?.bytes, parts[0].digest != state.run?.digest {
      throw RunError.inputChanged(input)
    }
    try note(parts, attempt: 1)
  }

  /// Writes all parts of an attempt, whose files are on the disk, to the journal.
  func note(_ parts: [PartPlanner.Part], attempt: Int) throws(RunError) {
    try RunFolder.sync(folder.path + "/\(attempt)")
    for (index, part) in parts.enumerated() {
      var fact = Fact(.part, part: PartID(attempt: attempt, number: index + 1))
      fact.of = parts.count
      fact.bytes = part.bytes
      fact.requests = part.requests
      fact.firstLine = part.firstLine
      fact.digest = part.digest
      fact.url = part.url
      try note(fact)
    }
    report(.planned(parts: parts.count, requests: parts.reduce(0) { $0 + $1.requests }))
  }

  /// Makes the folder of the next attempt.
  ///
  /// - Returns: its number.
  package func prepareAttempt() throws(RunError) -> Int {
    let attempt = state.lastAttempt + 1
    try folder.make(attempt: attempt)
    return attempt
  }

  /// Makes the parts of an attempt from a file with its requests, and removes the file.
  package func addAttempt(_ attempt: Int, from path: Path, _ limits: FileLimits) throws(RunError) {
    let folder = folder
    let planner = PartPlanner(limits: limits) {
      folder.part(PartID(attempt: attempt, number: $0))
    }
    try note(planner.plan(path), attempt: attempt)
    path.unlink()
  }

  /// Sends the parts that have not been sent.
  package func send() async throws(RunError) {
    if folder.isCancelled { throw RunError.cancelled }
    try await advance(patiently: false)
  }

  /// Asks for the list of batches before any prompt is sent. So a refused key, a plan without batches and a wrong host
  /// are found before anything is sent. The list also shows whether the same input was sent by another run in the last
  /// two days.
  func lookFirst(forSameContent: Bool, patiently: Bool = false) async throws(RunError) {
    if hasLookedFirst { return }
    let page: Page<Batch>
    do { page = try await client.batches(limit: 100) } catch {
      guard patiently, error.mayPass, let seconds = error.retryAfter else { throw failure(error, "list of batches") }
      let time = clock.now.addingTimeInterval(seconds)
      report(.waiting(until: time))
      do { try await clock.sleep(until: time) } catch { throw RunError.interrupted }
      return try await lookFirst(forSameContent: forSameContent, patiently: true)
    }
    hasLookedFirst = true
    guard forSameContent, let digest = state.run?.digest else { return }
    let earliest = clock.now.addingTimeInterval(-48 * 3_600)
    var same: [String] = []
    let failure = try await forEachBatch(from: page, since: earliest.timeIntervalSince1970) { batch in
      if batch.metadata[BatchRun.digestKey] == digest, !state.batchIDs.contains(batch.id), batch.status != .failed,
        (batch.createdAt ?? clock.now) > earliest, !same.contains(batch.id)
      {
        same.append(batch.id)
      }
    }
    if !same.isEmpty { throw RunError.sameContent(same) }
    if let failure { throw self.failure(failure, "list of batches") }
  }

  func failure(_ error: ClientError, _ doing: String) -> RunError {
    error.kind == .cancelled ? .interrupted : .client(error, doing: doing)
  }

  // MARK: - Parts

  /// Sends the parts that can be sent, in order: searches for batches whose creation is not known, uploads files and
  /// creates batches.
  ///
  /// - Parameter patiently: whether an error that may pass leaves a part for later instead of being thrown.
  /// - Returns: how many batches were made or found.
  @discardableResult
  func advance(patiently: Bool) async throws(RunError) -> Int {
    var made = 0
    for id in state.parts.map(\.id) {
      guard let part = part(id), part.stage != .made, problems[id] == nil else { continue }
      do throws(RunError) {
        if [.creating, .unknown].contains(part.stage) {
          if try await resolve(id) { made += 1 }
          continue
        }
        if folder.isCancelled || stopsCreating { continue }
        if isFull || !isReady(part) { continue }
        if part.stage == .planned {
          if part.id.attempt == 1 { try await lookFirst(forSameContent: false) }
          try await upload(id)
        }
        if try await create(id) { made += 1 }
      } catch {
        guard patiently, case .client(let failure, _) = error, failure.mayPass else { throw error }
        noteTrouble(failure)
      }
    }
    return made
  }

  /// Whether the limit of parts at the API is reached.
  private var isFull: Bool {
    maxOpen > 0 && state.openCount >= maxOpen
  }

  /// Whether a part may be sent. One that the API had no room for waits until another batch has ended, or for 1, 2, 4,
  /// … 30 minutes.
  private func isReady(_ part: PartState) -> Bool {
    guard part.queuedTimes > 0 else { return true }
    if lastBatchEnd > part.queuedAt { return true }
    let minutes = min(30, pow(2, Double(part.queuedTimes - 1)))
    return clock.now.timeIntervalSince1970 >= part.queuedAt + minutes * 60
  }

  private func upload(_ id: PartID) async throws(RunError) {
    guard let part = part(id) else { return }
    let path = folder.part(id)
    try expectUnchanged(part, path)
    let report = report
    var tries = 0
    while true {
      tries += 1
      let file: FileObject
      do {
        file = try await client.upload(path, name: uploadName(id)) { report(.uploading(id, share: $0)) }
      } catch { throw failure(error, "upload of \(id.fileName)") }
      if let received = file.bytes, let sent = part.plan.bytes, received != sent {
        // An uploaded file with another length is left at the API, where it is not used.
        if tries < 3 { continue }
        throw RunError.shortUpload(file: path, sent: sent, received: received)
      }
      var fact = Fact(.uploaded, part: id)
      fact.fileID = file.id
      fact.createdAt = file.createdAt?.timeIntervalSince1970
      fact.status = file.status
      try note(fact)
      report(.uploaded(id, fileID: file.id))
      return
    }
  }

  /// The name of a part's file at the API, such as `requests-1-00002.jsonl` for `requests.jsonl`, so that people
  /// recognise it in the API's console.
  private func uploadName(_ id: PartID) -> String {
    let name = state.run?.file ?? "requests.jsonl"
    let stem = name.hasSuffix(".jsonl") ? String(name.dropLast(6)) : name
    let isOnly = state.parts.count == 1
    let digits = String(id.number)
    let number = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    // Servers read file names with other characters differently.
    let plain = String(stem.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" })
    return (isOnly ? plain : "\(plain)-\(id.attempt)-\(number)") + ".jsonl"
  }

  /// Checks that a part's file is unchanged since it was planned.
  private func expectUnchanged(_ part: PartState, _ path: Path) throws(RunError) {
    guard try BatchRun.digest(path).digest == part.plan.digest else { throw RunError.partChanged(path) }
  }

  /// Waits until the provider has processed the file, if it does so.
  private func waitForFile(_ part: PartState, _ fileID: String) async throws(RunError) {
    var status = part.fileStatus
    guard client.api.waitsForFiles || BatchRun.isPending(status) else { return }
    var pause = 1.0
    while status?.lowercased() != "processed" {
      if let status, ["error", "failed", "deleted"].contains(status.lowercased()) {
        throw RunError.unusableFile(part.id.fileName, status: status)
      }
      if status != nil, !client.api.waitsForFiles, !BatchRun.isPending(status) { return }
      do { try await clock.sleep(seconds: pause) } catch { throw RunError.interrupted }
      pause = min(10, pause * 2)
      do { status = try await client.file(fileID).status } catch { throw failure(error, "state of \(fileID)") }
    }
  }

  private static func isPending(_ status: String?) -> Bool {
    guard let status = status?.lowercased() else { return false }
    return ["pending", "processing", "running", "queued"].contains(status)
  }

  // MARK: - Create

  /// For how many seconds after its upload a file may be unknown to the API.
  private static let fileDelay = 300.0

  /// Creates the batch of a part, once.
  ///
  /// - Returns: whether the part has a batch now.
  func create(_ id: PartID) async throws(RunError) -> Bool {
    guard let part = part(id), let fileID = part.fileID, let run = state.run else { return false }
    try await waitForFile(part, fileID)
    let start = clock.now
    var pause = 1.0
    while true {
      // The run may have been cancelled while other parts were sent.
      if folder.isCancelled { return false }
      try expectUnchanged(part, folder.part(id))
      var intent = Fact(.creating, part: id)
      intent.creation = (self.part(id)?.creations ?? 0) + 1
      // The intent is on the disk before any byte is sent. After a crash from here on, the run knows that a batch may
      // exist, and searches for it.
      try note(intent)
      let result = await send(fileID, part, run)
      switch result {
      case .success(let batch) where state.batchIDs.contains(batch.id):
        // Something on the way answered with an earlier reply. The batch that the create made, if any, is another one.
        var fact = Fact(.unknown, part: id)
        fact.why = "the answer names the batch \(batch.id), which this run had before"
        try note(fact)
        return try await resolve(id, isFresh: true)
      case .success(let batch):
        // An answer about another file may be somebody else's. Then the batch of this file stands in the list; where it
        // does not, the API has other ids for its files than it gave.
        if let other = batch.inputFileID, other != fileID, let own = self.part(id),
          case .found(let batches) = try await look(for: own), batches.count == 1, batches[0].id != batch.id
        {
          try noteBatch(batches[0], .adopted, id)
        } else {
          try noteBatch(batch, .created, id)
        }
        return true
      case .failure(let error) where error.delivery == .unknown:
        var fact = Fact(.unknown, part: id)
        fact.why = error.description
        fact.httpStatus = error.status
        try note(fact)
        return try await resolve(id, isFresh: true)
      case .failure(let error):
        var fact = Fact(.refused, part: id)
        fact.why = error.description
        fact.httpStatus = error.status
        try note(fact)
        if error.kind == .cancelled || Task.isCancelled { throw RunError.interrupted }
        if error.isFileNotFoundYet, clock.now.timeIntervalSince(start) < BatchRun.fileDelay {
          do { try await clock.sleep(seconds: pause) } catch { throw RunError.interrupted }
          pause = min(60, pause * 2)
          continue
        }
        if error.kind == .keyRefused || error.delivery == .notSent || error.mayPass {
          throw failure(error, "creation of the batch of \(id.fileName)")
        }
        problems[id] = .refused(error)
        stopsCreating = true
        return false
      }
    }
  }

  /// Creates the batch of a part again of which it is not known whether it has one.
  func createAgain(_ id: PartID) async throws(RunError) -> Bool {
    // Only one more batch is created, not another after that.
    createsAgain = false
    defer { createsAgain = true }
    return try await create(id)
  }

  /// Sends the request that creates a batch, which costs money. It is not cancelled with the task: if it were sent only
  /// in part, it would not be known whether a batch was made.
  private func send(_ fileID: String, _ part: PartState, _ run: Fact) async -> Result<Batch, ClientError> {
    let client = client
    var metadata = run.metadata ?? [:]
    metadata[BatchRun.digestKey] = run.digest
    let (endpoint, window) = (part.plan.url ?? "", run.window ?? "24h")
    let call = Task { [metadata] () -> Result<Batch, ClientError> in
      do throws(ClientError) {
        return .success(
          try await client.createBatch(fileID, endpoint: endpoint, completionWindow: window, metadata: metadata))
      } catch { return .failure(error) }
    }
    return await call.value
  }

  /// Writes to the journal that there is a batch, and what is known of it.
  func noteBatch(_ batch: Batch, _ kind: Fact.Kind, _ id: PartID) throws(RunError) {
    var fact = Fact(kind, part: id)
    fact.batchID = batch.id
    if kind == .adopted { fact.fileID = batch.inputFileID }
    try note(fact)
    report(kind == .adopted ? .adopted(id, batchID: batch.id) : .created(id, batchID: batch.id))
    try noteState(batch, id)
  }

  /// Writes to the journal what the API says about a batch, if that has changed.
  func noteState(_ batch: Batch, _ id: PartID) throws(RunError) {
    var fact = Fact(.state, part: id)
    fact.batchID = batch.id
    fact.status = batch.status.name
    fact.total = batch.counts?.total
    fact.completed = batch.counts?.completed
    fact.failed = batch.counts?.failed
    fact.outputFileID = batch.outputFileID
    fact.errorFileID = batch.errorFileID
    fact.expiresAt = batch.expiresAt?.timeIntervalSince1970
    if !batch.errors.isEmpty {
      fact.errors = batch.errors.prefix(100).map {
        Fact.ErrorFact(
          code: $0.code.map(client.clean), message: $0.message.map(client.clean), param: $0.param.map(client.clean),
          line: $0.line)
      }
    }
    if var last = part(id)?.state {
      last.time = 0
      if last == fact { return }
    }
    try note(fact)
    if batch.status.isFinal { lastBatchEnd = max(lastBatchEnd, clock.now.timeIntervalSince1970) }
    if let part = part(id) { report(.changed(part)) }
  }
}

extension ClientError {
  /// Whether the call may succeed later.
  var mayPass: Bool {
    switch kind {
    case .unreachable, .serverFault, .unreadable: true
    case .refused: status == 408 || status == 409 || status == 429
    default: false
    }
  }

  /// Whether the API does not know the file yet. OpenAI says so for some time after an upload (recorded 2024-12).
  var isFileNotFoundYet: Bool {
    kind == .refused && message.lowercased().contains("cannot find file")
  }
}
