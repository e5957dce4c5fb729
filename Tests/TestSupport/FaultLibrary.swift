import Foundation

/// A library that is loaded before the C library into a program under test, and ends it or fills its disk at one exact
/// step: the Nth call that writes, renames, links, removes or flushes something whose path contains a text, or that
/// starts another program. Other programs that it starts are left alone.
///
/// It is compiled once with the machine's C compiler. Only Linux loads libraries like that.
package enum FaultLibrary {
  package enum Fault: String, Sendable, CaseIterable {
    /// SIGKILL before the step.
    case killBefore = "kill-before"
    /// SIGKILL after half of what the step writes; after the step where it writes nothing.
    case killWithin = "kill-within"
    /// From the step on nothing can be written any more: half of the first write still arrives.
    case diskFull = "disk-full"
  }

  /// What the environment of a program needs whose clocks and timers run faster: it waits as long as ever by its own
  /// clock, and a test does not.
  package static func fast(_ times: Int = 50, program: String = "batchfile") throws -> [String: String] {
    [
      "LD_PRELOAD": try library.get().path, "BATCHFILE_TEST_SPEED": String(times), "BATCHFILE_TEST_PROGRAM": program,
    ]
  }

  /// What the program's environment needs.
  /// - Parameters:
  ///   - step: from 1.
  ///   - path: only calls about paths that contain it count.
  ///   - program: the name of the program that has the fault.
  package static func environment(
    _ fault: Fault, step: Int, path: String, program: String = "batchfile"
  ) throws -> [String: String] {
    [
      "LD_PRELOAD": try library.get().path, "BATCHFILE_TEST_FAULT": fault.rawValue,
      "BATCHFILE_TEST_STEP": String(step), "BATCHFILE_TEST_PATH": path, "BATCHFILE_TEST_PROGRAM": program,
    ]
  }

  /// What the environment of a program needs in which one call fails: of those that write, flush, cut, name or change
  /// the rights of something whose path contains a text.
  /// - Parameters:
  ///   - step: from 1, among the calls of the function, or of all of them; 0 for every one.
  ///   - call: the function's name; nil for any.
  ///   - error: the number it fails with.
  package static func failing(
    step: Int, path: String, call: String? = nil, error: Int32 = EIO, program: String = "batchfile"
  ) throws -> [String: String] {
    var environment = [
      "LD_PRELOAD": try library.get().path, "BATCHFILE_TEST_FAULT": "fail", "BATCHFILE_TEST_STEP": String(step),
      "BATCHFILE_TEST_PATH": path, "BATCHFILE_TEST_PROGRAM": program, "BATCHFILE_TEST_ERROR": String(error),
    ]
    environment["BATCHFILE_TEST_CALL"] = call
    return environment
  }

  /// What the environment of a program needs for which the system starts no further thread.
  package static func withoutThreads(program: String = "batchfile") throws -> [String: String] {
    ["LD_PRELOAD": try library.get().path, "BATCHFILE_TEST_NO_THREADS": "1", "BATCHFILE_TEST_PROGRAM": program]
  }

  /// Whether there is a compiler for it.
  package static var isAvailable: Bool { (try? library.get()) != nil }

  private static let library = Result<URL, any Error> {
    // One for each source, kept: nobody is there to remove it when the last test is over.
    let library = FileManager.default.temporaryDirectory.appendingPathComponent(
      "batchfile-test-faults-\(Data(source.utf8).digest).so")
    if FileManager.default.fileExists(atPath: library.path) { return library }
    let folder = try Scratch()
    let made = folder.url.appendingPathComponent("faults.so")
    let outcome = try Program.run(
      URL(fileURLWithPath: "/usr/bin/env"),
      ["cc", "-shared", "-fPIC", "-O1", "-o", made.path, folder.file("faults.c", source).path, "-ldl"])
    guard outcome.status == 0 else { throw CompilerError(message: outcome.errors) }
    _ = rename(made.path, library.path)
    return library
  }

  package struct CompilerError: Error { package let message: String }
}
