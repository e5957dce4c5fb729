import BatchFile
import Foundation

/// A batch as the API describes it. Everything except the id may be missing.
public struct Batch: Hashable, Sendable {
  /// How many requests the API has processed. The numbers show progress and are wrong at some APIs, so count the lines
  /// of the result files instead.
  public struct Counts: Hashable, Sendable {
    public var total: Int
    public var completed: Int
    public var failed: Int

    public init(total: Int, completed: Int, failed: Int) {
      self.total = total
      self.completed = completed
      self.failed = failed
    }
  }

  public var id: String
  public var status: BatchStatus
  public var endpoint: String?
  public var inputFileID: String?
  public var completionWindow: String?
  /// The id of the file with the answers; nil where there is none yet, or where every request failed.
  public var outputFileID: String?
  /// The id of the file with the requests that failed; nil where there is none.
  public var errorFileID: String?
  public var counts: Counts?
  public var metadata: [String: String] = [:]
  /// Why the batch failed. APIs send an object, an array or a text, all of which are read.
  public var errors: [BatchError] = []
  public var model: String?
  public var createdAt: Date?
  public var inProgressAt: Date?
  public var finalizingAt: Date?
  public var completedAt: Date?
  public var failedAt: Date?
  public var expiredAt: Date?
  public var cancellingAt: Date?
  public var cancelledAt: Date?
  /// When the batch expires.
  public var expiresAt: Date?

  public init(id: String, status: BatchStatus) {
    self.id = id
    self.status = status
  }

  /// Nil where the bytes are not a JSON object with an id.
  ///
  /// - Parameter statusNames: OpenAI's names for the API's own names of statuses, which are in lower case.
  package init?(json: [UInt8], statusNames: [String: String] = [:]) {
    guard let object = WireObject(json) else { return nil }
    self.init(object, statusNames)
  }

  init?(_ object: WireObject, _ statusNames: [String: String]) {
    guard let id = object.id("id") else {
      // Together's answer to a create has the batch inside `job`, other APIs' inside `data`.
      for name in ["job", "data", "batch"] {
        if let inner = object.object(name), inner.id("id") != nil {
          self.init(inner, statusNames)
          return
        }
      }
      return nil
    }
    let spelt = object.id("status") ?? ""
    self.init(id: id, status: BatchStatus(statusNames[spelt.lowercased()] ?? spelt))
    endpoint = object.id("endpoint")
    inputFileID = object.id("input_file_id")
    completionWindow = object.text("completion_window")
    outputFileID = object.id("output_file_id")
    errorFileID = object.id("error_file_id")
    counts = object.object("request_counts").map {
      Counts(total: $0.number("total") ?? 0, completed: $0.number("completed") ?? 0, failed: $0.number("failed") ?? 0)
    }
    metadata = object.object("metadata")?.members.compactMapValues { $0 as? String } ?? [:]
    errors = Batch.errors(object)
    model = object.id("model")
    createdAt = object.time("created_at")
    inProgressAt = object.time("in_progress_at")
    finalizingAt = object.time("finalizing_at")
    completedAt = object.time("completed_at")
    failedAt = object.time("failed_at")
    expiredAt = object.time("expired_at")
    cancellingAt = object.time("cancelling_at")
    cancelledAt = object.time("cancelled_at")
    expiresAt = object.time("expires_at")
  }

  private static func errors(_ object: WireObject) -> [BatchError] {
    let list = object.objects("errors") ?? object.object("errors")?.objects("data")
    if let list {
      return list.map {
        BatchError(code: $0.text("code"), message: $0.text("message"), param: $0.text("param"), line: $0.number("line"))
      }
    }
    guard let text = object.id("errors") ?? object.id("error") else { return [] }
    return [BatchError(code: nil, message: text, param: nil, line: nil)]
  }
}
