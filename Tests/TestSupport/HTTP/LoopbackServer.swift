import Foundation

/// An HTTP/1.1 server on 127.0.0.1, with a port of its own and a thread for each connection.
///
/// It stops when it is released. Stopping only shuts the sockets down. The thread that owns a socket closes it, so that
/// no thread ever reads from a descriptor that the system has given to another file.
package final class LoopbackServer: Sendable {
  package typealias Answer = @Sendable (HTTPRequest) -> HTTPAnswer

  package let port: UInt16
  private let connections: OpenConnections

  /// - Parameters:
  ///   - early: returns an answer that can be given without the body, and then the body is not read; nil otherwise.
  ///   - answer: makes the answer to a request with its whole body, on the connection's thread.
  package init(
    early: @escaping @Sendable (HTTPRequest) -> HTTPAnswer? = { _ in nil }, answer: @escaping Answer
  ) throws {
    let (listener, port) = try Socket.listening()
    let connections = OpenConnections(listener: listener)
    self.port = port
    self.connections = connections
    Thread.detachNewThread {
      while let socket = listener.accept() {
        guard connections.add(socket) else { continue }
        Thread.detachNewThread {
          var connection = HTTPConnection(socket)
          connection.serve(early: early, note: connections.note, answer: answer)
          connections.close(socket)
        }
      }
      listener.close()
    }
  }

  deinit { stop() }

  /// `http://127.0.0.1:PORT`
  package var url: String { "http://127.0.0.1:\(port)" }

  /// All requests so far, in the order in which their last bytes came.
  package var requests: [HTTPRequest] { connections.requests }

  /// How many connections there were so far, with or without a request.
  package var connectionCount: Int { connections.count }

  package func stop() { connections.stop(port: port) }
}

extension LoopbackServer {
  /// A server for `http_proxy` that must never be asked; its `connectionCount` shows whether it was.
  package static func neverAsked() throws -> LoopbackServer {
    let refusal = HTTPAnswer(500, "nobody asks here", type: "text/plain")
    return try LoopbackServer(early: { _ in refusal }, answer: { _ in refusal })
  }
}

/// The sockets of a server and the requests that came.
private final class OpenConnections: @unchecked Sendable {
  // Unchecked: everything that changes is only read and written under the lock.
  private let lock = NSLock()
  private let listener: Socket
  private var sockets: [Int32: Socket] = [:]
  private var isStopped = false
  private var log: [HTTPRequest] = []
  private var accepted = 0

  init(listener: Socket) { self.listener = listener }

  var requests: [HTTPRequest] { lock.withLock { log } }
  var count: Int { lock.withLock { accepted } }

  func note(_ request: HTTPRequest) { lock.withLock { log.append(request) } }

  /// Adds a socket.
  /// - Returns: false once the server was stopped, and then the socket is closed.
  func add(_ socket: Socket) -> Bool {
    lock.withLock {
      guard !isStopped else {
        socket.close()
        return false
      }
      accepted += 1
      sockets[socket.descriptor] = socket
      return true
    }
  }

  func close(_ socket: Socket) {
    lock.withLock {
      sockets[socket.descriptor] = nil
      socket.close()
    }
  }

  func stop(port: UInt16) {
    let wasStopped = lock.withLock {
      defer { isStopped = true }
      guard !isStopped else { return true }
      for socket in sockets.values { socket.shutDown() }
      listener.shutDown()
      return false
    }
    #if !os(Linux)
      // On other systems a listening socket cannot be shut down, so a last connection wakes the thread that accepts.
      if !wasStopped { try? Socket.connected(to: port).close() }
    #else
      _ = wasStopped
    #endif
  }
}
