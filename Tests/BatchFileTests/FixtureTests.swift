import BatchFile
import Foundation
import Testing

/// Every `Fixtures/check/NAME.jsonl` has the errors that `NAME.errors.json` holds, in the API's own form.
@Suite("Fixtures")
struct FixtureTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/check")

  static var names: [String] { names(in: ".") }

  static func names(in part: String) -> [String] {
    let path = folder.appendingPathComponent(part).path
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return files.filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }.sorted()
  }

  @Test("each fixture has an input and an expected file")
  func areThere() { #expect(FixtureTests.names.count > 20) }

  @Test("each fixture gives the errors of its expected file", arguments: names)
  func errors(name: String) throws { try FixtureTests.expect(name, .groq) }

  /// The folder `openai` has the fixtures that are checked for OpenAI.
  @Test("each fixture for OpenAI gives the errors of its expected file", arguments: names(in: "openai"))
  func openAIErrors(name: String) throws { try FixtureTests.expect("openai/\(name)", .openai) }

  static func expect(_ name: String, _ provider: Provider) throws {
    let expected = try JSONDecoder().decode(
      BatchErrors.self, from: Data(contentsOf: folder.appendingPathComponent("\(name).errors.json")))
    let path = folder.appendingPathComponent("\(name).jsonl").path
    #expect(try BatchChecker(provider: provider).check(path: path).errors == expected)
  }
}
