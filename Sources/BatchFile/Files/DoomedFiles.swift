import Foundation
import JSONLines

/// The temporary files that are removed when a signal ends the process.
///
/// The signal handler removes them itself, without a thread, a descriptor or memory of its own. It may run at any
/// moment on any thread. So the table of files changes only under a lock, and a thread that holds the lock has all
/// signals blocked: the handler never interrupts that thread, and can wait for the lock without waiting forever.
package enum DoomedFiles {
  /// A file's place in the table.
  struct Place { fileprivate var index: Int }

  /// Makes a file by a template of `mkstemp` and enters it in the table. No signal can end the process between the two.
  /// - Returns: the open file; its descriptor is the system's error number, negated, where the file could not be made.
  static func make(_ template: Path) -> (descriptor: Int32, path: Path, place: Place) {
    uninterrupted {
      if !table.pointee.isWatching { watch() }
      // The name is kept as a C string, because a signal handler must not use Swift's strings.
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

  /// Runs `body` while all signals wait, so that none can end the process in the middle of it. A signal that comes
  /// meanwhile takes effect afterwards.
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

  /// Unblocks all signals in this thread. A process that was started from a thread of a dispatch queue has them
  /// blocked, because such threads block signals and a child inherits that.
  package static func unblock() {
    var set = sigset_t()
    sigfillset(&set)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Lets SIGQUIT end the process as usual, unless it is ignored. Swift's runtime may have set a handler for it that
  /// prints the report of a crash.
  package static func restoreQuit() {
    if handler(of: SIGQUIT) != unsafeBitCast(SIG_IGN, to: Int.self) { signal(SIGQUIT, SIG_DFL) }
  }

  /// The signals that end a process and can be caught.
  package static let signals: [Int32] = {
    // By default the process ignores these, continues or stops; none of them ends it.
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

  /// Whether a signal has its default action and so ends the process. Other actions are left alone: `nohup` and `&` in
  /// a script have signals ignored, and a program that uses this library may have handlers of its own.
  private static func isDefault(_ number: Int32) -> Bool {
    handler(of: number) == unsafeBitCast(SIG_DFL, to: Int.self)
  }

  /// The handler of a signal as a number, because function pointers cannot be compared; nil where no signal has this
  /// number.
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

/// The table and its lock. They stay at one address for as long as the process lives, because a signal handler takes no
/// argument and must find them by itself. Unsafe, but the lock guards all that the pointer leads to.
private nonisolated(unsafe) let table: UnsafeMutablePointer<DoomedTable> = {
  let table = UnsafeMutablePointer<DoomedTable>.allocate(capacity: 1)
  table.initialize(to: DoomedTable())
  pthread_mutex_init(&table.pointee.lock, nil)
  return table
}()

private struct DoomedTable {
  var lock = pthread_mutex_t()
  var isWatching = false
  /// The files' names, allocated by C; nil where a place is free.
  var names = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: 64)
  var capacity = 64
  /// How many places were ever used.
  var count = 0
  /// The places among those that are free again.
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

/// The signal handler. It removes the files, and then ends the process by the same signal with its default action, so
/// that the shell sees which signal it was. All other signals are blocked meanwhile. It does not give the lock back, so
/// that no thread makes another file before the process ends.
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
