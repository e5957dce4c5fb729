import Foundation

/// A TCP socket of the loopback interface. No call of it raises SIGPIPE, and no child of the tests inherits it.
struct Socket: Sendable {
  let descriptor: Int32

  private static var stream: Int32 {
    #if canImport(Glibc)
      Int32(SOCK_STREAM.rawValue)
    #else
      SOCK_STREAM
    #endif
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    #if canImport(Darwin)
      var on: Int32 = 1
      setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
    #endif
  }

  /// A socket that listens on a free port, and the port.
  static func listening() throws -> (socket: Socket, port: UInt16) {
    let socket = Socket(Foundation.socket(AF_INET, stream, 0))
    var address = loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let worked = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket.descriptor, $0, size) == 0 && listen(socket.descriptor, 128) == 0
          && getsockname(socket.descriptor, $0, &size) == 0
      }
    }
    guard worked else { throw SocketError(number: errno) }
    return (socket, UInt16(bigEndian: address.sin_port))
  }

  /// A socket that is connected to a port of this machine.
  static func connected(to port: UInt16) throws -> Socket {
    let socket = Socket(Foundation.socket(AF_INET, stream, 0))
    var address = loopback(port)
    let worked = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard worked else {
      socket.close()
      throw SocketError(number: errno)
    }
    return socket
  }

  /// Waits for the next connection; nil once the socket was shut down.
  func accept() -> Socket? {
    while true {
      let descriptor = Foundation.accept(self.descriptor, nil, nil)
      if descriptor >= 0 { return Socket(descriptor) }
      if errno != EINTR && errno != ECONNABORTED { return nil }
    }
  }

  /// - Returns: how many bytes were read; 0 at the end and after an error.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count >= 0 { return count }
      if errno != EINTR { return 0 }
    }
  }

  /// - Returns: whether all bytes were sent.
  @discardableResult
  func write(_ bytes: Data) -> Bool {
    #if canImport(Darwin)
      let flags: Int32 = 0
    #else
      let flags = Int32(MSG_NOSIGNAL)
    #endif
    return bytes.withUnsafeBytes { buffer in
      var sent = 0
      while sent < buffer.count {
        let count = send(descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent, flags)
        if count > 0 { sent += count } else if count == 0 || errno != EINTR { return false }
      }
      return true
    }
  }

  /// Waits until there is something to read, or the connection has ended.
  /// - Returns: false where the time was over before.
  @discardableResult
  func waitForInput(milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, milliseconds) != 0
  }

  /// Ends both directions. Threads that read, write or accept on the socket return at once; the descriptor stays open.
  func shutDown() { _ = shutdown(descriptor, Int32(shutdownBoth)) }

  /// Ends the direction to the other side.
  func finish() { _ = shutdown(descriptor, Int32(shutdownWrite)) }

  func close() { _ = Foundation.close(descriptor) }

  /// Makes `close` tell the other side that the connection was reset.
  func resetOnClose() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  private var shutdownBoth: Int { Int(SHUT_RDWR) }
  private var shutdownWrite: Int { Int(SHUT_WR) }
}

/// The system's error number.
package struct SocketError: Error { package let number: Int32 }
