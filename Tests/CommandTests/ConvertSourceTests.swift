import Foundation
import TestSupport
import Testing

/// Sources in the forms that spreadsheets, logs and other tools write.
@Suite("Sources of convert")
struct ConvertSourceTests {
  private static let model = ["--model", "openai/gpt-oss-20b"]

  private static func run(_ name: String, _ content: Data, _ options: [String]) throws -> Program.Outcome {
    let scratch = try Scratch()
    try scratch.file(name, content)
    return try Program.run(Program.path, ["convert"] + options + [name], in: scratch.url)
  }

  /// The user messages of the requests in the output.
  private static func prompts(_ text: String) throws -> [String] {
    try Workplace.lines(of: text).map { line in
      let messages = (line["body"] as? [String: Any])?["messages"] as? [[String: Any]]
      return messages?.last?["content"] as? String ?? ""
    }
  }

  // MARK: - Tables

  struct Table: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var name = "t.csv"
    var text: String
    var options: [String] = []
    var prompts: [String]
  }

  static let tables = [
    Table(testDescription: "blank lines before the header", text: "\n \r\n\nid,prompt\n1,a\n", prompts: ["a"]),
    Table(
      testDescription: "columns without a name at the end", text: "prompt,id,,\na,1,,\nb,2,,\n", prompts: ["a", "b"]),
    Table(testDescription: "two of a name that no template uses", text: "x,prompt,x\n1,a,2\n", prompts: ["a"]),
    Table(testDescription: "semicolons", text: "id;prompt\n1;a, b\n", prompts: ["a, b"]),
    Table(testDescription: "tabs in a .csv", text: "id\tprompt\n1\ta, b\n", prompts: ["a, b"]),
    Table(testDescription: "a comma in quotes is no separator", text: "\"a,b\";prompt\n1;c\n", prompts: ["c"]),
    Table(testDescription: "a header of one column", text: "prompt\na;b\n", prompts: ["a;b"]),
    Table(testDescription: "sep=;", text: "sep=;\r\nid;prompt\r\n1;a\r\n", prompts: ["a"]),
    Table(testDescription: "sep=| and a comma in the header", text: "sep=|\n\"i,d\"|prompt\n1|a\n", prompts: ["a"]),
    Table(
      testDescription: "--delimiter", text: "id|prompt\n1|a,b;c\n", options: ["--delimiter", "|"], prompts: ["a,b;c"]),
    Table(
      testDescription: "--delimiter of a .tsv", name: "t.tsv", text: "id;prompt\n1;a\tb\n",
      options: ["--delimiter=;"], prompts: ["a\tb"]),
    Table(
      testDescription: "--delimiter tab", text: "prompt\tx\na\tb\n", options: ["--delimiter", "tab"], prompts: ["a"]),
  ]

  @Test("tables with each kind of quote, line end and separator are read", arguments: tables)
  func table(table: Table) throws {
    let outcome = try ConvertSourceTests.run(
      table.name, Data(table.text.utf8), ConvertSourceTests.model + table.options)
    #expect(try ConvertSourceTests.prompts(outcome.output) == table.prompts, "\(outcome)")
    #expect(outcome.status == 0)
  }

  @Test("columns whose names differ in their bytes differ even where Unicode calls them equal")
  func equalNames() throws {
    let table = "e\u{301},é,prompt\n1,2,a\n"
    let outcome = try ConvertSourceTests.run(
      "t.csv", Data(table.utf8), ConvertSourceTests.model + ["--prompt", "{é}{e\u{301}}"])
    #expect(try ConvertSourceTests.prompts(outcome.output) == ["21"], "\(outcome)")
  }

  // MARK: - Encodings

  @Test(
    "UTF-16 and UTF-32 with their marks, from a file and from a pipe",
    arguments: [
      (String.Encoding.utf16LittleEndian, [0xFF, 0xFE]), (.utf16BigEndian, [0xFE, 0xFF]),
      (.utf32LittleEndian, [0xFF, 0xFE, 0, 0]), (.utf32BigEndian, [0, 0, 0xFE, 0xFF]),
    ] as [(String.Encoding, [UInt8])])
  func wide(encoding: String.Encoding, mark: [UInt8]) throws {
    let prompts = Data(mark) + (try #require("größer 😀\nzweite\n".data(using: encoding)))
    let file = try ConvertSourceTests.run("p.txt", prompts, ConvertSourceTests.model)
    #expect(try ConvertSourceTests.prompts(file.output) == ["größer 😀", "zweite"], "\(file)")
    let table = Data(mark) + (try #require("id,prompt\n1,größer 😀\n".data(using: encoding)))
    let scratch = try Scratch()
    try scratch.file("t", table)
    let pipe = try Shell.run(
      "cat t | batchfile convert --model openai/gpt-oss-20b --from csv", in: scratch.url)
    #expect(try ConvertSourceTests.prompts(pipe.output) == ["größer 😀"], "\(pipe)")
  }

  @Test(
    "a pipe with fewer bytes than an encoding's mark loses none",
    arguments: ["", "a", "a\n", "a\nb", "a\nb\nc", "\n\n\na", "ab\ncd\nef\n"])
  func shortPipe(text: String) throws {
    let outcome = try Shell.run(
      "printf %s \"$1\" | batchfile convert --model openai/gpt-oss-20b --from prompts", text)
    #expect(try ConvertSourceTests.prompts(outcome.output) == text.split(separator: "\n").map(String.init))
  }

  // MARK: - JSON

  private static let line =
    #"{"custom_id":"mine","method":"POST","url":"/v1/chat/completions","body":"#
    + #"{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"Hi"}],"temperature":1.0}}"#

  @Test("a record that is a line of a batch file goes through byte for byte")
  func batchLine() throws {
    let text = "\(ConvertSourceTests.line)\n{\"prompt\":\"a\"}\n"
    let lines = try ConvertSourceTests.run("r.jsonl", Data(text.utf8), ConvertSourceTests.model)
    #expect(lines.output.hasPrefix(ConvertSourceTests.line + "\n"))
    #expect(try Workplace.ids(in: lines.output) == ["mine", "request-2"])
    let array = try ConvertSourceTests.run("r.json", Data("[\n\(ConvertSourceTests.line)\n]".utf8), [])
    #expect(array.output == ConvertSourceTests.line + "\n")
  }

  @Test("--set changes the body of a record that is a line of a batch file")
  func settingsOfBatchLine() throws {
    let outcome = try ConvertSourceTests.run(
      "r.jsonl", Data(ConvertSourceTests.line.utf8), ["--set", "seed=7", "--drop", "temperature"])
    let expected = ConvertSourceTests.line.replacing(#","temperature":1.0"#, with: "").replacing(
      "}]}}", with: "}],\"seed\":7}}")
    #expect(outcome.output == expected + "\n")
  }

  @Test("an id that a batch line has and the counter gives is a duplicate, in either order", arguments: [true, false])
  func countedID(isFirst: Bool) throws {
    let taken = ConvertSourceTests.line.replacing("mine", with: isFirst ? "request-2" : "request-1")
    let row = #"{"prompt":"a"}"#
    let text = isFirst ? "\(taken)\n\(row)\n" : "\(row)\n\(taken)\n"
    let outcome = try ConvertSourceTests.run("r.jsonl", Data(text.utf8), ConvertSourceTests.model)
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("duplicate_custom_id"), "\(outcome.errors)")
    // No other row gets these ids: the first is the one of this record's own number, the others are beyond the last
    // record or are written differently.
    for id in [isFirst ? "request-1" : "request-2", "request-3", "request-02"] {
      let free = text.replacing(isFirst ? "request-2" : "request-1", with: id)
      #expect(try ConvertSourceTests.run("r.jsonl", Data(free.utf8), ConvertSourceTests.model).status == 0, "\(id)")
    }
  }

  @Test("two records that are lines of a batch file with one id are duplicates")
  func duplicateBatchLines() throws {
    let outcome = try ConvertSourceTests.run(
      "r.jsonl", Data("\(ConvertSourceTests.line)\n\(ConvertSourceTests.line)\n".utf8), [])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("r.jsonl:2: error[duplicate_custom_id]"))
  }

  @Test("--body takes the body from inside", arguments: ["request", "call.kwargs"])
  func body(path: String) throws {
    let body = #"{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"Hi"}]}"#
    let inside = path == "request" ? #"{"request":\#(body)"# : #"{"call":{"kwargs":\#(body)}"#
    let outcome = try ConvertSourceTests.run(
      "log.jsonl", Data((inside + #","trace":"t-1"}"#).utf8), ["--body", path, "--id", "{trace}"])
    #expect(
      outcome.output == #"{"custom_id":"t-1","method":"POST","url":"/v1/chat/completions","body":\#(body)}"# + "\n")
    let without = try ConvertSourceTests.run("log.jsonl", Data("{\"x\":1}\n".utf8), ["--body", path])
    #expect(without.status == 1)
    #expect(
      without.errors.hasPrefix("log.jsonl:1: error[missing_required_parameter]: There is no object at '\(path)'."))
  }

  @Test("{a.b} is the member b of a, or the member whose name is a.b")
  func nestedColumns() throws {
    let rows =
      #"{"a":{"b":"inside","c":{"d":5}},"prompt":"p"}"# + "\n" + #"{"a.b":"called so","a":{"b":"x","c":{"d":6}}}"#
    let outcome = try ConvertSourceTests.run(
      "r.jsonl", Data(rows.utf8), ConvertSourceTests.model + ["--prompt", "{a.b} {a.c.d}"])
    #expect(try ConvertSourceTests.prompts(outcome.output) == ["inside 5", "called so 6"], "\(outcome)")
  }

  @Test("a row that has a template's key twice is an error")
  func twice() throws {
    let row = #"{"prompt":"a","prompt":"b"}"#
    let outcome = try ConvertSourceTests.run("r.jsonl", Data(row.utf8), ConvertSourceTests.model)
    #expect(outcome.errors.hasPrefix("r.jsonl:1: error[duplicate_key]: The object has the key 'prompt' twice."))
    let other = #"{"x":1,"prompt":"a","x":2}"#
    #expect(try ConvertSourceTests.run("r.jsonl", Data(other.utf8), ConvertSourceTests.model).status == 0)
  }

  @Test("elements of an array on one line are named by their number")
  func elements() throws {
    let array = #"[{"prompt":"a"},{"q":1},7,"# + "\n" + #"{"q":2}]"#
    let outcome = try ConvertSourceTests.run("r.json", Data(array.utf8), ConvertSourceTests.model)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines[0].hasPrefix("r.json:1: ") && lines[0].contains("element #2"), "\(outcome.errors)")
    #expect(lines[1].hasPrefix("r.json:1: ") && lines[1].contains("element #3"))
    #expect(lines[2].hasPrefix("r.json:2: ") && !lines[2].contains("element"))
  }

  // MARK: - Templates and settings

  @Test(
    "braces that could be no column's are text",
    arguments: [
      (#"{"a": 1}"#, #"{"a": 1}"#), (#"{"a": {"b": [{}]}} {prompt}"#, #"{"a": {"b": [{}]}} p"#), ("{}", "{}"),
      ("{ }", "{ }"), ("f() { return {prompt}; }", "f() { return p; }"), ("{{prompt}} {prompt}", "{prompt} p"),
      ("{{{prompt}}}", "{p}"), ("{a: b}", "{a: b}"), ("}", "}"), ("}}", "}"),
    ])
  func braces(template: String, text: String) throws {
    let outcome = try ConvertSourceTests.run(
      "p.txt", Data("p\n".utf8), ConvertSourceTests.model + ["--prompt", template])
    #expect(try ConvertSourceTests.prompts(outcome.output) == [text], "\(outcome.errors)")
  }

  @Test("--set takes JSON, a text or a file, and --drop removes a member")
  func settings() throws {
    let scratch = try Scratch()
    try scratch.file("format.json", "{\n  \"type\" : \"json_object\"\n}\n")
    try scratch.file("who.txt", "Dr. \"No\"\n")
    try scratch.file(
      "b.jsonl",
      #"{"model":"openai/gpt-oss-20b","seed":1,"top_p":1, "n":1 ,"messages":[{"role":"user","content":"As JSON"}]}"#)
    let outcome = try Program.run(
      "convert", "--set", "stop=end here", "--set", "response_format=@format.json", "--set", "user=@who.txt", "--set",
      "temperature=0.50", "--drop", "seed", "--drop", "n", "--drop", "none.such", "b.jsonl", in: scratch.url)
    #expect(
      outcome.output
        == #"{"custom_id":"request-1","method":"POST","url":"/v1/chat/completions","body":{"model":"openai/gpt-oss-20b","#
        + #""top_p":1,"messages":[{"role":"user","content":"As JSON"}],"stop":"end here","#
        + #""response_format":{"type":"json_object"},"user":"Dr. \"No\"","temperature":0.50}}"# + "\n",
      "\(outcome.errors)")
  }

  @Test("a model that --model names is accepted even if the provider does not list it")
  func givenModel() throws {
    let outcome = try ConvertSourceTests.run("p.txt", Data("p\n".utf8), ["--model", "my/own-model"])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test("empty prompts are one warning, with their number")
  func emptyPrompts() throws {
    let outcome = try ConvertSourceTests.run(
      "t.csv", Data("id,prompt\n1,a\n2,\n3,\n4,\"\"\n".utf8), ConvertSourceTests.model)
    #expect(outcome.status == 0)
    #expect(
      outcome.errors == "t.csv:3: warning[doubtful_value]: The prompt is empty. (in 2 more rows too)\n"
        + "batchfile: 4 requests\n")
  }
}
