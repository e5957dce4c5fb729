import Foundation

/// Files to remove when the process is told to end by a signal.
///
/// A handler may do next to nothing: it writes the signal's number to a pipe, and what is to be done is done by whoever
/// reads it.
package final class DoomedFiles: @unchecked Sendable {  // guarded by its lock
  static let shared = DoomedFiles()
  package static let signals = [SIGINT, SIGTERM, SIGHUP]

  private let lock = NSLock()
  private var paths: Set<String> = []
  private var source: (any DispatchSourceRead)?

  /// Makes a file by a template of `mkstemp`, while no signal can come between it and its being known here.
  /// - Returns: where it cannot be made, the system's error number, negated, for a descriptor.
  func make(_ template: String) -> (descriptor: Int32, path: String) {
    lock.withLock {
      if source == nil { watch() }
      var name = Array(template.utf8CString)
      let descriptor = mkstemp(&name)
      let path = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
      guard descriptor >= 0 else { return (-errno, path) }
      paths.insert(path)
      return (descriptor, path)
    }
  }

  func remove(_ path: String) { lock.withLock { _ = paths.remove(path) } }

  /// Lets signals through to this thread: queues block them, and a process that a queue started has them blocked.
  package static func unblock(_ numbers: [Int32] = signals) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  private func watch() {
    // Without descriptors for a pipe there will be none for a file.
    guard signalPipe.read >= 0 else { return }
    let source = DispatchSource.makeReadSource(fileDescriptor: signalPipe.read, queue: .global())
    source.setEventHandler { [self] in
      var number: UInt8 = 0
      if read(signalPipe.read, &number, 1) == 1 { end(by: Int32(number)) }
    }
    source.resume()
    self.source = source
    for number in DoomedFiles.signals where isDefault(number) {
      signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        write(signalPipe.write, &byte, 1)
      }
    }
  }

  /// Whether a signal ends the process. With `nohup`, or `&` in a script, it does not, and a program that uses this
  /// library may have other plans with it.
  private func isDefault(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    #if os(Linux)
      let handler = action.__sigaction_handler.sa_handler
    #else
      let handler = action.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_DFL, to: Int.self)
  }

  private func end(by number: Int32) {
    // For good: no other file is made until the process is gone.
    lock.lock()
    for path in paths { unlink(path) }
    // End as if nobody had been watching, so that a shell sees why.
    signal(number, SIG_DFL)
    DoomedFiles.unblock([number])
    kill(getpid(), number)
  }
}

private let signalPipe: (read: Int32, write: Int32) = {
  var ends: [Int32] = [-1, -1]
  pipe(&ends)
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (ends[0], ends[1])
}()
