import BatchFile
import Foundation
import JSONLines

/// The calls of a Batch API of Groq's and OpenAI's shape: a path and one call each.
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
/// Every call throws ``ClientError``; one that belongs to a cancelled task ends and throws with kind `cancelled`.
public struct BatchClient: Sendable {
  /// What goes along with every call beside what the call needs.
  public struct Options: Sendable {
    public var headers = APIHeaders()
    /// Names and values.
    public var query: [String: String] = [:]
    /// Further members of the body that creates a batch: the name, and the value as JSON text.
    public var bodyMembers: [String: String] = [:]
    public var timeouts = APIRequest.Timeouts()

    public init() {}
  }

  /// How the API is reached.
  public let api: Provider.API
  private let connection: APIConnection
  private let options: Options

  /// - Parameters:
  ///   - key: nil where the API needs none.
  ///   - clock: for the pauses between tries.
  /// - Throws: ``ClientError`` of kind `unusable` where the base URL is none that is asked: `https`, or on this machine,
  ///   or a provider that allows `http`.
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

  /// A client whose base URL is not that of its API's data: an SDK's variable or a person named another.
  package var base: WebAddress { connection.base }
  package var clock: any WallClock { connection.clock }
  /// In seconds.
  package var longestRetryAfter: Double { connection.policy.longestRetryAfter }
  package func clean(_ text: String) -> String { connection.words.clean(text) }

  private func send(_ call: APICall) async throws(ClientError) -> APIResponse {
    var call = call
    call.query += options.query.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
    call.timeouts = options.timeouts
    if call.destination == nil, call.headers["Accept"] == nil { call.headers["Accept"] = "application/json" }
    return try await connection.send(call)
  }

  /// Sends a call whose reply holds something that can be read from it.
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
  /// Uploads a file. It is read from the disk while it is sent, and may be sent again where the reply is lost: a file
  /// that nobody uses costs nothing.
  ///
  /// - Parameters:
  ///   - name: what the API is told; it must end in `.jsonl`. The file's own name for nil.
  ///   - progress: called with the share that was sent, from 0 to 1.
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

  /// What the API says about a file.
  public func file(_ id: String) async throws(ClientError) -> FileObject {
    try await send(APICall(path: "\(api.filesPath)/\(APICall.encode(id))"), for: "file with an id") {
      FileObject(json: $0.body)
    }
  }

  /// Writes the content of a file, to a file that is made or emptied. Redirects to other hosts are followed without
  /// the key.
  ///
  /// - Throws: ``ClientError``; where the content was cut, what came of it is in the file.
  /// - Returns: the number of bytes.
  @discardableResult
  public func content(
    of id: String, to path: Path, progress: (@Sendable (Int) -> Void)? = nil
  ) async throws(ClientError) -> Int {
    try await content(of: id, to: path, from: 0, progress: progress).bytesSaved
  }

  /// The same from a place in the file on; where the reply is no 206, it begins at the beginning.
  package func content(
    of id: String, to path: Path, from offset: Int, progress: (@Sendable (Int) -> Void)? = nil
  ) async throws(ClientError) -> APIResponse {
    var call = APICall(path: "\(api.filesPath)/\(APICall.encode(id))/content")
    call.destination = path
    call.followsRedirects = true
    // Packed, its length would prove nothing.
    call.headers["Accept-Encoding"] = "identity"
    if offset > 0 { call.headers["Range"] = "bytes=\(offset)-" }
    if let progress { call.progress = { if case .received(let bytes) = $0 { progress(bytes) } } }
    return try await send(call)
  }

  /// Deletes a file; one that is gone already is as good as deleted.
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
  /// Creates a batch: once. It is sent again only where no byte of it was sent, or the API answered 429.
  ///
  /// - Throws: ``ClientError``; where its `delivery` is `unknown`, a batch may have been made, and paid for.
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
        // With escapes for what curl takes in no line of its configuration: DEL, the controls of ISO 6429.
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

  /// What the API says about a batch.
  public func batch(_ id: String) async throws(ClientError) -> Batch {
    try await batch(by: APICall(path: "\(api.batchesPath)/\(APICall.encode(id))"))
  }

  /// Asks the API to end a batch; what is done by then is paid for and can be fetched.
  public func cancelBatch(_ id: String) async throws(ClientError) -> Batch {
    var call = APICall(method: "POST", path: "\(api.batchesPath)/\(APICall.encode(id))/cancel")
    call.repeatability = .cancel
    return try await batch(by: call)
  }

  /// A page of the account's batches, the newest first with most APIs.
  ///
  /// - Parameters:
  ///   - cursor: where the last page said that the list goes on; nil for its beginning.
  ///   - limit: how many; an API may give more or fewer.
  public func batches(from cursor: PageCursor? = nil, limit: Int? = nil) async throws(ClientError) -> Page<Batch> {
    var call = APICall(path: api.batchesPath)
    if let cursor { call.query.append(cursor.query) }
    if let limit { call.query.append(["limit", String(limit)]) }
    let names = api.statusNames
    return try await send(call, for: "list of batches") { Page<Batch>(json: $0.body, statusNames: names) }
  }

  /// What the API says about several batches, in one call each ``Provider/API/idsPerList`` of them; those that it leaves
  /// out are missing. Groq alone documents such lists.
  public func batches(_ ids: [String]) async throws(ClientError) -> [Batch] {
    var found: [Batch] = []
    let size = max(1, api.idsPerList)
    for start in stride(from: 0, to: ids.count, by: size) {
      let chunk = ids[start..<min(ids.count, start + size)]
      var call = APICall(path: api.batchesPath)
      call.query = chunk.map { ["id", $0] }
      let names = api.statusNames
      let page = try await send(call, for: "list of batches") { Page<Batch>(json: $0.body, statusNames: names) }
      // An API that does not know the parameter answers with batches of others.
      found += page.elements.filter { chunk.contains($0.id) }
    }
    return found
  }

  /// Several batches by their ids, in one list where the API has such lists; those that are missing are to be asked for
  /// one by one.
  package func listed(_ ids: [String]) async throws(ClientError) -> [String: Batch] {
    guard api.idsPerList > 0, ids.count > 1 else { return [:] }
    do {
      return Dictionary(try await batches(ids).map { ($0.id, $0) }) { first, _ in first }
    } catch {
      // Whatever is wrong, the calls for single batches say it.
      if error.kind == .cancelled { throw error }
      return [:]
    }
  }

  private func batch(by call: APICall) async throws(ClientError) -> Batch {
    let names = api.statusNames
    return try await send(call, for: "batch with an id") { Batch(json: $0.body, statusNames: names) }
  }
}
