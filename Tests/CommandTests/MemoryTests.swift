import Foundation
import TestSupport
import Testing

#if os(Linux)
  /// How much memory the program takes for very many findings.
  @Suite struct MemoryTests {
    /// The largest resident set of a command in KiB, as the system reports it.
    private func largestMemory(_ words: String..., in folder: URL) throws -> Int {
      let program = try RunningProgram(Program.path, words, in: folder)
      var largest = 0
      while program.isRunning {
        let status = (try? String(contentsOfFile: "/proc/\(program.id)/status", encoding: .utf8)) ?? ""
        for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
          largest = max(largest, Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0)
        }
        usleep(2_000)
      }
      return largest
    }

    /// A thread takes 256 KiB of this file at a time. All their findings at once would take more than 100 MB.
    @Test(arguments: ["concise", "jsonl", "gitlab"]) func findingsThatWaitTakeLittleMemory(_ format: String) throws {
      let scratch = try Scratch()
      try scratch.file("faulty.jsonl", String(repeating: "[]\n", count: 400_000))
      let kibibytes = try largestMemory("check", "-j8", "--format", format, "faulty.jsonl", in: scratch.url)
      #expect((1..<64 << 10).contains(kibibytes))
    }
  }
#endif

/// Ids that are repeated in every finding of their line.
@Suite struct LongIDTests {
  @Test func jsonlCutsALongIDInEveryFinding() throws {
    let scratch = try Scratch()
    let id = String(repeating: "é", count: 300)
    try scratch.file("long.jsonl", #"{"custom_id":"\#(id)","method":"POST","url":"/v1/chat/completions","body":{}}"#)
    let outcome = try Program.run("check", "--format", "jsonl", "long.jsonl", in: scratch.url)
    let ids = try Workplace.lines(of: outcome.output).map { $0["custom_id"] as? String }
    #expect(ids == [String(repeating: "é", count: 256) + "…", String(repeating: "é", count: 256) + "…"])
  }

  @Test func jsonlKeepsAnIDOf256CodePoints() throws {
    let scratch = try Scratch()
    let id = String(repeating: "é", count: 256)
    try scratch.file("long.jsonl", #"{"custom_id":"\#(id)","method":"GET","url":"/v1/chat/completions"}"#)
    let outcome = try Program.run("check", "--format", "jsonl", "long.jsonl", in: scratch.url)
    #expect(try Workplace.lines(of: outcome.output).allSatisfy { $0["custom_id"] as? String == id })
  }
}
