import Foundation
import TestSupport
import Testing

/// Each call that writes, flushes, cuts, names or changes the rights of a file fails once, in every verb of a run: status
/// 2, what was there before is there, and the same command goes on and pays once.
@Suite(
  "Failing calls of the system in runs", .enabled(if: WholeRuns.areWanted, WholeRuns.reason),
  .enabled(if: FaultLibrary.isAvailable, "needs Linux and a C compiler"))
struct RunWriteFaultTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var verb: String
    var words: [String] = []
    /// Verbs without a fault before it.
    var before: [String] = []
    /// A file that is there already and is to be replaced.
    var old: String?
    /// At least as many calls are made.
    var calls: Int
    var testDescription: String { ([verb] + words).joined(separator: " ") }
  }

  static let cases = [
    Case(verb: "submit", words: ["--max-requests", "2"], calls: 12), Case(verb: "wait", before: ["submit"], calls: 8),
    Case(
      verb: "results", words: ["-o", "answers.jsonl", "--account", "account.json"], before: ["submit", "wait"],
      calls: 12
    ),
    Case(
      verb: "results", words: ["-o", "answers.jsonl", "--format", "csv", "-f"], before: ["submit", "wait"],
      old: "answers.jsonl", calls: 8),
    Case(verb: "results", words: ["-o", "answers.jsonl"], before: ["submit"], calls: 12),
    Case(verb: "run", words: ["-o", "answers.jsonl"], calls: 20),
    Case(verb: "retry", before: ["submit", "wait"], calls: 12),
  ]

  /// All files of the place, by their paths.
  static func content(_ place: RunPlace) -> [String: Data] {
    let root = place.scratch.url
    var content: [String: Data] = [:]
    for case let url as URL in FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) ?? .init()
    where !url.hasDirectoryPath {
      if let data = try? Data(contentsOf: url) { content[String(url.path.dropFirst(root.path.count + 1))] = data }
    }
    return content
  }

  /// What was there is there; the journal may have gone on, and the lock names another process.
  static func expectKept(_ before: [String: Data], _ place: RunPlace, _ note: String) {
    let now = content(place)
    for (name, data) in before where !name.hasSuffix("/lock") {
      if name.hasSuffix("/journal.jsonl") {
        #expect(now[name]?.starts(with: data) == true, "\(note): \(name)")
        #expect(now[name]?.last == UInt8(ascii: "\n"), "\(note): \(name)")
      } else {
        #expect(now[name] == data, "\(note): \(name)")
      }
    }
    let outputs = now.keys.filter { !$0.contains("/") }
    #expect(Set(outputs) == Set(before.keys.filter { !$0.contains("/") }), "\(note)")
  }

  @Test("each call that writes fails once", arguments: cases)
  func each(_ test: Case) async throws {
    try await CrashTests.sweep(steps: test.calls) { step in
      let place = try RunPlace {
        // The second request passes in the next attempt, where it is the first one.
        if test.verb == "retry" { $0.rule = { $0.index == 1 ? .failure(503, code: "busy") : .answer("yes") } }
      }
      for verb in test.before { #expect(try await place.run(verb).status == 0) }
      if let old = test.old { try place.scratch.file(old, "old\n") }
      let before = RunWriteFaultTests.content(place)
      let environment = try FaultLibrary.failing(step: step, path: place.scratch.url.lastPathComponent)
      let first = try await place.start(test.verb, test.words, environment: environment).finished()
      let note = "\(test) step \(step): \(first.errors)"
      if first.status == 0 { return false }
      #expect(first.status == 2, "\(note)")
      RunWriteFaultTests.expectKept(before, place, note)
      let again = try await place.start(test.verb, test.words).finished()
      // Where the attempt was begun, `wait` makes its batch or looks for it, and until then `retry` refuses to begin one.
      let waits =
        test.verb == "retry" && (again.status == 6 || again.status == 5 && again.errors.contains("`batchfile wait"))
      #expect(again.status == 0 || waits, "\(note)\nagain: \(again.errors)\n\(place.journal)")
      if test.verb == "retry" {
        #expect(try await place.run("wait").status == 0, "\(note)\n\(place.journal)")
        #expect(try await place.run("results").status == 0, "\(note)\n\(place.journal)")
        #expect(place.journal.contains("\"attempt\":2") && !place.journal.contains("\"attempt\":3"), "\(note)")
      }
      let most = test.words.contains("--max-requests") || test.verb == "retry" ? 2 : 1
      #expect(place.api.calls(.create).count <= most, "\(note)\n\(place.journal)")
      #expect(place.api.batchesPerInput.values.allSatisfy { $0 == 1 }, "\(note)")
      if test.words.contains("answers.jsonl") {
        let lines = place.text("answers.jsonl")?.split(separator: "\n").count
        #expect(lines == (test.words.contains("csv") ? 4 : 3), "\(note)")
      }
      return true
    }
  }
}
