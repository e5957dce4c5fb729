import Foundation

/// A request that the API got, and what it did.
package struct APICall: Sendable {
  /// nil for what the API has not.
  package let operation: APIOperation?
  /// The file or batch it names.
  package let id: String
  package let method: String
  package let target: String
  package let headers: [HTTPRequest.Field]
  package let bytes: Int
  package let digest: String
  package let isAuthorized: Bool
  /// Whether something was stored, made, read or ended.
  package let acted: Bool
  /// The status of the answer, sent or not.
  package internal(set) var status: Int
}

extension APICall: CustomStringConvertible {
  package var description: String { "\(method) \(target) → \(status)\(acted ? "" : ", nothing done")" }
}
