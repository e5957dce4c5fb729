import Foundation

/// A client that sends exactly the bytes of a test and shows exactly those that came back.
package struct RawConnection: ~Copyable {
  package struct Reply: Sendable {
    package let head: String
    package let body: Data

    package var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }
    package var text: String { String(decoding: body, as: UTF8.self) }

    package func header(_ name: String) -> String? {
      head.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
        .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }

    /// The body as a JSON object.
    package var object: [String: Any] {
      (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:]
    }
  }

  private let socket: Socket
  private var pending = Data()

  package init(port: UInt16) throws { socket = try Socket.connected(to: port) }

  deinit { socket.close() }

  package func send(_ text: String) { socket.write(Data(text.utf8)) }
  package func send(_ data: Data) { socket.write(data) }

  /// Tells the server that nothing more will be sent.
  package func finish() { socket.finish() }

  /// Reads everything up to the end of the connection.
  package mutating func readToEnd() -> Data {
    while readMore() {}
    defer { pending = Data() }
    return pending
  }

  /// Reads up to the next empty line; nil where the connection ends before it.
  package mutating func readHead() -> String? {
    let end = Data("\r\n\r\n".utf8)
    while true {
      if let found = pending.range(of: end) {
        let head = pending[pending.startIndex..<found.lowerBound]
        pending = Data(pending[found.upperBound...])
        return String(decoding: head, as: UTF8.self)
      }
      guard readMore() else { return nil }
    }
  }

  /// Reads the next answer with a `Content-Length`; its body is shorter where the connection ends before.
  package mutating func readReply() -> Reply? {
    guard let head = readHead() else { return nil }
    let length = Reply(head: head, body: Data()).header("Content-Length").flatMap { Int($0) } ?? 0
    while pending.count < length, readMore() {}
    let body = Data(pending.prefix(length))
    pending = Data(pending.dropFirst(length))
    return Reply(head: head, body: body)
  }

  private mutating func readMore() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = buffer.withUnsafeMutableBytes { socket.read(into: $0) }
    pending.append(contentsOf: buffer[..<count])
    return count > 0
  }
}

extension RawConnection {
  /// Sends one request on a connection of its own and reads the answer.
  package static func ask(
    _ method: String, _ path: String, port: UInt16, headers: [String] = [], body: Data = Data()
  ) throws -> Reply? {
    var connection = try RawConnection(port: port)
    let fields = headers + ["Host: 127.0.0.1", "Content-Length: \(body.count)", "Connection: close"]
    connection.send(Data("\(method) \(path) HTTP/1.1\r\n\(fields.joined(separator: "\r\n"))\r\n\r\n".utf8) + body)
    return connection.readReply()
  }
}
