import BatchFile

/// One call of the API, without its host and key.
struct APICall: Sendable {
  var method = "GET"
  /// The path after the base URL, percent-encoded.
  var path: String
  var query: [[String]] = []
  var headers = APIHeaders()
  var body = APIRequest.Body.none
  var destination: Path?
  var repeatability = RetryPolicy.Repeatability.freely
  var timeouts = APIRequest.Timeouts()
  /// Whether redirects to other hosts are followed; these hosts do not get the key.
  var followsRedirects = false
  var progress: (@Sendable (APIRequest.Progress) -> Void)?
  /// What a reply with a 2xx status must hold, for messages, and whether a reply holds it: proxies send pages of their
  /// own with status 200.
  var wanted = ""
  var isAnswer: @Sendable (APIResponse) -> Bool = { _ in true }

  /// Percent-encodes an id or a value, except for letters, digits and `-._~`.
  static func encode(_ text: String) -> String {
    var out = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
        out.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        out += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    // A segment of one or two dots would lead to another path.
    return out == "." ? "%2E" : out == ".." ? "%2E%2E" : out
  }

  func url(on base: WebAddress) -> String {
    let query = query.map { "\(APICall.encode($0[0]))=\(APICall.encode($0.count > 1 ? $0[1] : ""))" }
    return "\(base)\(path)" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
  }
}
