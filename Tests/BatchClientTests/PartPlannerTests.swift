import BatchFile
import Foundation
import TestSupport
import Testing

@testable import BatchClient

struct PartPlannerTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func line(_ id: Int, _ url: String = "/v1/a") -> String {
    #"{"custom_id":"\#(id)","method":"POST","url":"\#(url)","body":{}}"# + "\n"
  }

  private func planner(maxBytes: Int, maxRequests: Int, maxInputs: Int, oneModel: Bool) -> PartPlanner {
    var provider = Provider.openai
    provider.oneModelPerFile = oneModel
    (provider.maxBytes, provider.maxRequests, provider.maxInputs) = (maxBytes, maxRequests, maxInputs)
    let folder = scratch.url.path
    return PartPlanner(limits: FileLimits(provider)) { Path("\(folder)/part-\($0)") }
  }

  /// The parts and their texts. They are as many as are counted without writing any.
  private func plan(
    _ text: String, maxBytes: Int = 0, maxRequests: Int = 0, maxInputs: Int = 0, oneModel: Bool = false
  ) throws -> [(PartPlanner.Part, String)] {
    let input = try scratch.file("in.jsonl", text).path
    let planner = planner(maxBytes: maxBytes, maxRequests: maxRequests, maxInputs: maxInputs, oneModel: oneModel)
    let count = try planner.count(Path(input))
    let parts = try planner.plan(Path(input))
    #expect(parts.count == count)
    return try parts.map { ($0, try String(contentsOfFile: "\($0.path)", encoding: .utf8)) }
  }

  @Test func copiesWhatNeedNotBeCut() throws {
    let text = line(1) + "\n" + line(2)
    let parts = try plan(text)
    #expect(parts.map(\.1) == [text])
    #expect(parts.map(\.0.requests) == [2])
    #expect(parts.map(\.0.url) == ["/v1/a"])
    #expect(parts.map(\.0.bytes) == [text.utf8.count])
    #expect(parts.map(\.0.digest) == [SHA256.digest(of: text)])
    // A hard link would change with the input, and only the owner may read the copy.
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(parts[0].0.path)")
    #expect((attributes[.referenceCount] as? NSNumber)?.intValue == 1)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
  }

  @Test("copies what a symbolic link leads to")
  func symbolicLink() throws {
    let folder = scratch.url.path
    try scratch.file("real.jsonl", line(1))
    try FileManager.default.createSymbolicLink(atPath: folder + "/in.jsonl", withDestinationPath: "real.jsonl")
    let parts = try planner(maxBytes: 0, maxRequests: 0, maxInputs: 0, oneModel: false).plan(Path(folder + "/in.jsonl"))
    let status = try FileManager.default.attributesOfItem(atPath: "\(parts[0].path)")
    #expect(status[.type] as? FileAttributeType == .typeRegular)
    #expect(try String(contentsOfFile: "\(parts[0].path)", encoding: .utf8) == line(1))
  }

  @Test func cutsByRequests() throws {
    let parts = try plan((1...5).map { line($0) }.joined(), maxRequests: 2)
    #expect(parts.map(\.1) == [line(1) + line(2), line(3) + line(4), line(5)])
    #expect(parts.map(\.0.firstLine) == [1, 3, 5])
  }

  @Test func cutsByBytes() throws {
    let size = line(1).utf8.count
    let parts = try plan((1...3).map { line($0) }.joined(), maxBytes: 2 * size)
    #expect(parts.map(\.1) == [line(1) + line(2), line(3)])
    #expect(parts.map(\.0.bytes) == [2 * size, size])
  }

  @Test("cuts by the inputs of embeddings, which an API counts in all requests of a file together")
  func cutsByInputs() throws {
    func embeddings(_ id: Int, _ input: String) -> String {
      #"{"custom_id":"\#(id)","method":"POST","url":"/v1/embeddings","body":{"input":\#(input)}}"# + "\n"
    }
    let lines = [
      embeddings(1, #"["a","b"]"#), embeddings(2, #""a""#), embeddings(3, "[1,2,3,4]"),
      embeddings(4, #"["a","b","c"]"#), embeddings(5, #""a""#),
    ]
    let parts = try plan(lines.joined(), maxInputs: 3)
    #expect(parts.map(\.1) == [lines[0] + lines[1], lines[2], lines[3], lines[4]])
    #expect(parts.map(\.0.requests) == [2, 1, 1, 1])
    #expect(try plan(lines.joined(), maxInputs: 8).map(\.1) == [lines.joined()])
    #expect(try plan(lines.joined(), maxInputs: 7).count == 2)
    // Without lists of inputs their limit does not count, but only that of the requests.
    #expect(try plan((1...5).map { embeddings($0, #""a""#) }.joined(), maxInputs: 3).count == 1)
    #expect(throws: RunError.tooManyInputs(line: 4, inputs: 3, limit: 2)) { try plan(lines.joined(), maxInputs: 2) }
  }

  @Test("cuts by model where the API takes one a batch")
  func cutsByModel() throws {
    func chat(_ id: Int, _ model: String, _ url: String = "/v1/a") -> String {
      #"{"custom_id":"\#(id)","method":"POST","url":"\#(url)","body":{"model":"\#(model)"}}"# + "\n"
    }
    let lines = [chat(1, "a"), chat(2, "b"), chat(3, "a"), chat(4, "b", "/v1/b"), line(5)]
    let parts = try plan(lines.joined(), oneModel: true)
    #expect(parts.map(\.1) == [lines[0] + lines[2], lines[1], lines[3], lines[4]])
    #expect(parts.map(\.0.url) == ["/v1/a", "/v1/a", "/v1/b", "/v1/a"])
    #expect(try plan(lines.joined()).map(\.1) == [lines[0] + lines[1] + lines[2] + lines[4], lines[3]])
  }

  @Test func cutsByURL() throws {
    let parts = try plan(line(1, "/v1/a") + line(2, "/v1/b") + line(3, "/v1/a"))
    #expect(parts.map(\.1) == [line(1, "/v1/a") + line(3, "/v1/a"), line(2, "/v1/b")])
    #expect(parts.map(\.0.url) == ["/v1/a", "/v1/b"])
  }

  @Test func givesTheLastLineItsEnd() throws {
    let parts = try plan(String((line(1) + line(2)).dropLast()), maxRequests: 1)
    #expect(parts.map(\.1) == [line(1), line(2)])
  }

  @Test func namesALineThatNoPartCanHold() {
    #expect(throws: RunError.tooLarge(line: 2, bytes: line(1_000).utf8.count, limit: line(1).utf8.count)) {
      try plan(line(1) + line(1_000), maxBytes: line(1).utf8.count)
    }
  }
}
