import Foundation
import TestSupport
import Testing

/// The fault library kills a program, or fills its disk, at the given step.
@Suite("Fault library", .enabled(if: FaultLibrary.isAvailable, "needs Linux and a C compiler"))
struct FaultLibraryTests {
  /// Runs a shell that writes twice.
  /// - Returns: how the shell ended, and what was written.
  static func write(_ fault: FaultLibrary.Fault, step: Int, program: String = "dash") throws -> (Int32, String?) {
    let scratch = try Scratch()
    let outcome = try Program.run(
      URL(fileURLWithPath: "/bin/dash"), ["-c", "printf 1234 > a.run; printf 5678 >> a.run"], in: scratch.url,
      environment: FaultLibrary.environment(fault, step: step, path: ".run", program: program))
    return (
      outcome.status, try? String(contentsOf: scratch.url.appendingPathComponent("a.run"), encoding: .utf8)
    )
  }

  @Test(
    "ends a program before a step, within it, or not at all",
    arguments: [
      (FaultLibrary.Fault.killBefore, 1, -SIGKILL, ""), (.killBefore, 2, -SIGKILL, "1234"),
      (.killWithin, 1, -SIGKILL, "12"), (.killWithin, 2, -SIGKILL, "123456"), (.killBefore, 3, 0, "12345678"),
    ])
  func kill(fault: FaultLibrary.Fault, step: Int, status: Int32, text: String) throws {
    let (ended, written) = try FaultLibraryTests.write(fault, step: step)
    #expect(ended == status)
    #expect(written == text)
  }

  @Test("fills the disk from a step on")
  func full() throws {
    let (ended, written) = try FaultLibraryTests.write(.diskFull, step: 1)
    #expect(ended != 0)
    #expect(written == "12")
  }

  @Test("leaves other programs alone")
  func others() throws {
    let (ended, written) = try FaultLibraryTests.write(.killBefore, step: 1, program: "batchfile")
    #expect(ended == 0)
    #expect(written == "12345678")
  }

  @Test("a program with fast clocks sleeps for a shorter time")
  func fast() throws {
    let start = ContinuousClock.now
    let outcome = try Program.run(
      URL(fileURLWithPath: "/bin/sleep"), ["20"], environment: FaultLibrary.fast(100, program: "sleep"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(ContinuousClock.now - start < .seconds(10))
  }
}
