import Foundation

/// Runs scripts in a real shell, with the built program on its PATH.
package enum Shell {
  /// - Parameter words: the arguments `$1`, `$2`, … of the script.
  package static func run(
    _ script: String, _ words: String..., input: Data? = nil, in folder: URL = Program.package
  ) throws -> Program.Outcome {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try Program.run(
      URL(fileURLWithPath: "/usr/bin/env"), ["bash", "-c", script, "bash"] + words, input: input, in: folder,
      environment: ["PATH": "\(Program.path.deletingLastPathComponent().path):\(path)"])
  }

  /// Whether a program is installed.
  package static func has(_ program: String) -> Bool {
    (try? run("command -v \"$1\"", program).status) == 0
  }
}
