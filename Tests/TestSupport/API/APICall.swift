import Foundation

/// A request that the API received, and what the API did.
package struct APICall: Sendable {
  /// Nil where the API has no such call.
  package let operation: APIOperation?
  /// The id of the file or batch that the request names.
  package let id: String
  package let method: String
  package let target: String
  package let headers: [HTTPRequest.Field]
  package let bytes: Int
  package let digest: String
  package let isAuthorized: Bool
  /// Whether the API did what was asked.
  package let acted: Bool
  /// The status of the answer, even if the answer was not sent.
  package internal(set) var status: Int
}

extension APICall: CustomStringConvertible {
  package var description: String { "\(method) \(target) → \(status)\(acted ? "" : ", nothing done")" }
}
