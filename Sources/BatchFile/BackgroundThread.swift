import Foundation

/// Starts threads by the system's own call, because Foundation's `Thread` does not say whether it could be started.
enum BackgroundThread {
  /// The thread's stack in bytes. The rules about JSON schemas need it: they recurse into up to a thousand nested
  /// objects.
  private static let stackSize = 4 << 20

  private final class Work {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
  }

  /// Runs a function on a new thread.
  /// - Returns: false where the system could not start another thread.
  static func start(_ run: @escaping () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // The new thread releases this reference.
    let work = Unmanaged.passRetained(Work(run))
    #if os(Linux)
      var thread = pthread_t()
      let code = pthread_create(
        &thread, &attributes,
        { argument in
          if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
          return nil
        }, work.toOpaque())
    #else
      var thread: pthread_t?
      let code = pthread_create(
        &thread, &attributes,
        { argument in
          Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
          return nil
        }, work.toOpaque())
    #endif
    if code != 0 { work.release() }
    return code == 0
  }
}
