import Foundation

/// Why a call of the API failed. It holds facts, and never the request or the key.
public struct ClientError: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// 401 or 403: the API refuses the key, or does not allow it to do this.
    case keyRefused
    /// Another 4xx.
    case refused
    /// A 3xx that is not followed.
    case redirected
    /// A 5xx.
    case serverFault
    /// No reply came.
    case unreachable
    /// The reply is not one that the API gives.
    case unreadable
    /// Something on this machine is missing or wrong.
    case unusable
    /// The task was cancelled.
    case cancelled
  }

  /// Whether the server may have done what it was asked.
  public enum Delivery: Hashable, Sendable {
    /// No byte of the request was sent.
    case notSent
    /// The server refused the request.
    case refused
    /// It is not known whether the server did it.
    case unknown
  }

  public var kind: Kind
  public var delivery: Delivery
  /// The HTTP status; nil where no reply came.
  public var status: Int?
  /// The API's code for the error, or its type where it gives no code.
  public var code: String?
  /// The message in the API's or the system's words: at most 200 characters, without control characters and without the
  /// key.
  public var message: String
  public var param: String?
  /// The request's id, which the API's support asks for.
  public var requestID: String?
  /// How long the server asks to wait, in seconds.
  public var retryAfter: Double?
  /// The part of a reply that came before the connection broke.
  package var cut: APIResponse?

  public init(
    _ kind: Kind, delivery: Delivery, status: Int? = nil, code: String? = nil, message: String, param: String? = nil,
    requestID: String? = nil, retryAfter: Double? = nil
  ) {
    self.kind = kind
    self.delivery = delivery
    self.status = status
    self.code = code
    self.message = message
    self.param = param
    self.requestID = requestID
    self.retryAfter = retryAfter
  }
}

extension ClientError: LocalizedError {
  public var errorDescription: String? { description }
}

extension ClientError: CustomStringConvertible {
  /// `429 rate_limit_exceeded: Rate limit reached (request req_01…); the API asks to wait 90 s`
  public var description: String {
    let head = [status.map(String.init), code].compactMap { $0 }.joined(separator: " ")
    var text = head.isEmpty ? message : message.isEmpty ? head : "\(head): \(message)"
    if let requestID { text += " (request \(requestID))" }
    // A call waits for shorter times itself.
    if let retryAfter, retryAfter >= 1 { text += "; the API asks to wait \(Int(min(retryAfter, 1e9).rounded(.up))) s" }
    return text
  }
}

extension ClientError {
  /// The error for a reply without success. It understands the recorded forms: Groq's and OpenAI's object, a plain
  /// text, a code that is a number, FastAPI's `detail`, HTML of a proxy, and an empty body.
  init(_ response: APIResponse, now: Date, _ words: CleanWords) {
    let kind: Kind
    let delivery: Delivery
    switch response.status {
    case 300..<400: (kind, delivery) = (.redirected, .refused)
    case 401, 403: (kind, delivery) = (.keyRefused, .refused)
    // A server may answer with these two after it has accepted the request.
    case 408, 409: (kind, delivery) = (.refused, .unknown)
    case 400..<500: (kind, delivery) = (.refused, .refused)
    case 500...: (kind, delivery) = (.serverFault, .unknown)
    default: (kind, delivery) = (.unreadable, .unknown)
    }
    self.init(kind, delivery: delivery, status: response.status, message: "")
    requestID = (response.headers["x-request-id"] ?? response.headers["request-id"]).map(words.clean)
    retryAfter = RetryPolicy.retryAfter(response.headers, now: now)
    if kind == .redirected {
      message = words.clean("the base URL redirects to \(response.headers["location"] ?? "nowhere")")
      return
    }
    guard let reply = WireObject(response.body) else {
      message = response.body.isEmpty ? "an empty reply" : words.clean(String(decoding: response.body, as: UTF8.self))
      return
    }
    if let error = reply.object("error") {
      code = (error.text("code") ?? error.text("type")).map(words.clean)
      param = error.text("param").map(words.clean)
      message = words.clean(error.text("message") ?? "")
    } else {
      let text = reply.text("error") ?? reply.text("message") ?? reply.text("detail")
      code = reply.text("code").map(words.clean)
      message = words.clean(text ?? String(decoding: response.body, as: UTF8.self))
    }
  }

  init(_ error: TransportError, _ words: CleanWords) {
    let kind: Kind =
      switch error.kind {
      case .interrupted, .failed: .unreachable
      case .unusable: .unusable
      case .cancelled: .cancelled
      }
    self.init(kind, delivery: error.bytesSent == 0 ? .notSent : .unknown, message: words.clean(error.message))
    cut = error.response
  }
}

/// Makes texts from outside safe to show and to keep: it removes the key and control characters, and cuts long texts.
struct CleanWords: Hashable, Sendable {
  static let limit = 200
  /// The texts that must never be shown.
  var secrets: [String]

  func clean(_ text: String) -> String {
    var text = text
    for secret in secrets where secret.utf8.count >= 4 { text = text.replacingOccurrences(of: secret, with: "[key]") }
    var out = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
      if count == CleanWords.limit {
        out.append("…")
        break
      }
      out.append(CleanWords.isHarmless(scalar) ? scalar : " ")
      count += 1
    }
    return String(out).trimmingCharacters(in: .whitespaces)
  }

  /// Whether a character is not a control character, a line end, or a mark that changes the direction of text.
  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate: false
    default: true
    }
  }
}
