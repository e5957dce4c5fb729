import Foundation

/// `.ci/mock-api` running beside a test: the Batch API on this machine for trying the program without a key.
package struct MockAPI {
  private let server: RunningProgram
  /// The API's address up to `/files`.
  package let baseURL: String

  /// - Parameter seconds: how long a batch takes from its creation to its end.
  package init(seconds: Double) async throws {
    let server = try RunningProgram(
      Program.package.appendingPathComponent(".ci/mock-api"), ["--port", "0", "--seconds", "\(seconds)"])
    try await server.until { server.printed.hasSuffix("\n") }
    self.server = server
    baseURL = String(server.printed.dropLast())
  }

  /// Ends the server by SIGTERM and not by SIGINT: a shell that runs the tests in the background has them ignore SIGINT,
  /// and children inherit that.
  /// - Returns: whether SIGTERM ended it, and not an error before.
  package func end() async throws -> Bool {
    server.signal(SIGTERM)
    return try await server.finished().status == -SIGTERM
  }
}
