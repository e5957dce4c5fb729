import JSONLines
import TestSupport
import Testing

@testable import BatchFile

/// Lines and files with very many faults: time grows with their size, and nothing is lost or out of order.
@Suite struct ManyFindingsTests {
  private func check(_ text: String, _ checker: BatchChecker = BatchChecker()) throws -> CheckedFile {
    try BatchText.check(Array(text.utf8), with: checker)
  }

  /// A line with a fault in each of its messages. The expected paths, columns and offsets follow from its form.
  @Test(.timeLimit(.minutes(1))) func everyFindingOfALineHasItsPlace() throws {
    let count = 30_000
    let head =
      #"{"custom_id":"é","method":"POST","url":"/v1/chat/completions","body":"#
      + #"{"model":"openai/gpt-oss-20b","messages":["#
    let findings = try check(head + Array(repeating: "0", count: count).joined(separator: ",") + "]}}\n").findings
    #expect(findings.count == count)
    let first = head.utf8.count
    for (k, finding) in findings.enumerated() {
      // The é has two bytes and one column.
      guard finding.param == "body.messages[\(k)]", finding.offset == first + 2 * k, finding.column == first + 2 * k
      else {
        Issue.record("\(k): \(finding)")
        return
      }
    }
  }

  @Test(.timeLimit(.minutes(1))) func everyUnknownKeyOfALineIsNamed() throws {
    let count = 20_000
    let members = (0..<count).map { #""k\#($0)":1"# }.joined(separator: ",")
    let findings = try check("{\(members)}\n").findings
    #expect(findings.filter { $0.code == .unknownParameter }.map(\.param) == (0..<count).map { "k\($0)" })
  }

  /// A missing member is found after the object's other members were checked, but its place is the object's beginning.
  @Test func findingsThatAreFoundLateHaveTheirOwnPaths() throws {
    let line =
      #"{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"openai/gpt-oss-20b","messages":["#
      + #"{"role":"user","x":1},{"y":[{}],"role":"user","content":[{"type":"text"},{"type":"text","text":2}]},{}]}}"#
    let findings = try check(line + "\n").findings
    #expect(
      findings.map(\.param) == [
        "body.messages[0].content", "body.messages[0].x", "body.messages[1].y", "body.messages[1].content[0].text",
        "body.messages[1].content[1].text", "body.messages[2].role",
      ])
  }

  @Test func pathsThatAreVeryLongAreCutInTheMiddle() throws {
    var schema = #"{"type":"object"}"#
    let key = String(repeating: "ä", count: 60)
    for _ in 0..<20 { schema = #"{"properties":{"\#(key)":\#(schema)}}"# }
    let line =
      #"{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"openai/gpt-oss-20b","messages":"#
      + #"[{"role":"user","content":"a"}],"response_format":{"type":"json_schema","json_schema":{"name":"a","strict":true,"#
      + #""schema":\#(schema)}}}}"#
    let params = try check(line + "\n").findings.compactMap(\.param)
    #expect(params.allSatisfy { $0.utf8.count <= 1_024 })
    let last = try #require(params.last)
    #expect(last.hasPrefix("body.response_format.json_schema.schema.properties.") && last.contains("…"))
    #expect(last.hasSuffix(key))
  }

  /// The expected columns are counted from the line's beginning each time.
  @Test(arguments: [1 as UInt64, 2, 3]) func columnsAreTheSameInAnyOrder(_ seed: UInt64) {
    var random = SeededGenerator(seed)
    let pieces: [[UInt8]] = [[0x61], [0xC3, 0xA9], [0xE6, 0x9D, 0xB1], [0xF0, 0x9F, 0x98, 0x80], [0x80], [0xFF]]
    let bytes = (0..<600).flatMap { _ in random.pick(pieces) }
    PaddedBytes.withCopy(of: bytes) { line in
      var columns = ColumnFinder()
      for _ in 0..<300 {
        let start = random.number(0...bytes.count)
        let end = random.number(start...bytes.count)
        func points(_ range: Range<Int>) -> Int { bytes[range].count { $0 & 0xC0 != 0x80 } }
        let first = 1 + points(0..<start)
        #expect(columns.columns(of: start..<end, in: line) == first..<first + max(1, points(start..<end)))
      }
    }
  }

  /// A block with very many findings is checked in several sections.
  @Test(arguments: [1, 8]) func noLineIsLostWhereABlockIsCheckedInParts(_ jobs: Int) throws {
    let count = 6_000
    var checker = BatchChecker()
    checker.jobs = jobs
    checker.blockSize = 16 << 10
    let text = (0..<count).map { $0 % 7 == 0 ? "[]" : "{}" }.joined(separator: "\n")
    let result = try check(String(repeating: " ", count: 1 << 20) + "\n" + text, checker)
    #expect(result.summary.lines == count + 1)
    #expect(result.summary.requests == count)
    let expected = (0..<count).flatMap { Array(repeating: $0 + 2, count: $0 % 7 == 0 ? 1 : 4) }
    #expect(result.findings.compactMap(\.line) == [1] + expected)
  }

  @Test func excerptsOfBytesThatAreNoTextAreCutToo() throws {
    let line = #"{"custom_id":""# + "x"
    var bytes = Array(line.utf8) + Array(repeating: 0x80, count: 5_000) + Array(#""}"#.utf8)
    bytes += Array(repeating: 0x80, count: 5_000)
    let excerpt = PaddedBytes.withCopy(of: bytes) { Finding.Excerpt($0, 3_000..<3_001) }
    // 100 code points and an ellipsis at each end.
    #expect(excerpt.text.unicodeScalars.count == 102)
    #expect(excerpt.indent == 41)
    #expect(excerpt.width == 1)
  }

  /// Excerpts of ASCII are cut by bytes, those of other text by code points.
  @Test(arguments: [0, 1, 39, 60, 99, 100, 101, 140, 300]) func excerptsAreCutAlikeInAnyText(_ length: Int) {
    let plain = (0..<length).map { UInt8(ascii: "a") + UInt8($0 % 26) }
    // Two bytes a letter, in the same order.
    let wide = plain.flatMap { [0xC3, 0xA0 + ($0 - UInt8(ascii: "a"))] }
    for start in 0...length {
      for count in [0, 1, 30, 200] where start + count <= length {
        let short = PaddedBytes.withCopy(of: plain) { Finding.Excerpt($0, start..<start + count) }
        let long = PaddedBytes.withCopy(of: wide) { Finding.Excerpt($0, 2 * start..<2 * (start + count)) }
        let translated = long.text.unicodeScalars.map { scalar in
          0xE0..<0xFA ~= scalar.value ? Unicode.Scalar(UInt8(scalar.value) - 0xE0 + UInt8(ascii: "a")) : scalar
        }
        #expect(Array(short.text.unicodeScalars) == translated, "\(start) of \(length)")
        #expect(short.indent == long.indent)
        #expect(short.width == long.width)
      }
    }
  }
}
