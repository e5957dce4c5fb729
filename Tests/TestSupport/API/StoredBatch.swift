import Foundation

/// A batch at the API.
struct StoredBatch {
  let id: String
  let endpoint: String
  let inputFileID: String
  let window: String
  let metadata: JSON
  let createdAt: Int
  /// The statuses still to come; the last one stays.
  var statuses: [String]
  var step = 0
  var errors: [(code: String, message: String, line: Int?)] = []
  var outputFileID: String?
  var errorFileID: String?
  var counts = (total: 0, completed: 0, failed: 0)
  /// How many lists will not show the batch.
  var hiddenLists: Int

  var status: String { statuses[min(step, statuses.count - 1)] }

  static let final: Set<String> = ["completed", "failed", "expired", "cancelled"]
  var isFinal: Bool { StoredBatch.final.contains(status) }

  func object(_ settings: APISettings) -> JSON {
    var members: [JSON.Member] = []
    func add(_ name: String, _ value: JSON) { members.append(.init(name: name, value: value)) }
    func addID(_ name: String, _ id: String?) {
      switch (id, settings.absence) {
      case (let id?, _): add(name, .text(id))
      case (nil, .null): add(name, nil)
      case (nil, .empty): add(name, "")
      case (nil, .object): add(name, .object([]))
      case (nil, .missing): break
      }
    }
    add("id", .text(id))
    add("object", "batch")
    add("endpoint", .text(endpoint))
    add("input_file_id", .text(inputFileID))
    add("completion_window", .text(window))
    add("status", .text(settings.shouts ? status.uppercased() : status))
    addID("output_file_id", outputFileID)
    addID("error_file_id", errorFileID)
    add("created_at", .number(createdAt))
    add("expires_at", .number(createdAt + 86_400))
    add("\(status)_at", .number(createdAt + step))
    let counts = isFinal ? counts : settings.runningCounts
    if settings.hasCounts {
      add(
        "request_counts",
        ["total": .number(counts.total), "completed": .number(counts.completed), "failed": .number(counts.failed)])
    }
    add("metadata", metadata)
    let list = errors.map { error in
      [
        "code": .text(error.code), "message": .text(error.message), "param": nil,
        "line": error.line.map { .number($0) } ?? nil,
      ] as JSON
    }
    if list.isEmpty {
      add("errors", nil)
    } else {
      add("errors", settings.errorsAreBareList ? .array(list) : ["object": "list", "data": .array(list)])
    }
    return .object(members)
  }
}
