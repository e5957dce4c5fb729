import Foundation

/// The API of the tests: files and batches on a loopback server, with the faults that real APIs can have.
///
/// `fail` queues a fault for the next requests of one call. All other behaviour is in the settings. `calls` has every
/// request that came in.
package final class BatchAPI: @unchecked Sendable {
  // Unchecked: `state` is only read and written under the lock, and `server` is set once before the first request.
  private let lock = NSLock()
  private var state: State
  private var server: LoopbackServer?

  /// The path before `/files`.
  package static let base = "/openai/v1"

  package init(_ settings: APISettings = APISettings()) throws {
    state = State(settings: settings)
    server = try LoopbackServer(
      early: { [weak self] in self?.refusal(of: $0) },
      answer: { [weak self] in self?.answer(to: $0) ?? HTTPAnswer(503) })
  }

  package convenience init(_ change: (inout APISettings) -> Void) throws {
    var settings = APISettings()
    change(&settings)
    try self.init(settings)
  }

  deinit { server?.stop() }

  package func stop() { server?.stop() }

  // MARK: What tests ask and set

  /// `http://127.0.0.1:PORT/openai/v1`
  package var url: String { (server?.url ?? "") + BatchAPI.base }

  package var key: String { lock.withLock { state.settings.key } }

  package func change(_ change: (inout APISettings) -> Void) { lock.withLock { change(&state.settings) } }

  /// Queues a fault for the next requests of a call, as many as `times` says.
  package func fail(_ operation: APIOperation, _ fault: APIFault, times: Int = 1) {
    lock.withLock { state.faults[operation, default: []].append((fault, times)) }
  }

  /// Removes all queued faults.
  package func heal() { lock.withLock { state.faults = [:] } }

  package var calls: [APICall] { lock.withLock { state.calls } }

  package func calls(_ operation: APIOperation) -> [APICall] { calls.filter { $0.operation == operation } }

  /// The ids of all batches, the oldest first.
  package var batchIDs: [String] { lock.withLock { state.batches.map(\.id) } }

  /// How many batches were made of each input file's content, which must never be more than one.
  package var batchesPerInput: [String: Int] {
    lock.withLock {
      state.batches.reduce(into: [:]) { counts, batch in
        counts[state.files[batch.inputFileID]?.content.digest ?? batch.inputFileID, default: 0] += 1
      }
    }
  }

  package func content(of file: String) -> Data? { lock.withLock { state.files[file]?.content } }

  package var fileCount: Int { lock.withLock { state.files.count } }

  /// The id of the file that a batch was made of.
  package func inputFileID(of batch: String) -> String? { lock.withLock { state.batch(batch)?.inputFileID } }

  package func outputFileID(of batch: String) -> String? { lock.withLock { state.batch(batch)?.outputFileID } }

  /// Makes a batch, and its file, as another user of the account would.
  /// - Parameter age: how many seconds ago it was made.
  @discardableResult
  package func makeBatch(of input: Data, age: Int = 0, metadata: JSON = nil) -> String {
    lock.withLock {
      let file = state.store(input, name: "other.jsonl", purpose: "batch", type: nil, age: age)
      return state.make(of: file, endpoint: "/v1/chat/completions", window: "24h", metadata: metadata, age: age)
    }
  }

  /// Makes a second batch of an uploaded file.
  @discardableResult
  package func makeBatch(ofFile file: String) -> String {
    lock.withLock {
      state.make(of: file, endpoint: "/v1/chat/completions", window: "24h", metadata: nil, age: 0)
    }
  }

  /// Gives a batch its last status at once.
  package func finish(_ batch: String) {
    lock.withLock {
      guard let index = state.index(of: batch) else { return }
      while !state.batches[index].isFinal && state.batches[index].step < state.batches[index].statuses.count {
        state.advance(index)
      }
    }
  }

  /// Ends a batch well, whatever its statuses were to be.
  package func complete(_ batch: String) {
    lock.withLock {
      guard let index = state.index(of: batch), !state.batches[index].isFinal else { return }
      state.batches[index].statuses = [state.batches[index].status, "completed"]
      state.batches[index].step = 0
      state.advance(index)
    }
  }

  /// The ids of the files that were uploaded, the oldest first.
  package var uploads: [String] {
    lock.withLock { state.files.values.filter { $0.purpose == "batch" }.map(\.id).sorted() }
  }

  // MARK: Answering

  private func isAuthorized(_ request: HTTPRequest) -> Bool {
    let settings = lock.withLock { state.settings }
    return request.header(settings.keyHeader.name) == settings.keyHeader.prefix + settings.key
  }

  /// The refusal of a request with a wrong key, which is sent before the body is read; nil where the key is right.
  private func refusal(of request: HTTPRequest) -> HTTPAnswer? {
    guard !isAuthorized(request) else { return nil }
    log(request, acted: false, .badKey)
    return .badKey
  }

  private func answer(to request: HTTPRequest) -> HTTPAnswer {
    guard let (operation, id) = APIOperation.of(request, base: BatchAPI.base) else {
      let unknown = HTTPAnswer.error(404, "Unknown request URL: \(request.method) \(request.path)")
      log(request, acted: false, unknown)
      return unknown
    }
    let fault = lock.withLock { state.nextFault(operation) }
    // A long upload is parsed before the lock is taken.
    let form = operation == .upload ? MultipartForm(request) : nil
    let acts = fault?.acts ?? true
    fault?.before()
    let answer = acts ? lock.withLock { state.act(operation, id, request, form) } : nil
    // The call is logged before a fault can delay the answer, end the client or break the connection.
    let number = log(request, acted: answer.map { $0.status < 300 } ?? false, answer ?? HTTPAnswer(0))
    guard let fault else { return answer ?? HTTPAnswer(500) }
    let sent = fault.answer(answer, request)
    lock.withLock { state.calls[number].status = sent.status }
    return sent
  }

  /// Adds a request to the log.
  /// - Returns: the number of the call.
  @discardableResult
  private func log(_ request: HTTPRequest, acted: Bool, _ answer: HTTPAnswer) -> Int {
    let named = APIOperation.of(request, base: BatchAPI.base)
    // A long body gets no digest, because that would take longer than everything else.
    let call = APICall(
      operation: named?.operation, id: named?.id ?? "", method: request.method, target: request.target,
      headers: request.headers, bytes: request.body.count,
      digest: request.body.count < 4 << 20 ? request.digest : "", isAuthorized: isAuthorized(request), acted: acted,
      status: answer.status)
    return lock.withLock {
      state.calls.append(call)
      return state.calls.count - 1
    }
  }
}
