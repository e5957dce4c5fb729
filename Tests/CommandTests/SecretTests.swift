import BatchFile
import Foundation
import TestSupport
import Testing

/// A secret key that gets a warning is not shown by any output.
@Suite struct SecretTests {
  private static let secret = "sk-5up3rS3cr3t"

  /// A line with faults before and after the secret, so near that their excerpts would show it, and with an id that
  /// comes twice.
  private static let line =
    #"{"custom_id":"a","body":{"compound_custom":{"tools":{"enabled_tools":1,"wolfram_settings":"#
    + #"{"x":1,"authorization":"\#(secret)","y":2}}},"model":"b"},"method":"GET","url":"/v1/chat/completions"}"#

  @Test(arguments: ReportFormat.allCases) func noReportPrintsIt(_ format: ReportFormat) throws {
    let scratch = try Scratch()
    try scratch.file("a.jsonl", SecretTests.line + "\n" + SecretTests.line + "\n")
    let outcome = try Program.run(
      "check", "--format", format.rawValue, "--max-findings", "0", "a.jsonl", in: scratch.url)
    #expect(outcome.status == 1)
    #expect(!(outcome.output + outcome.errors).contains(SecretTests.secret))
    #expect(format == .json || outcome.output.contains("exposed_secret"))
  }

  /// The place of the secret is still shown, with as many carets as it has characters.
  @Test func itsPlaceIsShown() throws {
    let scratch = try Scratch()
    try scratch.file("a.jsonl", SecretTests.line + "\n")
    let output = try Program.run("check", "--format", "full", "--max-findings", "0", "a.jsonl", in: scratch.url).output
    #expect(output.contains(#""authorization":"**************","#))
  }
}
