import Foundation
import Testing

/// Holds a thread until the gate is opened, or for two minutes: on a busy machine a test may wait long for its turn.
final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func wait() { _ = semaphore.wait(timeout: .now() + 120) }
  func open() { semaphore.signal() }
}

/// Whether the tests of whole runs are wanted. They start and kill the program hundreds of times. Beside all other
/// tests they would exceed their time limits, so they are run by themselves.
enum WholeRuns {
  static let areWanted = ProcessInfo.processInfo.environment["BATCHFILE_RUN_TESTS"] != nil
  static let reason = Comment("BATCHFILE_RUN_TESTS=1 runs them")
}
