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

  private func plan(_ text: String, maxBytes: Int = 0, maxRequests: Int = 0) throws -> [(PartPlanner.Part, String)] {
    let input = try scratch.file("in.jsonl", text).path
    let folder = scratch.url.path
    let planner = PartPlanner(maxBytes: maxBytes, maxRequests: maxRequests) { Path("\(folder)/part-\($0)") }
    return try planner.plan(Path(input)).map { ($0, try String(contentsOfFile: "\($0.path)", encoding: .utf8)) }
  }

  @Test func linksWhatNeedNotBeCut() throws {
    let text = line(1) + "\n" + line(2)
    let parts = try plan(text)
    #expect(parts.map(\.1) == [text])
    #expect(parts.map(\.0.requests) == [2])
    #expect(parts.map(\.0.url) == ["/v1/a"])
    let attributes = try FileManager.default.attributesOfItem(atPath: scratch.url.path + "/in.jsonl")
    #expect((attributes[.referenceCount] as? NSNumber)?.intValue == 2)
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
