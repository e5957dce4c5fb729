import Foundation
import TestSupport
import Testing

/// Lines and files that are longer than what this program reads: its own limit is told as its own.
@Suite("Limits of this tool")
struct LongLineTests {
  /// A file with a good line, and one of 64 MiB and a byte.
  static func place() throws -> Scratch {
    let scratch = try Scratch()
    let file = try scratch.file("long.jsonl", HostileFileTests.line + "\n{\"a\":\"")
    let handle = try FileHandle(forUpdating: file)
    // Without a newline: zeros up to the end.
    try handle.truncate(atOffset: UInt64(HostileFileTests.line.utf8.count + 1 + (64 << 20) + 1))
    try handle.close()
    return scratch
  }

  static let reason = "line 2 is longer than"

  @Test("split says what this tool cannot read, and what the API does not take")
  func split() throws {
    let scratch = try LongLineTests.place()
    let tool = try Program.run("split", "long.jsonl", in: scratch.url)
    #expect(tool.status == 2)
    #expect(tool.errors.hasPrefix("batchfile: long.jsonl: line 2 is longer than the 67108864 bytes"), "\(tool.errors)")
    let api = try Program.run("split", "--max-bytes", "1000", "long.jsonl", in: scratch.url)
    #expect(api.status == 1)
    #expect(
      api.output == "long.jsonl:2: error[maximum_input_file_size_exceeded]: The request has 67108865 bytes, more than "
        + "the 1000 a file may have.\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == ["long.jsonl"])
  }

  @Test("fix says which line is too long for it, and leaves the file", arguments: [[], ["-i"], ["--diff"]])
  func fix(options: [String]) throws {
    let scratch = try LongLineTests.place()
    let size =
      try FileManager.default.attributesOfItem(
        atPath: scratch.url.appendingPathComponent("long.jsonl").path)[.size] as? Int
    let outcome = try Program.run(Program.path, ["fix"] + options + ["long.jsonl"], in: scratch.url)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("long.jsonl: line 2 is longer than the 67108864 bytes"), "\(outcome.errors)")
    let now =
      try FileManager.default.attributesOfItem(
        atPath: scratch.url.appendingPathComponent("long.jsonl").path)[.size] as? Int
    #expect(now == size)
  }

  /// Text in UTF-16 is decoded in memory: 512 MiB of it at the most.
  @Test("fix says that a file in UTF-16 is too large for it")
  func largeText() throws {
    let scratch = try Scratch()
    let file = try scratch.file("wide.jsonl", Data([0xFF, 0xFE]))
    let handle = try FileHandle(forUpdating: file)
    try handle.truncate(atOffset: (1 << 29) + 2)
    try handle.close()
    for words in [["fix", "wide.jsonl"], ["fix", "-i", "wide.jsonl"]] {
      let outcome = try Program.run(Program.path, words, in: scratch.url)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("wide.jsonl: it is larger than the 536870912 bytes"), "\(outcome.errors)")
    }
  }
}
