import Foundation

/// A server's answer, and the faults on its way to the client.
package struct HTTPAnswer: Sendable {
  /// How the answer says where its body ends.
  package enum Framing: Sendable, Equatable {
    case length
    case chunked
    /// By the end of the connection.
    case untilClose
    /// By a `Content-Length` of this number, even if the body has another length.
    case claimed(Int)
  }

  /// What happens to the answer on its way.
  package enum Wire: Sendable, Equatable {
    case whole
    /// The connection is closed after this many bytes of the body.
    case cut(after: Int)
    /// The connection is reset after this many bytes of the body.
    case reset(after: Int)
    /// The connection is closed before the first byte.
    case closed
    /// The connection is reset before the first byte.
    case resetAtOnce
    /// The connection is reset in the middle of the headers.
    case resetInHead
    /// Nothing is sent until the client gives up or the server is stopped.
    case silence
    /// `100 Continue` is sent, and the connection is closed.
    case continueOnly
    /// This many bytes of the body are sent at a time, with a pause after them.
    case slow(bytes: Int, milliseconds: Int)
    /// These bytes are sent in place of the answer, and the connection is closed.
    case raw(String)
  }

  package var status: Int
  package var headers: [HTTPRequest.Field]
  package var body: Data
  package var framing = Framing.length
  package var wire = Wire.whole
  /// How many milliseconds pass before the first byte is sent.
  package var pause = 0

  package init(_ status: Int, _ body: Data = Data(), type: String = "application/json") {
    self.status = status
    self.body = body
    headers = [.init(name: "Content-Type", value: type)]
  }

  package init(_ status: Int, _ text: String, type: String = "application/json") {
    self.init(status, Data(text.utf8), type: type)
  }

  package func with(_ name: String, _ value: String) -> HTTPAnswer {
    var answer = self
    answer.headers.removeAll { $0.name.lowercased() == name.lowercased() }
    answer.headers.append(.init(name: name, value: value))
    return answer
  }

  package func with(_ framing: Framing, _ wire: Wire = .whole) -> HTTPAnswer {
    var answer = self
    answer.framing = framing
    answer.wire = wire
    return answer
  }

  package func with(_ wire: Wire) -> HTTPAnswer { with(framing, wire) }

  package func after(milliseconds: Int) -> HTTPAnswer {
    var answer = self
    answer.pause = milliseconds
    return answer
  }

  /// The part of the body that `Range: bytes=N-` or `bytes=N-M` asks for.
  package func inRange(of request: HTTPRequest) -> HTTPAnswer {
    guard status == 200, let range = request.header("Range"), range.hasPrefix("bytes=") else { return self }
    let ends = range.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let first = ends[0] else { return self }
    guard first < body.count else {
      return HTTPAnswer(416, "", type: "text/plain").with("Content-Range", "bytes */\(body.count)")
    }
    let last = min(ends[1] ?? body.count - 1, body.count - 1)
    guard first <= last else { return self }
    var answer = with("Content-Range", "bytes \(first)-\(last)/\(body.count)")
    answer.status = 206
    answer.body = body.dropFirst(first).prefix(last - first + 1)
    return answer
  }

  /// The answer with its body in gzip's format, even if the client has not asked for that.
  package var gzipped: HTTPAnswer {
    var answer = with("Content-Encoding", "gzip")
    answer.body = Gzip.stored(body)
    return answer
  }
}

extension HTTPAnswer {
  static let reasons = [
    200: "OK", 202: "Accepted", 206: "Partial Content", 302: "Found", 307: "Temporary Redirect", 400: "Bad Request",
    401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 413: "Payload Too Large",
    416: "Range Not Satisfiable", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout",
  ]

  /// The first line, the headers and the empty line after them.
  func head(closing: Bool) -> Data {
    var text = "HTTP/1.1 \(status) \(HTTPAnswer.reasons[status] ?? "Status")\r\n"
    for field in headers { text += "\(field.name): \(field.value)\r\n" }
    switch framing {
    case .length: text += "Content-Length: \(body.count)\r\n"
    case .claimed(let count): text += "Content-Length: \(count)\r\n"
    case .chunked: text += "Transfer-Encoding: chunked\r\n"
    case .untilClose: break
    }
    if closing { text += "Connection: close\r\n" }
    return Data((text + "\r\n").utf8)
  }

  /// Whether the connection ends with this answer.
  var ends: Bool {
    switch wire {
    case .whole, .slow: framing == .untilClose || framing != .length && framing != .chunked
    default: true
    }
  }
}
