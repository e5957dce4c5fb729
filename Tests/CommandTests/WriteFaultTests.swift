import Foundation
import TestSupport
import Testing

/// Each call of the system that writes, flushes, renames or changes the mode of a file fails once. The command must end
/// with 2 and leave all files as they were.
@Suite("Failing calls of the system", .enabled(if: FaultLibrary.isAvailable, "needs Linux and a C compiler"))
struct WriteFaultTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var words: [String]
    /// The files that exist before, beside the inputs.
    var old: [String] = []
    /// The fewest calls that the command makes.
    var calls: Int
    var testDescription: String { name }
  }

  static let convert = ["convert", "--model", "openai/gpt-oss-20b", "-o", "out.jsonl", "prompts.txt"]
  static let convertTable = ["convert", "--model=openai/gpt-oss-20b", "--prompt={x}", "-o", "out.jsonl", "table.csv"]

  static let cases = [
    Case(name: "convert", words: convert, calls: 4),
    Case(name: "convert over a file", words: convert + ["-f"], old: ["out.jsonl"], calls: 4),
    Case(name: "convert to several files", words: convert + ["--max-requests=1"], calls: 12),
    Case(
      name: "convert over some of several files", words: convert + ["-f", "--max-requests=1"],
      old: ["out-00001.jsonl", "out-00003.jsonl"], calls: 14),
    Case(name: "convert a table, with a note of it", words: convertTable, calls: 8),
    Case(
      name: "convert a table over a file and its note", words: convertTable + ["-f", "--max-requests=2"],
      old: ["out.jsonl"], calls: 12),
    Case(name: "split", words: ["split", "--max-requests=1", "faulty.jsonl"], calls: 12),
    Case(
      name: "split over files", words: ["split", "-f", "--max-requests=1", "faulty.jsonl"],
      old: ["faulty-00001.jsonl", "faulty-00002.jsonl", "faulty-00003.jsonl"], calls: 15),
    Case(name: "fix in place", words: ["fix", "-i", "faulty.jsonl"], calls: 5),
    Case(name: "fix in place, a large file", words: ["fix", "-i", "large.jsonl"], calls: 6),
    Case(name: "results", words: results + ["-o", "out.jsonl"], calls: 4),
    Case(name: "results over a file", words: results + ["-f", "-o", "out.jsonl"], old: ["out.jsonl"], calls: 4),
    Case(name: "results as a table", words: results + ["--format=csv", "-o", "out.jsonl"], calls: 4),
    Case(
      name: "results beside a table", words: results + ["--table", "table.csv", "--id={id}", "-o", "out.jsonl"],
      calls: 4),
    Case(
      name: "results and the account", words: results + ["-o", "out.jsonl", "--account", "account.jsonl"], calls: 10),
    Case(
      name: "results and the account over files",
      words: results + ["-f", "-o", "out.jsonl", "--account", "account.jsonl"], old: ["out.jsonl", "account.jsonl"],
      calls: 12),
    Case(name: "the account alone", words: results + ["--account", "account.jsonl"], calls: 4),
    Case(name: "retry", words: retry, calls: 4),
    Case(name: "retry over a file", words: retry + ["-f"], old: ["out.jsonl"], calls: 4),
    Case(name: "retry to several files", words: retry + ["--max-requests=1", "--account", "account.jsonl"], calls: 12),
  ]

  static let results = ["results", "faulty.jsonl", "--from", "output.jsonl"]
  static let retry = ["retry", "faulty.jsonl", "--from", "output.jsonl", "--outcome=truncated", "-o", "out.jsonl"]

  /// A good answer: the results are whole. It was cut, so that there is something to try again, too.
  static let answer =
    #"{"custom_id":"r","response":{"status_code":200,"body":{"choices":[{"message":{"content":"a"},"#
    + #""finish_reason":"length"}]}},"error":null}"# + "\n"

  static let line =
    #"{"custom_id":"r","method":"post","url":"/v1/chat/completions","body":"#
    + #"{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"a"}]}}"# + "\n"

  /// More bytes than the program's buffers hold.
  static let large = (0..<6_000).map { line.replacingOccurrences(of: #""r""#, with: "\"r-\($0)\"") }.joined()

  /// The contents of all files of a folder, hidden ones included.
  static func content(of folder: URL) throws -> [String: Data] {
    var content: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      content[name] = try Data(contentsOf: folder.appendingPathComponent(name))
    }
    return content
  }

  static func place(_ old: [String]) throws -> Workplace {
    let place = try Workplace()
    let lines = (1...3).map { line.replacingOccurrences(of: #""r""#, with: "\"r-\($0)\"") }.joined()
    try place.scratch.file("faulty.jsonl", lines)
    try place.scratch.file("large.jsonl", large)
    try place.scratch.file(
      "output.jsonl", (1...3).map { answer.replacingOccurrences(of: #""r""#, with: "\"r-\($0)\"") }.joined())
    try place.scratch.file("table.csv", "id,x\n" + (1...3).map { "r-\($0),y\n" }.joined())
    for name in old { try place.scratch.file(name, "old \(name)") }
    // If the tests run as root, the file belongs to another user, so that the command also sets the owner.
    if geteuid() == 0 { chown(place.scratch.url.appendingPathComponent("faulty.jsonl").path, 65_534, 65_534) }
    return place
  }

  /// The words with absolute paths, because the fault library finds the calls by their paths.
  static func absolute(_ words: [String], _ place: Workplace) -> [String] {
    words.map { word in
      [".jsonl", ".txt", ".csv"].contains(where: word.hasSuffix)
        ? place.scratch.url.appendingPathComponent(word).path : word
    }
  }

  @Test("each call of the system that fails ends with 2 and leaves the old files", arguments: cases)
  func each(_ test: Case) throws {
    var step = 0
    while true {
      step += 1
      try #require(step < 100)
      let place = try WriteFaultTests.place(test.old)
      let folder = place.scratch.url
      let before = try WriteFaultTests.content(of: folder)
      // Calls about temporary files without a name count as well.
      let environment = try FaultLibrary.failing(step: step, path: folder.lastPathComponent)
      let outcome = try Program.run(
        Program.path, WriteFaultTests.absolute(test.words, place), in: folder,
        environment: environment.merging(["TMPDIR": folder.path]) { $1 })
      if outcome.status == 0 { break }
      #expect(outcome.status == 2, "step \(step): \(outcome.errors)")
      #expect(try WriteFaultTests.content(of: folder) == before, "step \(step): \(outcome.errors)")
    }
    #expect(step > test.calls, "\(step)")
  }

  @Test("a full disk leaves the old files", arguments: cases)
  func fullDisk(_ test: Case) throws {
    let place = try WriteFaultTests.place(test.old)
    let folder = place.scratch.url
    let before = try WriteFaultTests.content(of: folder)
    let environment = try FaultLibrary.environment(.diskFull, step: 1, path: folder.lastPathComponent)
    let outcome = try Program.run(Program.path, test.words, in: folder, environment: environment)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("No space left on device"))
    #expect(try WriteFaultTests.content(of: folder) == before)
  }

  @Test(
    "where files have one name only, they are written all the same",
    arguments: [convert, convert + ["--max-requests=1"]])
  func withoutLinks(words: [String]) throws {
    let place = try Workplace()
    let environment = try FaultLibrary.failing(
      step: 0, path: place.scratch.url.lastPathComponent, call: "link", error: EPERM)
    let outcome = try Program.run(
      Program.path, WriteFaultTests.absolute(words, place), in: place.scratch.url, environment: environment)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.files.count == (words == WriteFaultTests.convert ? 1 : 3))
    #expect(try place.files.allSatisfy { !$0.hasPrefix(".") })
    let again = try Program.run(
      Program.path, WriteFaultTests.absolute(words, place), in: place.scratch.url, environment: environment)
    #expect(again.status == 2)
  }

  // MARK: - Threads

  @Test("one thread does all the work where the system starts no further one")
  func withoutThreads() throws {
    let scratch = try Scratch()
    try scratch.file("a.jsonl", String(repeating: "x\n", count: 1_500_000))
    let outcome = try Program.run(
      Program.path, ["check", "-j", "4", "--max-findings=1", "a.jsonl"], in: scratch.url,
      environment: FaultLibrary.withoutThreads())
    #expect(outcome.status == 1)
  }
}
