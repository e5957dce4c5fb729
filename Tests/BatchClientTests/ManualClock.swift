import BatchClient
import Foundation

/// A clock that stands still until somebody waits by it: then it is at once as late as that.
final class ManualClock: WallClock, @unchecked Sendable {
  // Checked by hand: both members are read and written under the lock.
  private let lock = NSLock()
  private var time: Date
  private var waited: [Double] = []

  init(_ time: Date = Date(timeIntervalSince1970: 1_790_000_000)) { self.time = time }

  var now: Date { lock.withLock { time } }

  /// The pauses so far, in seconds.
  var pauses: [Double] { lock.withLock { waited } }

  /// Time passes, as on a machine that sleeps.
  func advance(seconds: Double) { lock.withLock { time += seconds } }

  func sleep(until time: Date) async throws {
    try Task.checkCancellation()
    lock.withLock {
      waited.append(max(0, time.timeIntervalSince(self.time)))
      self.time = max(self.time, time)
    }
    // Others may go on, as they would if this took its time.
    await Task.yield()
  }
}
