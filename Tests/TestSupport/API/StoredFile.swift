import Foundation

/// A file at the API.
struct StoredFile {
  let id: String
  let name: String
  let purpose: String
  let contentType: String?
  let content: Data
  let createdAt: Int
  /// How often the file was asked for.
  var asked = 0

  func object(_ settings: APISettings) -> JSON {
    let statuses = settings.fileStatuses
    var members: [JSON.Member] = [
      .init(name: "id", value: .text(id)), .init(name: "object", value: "file"),
      .init(name: "created_at", value: .number(createdAt)), .init(name: "filename", value: .text(name)),
      .init(name: "purpose", value: .text(purpose)),
    ]
    if settings.hasBytes {
      let bytes = content.count + (purpose == "batch" ? 0 : settings.bytesOffset)
      members.append(.init(name: "bytes", value: .number(bytes)))
    }
    if let status = statuses.isEmpty ? nil : statuses[min(asked, statuses.count - 1)] {
      members.append(.init(name: "status", value: .text(status)))
    }
    return .object(members)
  }
}
