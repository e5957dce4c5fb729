import Foundation

/// One connection of a server. Requests are read and answered one after the other until one side closes the connection.
struct HTTPConnection {
  private static let longestHead = 65_536
  /// The most bytes of a body that is kept in memory; a longer one goes to a file.
  private static let longestInMemory = 1 << 20

  let socket: Socket
  /// The bytes that were read and not yet used.
  private var pending = Data()

  init(_ socket: Socket) { self.socket = socket }

  /// - Parameters:
  ///   - early: returns an answer that can be given without the body, and then the body is not read; nil otherwise.
  ///   - note: is called with each request once it is complete and before it is answered.
  mutating func serve(
    early: (HTTPRequest) -> HTTPAnswer?, note: (HTTPRequest) -> Void, answer: (HTTPRequest) -> HTTPAnswer
  ) {
    while let head = readHead() {
      guard var request = HTTPRequest(head: head) else {
        send(HTTPAnswer(400, "no HTTP/1.1", type: "text/plain"), to: nil, closing: true)
        return
      }
      if let refusal = early(request) {
        note(request)
        send(refusal, to: request, closing: true)
        drain()
        return
      }
      if request.header("Expect")?.lowercased() == "100-continue" {
        socket.write(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8))
      }
      guard let body = readBody(of: request) else { return }
      request.body = body
      note(request)
      let answer = answer(request)
      let closing = answer.ends || request.header("Connection")?.lowercased() == "close"
      guard send(answer, to: request, closing: closing), !closing else { return }
    }
  }

  // MARK: Reading

  /// Adds the bytes that have arrived to the pending ones.
  /// - Returns: false at the end of the connection.
  private mutating func readMore() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = buffer.withUnsafeMutableBytes { socket.read(into: $0) }
    pending.append(contentsOf: buffer[..<count])
    return count > 0
  }

  private mutating func take(_ count: Int) -> Data {
    let taken = Data(pending.prefix(count))
    pending = Data(pending.dropFirst(count))
    return taken
  }

  /// Reads up to an end mark and takes the mark away; nil where none comes.
  private mutating func read(to end: String) -> Data? {
    let end = Data(end.utf8)
    while true {
      if let range = pending.range(of: end) {
        let text = take(range.lowerBound - pending.startIndex)
        _ = take(end.count)
        return text
      }
      guard pending.count < HTTPConnection.longestHead, readMore() else { return nil }
    }
  }

  private mutating func readHead() -> Data? { read(to: "\r\n\r\n") }

  private mutating func readLine() -> String? { read(to: "\r\n").map { String(decoding: $0, as: UTF8.self) } }

  /// The body of a request; nil where the client broke off.
  private mutating func readBody(of request: HTTPRequest) -> Data? {
    var body = IncomingBody(longestInMemory: HTTPConnection.longestInMemory)
    if request.header("Transfer-Encoding")?.lowercased() == "chunked" {
      while true {
        guard let line = readLine(), let count = Int(line.prefix { $0 != ";" }, radix: 16) else { return nil }
        guard read(count, into: &body), readLine() == "" else { return nil }
        if count == 0 { return body.whole }
      }
    }
    guard read(Int(request.header("Content-Length") ?? "0") ?? 0, into: &body) else { return nil }
    return body.whole
  }

  private mutating func read(_ count: Int, into body: inout IncomingBody) -> Bool {
    var missing = count
    while missing > 0 {
      if pending.isEmpty && !readMore() { return false }
      let piece = take(missing)
      body.append(piece)
      missing -= piece.count
    }
    return true
  }

  /// Lets a client that is still sending read the answer before the connection ends.
  private mutating func drain() {
    socket.finish()
    while socket.waitForInput(milliseconds: 500), readMore() { pending = Data() }
  }

  // MARK: Answering

  /// Sends an answer.
  /// - Returns: false where the connection has ended.
  @discardableResult
  private func send(_ answer: HTTPAnswer, to request: HTTPRequest?, closing: Bool) -> Bool {
    // The pause is a wait for input, because that also ends when the client closes the connection or the server is
    // stopped.
    if answer.pause > 0 && socket.waitForInput(milliseconds: Int32(answer.pause)) { return false }
    let head = answer.head(closing: closing)
    let body = request?.method == "HEAD" ? Data() : answer.body
    switch answer.wire {
    case .whole:
      return socket.write(head) && write(body, answer.framing, whole: true)
    case .slow(let bytes, let milliseconds):
      var rest = body[...]
      guard socket.write(head) else { return false }
      while !rest.isEmpty {
        guard write(rest.prefix(bytes), answer.framing, whole: false) else { return false }
        rest = rest.dropFirst(bytes)
        if socket.waitForInput(milliseconds: Int32(milliseconds)) { return false }
      }
      return answer.framing != .chunked || socket.write(Data("0\r\n\r\n".utf8))
    case .cut(let count):
      _ = socket.write(head) && write(body.prefix(count), answer.framing, whole: false)
    case .reset(let count):
      _ = socket.write(head) && write(body.prefix(count), answer.framing, whole: false)
      // The client gets time to read what was sent before the reset discards it.
      socket.waitForInput(milliseconds: 50)
      socket.resetOnClose()
    case .closed: break
    case .resetAtOnce: socket.resetOnClose()
    case .resetInHead:
      socket.write(head.prefix(20))
      socket.waitForInput(milliseconds: 50)
      socket.resetOnClose()
    case .silence: socket.waitForInput(milliseconds: -1)
    case .continueOnly: socket.write(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    case .raw(let text): socket.write(Data(text.utf8))
    }
    return false
  }

  private func write(_ body: Data, _ framing: HTTPAnswer.Framing, whole: Bool) -> Bool {
    guard framing == .chunked else { return socket.write(body) }
    var rest = body[...]
    while !rest.isEmpty {
      let piece = rest.prefix(1 << 16)
      guard socket.write(Data("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Data("\r\n".utf8)) else {
        return false
      }
      rest = rest.dropFirst(piece.count)
    }
    return !whole || socket.write(Data("0\r\n\r\n".utf8))
  }
}

/// A body that is being read: in memory while it is short, then in a file without a name.
private struct IncomingBody {
  let longestInMemory: Int
  private var bytes = Data()
  private var file: (handle: FileHandle, url: URL)?

  init(longestInMemory: Int) { self.longestInMemory = longestInMemory }

  mutating func append(_ piece: Data) {
    if let file {
      file.handle.write(piece)
      return
    }
    bytes.append(piece)
    guard bytes.count > longestInMemory else { return }
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("batchfile-body-\(UUID().uuidString)")
    guard (try? bytes.write(to: url)) != nil, let handle = try? FileHandle(forWritingTo: url) else { return }
    handle.seekToEndOfFile()
    file = (handle, url)
    bytes = Data()
  }

  /// The whole body. A mapped file can be removed at once, since the mapping keeps its content.
  var whole: Data? {
    guard let file else { return bytes }
    try? file.handle.close()
    defer { try? FileManager.default.removeItem(at: file.url) }
    return try? Data(contentsOf: file.url, options: .alwaysMapped)
  }
}
