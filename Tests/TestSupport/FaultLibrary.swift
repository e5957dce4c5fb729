import Foundation

/// A library that is loaded before the C library into a program under test. It kills the program or fills its disk at
/// one exact step: at the Nth call that writes, renames, links, removes or flushes a file whose path contains a text,
/// or that starts another program. It does not affect programs that the program starts.
///
/// It is compiled once with the machine's C compiler. Only Linux loads libraries like that.
package enum FaultLibrary {
  package enum Fault: String, Sendable, CaseIterable {
    /// SIGKILL before the step.
    case killBefore = "kill-before"
    /// SIGKILL after half of the step's bytes are written; after the step where it writes none.
    case killWithin = "kill-within"
    /// From the step on the disk is full: half of its bytes are still written, and then nothing.
    case diskFull = "disk-full"
  }

  /// The environment for a program whose clocks and timers run faster. By its own clock it waits as long as ever, but
  /// for the test the wait is short.
  package static func fast(_ times: Int = 50, program: String = "batchfile") throws -> [String: String] {
    [
      "LD_PRELOAD": try library.get().path, "BATCHFILE_TEST_SPEED": String(times), "BATCHFILE_TEST_PROGRAM": program,
    ]
  }

  /// The environment for a program with a fault at one step.
  /// - Parameters:
  ///   - step: the number of the call, from 1.
  ///   - path: a text; only calls about paths that contain it count.
  ///   - program: the name of the program that has the fault.
  package static func environment(
    _ fault: Fault, step: Int, path: String, program: String = "batchfile"
  ) throws -> [String: String] {
    [
      "LD_PRELOAD": try library.get().path, "BATCHFILE_TEST_FAULT": fault.rawValue,
      "BATCHFILE_TEST_STEP": String(step), "BATCHFILE_TEST_PATH": path, "BATCHFILE_TEST_PROGRAM": program,
    ]
  }

  /// The environment for a program in which one call fails that writes, flushes, cuts, names or changes the mode of a
  /// file whose path contains a text.
  /// - Parameters:
  ///   - step: the number of the call, from 1, among those of the function or of all functions; 0 for every call, -N for
  ///     every call from the Nth on.
  ///   - call: the function's name; nil for any.
  ///   - error: the error number that the call fails with.
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

  /// The environment for a program beside which another one appends a text to a file, just before the file
  /// exchanges its name with another.
  package static func appending(_ text: String, path: String, program: String = "batchfile") throws -> [String: String]
  {
    [
      "LD_PRELOAD": try library.get().path, "BATCHFILE_TEST_APPEND": text, "BATCHFILE_TEST_PATH": path,
      "BATCHFILE_TEST_PROGRAM": program,
    ]
  }

  /// The environment for a program for which the system starts no further thread.
  package static func withoutThreads(program: String = "batchfile") throws -> [String: String] {
    ["LD_PRELOAD": try library.get().path, "BATCHFILE_TEST_NO_THREADS": "1", "BATCHFILE_TEST_PROGRAM": program]
  }

  /// Whether the library can be compiled.
  package static var isAvailable: Bool { (try? library.get()) != nil }

  private static let library = Result<URL, any Error> {
    // The compiled library has a name made from its source, and is kept for later test runs.
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
