import Foundation

/// The time of day and a way to wait for it: the one clock of everything here, so that tests need not wait.
///
/// It is the time of day and not the time since a start, because a run goes on over restarts and over hours in which
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
  /// A machine that slept is noticed this late, in seconds.
  private static let slice = 5.0

  private let time: @Sendable () -> Date
  /// Waits a number of seconds in which the machine does not sleep.
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
    // In slices, since a timer may stand still while the machine sleeps and the time of day does not.
    while true {
      try Task.checkCancellation()
      let rest = time.timeIntervalSince(now)
      if rest <= 0 { return }
      try await nap(min(rest, SystemClock.slice))
    }
  }
}
