import Foundation
import JSONLines

/// Files to remove when the process is ended by a signal.
///
/// The handler removes them itself: it needs no thread, no descriptor and no memory. It may run at any moment on any
/// thread, so the table that it reads changes only under a lock, by threads that have all signals blocked: the handler
/// never interrupts the holder of the lock, and may wait for it.
package enum DoomedFiles {
  /// Where a file stands in the table.
  struct Place { fileprivate var index: Int }

  /// Makes a file by a template of `mkstemp`, while no signal can come between it and its being known here.
  /// - Returns: where it cannot be made, the system's error number, negated, for a descriptor.
  static func make(_ template: Path) -> (descriptor: Int32, path: Path, place: Place) {
    uninterrupted {
      if !table.pointee.isWatching { watch() }
      // Kept in C's memory, which the handler can read.
      let name = template.withCString { strdup($0) }
      guard let name else { return (-ENOMEM, template, Place(index: 0)) }
      let descriptor = mkstemp(name)
      guard descriptor >= 0 else {
        let code = errno
        free(name)
        return (-code, template, Place(index: 0))
      }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      let path = Path(bytes: UnsafeRawBufferPointer(start: name, count: strlen(name)))
      return (descriptor, path, Place(index: table.pointee.insert(name)))
    }
  }

  static func remove(_ place: Place) { uninterrupted { table.pointee.remove(place.index) } }

  /// Does something that no signal may find half done: those that come meanwhile are obeyed afterwards.
  static func uninterrupted<R>(_ body: () -> R) -> R {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    pthread_mutex_lock(&table.pointee.lock)
    defer {
      pthread_mutex_unlock(&table.pointee.lock)
      pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return body()
  }

  /// Lets signals through to this thread: queues block them, and a process that a queue started has them blocked.
  package static func unblock() {
    var set = sigset_t()
    sigfillset(&set)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Lets SIGQUIT end the process again: the runtime of Swift may have taken it for the report of a crash.
  package static func restoreQuit() {
    if handler(of: SIGQUIT) != unsafeBitCast(SIG_IGN, to: Int.self) { signal(SIGQUIT, SIG_DFL) }
  }

  /// The signals that end a process and can be caught.
  package static let signals: [Int32] = {
    // Without these the process goes on or sleeps.
    let harmless = [SIGCHLD, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH]
    #if os(Linux)
      let last: Int32 = 64
    #else
      let last: Int32 = 31
    #endif
    return (1...last).filter { $0 != SIGKILL && $0 != SIGSTOP && !harmless.contains($0) }
  }()

  private static func watch() {
    table.pointee.isWatching = true
    for number in signals where isDefault(number) {
      var action = sigaction()
      #if os(Linux)
        action.__sigaction_handler.sa_handler = obey
      #else
        action.__sigaction_u.__sa_handler = obey
      #endif
      sigfillset(&action.sa_mask)
      sigaction(number, &action, nil)
    }
  }

  /// Whether a signal ends the process. With `nohup`, or `&` in a script, it does not, and a program that uses this
  /// library may have other plans with it.
  private static func isDefault(_ number: Int32) -> Bool {
    handler(of: number) == unsafeBitCast(SIG_DFL, to: Int.self)
  }

  /// As a number, which can be compared; nil where no signal has this number.
  private static func handler(of number: Int32) -> Int? {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return nil }
    #if os(Linux)
      let handler = action.__sigaction_handler.sa_handler
    #else
      let handler = action.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self)
  }
}

/// The table and its lock at one address for as long as the process lives: a signal handler can be handed nothing. What
/// it points to is guarded by its lock.
private nonisolated(unsafe) let table: UnsafeMutablePointer<DoomedTable> = {
  let table = UnsafeMutablePointer<DoomedTable>.allocate(capacity: 1)
  table.initialize(to: DoomedTable())
  pthread_mutex_init(&table.pointee.lock, nil)
  return table
}()

private struct DoomedTable {
  var lock = pthread_mutex_t()
  var isWatching = false
  /// Names that C allocated; nil where a place is free.
  var names = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: 64)
  var capacity = 64
  /// Places that have been used.
  var count = 0
  /// Places that are free again.
  var free: [Int] = []

  mutating func insert(_ name: UnsafeMutablePointer<CChar>) -> Int {
    if let index = free.popLast() {
      names[index] = name
      return index
    }
    if count == capacity {
      let larger = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: 2 * capacity)
      larger.moveInitialize(from: names, count: count)
      names.deallocate()
      names = larger
      capacity *= 2
    }
    (names + count).initialize(to: name)
    count += 1
    return count - 1
  }

  mutating func remove(_ index: Int) {
    Foundation.free(names[index])
    names[index] = nil
    free.append(index)
  }
}

/// Removes the files and ends the process as if nobody had been watching, so that a shell sees why. All other signals
/// are blocked meanwhile. The lock is kept: no other file is made until the process is gone.
private let obey: @convention(c) (Int32) -> Void = { number in
  pthread_mutex_lock(&table.pointee.lock)
  var index = 0
  while index < table.pointee.count {
    if let name = table.pointee.names[index] { unlink(name) }
    index += 1
  }
  signal(number, SIG_DFL)
  var set = sigset_t()
  sigemptyset(&set)
  sigaddset(&set, number)
  pthread_sigmask(SIG_UNBLOCK, &set, nil)
  kill(getpid(), number)
}
