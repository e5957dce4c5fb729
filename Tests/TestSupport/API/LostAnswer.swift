import Foundation

/// Ways to lose the answer of a create that the API acted on.
package enum LostAnswer: String, CaseIterable, Sendable {
  case badGateway, serverError, requestTimeout, conflict, pageWith200, emptyWith200, noIDWith200, reset, closed
  case resetInHead, continueOnly, cutBody, nonsense

  package var fault: APIFault {
    switch self {
    case .badGateway: .lost(.page(502))
    case .serverError: .lost(.error(500, "The server had an error", type: "server_error"))
    case .requestTimeout: .lost(.error(408, "Request timeout"))
    case .conflict: .lost(.error(409, "Conflict"))
    case .pageWith200: .lost(.page(200))
    case .emptyWith200: .lost(HTTPAnswer(200, ""))
    case .noIDWith200: .lost(HTTPAnswer(200, #"{"object":"batch","status":"validating"}"#))
    case .reset: .broken(.resetAtOnce)
    case .closed: .broken(.closed)
    case .resetInHead: .broken(.resetInHead)
    case .continueOnly: .broken(.continueOnly)
    case .cutBody: .broken(.cut(after: 30))
    case .nonsense: .broken(.raw("SSH-2.0-OpenSSH_9.2\r\n"))
    }
  }
}
