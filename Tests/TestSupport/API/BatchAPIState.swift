import Foundation

extension BatchAPI {
  /// What the API stores. ``BatchAPI`` calls everything here under its lock.
  struct State {
    var settings: APISettings
    var files: [String: StoredFile] = [:]
    /// The oldest first.
    var batches: [StoredBatch] = []
    var faults: [APIOperation: [(fault: APIFault, times: Int)]] = [:]
    var calls: [APICall] = []
    private var made = 0

    init(settings: APISettings) { self.settings = settings }

    private var now: Int { Int(Date().timeIntervalSince1970) + settings.clockOffset }

    func index(of batch: String) -> Int? { batches.firstIndex { $0.id == batch } }
    func batch(_ id: String) -> StoredBatch? { index(of: id).map { batches[$0] } }

    private mutating func newID(_ kind: String) -> String {
      made += 1
      return "\(kind)_01tests\(String(format: "%08d", made))"
    }

    mutating func nextFault(_ operation: APIOperation) -> APIFault? {
      guard let first = faults[operation]?.first else { return nil }
      if first.times <= 1 {
        faults[operation]?.removeFirst()
      } else if first.times < .max {
        faults[operation]?[0].times -= 1
      }
      return first.fault
    }

    // MARK: Files and batches

    mutating func store(_ content: Data, name: String, purpose: String, type: String?, age: Int = 0) -> String {
      let id = newID("file")
      files[id] = StoredFile(
        id: id, name: name, purpose: purpose, contentType: type, content: content, createdAt: now - age)
      return id
    }

    mutating func make(of file: String, endpoint: String, window: String, metadata: JSON, age: Int) -> String {
      let id = newID("batch")
      var batch = StoredBatch(
        id: id, endpoint: endpoint, inputFileID: file, window: window, metadata: metadata, createdAt: now - age,
        statuses: settings.statuses, hiddenLists: settings.listLag)
      if let limit = settings.openLimit, batches.filter({ !$0.isFinal }).count >= limit {
        batch.statuses = ["validating", "failed"]
        batch.errors = [
          (
            "token_limit_exceeded",
            "Enqueued token limit reached. Please try again once some in_progress batches have been completed.", nil
          )
        ]
      }
      batches.append(batch)
      return id
    }

    /// Gives a batch its next status, and makes its result files if that is a final one.
    mutating func advance(_ index: Int) {
      guard !batches[index].isFinal else { return }
      batches[index].step += 1
      guard batches[index].isFinal else { return }
      if batches[index].status == "failed" {
        if batches[index].errors.isEmpty { batches[index].errors = settings.batchErrors }
        return
      }
      let results = APIResultFiles(input: files[batches[index].inputFileID]?.content ?? Data(), settings: settings)
      batches[index].counts = (results.total, results.completed, results.failed)
      if !results.output.isEmpty {
        let id = store(results.output, name: "output.jsonl", purpose: "batch_output", type: nil)
        batches[index].outputFileID = id
      }
      if !results.errors.isEmpty {
        let id = store(results.errors, name: "errors.jsonl", purpose: "batch_output", type: nil)
        batches[index].errorFileID = id
      }
    }

    // MARK: Calls

    mutating func act(
      _ operation: APIOperation, _ id: String, _ request: HTTPRequest, _ form: MultipartForm?
    ) -> HTTPAnswer {
      switch operation {
      case .upload: return upload(form)
      case .listFiles:
        let rows = files.values.sorted { $0.id < $1.id }.map { $0.object(settings) }
        return HTTPAnswer(200, JSON.object([.init(name: "data", value: .array(rows))]).data)
      case .fileInfo:
        guard let file = files[id] else { return .missingFile(id) }
        files[id]?.asked += 1
        return HTTPAnswer(200, file.object(settings).data)
      case .content:
        guard let file = files[id] else { return .missingFile(id) }
        return HTTPAnswer(200, file.content, type: "application/octet-stream").inRange(of: request)
      case .deleteFile:
        guard files.removeValue(forKey: id) != nil else { return .missingFile(id) }
        return HTTPAnswer(200, (["id": .text(id), "object": "file", "deleted": true] as JSON).data)
      case .create: return create(request)
      case .retrieve:
        guard let index = index(of: id) else { return .missingBatch(id) }
        advance(index)
        return HTTPAnswer(200, batches[index].object(settings).data)
      case .list: return list(request)
      case .cancel:
        guard let index = index(of: id) else { return .missingBatch(id) }
        guard !batches[index].isFinal else {
          return .error(400, "Cannot cancel a batch with status '\(batches[index].status)'.")
        }
        batches[index].statuses = ["cancelling", "cancelled"]
        batches[index].step = 0
        return HTTPAnswer(200, batches[index].object(settings).data)
      }
    }

    private mutating func upload(_ form: MultipartForm?) -> HTTPAnswer {
      guard let form else { return .error(400, "The form cannot be read") }
      guard let purpose = form["purpose"].map({ String(decoding: $0.content, as: UTF8.self) }), !purpose.isEmpty else {
        return .error(400, "'purpose' is a required property")
      }
      guard let file = form["file"], let name = file.fileName else {
        return .error(400, "'file' is a required property")
      }
      guard name.hasSuffix(".jsonl") else {
        return .error(400, "Invalid file format for Batch API. Must be .jsonl")
      }
      let id = store(file.content, name: name, purpose: purpose, type: file.contentType)
      return HTTPAnswer(200, files[id]?.object(settings).data ?? Data())
    }

    private mutating func create(_ request: HTTPRequest) -> HTTPAnswer {
      guard let body = (try? JSONSerialization.jsonObject(with: request.body)) as? [String: Any] else {
        return .error(400, "We could not parse the JSON body of your request.")
      }
      guard let file = body["input_file_id"] as? String, let endpoint = body["endpoint"] as? String,
        let window = body["completion_window"] as? String
      else { return .error(400, "'input_file_id', 'endpoint' and 'completion_window' are required properties") }
      guard files[file] != nil else { return .missingFile(file, status: 400) }
      let metadata = (body["metadata"] as? [String: String]).map { pairs in
        JSON.object(pairs.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: .text($0.value)) })
      }
      let id = make(of: file, endpoint: endpoint, window: window, metadata: metadata ?? nil, age: 0)
      return HTTPAnswer(200, batch(id)?.object(settings).data ?? Data())
    }
  }
}

extension HTTPAnswer {
  fileprivate static func missingFile(_ id: String, status: Int = 404) -> HTTPAnswer {
    error(status, "Cannot find file \(id), or your project does not have access to it.", param: "file_id")
  }

  fileprivate static func missingBatch(_ id: String) -> HTTPAnswer {
    error(404, "Batch '\(id)' not found.", code: "not_found")
  }
}
