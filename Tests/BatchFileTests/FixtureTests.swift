import BatchFile
import Foundation
import Testing

/// Every `Fixtures/check/NAME.jsonl` has the errors that `NAME.errors.json` holds, in the API's own form.
@Suite("Fixtures")
struct FixtureTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/check")

  static var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }.sorted()
  }

  @Test("there are pairs")
  func areThere() { #expect(FixtureTests.names.count > 20) }

  @Test("errors", arguments: names)
  func errors(name: String) throws {
    let expected = try JSONDecoder().decode(
      BatchErrors.self, from: Data(contentsOf: FixtureTests.folder.appendingPathComponent("\(name).errors.json")))
    let result = try BatchChecker().check(path: FixtureTests.folder.appendingPathComponent("\(name).jsonl").path)
    #expect(result.errors == expected)
  }
}
