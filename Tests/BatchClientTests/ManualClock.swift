import BatchClient
import Foundation

/// A clock that stands still until a task waits by it. Then it shows at once the time that the task waits for.
final class ManualClock: WallClock, @unchecked Sendable {
  // Unchecked: both members are only read and written under the lock.
  private let lock = NSLock()
  private var time: Date
  private var waited: [Double] = []

  init(_ time: Date = Date(timeIntervalSince1970: 1_790_000_000)) { self.time = time }

  var now: Date { lock.withLock { time } }

  /// The pauses so far, in seconds.
  var pauses: [Double] { lock.withLock { waited } }

  /// Moves the time forward, as a machine's sleep does.
  func advance(seconds: Double) { lock.withLock { time += seconds } }

  func sleep(until time: Date) async throws {
    try Task.checkCancellation()
    lock.withLock {
      waited.append(max(0, time.timeIntervalSince(self.time)))
      self.time = max(self.time, time)
    }
    // Other tasks may run now, as they would during a real pause.
    await Task.yield()
  }
}
