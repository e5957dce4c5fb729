import Foundation

/// The calls of a Batch API.
package enum APIOperation: String, Sendable, CaseIterable {
  case upload, listFiles, fileInfo, content, deleteFile, create, retrieve, list, cancel

  /// The call that a request makes, and the id that it names; nil where the API has no such call.
  package static func of(_ request: HTTPRequest, base: String) -> (operation: APIOperation, id: String)? {
    guard request.path.hasPrefix(base + "/") else { return nil }
    let parts = request.segments.dropFirst(base.split(separator: "/").count)
    let id = parts.dropFirst().first ?? ""
    let operation: APIOperation? =
      switch (request.method, parts.first, parts.count, parts.last) {
      case ("POST", "files", 1, _): .upload
      case ("GET", "files", 1, _): .listFiles
      case ("GET", "files", 2, _): .fileInfo
      case ("DELETE", "files", 2, _): .deleteFile
      case ("GET", "files", 3, "content"): .content
      case ("POST", "batches", 1, _): .create
      case ("GET", "batches", 1, _): .list
      case ("GET", "batches", 2, _): .retrieve
      case ("POST", "batches", 3, "cancel"): .cancel
      default: nil
      }
    return operation.map { ($0, id) }
  }
}
