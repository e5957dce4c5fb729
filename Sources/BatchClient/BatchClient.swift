import BatchFile
import Foundation
import JSONLines

/// The calls of a Batch API like Groq's and OpenAI's. Each is a path and one request.
///
///     let client = try BatchClient(.groq, key: key, transport: CurlTransport())
///     let file = try await client.upload("requests.jsonl")
///     var batch = try await client.createBatch(file.id, endpoint: "/v1/chat/completions")
///     while !batch.status.isFinal {
///       try await Task.sleep(for: .seconds(30))
///       batch = try await client.batch(batch.id)
///     }
///     if let id = batch.outputFileID { try await client.content(of: id, to: "answers.jsonl") }
///
/// Every call throws ``ClientError``. If the task is cancelled, the call ends and throws one of kind `cancelled`.
public struct BatchClient: Sendable {
  /// Additions to the requests of all calls.
  public struct Options: Sendable {
    public var headers = APIHeaders()
    /// Parameters of the query, by their names.
    public var query: [String: String] = [:]
    /// Further members of the body that creates a batch: their values as JSON text, by their names.
    public var bodyMembers: [String: String] = [:]
    public var timeouts = APIRequest.Timeouts()

    public init() {}
  }

  /// How the API is reached: its address, its paths and its headers.
  public let api: Provider.API
  private let connection: APIConnection
  private let options: Options

  /// - Parameters:
  ///   - key: the key; nil where the API needs none.
  ///   - clock: the clock for the pauses between tries.
  /// - Throws: ``ClientError`` of kind `unusable` where the base URL is not allowed. It must be `https` or on this
  ///   machine, unless the provider allows `http`.
  public init(
    _ api: Provider.API, key: String?, transport: any Transport, policy: RetryPolicy = RetryPolicy(),
    clock: any WallClock = SystemClock(), options: Options = Options()
  ) throws(ClientError) {
    guard let base = WebAddress(base: api.baseURL) else {
      throw ClientError(.unusable, delivery: .notSent, message: "'\(api.baseURL)' is no base URL")
    }
    guard base.isSecure || base.isLoopback || api.allowsHTTP else {
      throw ClientError(.unusable, delivery: .notSent, message: "\(base) is not encrypted, and the key would go there")
    }
    self.api = api
    self.options = options
    var headers = options.headers
    for (name, value) in api.headers.sorted(by: { $0.key < $1.key }) { headers[name] = value }
    if let key { headers[api.keyHeader] = api.keyPrefix + key }
    connection = APIConnection(
      base: base, headers: headers, transport: transport, policy: policy, clock: clock,
      words: CleanWords(secrets: [key].compactMap { $0 }))
  }

  /// The address that the requests go to.
  package var base: WebAddress { connection.base }
  package var clock: any WallClock { connection.clock }
  /// The longest time that a call waits before it tries again because the API asked for it, in seconds.
  package var longestRetryAfter: Double { connection.policy.longestRetryAfter }
  package func clean(_ text: String) -> String { connection.words.clean(text) }

  private func send(_ call: APICall) async throws(ClientError) -> APIResponse {
    var call = call
    call.query += options.query.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
    call.timeouts = options.timeouts
    if call.destination == nil, call.headers["Accept"] == nil { call.headers["Accept"] = "application/json" }
    return try await connection.send(call)
  }

  /// Sends a call and reads a value from its reply. A 2xx reply from which it cannot be read is an error.
  private func send<T>(
    _ call: APICall, for wanted: String, _ read: @escaping @Sendable (APIResponse) -> T?
  ) async throws(ClientError) -> T {
    var call = call
    call.wanted = wanted
    call.isAnswer = { read($0) != nil }
    let response = try await send(call)
    guard let value = read(response) else {
      throw ClientError(.unreadable, delivery: .unknown, status: response.status, message: "no \(wanted) in the reply")
    }
    return value
  }
}

// MARK: - Files

extension BatchClient {
  /// Uploads a file, which is read from the disk while it is sent. If the reply is lost, the file is sent again: an
  /// uploaded file that is not used costs nothing.
  ///
  /// - Parameters:
  ///   - name: the name of the file at the API, which must end in `.jsonl`; nil for the file's own name.
  ///   - progress: is called with the share that was sent, from 0 to 1.
  public func upload(
    _ path: Path, name: String? = nil, progress: (@Sendable (Double) -> Void)? = nil
  ) async throws(ClientError) -> FileObject {
    let plain = name ?? path.name.description
    var call = APICall(method: "POST", path: api.filesPath)
    call.body = .form(
      APIRequest.Form(
        fields: [["purpose", api.purpose]], file: path, fileName: plain.hasSuffix(".jsonl") ? plain : plain + ".jsonl"))
    if let progress { call.progress = { if case .sent(let share) = $0 { progress(share) } } }
    return try await send(call, for: "file with an id") { FileObject(json: $0.body) }
  }

  /// The API's description of a file.
  public func file(_ id: String) async throws(ClientError) -> FileObject {
    try await send(APICall(path: "\(api.filesPath)/\(APICall.encode(id))"), for: "file with an id") {
      FileObject(json: $0.body)
    }
  }

  /// Downloads the content of a file to a path, where a file is made or emptied. Redirects to other hosts are followed
  /// without the key.
  ///
  /// - Throws: ``ClientError``. If the connection broke, the bytes that came are in the file.
  /// - Returns: the number of bytes.
  @discardableResult
  public func content(
    of id: String, to path: Path, progress: (@Sendable (Int) -> Void)? = nil
  ) async throws(ClientError) -> Int {
    try await content(of: id, to: path, from: 0, progress: progress).bytesSaved
  }

  /// Downloads the content from an offset on. If the status of the reply is not 206, the content is whole, from its
  /// beginning.
  package func content(
    of id: String, to path: Path, from offset: Int, progress: (@Sendable (Int) -> Void)? = nil
  ) async throws(ClientError) -> APIResponse {
    var call = APICall(path: "\(api.filesPath)/\(APICall.encode(id))/content")
    call.destination = path
    call.followsRedirects = true
    // The length of a compressed content would not show whether it is complete.
    call.headers["Accept-Encoding"] = "identity"
    if offset > 0 { call.headers["Range"] = "bytes=\(offset)-" }
    if let progress { call.progress = { if case .received(let bytes) = $0 { progress(bytes) } } }
    return try await send(call)
  }

  /// Deletes a file. A file that does not exist any more counts as deleted.
  public func deleteFile(_ id: String) async throws(ClientError) {
    do {
      _ = try await send(APICall(method: "DELETE", path: "\(api.filesPath)/\(APICall.encode(id))"))
    } catch {
      if error.status != 404 { throw error }
    }
  }
}

// MARK: - Batches

extension BatchClient {
  /// Creates a batch, once. The request is sent again only if no byte of it was sent, or if the API answered 429.
  ///
  /// - Throws: ``ClientError``. If its `delivery` is `unknown`, a batch may have been made, and must be paid for.
  public func createBatch(
    _ inputFileID: String, endpoint: String, completionWindow: String = "24h", metadata: [String: String] = [:]
  ) async throws(ClientError) -> Batch {
    var body = Array(#"{"input_file_id":"#.utf8)
    JSONText.appendString(inputFileID, to: &body)
    body += Array(#","endpoint":"#.utf8)
    JSONText.appendString(endpoint, to: &body)
    body += Array(#","completion_window":"#.utf8)
    JSONText.appendString(completionWindow, to: &body)
    if !metadata.isEmpty {
      body += Array(#","metadata":{"#.utf8)
      for (index, pair) in metadata.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { body.append(ASCII.comma) }
        // This also escapes the characters that curl refuses in its configuration: DEL and the control characters of
        // ISO 6429.
        TerminalText.appendJSONString(pair.key, to: &body)
        body.append(ASCII.colon)
        TerminalText.appendJSONString(pair.value, to: &body)
      }
      body.append(UInt8(ascii: "}"))
    }
    for (name, value) in options.bodyMembers.sorted(by: { $0.key < $1.key }) {
      body.append(ASCII.comma)
      JSONText.appendString(name, to: &body)
      body.append(ASCII.colon)
      body += Array(value.utf8)
    }
    body.append(UInt8(ascii: "}"))
    var call = APICall(method: "POST", path: api.batchesPath)
    call.body = .json(body)
    call.repeatability = .create
    return try await batch(by: call)
  }

  /// The API's description of a batch.
  public func batch(_ id: String) async throws(ClientError) -> Batch {
    try await batch(by: APICall(path: "\(api.batchesPath)/\(APICall.encode(id))"))
  }

  /// Asks the API to cancel a batch. Answers that exist by then are paid for and can be downloaded.
  public func cancelBatch(_ id: String) async throws(ClientError) -> Batch {
    var call = APICall(method: "POST", path: "\(api.batchesPath)/\(APICall.encode(id))/cancel")
    call.repeatability = .cancel
    return try await batch(by: call)
  }

  /// A page of the account's batches. Most APIs list the newest first.
  ///
  /// - Parameters:
  ///   - cursor: the cursor of the page before; nil for the first page.
  ///   - limit: how many batches the page should have; an API may give more or fewer.
  public func batches(from cursor: PageCursor? = nil, limit: Int? = nil) async throws(ClientError) -> Page<Batch> {
    var call = APICall(path: api.batchesPath)
    if let cursor { call.query.append(cursor.query) }
    if let limit { call.query.append(["limit", String(limit)]) }
    let names = api.statusNames
    return try await send(call, for: "list of batches") { Page<Batch>(json: $0.body, statusNames: names) }
  }

  /// Several batches, with one call for each ``Provider/API/idsPerList`` of them. Batches that the API leaves out are
  /// missing from the result. Only Groq documents such lists.
  public func batches(_ ids: [String]) async throws(ClientError) -> [Batch] {
    var found: [Batch] = []
    let size = max(1, api.idsPerList)
    for start in stride(from: 0, to: ids.count, by: size) {
      let chunk = ids[start..<min(ids.count, start + size)]
      var call = APICall(path: api.batchesPath)
      call.query = chunk.map { ["id", $0] }
      let names = api.statusNames
      let page = try await send(call, for: "list of batches") { Page<Batch>(json: $0.body, statusNames: names) }
      // An API that does not know the parameter answers with all batches, also those that were not asked for.
      found += page.elements.filter { chunk.contains($0.id) }
    }
    return found
  }

  /// Several batches by their ids, from lists where the API has such lists. The caller must ask for the missing ones
  /// one by one.
  package func listed(_ ids: [String]) async throws(ClientError) -> [String: Batch] {
    guard api.idsPerList > 0, ids.count > 1 else { return [:] }
    do {
      return Dictionary(try await batches(ids).map { ($0.id, $0) }) { first, _ in first }
    } catch {
      // Any other error is left to the calls for single batches, which report it.
      if error.kind == .cancelled { throw error }
      return [:]
    }
  }

  private func batch(by call: APICall) async throws(ClientError) -> Batch {
    let names = api.statusNames
    return try await send(call, for: "batch with an id") { Batch(json: $0.body, statusNames: names) }
  }
}
