import Foundation
import TestSupport
import Testing

/// A set of files whose process is killed while they get their names: the next run with the same output finds what was
/// there before, or the whole set.
@Suite("Sets of files and SIGKILL", .enabled(if: FaultLibrary.isAvailable, "needs Linux and a C compiler"))
struct SetKillTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var words: [String]
    /// The same output, of which nothing comes.
    var failing: [String]
    var old: [String] = []
    var testDescription: String { words.joined(separator: " ") }
  }

  static let split = ["split", "--max-requests=1", "faulty.jsonl"]
  static let splitFailing = ["split", "--max-bytes=1", "-f", "faulty.jsonl"]
  static let convert = WriteFaultTests.convert + ["--max-requests=1"]
  static let convertFailing = ["convert", "-o", "out.jsonl", "-f", "--model=m", "--from=jsonl", "prompts.txt"]
  static let both = WriteFaultTests.results + ["-o", "out.jsonl", "--account", "account.jsonl"]
  static let bothFailing = ["results", "table.csv", "--from", "output.jsonl", "-f", "-o", "out.jsonl"]
  static let pieces = (1...3).map { "faulty-0000\($0).jsonl" }

  static let cases = [
    Case(words: split, failing: splitFailing), Case(words: split + ["-f"], failing: splitFailing, old: pieces),
    Case(words: split + ["-f"], failing: splitFailing, old: ["faulty-00002.jsonl"]),
    Case(words: convert, failing: convertFailing),
    Case(words: convert + ["-f"], failing: convertFailing, old: ["out-00001.jsonl", "out-00003.jsonl"]),
    Case(words: WriteFaultTests.convertTable, failing: convertFailing),
    Case(words: WriteFaultTests.convertTable + ["-f"], failing: convertFailing, old: ["out.jsonl"]),
    Case(words: both, failing: bothFailing),
    Case(words: both + ["-f"], failing: bothFailing, old: ["account.jsonl", "out.jsonl"]),
  ]

  /// Files that a person sees. A note names its table as the command did, which differs from one folder to the other.
  static func visible(_ folder: URL) throws -> [String: Data] {
    var content = try WriteFaultTests.content(of: folder).filter { !$0.key.hasPrefix(".") }
    for (name, data) in content where name.hasSuffix(".source.json") {
      content[name] = Data(String(decoding: data, as: UTF8.self).replacing("\(folder.path)/", with: "").utf8)
    }
    return content
  }

  static func hidden(_ folder: URL) throws -> [String] {
    try WriteFaultTests.content(of: folder).keys.filter { $0.hasPrefix(".") }.sorted()
  }

  /// The files of a run without a fault.
  static func whole(_ test: Case) throws -> [String: Data] {
    let place = try WriteFaultTests.place(test.old)
    let outcome = try Program.run(Program.path, test.words, in: place.scratch.url)
    try #require(outcome.status == 0, "\(outcome.errors)")
    #expect(try hidden(place.scratch.url) == [])
    return try visible(place.scratch.url)
  }

  @Test(
    "killed at any step, the next run finds all or nothing", arguments: cases,
    [FaultLibrary.Fault.killBefore, .killWithin])
  func kill(test: Case, fault: FaultLibrary.Fault) throws {
    let whole = try SetKillTests.whole(test)
    var mixtures = 0
    for step in 1...200 {
      let place = try WriteFaultTests.place(test.old)
      let folder = place.scratch.url
      let before = try SetKillTests.visible(folder)
      let environment = try FaultLibrary.environment(fault, step: step, path: folder.lastPathComponent)
      let killed = try Program.run(
        Program.path, WriteFaultTests.absolute(test.words, place), in: folder, environment: environment)
      if killed.status == 0 {
        #expect(step > 12 && mixtures > 0, "\(step) steps, \(mixtures) mixtures")
        return
      }
      #expect(killed.status == -SIGKILL, "step \(step): \(killed.errors)")
      let left = try SetKillTests.visible(folder)
      if left != before, left != whole { mixtures += 1 }
      // A command of which nothing comes shows what it finds; the others see whether the same command goes on.
      if step % 2 == 0 {
        // From another folder, and by another name of this one.
        let failing = try Program.run(
          Program.path, WriteFaultTests.absolute(test.failing, place), in: folder.deletingLastPathComponent())
        #expect(failing.status == 1, "step \(step): \(failing.errors)")
        let repaired = try SetKillTests.visible(folder)
        #expect(repaired == before || repaired == whole, "step \(step): \(repaired.keys.sorted())")
      }
      let again = try Program.run(Program.path, test.words, in: folder)
      // What is whole stands, and is not replaced without a word.
      let isThere = try again.status == 2 && SetKillTests.visible(folder) == whole
      #expect(again.status == 0 || isThere, "step \(step): \(again.errors)")
      #expect(try SetKillTests.visible(folder) == whole, "step \(step)")
      // What was never about to get a name stays; a record or a former file does not.
      #expect(
        try SetKillTests.hidden(folder).allSatisfy { !$0.hasSuffix(".old") && !$0.hasPrefix(".batchfile-set") },
        "step \(step)")
    }
    Issue.record("more than 200 steps")
  }

  /// A set that is killed with one new and two old files.
  static func halfDone(_ change: (URL) throws -> Void = { _ in }) throws -> (place: Workplace, words: [String]) {
    let place = try WriteFaultTests.place(pieces)
    let folder = place.scratch.url
    for step in 1...60 {
      for name in pieces { try place.scratch.file(name, "old \(name)") }
      for name in try hidden(folder) { try FileManager.default.removeItem(at: folder.appendingPathComponent(name)) }
      let environment = try FaultLibrary.environment(.killBefore, step: step, path: folder.lastPathComponent)
      _ = try Program.run(
        Program.path, WriteFaultTests.absolute(split + ["-f"], place), in: folder, environment: environment)
      let old = try pieces.filter { try place.text($0) == "old \($0)" }
      if old.count == 2 { break }
    }
    try change(folder)
    return (place, splitFailing)
  }

  @Test("a message says which files were put back")
  func said() throws {
    let (place, words) = try SetKillTests.halfDone()
    let outcome = try Program.run(Program.path, words, in: place.scratch.url)
    #expect(outcome.errors.contains("these files are again as they were before it: "))
    #expect(outcome.errors.contains("faulty-00001.jsonl"))
    #expect(!outcome.errors.contains("faulty-00003.jsonl"))
  }

  @Test("a file that was changed since is left alone, and the message names the file with the former contents")
  func changedSince() throws {
    let (place, words) = try SetKillTests.halfDone { folder in
      try Data("mine".utf8).write(to: folder.appendingPathComponent("faulty-00001.jsonl"))
    }
    let outcome = try Program.run(Program.path, words, in: place.scratch.url)
    #expect(try place.text("faulty-00001.jsonl") == "mine")
    let message = try #require(
      outcome.errors.split(separator: "\n").first { $0.contains("was changed since an earlier run was ended") })
    let former = try #require(message.split(separator: " ").last)
    let name = try #require(former.split(separator: "/").last)
    #expect(try place.text(String(name)) == "old faulty-00001.jsonl")
  }

  @Test("a second process gives up at once while another one gives the names")
  func held() throws {
    let (place, _) = try SetKillTests.halfDone()
    let record = try #require(try SetKillTests.hidden(place.scratch.url).first { $0.hasPrefix(".batchfile-set") })
    let before = try SetKillTests.visible(place.scratch.url)
    let outcome = try Shell.run(
      "flock \"$1\" batchfile split -f --max-requests 1 faulty.jsonl", record, in: place.scratch.url)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("is just being written by another process"))
    #expect(try SetKillTests.visible(place.scratch.url) == before)
  }

  @Test("if only a part of a set can be put back, the message names the new files and the next run puts back the rest")
  func partlyReplaced() throws {
    let place = try WriteFaultTests.place(SetKillTests.pieces)
    let folder = place.scratch.url
    let before = try SetKillTests.visible(folder)
    let environment = try FaultLibrary.failing(step: -2, path: folder.lastPathComponent, call: "rename")
    let outcome = try Program.run(
      Program.path, WriteFaultTests.absolute(SetKillTests.split + ["-f"], place), in: folder, environment: environment)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("Input/output error; these files are new already: "))
    #expect(outcome.errors.contains("faulty-00001.jsonl; all others are unchanged; the next run"))
    let left = try SetKillTests.visible(folder)
    #expect(left["faulty-00001.jsonl"] != before["faulty-00001.jsonl"])
    #expect(left["faulty-00002.jsonl"] == before["faulty-00002.jsonl"])
    #expect(left["faulty-00003.jsonl"] == before["faulty-00003.jsonl"])
    #expect(try Program.run(Program.path, SetKillTests.splitFailing, in: folder).status == 1)
    #expect(try SetKillTests.visible(folder) == before)
    #expect(try SetKillTests.hidden(folder) == [])
  }
}
