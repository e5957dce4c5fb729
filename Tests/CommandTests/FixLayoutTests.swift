import Foundation
import TestSupport
import Testing

/// Requests that are not laid out one a line.
@Suite("batchfile fix: layout")
struct FixLayoutTests {
  private static func request(_ id: String) -> String {
    #"{"custom_id":"\#(id)","method":"POST","url":"/v1/chat/completions","body":{"model":"openai/gpt-oss-20b","#
      + #""messages":[{"role":"user","content":"Hi, { [ \" , : there"}],"temperature":1.0E0}}"#
  }

  /// The same request, printed over several lines.
  private static func printed(_ id: String, indent: String = "") -> String {
    """
    {
      "custom_id" : "\(id)",
      "method": "POST", "url": "/v1/chat/completions",
    \t"body": {
        "model": "openai/gpt-oss-20b",
        "messages": [
          {"role": "user", "content": "Hi, { [ \\" , : there"}

        ],
        "temperature": 1.0E0
      }
    }
    """.split(separator: "\n", omittingEmptySubsequences: false).map { indent + $0 }.joined(separator: "\n")
  }

  struct Layout: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var input: String
    var expected: String

    init(_ name: String, _ input: String, _ expected: [String]) {
      (testDescription, self.input) = (name, input)
      self.expected = expected.map { $0 + "\n" }.joined()
    }
  }

  static let layouts: [Layout] = {
    let (one, two, three) = (request("r-1"), request("r-2"), request("r-3"))
    return [
      Layout("printed over several lines", "\(printed("r-1"))\n\(printed("r-2"))\n", [one, two]),
      Layout("the same with blank lines between", "\(printed("r-1"))\n\n\(printed("r-2"))\n\n", [one, two]),
      Layout("between lines that are requests", "\(one)\n\(printed("r-2"))\n\(three)\n", [one, two, three]),
      Layout("the same with CRLF", printed("r-1").replacing("\n", with: "\r\n") + "\r\n", [one]),
      Layout("behind a byte-order mark", "\u{FEFF}\(printed("r-1"))\n", [one]),
      Layout("an array on a line", "[\(one),\(two)]\n", [one, two]),
      Layout("an array with an element a line", "[\n\(one),\n\(two)\n]\n", [one, two]),
      Layout(
        "an array that is printed", "[\n\(printed("r-1", indent: "  ")),\n\(printed("r-2", indent: "  "))\n]\n",
        [one, two]),
      Layout("two on a line", "\(one)\(two)\n\(three)\n", [one, two, three]),
      Layout("two on a line, with a space between", "\(one) \(two)\n", [one, two]),
      Layout("one printed, the next behind it on its last line", "\(printed("r-1"))\(two)\n", [one, two]),
      Layout(
        "with a method to mend in it", "[\(one.replacing("POST", with: "post")),\(two)]\n", [one, two]),
    ]
  }()

  @Test("puts each request on a line of its own", arguments: layouts)
  func mends(layout: Layout) throws {
    let result = try Program.run("fix", input: Data(layout.input.utf8))
    #expect(result.output == layout.expected)
    #expect(result.status == 0, "\(result.errors)")
    let again = try Program.run("fix", input: Data(result.output.utf8))
    #expect(again.output == result.output)
  }

  @Test("`patch` with the diff makes the mended file", arguments: layouts.filter { !$0.input.contains("\r") })
  func diff(layout: Layout) throws {
    let scratch = try Scratch()
    let file = try scratch.file("f.jsonl", layout.input)
    let diff = try Program.run("fix", "--diff", "f.jsonl", in: scratch.url).output
    let patched = try Shell.run("patch -p1 -s", input: Data(diff.utf8), in: scratch.url)
    #expect(patched.status == 0, "\(patched.errors)\(patched.output)")
    #expect(try String(contentsOf: file, encoding: .utf8) == layout.expected)
  }

  @Test("a file without a final newline gets none")
  func noFinalNewline() throws {
    let (one, two) = (FixLayoutTests.request("r-1"), FixLayoutTests.request("r-2"))
    #expect(try Program.run("fix", input: Data("[\(one),\(two)]".utf8)).output == "\(one)\n\(two)")
  }

  static let others: [(name: String, text: String)] = [
    ("a line that is cut short before good ones", "\(request("r-1").dropLast(80))\n\(request("r-2"))\n"),
    (
      "a line that is cut before its messages, and would take the next ones in",
      "{\"custom_id\":\"r-1\",\"body\":{\"messages\":[\n\(request("r-2"))\n\(request("r-3"))\n"
    ),
    ("an array that is not closed", "[\n\(request("r-1")),\n"),
    ("an array of something else", "[\n{\"prompt\": \"a\"},\n{\"prompt\": \"b\"}\n]\n"),
    ("an array with a number in it", "[\(request("r-1")),7]\n"),
    ("an array in an array", "[[\(request("r-1"))]]\n"),
    ("an empty array", "[]\n"),
    ("printed bodies without an envelope", "{\n  \"model\": \"m\",\n  \"messages\": []\n}\n"),
    ("a comma too many", "{\n  \"custom_id\": \"r-1\",\n  \"body\": {},\n}\n"),
    ("no JSON", "not JSON at all\n{ nor this\n"),
  ]

  @Test("lines that are not requests when taken together stay as they are", arguments: others.map(\.text))
  func leavesAlone(text: String) throws {
    let result = try Program.run("fix", input: Data(text.utf8))
    #expect(result.output == text)
    #expect(result.status == 1)
  }

  @Test("a duplicate's new id is not one that a request printed over several lines has")
  func renames() throws {
    let (one, taken) = (FixLayoutTests.request("r"), FixLayoutTests.printed("r-2"))
    let result = try Program.run("fix", "--rename-duplicates", input: Data("\(one)\n\(one)\n\(taken)\n".utf8))
    #expect(try Workplace.ids(in: result.output) == ["r", "r-3", "r-2"])
  }

  @Test("UTF-32 becomes UTF-8", arguments: [true, false], [true, false])
  func utf32(isLittleEndian: Bool, hasMark: Bool) throws {
    let text = FixLayoutTests.request("größer 😀") + "\n"
    let scalars = (hasMark ? "\u{FEFF}" : "") + text
    var data = Data()
    for scalar in scalars.unicodeScalars {
      let value = isLittleEndian ? scalar.value.littleEndian : scalar.value.bigEndian
      withUnsafeBytes(of: value) { data.append(contentsOf: $0) }
    }
    #expect(try Program.run("fix", input: data).output == text)
    // The last character is cut in half, so nothing is mended and every byte is kept.
    let cut = data.dropLast(2)
    let scratch = try Scratch()
    try scratch.file("f.jsonl", cut)
    #expect(try Program.run("fix", "--in-place", "f.jsonl", in: scratch.url).status == 1)
    #expect(try Data(contentsOf: scratch.url.appendingPathComponent("f.jsonl")) == cut)
  }
}
