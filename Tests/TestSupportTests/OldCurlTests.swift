import Foundation
import TestSupport
import Testing

/// The stand-in for curl 7.68 of 2020, with which the suite runs once, refuses what that version does not know.
@Suite("Old curl", .enabled(if: Shell.has("curl"), "needs curl"))
struct OldCurlTests {
  static let program = Program.package.appendingPathComponent(".ci/old-curl/curl")

  static func run(_ words: [String], _ config: String) throws -> Program.Outcome {
    try Program.run(
      program, words, input: Data(config.utf8), environment: ["NO_PROXY": "*", "no_proxy": "*"])
  }

  @Test("passes options that curl 7.68 has on to curl")
  func known() throws {
    let server = try LoopbackServer { HTTPAnswer(200, $0.header("X-Test") ?? "", type: "text/plain") }
    let config = """
      # a comment
      url = "\(server.url)/"

      header = "X-Test: a b"
      write-out = " %{http_code} %{size_request}"
      silent
      """
    let outcome = try OldCurlTests.run(["-q", "--config", "-"], config)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("a b 200 "))
  }

  @Test(
    "refuses what is younger",
    arguments: [
      "fail-with-body", "json = \"{}\"", "retry-all-errors", "write-out = \"%{http_code} %{errormsg}\"",
      "write-out = \"%{exitcode}\"", "form-escape", "variable = \"a=b\"", "--output-dir = \"x\"",
    ])
  func younger(line: String) throws {
    let outcome = try OldCurlTests.run(["-q", "--config", "-"], "url = \"http://127.0.0.1:9/\"\n\(line)\n")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("is unknown"))
  }

  @Test(
    "refuses what is younger among its words",
    arguments: [["--json", "{}"], ["--write-out", "%{json}"], ["-w", "%{errormsg}"], ["--output-dir", "x"]])
  func words(words: [String]) throws {
    #expect(try OldCurlTests.run(words + ["http://127.0.0.1:9/"], "").status == 2)
  }
}
