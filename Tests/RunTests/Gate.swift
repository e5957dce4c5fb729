import Foundation
import Testing

/// Holds a thread until somebody opens it, two minutes at the most: on a busy machine a test may wait long for its turn.
final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func wait() { _ = semaphore.wait(timeout: .now() + 120) }
  func open() { semaphore.signal() }
}

/// Whether the tests of whole runs are wanted. They start, kill and starve the program hundreds of times, and beside all
/// other tests they would wait for each other: they have a run of their own.
enum WholeRuns {
  static let areWanted = ProcessInfo.processInfo.environment["BATCHFILE_RUN_TESTS"] != nil
  static let reason = Comment("BATCHFILE_RUN_TESTS=1 runs them")
}
