import Foundation

/// An HTTP/1.1 server on 127.0.0.1 and a port of its own, a thread a connection: as many at once as tests like.
///
/// It is stopped when nobody has it any more. Stopping only shuts sockets down; the thread that owns a socket closes
/// it, so that no thread ever reads from a descriptor that has become another file.
package final class LoopbackServer: Sendable {
  package typealias Answer = @Sendable (HTTPRequest) -> HTTPAnswer

  package let port: UInt16
  private let connections: OpenConnections

  /// - Parameters:
  ///   - early: an answer that needs no body; then the body is neither asked for nor waited for.
  ///   - answer: called on the connection's thread, with the whole body.
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

  /// Every request so far, in the order in which they were complete.
  package var requests: [HTTPRequest] { connections.requests }

  /// Connections so far, with a request or without.
  package var connectionCount: Int { connections.count }

  package func stop() { connections.stop(port: port) }
}

extension LoopbackServer {
  /// A server that must never be asked, for `http_proxy`: look at its `connectionCount`.
  package static func neverAsked() throws -> LoopbackServer {
    let refusal = HTTPAnswer(500, "nobody asks here", type: "text/plain")
    return try LoopbackServer(early: { _ in refusal }, answer: { _ in refusal })
  }
}

/// The sockets of a server and what came over them.
private final class OpenConnections: @unchecked Sendable {
  // What is checked by hand: everything that changes is read and written under the lock.
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

  /// False, and the socket closed, once the server was stopped.
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
      // Elsewhere a listening socket cannot be shut down: a last connection wakes the thread that accepts.
      if !wasStopped { try? Socket.connected(to: port).close() }
    #else
      _ = wasStopped
    #endif
  }
}
