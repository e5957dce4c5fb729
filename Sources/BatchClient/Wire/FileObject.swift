import Foundation

/// A file as the API describes it. Everything except the id may be missing.
public struct FileObject: Hashable, Sendable {
  public var id: String
  public var bytes: Int?
  public var name: String?
  public var purpose: String?
  /// The status: `uploaded`, `processed`, `pending` or `error`. Many APIs give none.
  public var status: String?
  public var statusDetails: String?
  public var createdAt: Date?
  public var expiresAt: Date?

  public init(id: String) { self.id = id }

  /// Nil where the bytes are not a JSON object with an id.
  package init?(json: [UInt8]) {
    guard let object = WireObject(json) else { return nil }
    guard let id = object.id("id") else {
      guard let inner = object.object("data"), let id = inner.id("id") else { return nil }
      self.init(id, inner)
      return
    }
    self.init(id, object)
  }

  private init(_ id: String, _ object: WireObject) {
    self.init(id: id)
    bytes = object.number("bytes")
    name = object.id("filename")
    purpose = object.id("purpose")
    status = object.id("status")
    statusDetails = object.text("status_details")
    createdAt = object.time("created_at")
    expiresAt = object.time("expires_at")
  }
}
