import Testing

@testable import BatchFileCommand

@Suite("Exit statuses")
struct ExitStatusTests {
  /// All statuses in the contract's order: of several, the first one counts.
  static let order: [BatchFileCommand.ExitStatus] = [
    .signal(2), .failed, .unauthorized, .unreachable, .notYet, .refused, .faults, .clean,
  ]

  @Test("have the contract's numbers")
  func numbers() {
    #expect(ExitStatusTests.order.map(\.code) == [130, 2, 3, 5, 6, 4, 1, 0])
  }

  @Test("of two statuses the one that comes first in the contract's order counts")
  func precedence() {
    for (k, first) in ExitStatusTests.order.enumerated() {
      for other in ExitStatusTests.order[k...] {
        #expect(first.combined(with: other) == first)
        #expect(other.combined(with: first) == first)
      }
    }
  }
}
