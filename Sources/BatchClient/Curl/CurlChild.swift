import BatchFile
import Foundation
import JSONLines

/// One curl process. A thread of its own starts it, writes to it, reads from it and waits for its end.
final class CurlChild: @unchecked Sendable {  // its members belong to its thread but for `stop`, which has a lock
  /// How the process ended, and its outputs.
  struct Exit: Sendable {
    /// The exit code; negative for a signal; nil where the system does not know it.
    var code: Int32?
    var output: [UInt8] = []
    var errors: [UInt8] = []
    var wasStopped = false
    /// Why no process was started; nil where one was.
    var failure: String?
    var isTooLarge = false
  }

  /// The time between SIGTERM and SIGKILL, in milliseconds.
  private static let grace: Int32 = 3_000
  /// How many of the last bytes of standard error are kept: messages come last.
  private static let errorLimit = 16 << 10

  private let path: String
  private let environment: [String]
  private let request: APIRequest
  private var input: [UInt8]
  private let stop = StopSwitch()
  private var exit = Exit()
  private var lastProgress = 0.0

  init(path: String, environment: [String], input: [UInt8], request: APIRequest) {
    self.path = path
    self.environment = environment
    self.input = input
    self.request = request
  }

  /// Runs curl to its end. If the task is cancelled, curl is stopped, and the bytes that came are returned.
  func run() async -> Exit {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let thread = Thread { continuation.resume(returning: self.runOnThisThread()) }
        thread.stackSize = 512 << 10
        thread.start()
      }
    } onCancel: {
      stop.stop()
    }
  }

  private func runOnThisThread() -> Exit {
    // These are sockets and not pipes, because the system can make sockets that are closed on exec from the beginning,
    // so that no other child inherits them.
    guard let stdin = SocketPair(), let stdout = SocketPair(), let stderr = SocketPair(), let wake = SocketPair() else {
      exit.failure = "no descriptors left"
      return exit
    }
    defer { stop.disarm() }
    stop.arm(wake.child)
    let pid: pid_t
    switch spawn(stdin.child.descriptor, stdout.child.descriptor, stderr.child.descriptor) {
    case .success(let number): pid = number
    case .failure(let error):
      exit.failure = "\(path): \(error)"
      return exit
    }
    stdin.child.close()
    stdout.child.close()
    stderr.child.close()
    exchange(pid, stdin.parent, stdout.parent, stderr.parent, wake.parent)
    exit.code = wait(for: pid)
    return exit
  }

  private func spawn(_ stdin: Int32, _ stdout: Int32, _ stderr: Int32) -> Result<pid_t, InputFailure> {
    var actions = FileActions()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, stdin, 0)
    posix_spawn_file_actions_adddup2(&actions, stdout, 1)
    posix_spawn_file_actions_adddup2(&actions, stderr, 2)
    var attributes = SpawnAttributes()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The process gets the default signals, whatever this process ignores or blocks, and a process group of its own. So
    // Ctrl-C at a terminal goes only to this process, which decides what is still finished.
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    var flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
    #if canImport(Darwin)
      flags |= Int32(POSIX_SPAWN_CLOEXEC_DEFAULT)
    #endif
    posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))

    let words: [String] = ["curl", "-q", "--config", "-"]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, path, &actions, &attributes, &arguments, &variables)
    return code == 0 ? .success(pid) : .failure(InputFailure(code: code))
  }

  /// Writes standard input and reads both outputs until they are closed.
  private func exchange(_ pid: pid_t, _ stdin: Socket, _ stdout: Socket, _ stderr: Socket, _ wake: Socket) {
    var sent = 0
    var deadline: Double?
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while stdout.descriptor >= 0 || stderr.descriptor >= 0 {
      var polls = [
        pollfd(fd: stdin.descriptor, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: stdout.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: stderr.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: exit.wasStopped ? -1 : wake.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let watchesFile = request.progress != nil && request.destination != nil
      let ready = poll(&polls, nfds_t(polls.count), deadline != nil ? 100 : watchesFile ? 250 : -1)
      if ready < 0, errno != EINTR { break }
      if ready > 0 {
        if polls[0].revents != 0 {
          let count = input.withUnsafeBytes { stdin.send(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
          sent += max(0, count)
          if count < 0 || sent == input.count {
            stdin.close()
            // The configuration holds the key, so it is dropped as soon as it is written.
            input = []
            sent = 0
          }
        }
        if polls[1].revents != 0 { read(stdout, &chunk) { take(output: $0, pid) } }
        if polls[2].revents != 0 { read(stderr, &chunk) { take(errors: $0) } }
        if polls[3].revents != 0 {
          exit.wasStopped = true
          kill(-pid, SIGTERM)
          deadline = Date.timeIntervalSinceReferenceDate + Double(CurlChild.grace) / 1_000
        }
      }
      if let end = deadline, Date.timeIntervalSinceReferenceDate > end {
        kill(-pid, SIGKILL)
        deadline = Date.timeIntervalSinceReferenceDate + Double(CurlChild.grace) / 1_000
      }
      if watchesFile { reportFile() }
    }
  }

  private func read(_ socket: Socket, _ chunk: inout [UInt8], _ take: (ArraySlice<UInt8>) -> Void) {
    let count = recv(socket.descriptor, &chunk, chunk.count, 0)
    if count > 0 {
      take(chunk[..<count])
    } else if count == 0 || errno != EINTR && errno != EAGAIN {
      socket.close()
    }
  }

  private func take(output bytes: ArraySlice<UInt8>, _ pid: pid_t) {
    guard exit.output.count + bytes.count <= CurlTransport.memoryLimit else {
      exit.isTooLarge = true
      kill(-pid, SIGTERM)
      return
    }
    exit.output += bytes
  }

  private func take(errors bytes: ArraySlice<UInt8>) {
    exit.errors += bytes
    if exit.errors.count > 2 * CurlChild.errorLimit {
      exit.errors.removeFirst(exit.errors.count - CurlChild.errorLimit)
    }
    guard case .form = request.body, let progress = request.progress, let share = CurlReply.share(in: bytes) else {
      return
    }
    progress(.sent(share))
  }

  private func reportFile() {
    guard let destination = request.destination else { return }
    request.progress?(.received(destination.size))
  }

  private func wait(for pid: pid_t) -> Int32? {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 {
      // Where SIGCHLD is ignored, the system keeps no status: waitpid waits for the end and then fails.
      if errno != EINTR { return nil }
    }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
  }
}

#if canImport(Darwin)
  private typealias FileActions = posix_spawn_file_actions_t?
  private typealias SpawnAttributes = posix_spawnattr_t?
#else
  private typealias FileActions = posix_spawn_file_actions_t
  private typealias SpawnAttributes = posix_spawnattr_t
#endif

/// An error of the system, by its number (`errno`).
struct InputFailure: Error, CustomStringConvertible {
  var code: Int32
  var description: String { String(cString: strerror(code)) }
}

/// One end of a pair of connected sockets. It is closed when it is released.
final class Socket {
  private(set) var descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }
  deinit { close() }

  func close() {
    if descriptor >= 0 { _ = Foundation.close(descriptor) }
    descriptor = -1
  }

  /// Sends bytes without SIGPIPE, which would end this process if curl ends early.
  /// - Returns: how many bytes were sent; negative where no more can be sent.
  func send(_ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Darwin)
      let count = Foundation.send(descriptor, bytes.baseAddress, bytes.count, 0)
    #else
      let count = Foundation.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    #endif
    return count < 0 && (errno == EINTR || errno == EAGAIN) ? 0 : count
  }
}

/// A pair of connected sockets, which are closed on exec and do not have the numbers of standard streams.
struct SocketPair {
  let parent: Socket
  let child: Socket

  init?() {
    var ends: [Int32] = [-1, -1]
    #if canImport(Darwin)
      guard socketpair(AF_UNIX, SOCK_STREAM, 0, &ends) == 0 else { return nil }
      var on: Int32 = 1
      for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        setsockopt(end, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
      }
    #else
      let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
      guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
    #endif
    for index in ends.indices where ends[index] <= 2 {
      // If this process has closed a standard stream, the socket may have got its number, and would be overwritten by
      // the child's streams.
      let higher = fcntl(ends[index], F_DUPFD_CLOEXEC, 3)
      _ = Foundation.close(ends[index])
      ends[index] = higher
    }
    parent = Socket(ends[0])
    child = Socket(ends[1])
    guard ends.allSatisfy({ $0 >= 0 }) else { return nil }
    _ = fcntl(parent.descriptor, F_SETFL, O_NONBLOCK)
  }
}

/// Wakes the thread of a curl process from any other thread.
private final class StopSwitch: @unchecked Sendable {  // guarded by its lock
  private let lock = NSLock()
  private var socket: Socket?
  private var isStopped = false

  func arm(_ socket: Socket) {
    lock.withLock {
      self.socket = socket
      if isStopped { ring() }
    }
  }

  func disarm() { lock.withLock { socket = nil } }

  func stop() {
    lock.withLock {
      isStopped = true
      ring()
    }
  }

  private func ring() { [UInt8(1)].withUnsafeBytes { _ = socket?.send($0) } }
}
