import Foundation

/// The time of day, and a way to wait for a time. Everything in this library uses it, so that tests need not wait.
///
/// It is the time of day and not the time since a start, because a run lasts beyond restarts and beyond hours in which
/// the machine sleeps.
public protocol WallClock: Sendable {
  var now: Date { get }
  /// Returns once `now` has reached a time.
  ///
  /// - Throws: `CancellationError` where the task was cancelled.
  func sleep(until time: Date) async throws
}

extension WallClock {
  /// Waits a number of seconds.
  package func sleep(seconds: Double) async throws { try await sleep(until: now.addingTimeInterval(seconds)) }
}

/// The system's clock.
public struct SystemClock: WallClock {
  /// The longest single wait, in seconds, after which it is noticed that the machine has slept.
  private static let slice = 5.0

  private let time: @Sendable () -> Date
  /// Waits a number of seconds, not counting the time in which the machine sleeps.
  private let nap: @Sendable (Double) async throws -> Void

  public init() {
    self.init(time: { Date() }, nap: { try await Task.sleep(nanoseconds: UInt64($0 * 1e9)) })
  }

  init(time: @escaping @Sendable () -> Date, nap: @escaping @Sendable (Double) async throws -> Void) {
    self.time = time
    self.nap = nap
  }

  public var now: Date { time() }

  public func sleep(until time: Date) async throws {
    // It waits in short slices, because a timer may stop while the machine sleeps, and the time of day does not.
    while true {
      try Task.checkCancellation()
      let rest = time.timeIntervalSince(now)
      // Not `rest <= 0`: a time that is no number would be waited for, and traps when it is counted in nanoseconds.
      guard rest > 0 else { return }
      try await nap(min(rest, SystemClock.slice))
    }
  }
}
