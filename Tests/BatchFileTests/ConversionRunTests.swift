import BatchFile
import Foundation
import TestSupport
import Testing

/// The result of a conversion depends neither on the number of threads nor on the size of their blocks.
@Suite("Conversions by several threads")
struct ConversionRunTests {
  /// Sources of more than a megabyte, so that other threads are started, with faults in them.
  static let sources: [(kind: InputKind, separator: PromptSeparator, text: String)] = {
    var generator = SeededGenerator(99)
    let words = ["one", "two", "\"", "é", "😀", "\\", "three", ","]
    func prose(_ count: Int) -> String { (0..<count).map { _ in generator.pick(words) }.joined(separator: " ") }
    var list = ""
    var paragraphs = ""
    var table = "id,prompt,more\r\n"
    var lines = ""
    var array: [String] = []
    for k in 0..<9_000 {
      let text = prose(generator.number(1...80))
      list += generator.number(0...50) == 0 ? "\n" : "\(text)\r\n"
      paragraphs += text + generator.pick(["\n", "\r\n"]) + (generator.number(0...2) == 0 ? "\n" : "")
      let cell = "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + generator.pick(["", "\n", "\r\n\n"]) + "\""
      // Ids come again, rows lack cells, and text follows a closing quote.
      table += "\(k % 8_990),\(cell)" + generator.pick(Array(repeating: ",x\r\n", count: 400) + ["\r\n", "x,y\r\n"])
      let json = text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
      let object = #"{"prompt":"\#(json)","id":"\#(k)"}"#
      lines += (generator.number(0...600) == 0 ? "{\"prompt\":}" : object) + generator.pick(["\n", "\r\n", "\n\n"])
      array.append(generator.number(0...600) == 0 ? "[\(k)]" : object)
    }
    return [
      (.prompts, .line, list), (.prompts, .blankLine, paragraphs), (.csv, .line, table), (.jsonl, .line, lines),
      (.json, .line, "[" + array.joined(separator: generator.pick([",", ",\n"])) + "]"),
    ]
  }()

  private struct Outcome: Equatable {
    var output: Data
    var findings: [String]
    var counts: [Int]
  }

  private static func convert(
    _ source: (kind: InputKind, separator: PromptSeparator, text: String), id: String = "{id}-{line}", jobs: Int,
    blockSize: Int? = nil
  ) throws -> Outcome {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("batch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let input = folder.appendingPathComponent("input")
    let output = folder.appendingPathComponent("output.jsonl")
    try Data(source.text.utf8).write(to: input)
    var recipe = ConversionRecipe()
    recipe.model = "openai/gpt-oss-20b"
    if source.kind != .prompts { recipe.id = try Template(id) }
    var builder = BatchBuilder(recipe)
    builder.promptSeparator = source.separator
    builder.skipsBad = true
    builder.jobs = jobs
    if let blockSize { builder.blockSize = blockSize }
    let result = try builder.convert([BatchBuilder.Input(path: input.path, kind: source.kind)], to: output.path)
    return Outcome(
      output: try Data(contentsOf: output),
      findings: result.findings.map { "\($0.finding.line ?? 0) \($0.finding.message) \($0.finding.note ?? "")" },
      counts: [result.requests, result.skipped, result.blankLines])
  }

  @Test("write the same lines and findings as one thread does", arguments: sources.indices)
  func jobs(index: Int) throws {
    let source = ConversionRunTests.sources[index]
    let expected = try ConversionRunTests.convert(source, jobs: 1)
    #expect(source.text.utf8.count > 1 << 20)
    #expect(expected.counts[0] > 1_000)
    #expect(source.kind == .prompts || !expected.findings.isEmpty)
    for (jobs, blockSize) in [(1, 700), (2, nil), (2, 5_000), (3, 64 << 10), (5, nil)] as [(Int, Int?)] {
      let found = try ConversionRunTests.convert(source, jobs: jobs, blockSize: blockSize)
      #expect(found == expected, "\(source.kind), \(jobs) jobs, blocks of \(blockSize ?? 0)")
    }
  }

  @Test("find repeated ids in each other's lines", arguments: [1, 2, 4])
  func repeatedIDs(jobs: Int) throws {
    let text = String(repeating: "x", count: 200)
    let rows = (0..<8_000).map { "\($0 == 7_000 ? 3 : $0),\(text)\n" }.joined()
    let found = try ConversionRunTests.convert((.csv, .line, "id,prompt\n" + rows), id: "{id}", jobs: jobs)
    #expect(found.counts == [7_999, 1, 0])
    #expect(found.findings.map { $0.prefix { $0 != " " } } == ["5", "7002"])
    #expect(found.findings.allSatisfy { $0.contains("The custom_id '3' for this request is a duplicate") })
  }
}
