import Foundation
import TestSupport
import Testing

@Suite("The table that was converted, with its answers")
struct TableResultsTests {
  private static func request(_ id: String) -> String {
    #"{"custom_id":"\#(id)","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[]}}"# + "\n"
  }

  private static func good(_ id: String, _ text: String) -> String {
    #"{"custom_id":"\#(id)","response":{"status_code":200,"body":{"choices":[{"index":0,"message":{"content":"\#(text)"},"#
      + #""finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}}}"# + "\n"
  }

  private func run(_ table: String, _ words: String..., name: String = "t.csv") throws -> (Program.Outcome, Scratch) {
    let scratch = try Scratch()
    try scratch.file(name, table)
    try scratch.file("in.jsonl", ["k-x", "k-y", "k-z"].map(TableResultsTests.request).joined())
    try scratch.file(
      "out.jsonl",
      TableResultsTests.good("k-z", #"say \"z\";"#) + TableResultsTests.good("k-x", #"two\nlines, é"#))
    let words = ["results", "in.jsonl", "--from", "out.jsonl", "--table", name] + words
    return (try Program.run(Program.path, words, in: scratch.url), scratch)
  }

  static let added = "custom_id,outcome,content,finish_reason,error_code,error_message,prompt_tokens,completion_tokens"

  @Test("every row is in its place, and its own cells are unchanged")
  func rows() throws {
    let table = "id,text\nz,\"a \"\"quoted\"\"\ncell\"\nnobody,\nx,b\ny,c\n"
    let (outcome, _) = try run(table, "--id", "k-{id}")
    #expect(
      outcome.output
        == "id,text,\(TableResultsTests.added)\nz,\"a \"\"quoted\"\"\ncell\",k-z,ok,\"say \"\"z\"\";\",stop,,,3,2\n"
        + "nobody,,,,,,,,,\nx,b,k-x,ok,\"two\nlines, é\",stop,,,3,2\ny,c,k-y,missing,,,,,,\n")
    #expect(outcome.errors.contains("1 row without a request"))
    #expect(outcome.errors.contains("3 requests: 2 ok, 1 missing; 6 + 4 tokens"))
    #expect(outcome.status == 1)
  }

  @Test("line ends, separators, a byte-order mark and a missing last newline are kept")
  func forms() throws {
    let (outcome, _) = try run("\u{FEFF}id;content\r\nz;1\r\nx;2\r\ny;3", "--id", "k-{id}")
    let head = TableResultsTests.added.replacingOccurrences(of: ",", with: ";")
      .replacingOccurrences(of: ";content", with: ";result_content")
    #expect(
      outcome.output == "\u{FEFF}id;content;\(head)\r\nz;1;k-z;ok;\"say \"\"z\"\";\";stop;;;3;2\r\n"
        + "x;2;k-x;ok;\"two\nlines, é\";stop;;;3;2\r\ny;3;k-y;missing;;;;;;\n")
  }

  @Test("ids that are only numbers of rows need --by-position")
  func position() throws {
    let table = "id\nx\ny\nz\n"
    let (refused, _) = try run(table)
    #expect(refused.status == 2)
    #expect(refused.errors.contains("are only numbers of rows"))
    #expect(try run(table, "--id", "k-{n}").0.status == 2)
    // No row is found, because the ids are k-x and not k-1.
    let (other, scratch) = try run(table, "--id", "k-{n}", "--by-position", "-o", "back.csv")
    #expect(other.status == 1)
    #expect(other.errors.contains("only 0 of 3 rows make the id of a request"))
    #expect(!FileManager.default.fileExists(atPath: scratch.url.appendingPathComponent("back.csv").path))
  }

  @Test("with --by-position rows are counted as `convert` counts them")
  func byPosition() throws {
    let scratch = try Scratch()
    try scratch.file("t.csv", "prompt\none\n\"two\nlines\"\nthree\n")
    let converted = try Program.run(
      "convert", "--model", "openai/gpt-oss-20b", "-o", "in.jsonl", "t.csv", in: scratch.url)
    #expect(converted.status == 0)
    try scratch.file("out.jsonl", (1...3).reversed().map { TableResultsTests.good("request-\($0)", "\($0)") }.joined())
    let back = try Program.run("results", "in.jsonl", "--from", "out.jsonl", "--table", "t.csv", in: scratch.url)
    #expect(back.status == 0)
    #expect(
      back.output == "prompt,\(TableResultsTests.added)\none,request-1,ok,1,stop,,,3,2\n"
        + "\"two\nlines\",request-2,ok,2,stop,,,3,2\nthree,request-3,ok,3,stop,,,3,2\n")
  }

  // MARK: - The note that shows which table was converted

  /// A folder with a table, what `convert` made of it, and answers.
  private func converted(_ table: String = "prompt\none\ntwo\n", _ words: String...) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.file("t.csv", table)
    let outcome = try Program.run(
      Program.path, ["convert", "--model", "openai/gpt-oss-20b", "-o", "in.jsonl", "t.csv"] + words, in: scratch.url)
    #expect(outcome.status == 0)
    try scratch.file("out.jsonl", (1...2).map { TableResultsTests.good("request-\($0)", "\($0)") }.joined())
    return scratch
  }

  private func back(_ scratch: Scratch, _ words: String...) throws -> Program.Outcome {
    try Program.run(
      Program.path, ["results", "in.jsonl", "--from", "out.jsonl", "--table", "t.csv"] + words, in: scratch.url)
  }

  private func files(_ scratch: Scratch) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted()
  }

  @Test("the table that was converted needs no word")
  func proven() throws {
    let scratch = try converted()
    #expect(try files(scratch) == ["in.jsonl", "in.jsonl.source.json", "out.jsonl", "t.csv"])
    let outcome = try back(scratch)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("one,request-1,ok,1,"))
    #expect(!outcome.errors.contains("warning"))
  }

  @Test("the template of the ids is noted too")
  func notedTemplate() throws {
    let scratch = try converted("prompt\none\ntwo\n", "--id", "row {line}")
    try scratch.file("out.jsonl", ["row 2", "row 3"].map { TableResultsTests.good($0, "x") }.joined())
    #expect(try back(scratch).output.contains("two,row 3,ok,x,"))
  }

  @Test("a table with its rows in another order is refused, and joined only on demand, with a warning")
  func otherTable() throws {
    let scratch = try converted()
    try scratch.file("t.csv", "prompt\ntwo\none\n")
    let refused = try back(scratch, "-o", "back.csv")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("this is not 't.csv' as it was converted (in.jsonl.source.json)"))
    #expect(try !files(scratch).contains("back.csv"))
    let taken = try back(scratch, "--by-position")
    #expect(taken.status == 0)
    #expect(taken.errors.contains("warning: the ids are only numbers of rows, and this is not 't.csv'"))
  }

  @Test("requests that were made anew are not what the note is about")
  func otherRequests() throws {
    let scratch = try converted()
    try scratch.file("in.jsonl", (1...2).map { TableResultsTests.request("request-\($0)") }.joined())
    let refused = try back(scratch)
    #expect(refused.status == 2)
    #expect(refused.errors.contains("in.jsonl is not what in.jsonl.source.json was noted about"))
  }

  @Test("one note for all pieces of an output")
  func pieces() throws {
    let scratch = try converted("prompt\none\ntwo\n", "--max-requests", "1")
    #expect(
      try files(scratch) == ["in-00001.jsonl", "in-00002.jsonl", "in.jsonl.source.json", "out.jsonl", "t.csv"])
    let outcome = try Program.run(
      "results", "in-00002.jsonl", "--from", "out.jsonl", "--table", "t.csv", "--partial", in: scratch.url)
    #expect(outcome.output.contains("one,,,,,,,,\ntwo,request-2,ok,2,"))
  }

  @Test("no note where rows are found by a column, or their places are not a table's")
  func noNote() throws {
    let scratch = try converted("prompt,id\none,a\ntwo,b\n", "--id", "{id}")
    #expect(try files(scratch) == ["in.jsonl", "out.jsonl", "t.csv"])
    let several = try Program.run(
      "convert", "--model", "openai/gpt-oss-20b", "-o", "both.jsonl", "t.csv", "t.csv", in: scratch.url)
    #expect(several.status == 0)
    #expect(try files(scratch) == ["both.jsonl", "in.jsonl", "out.jsonl", "t.csv"])
  }

  @Test("a note belongs to its output: it is replaced with it, and never instead of another file")
  func replaced() throws {
    let scratch = try converted()
    let words = ["convert", "--model", "openai/gpt-oss-20b", "-o", "in.jsonl", "t.csv"]
    // The output is gone, and its note is about nothing.
    try FileManager.default.removeItem(at: scratch.url.appendingPathComponent("in.jsonl"))
    try scratch.file("t.csv", "prompt\nthree\nfour\n")
    #expect(try Program.run(Program.path, words, in: scratch.url).status == 0)
    #expect(try back(scratch).status == 0)
    // Without a note of its own, an output does not leave the old one beside it.
    let byColumn = words + ["--force", "--id", "{prompt}"]
    #expect(try Program.run(Program.path, byColumn, in: scratch.url).status == 0)
    #expect(try files(scratch) == ["in.jsonl", "out.jsonl", "t.csv"])
    try scratch.file("in.jsonl.source.json", "mine")
    try FileManager.default.removeItem(at: scratch.url.appendingPathComponent("in.jsonl"))
    let refused = try Program.run(Program.path, words, in: scratch.url)
    #expect(refused.status == 2)
    #expect(refused.errors.contains("in.jsonl.source.json: exists"))
    #expect(try files(scratch) == ["in.jsonl.source.json", "out.jsonl", "t.csv"])
  }

  @Test("a table in UTF-16 comes back as UTF-8")
  func wideTable() throws {
    let scratch = try converted()
    for name in ["in.jsonl", "in.jsonl.source.json"] {
      try FileManager.default.removeItem(at: scratch.url.appendingPathComponent(name))
    }
    try scratch.file(
      "t.csv", Data([0xFF, 0xFE] + "prompt\nü\nzwei\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }))
    let words = ["convert", "--model", "openai/gpt-oss-20b", "-o", "in.jsonl", "t.csv"]
    #expect(try Program.run(Program.path, words, in: scratch.url).status == 0)
    #expect(try back(scratch).output.contains("ü,request-1,ok,1,"))
  }

  static let faulty: [(table: String, id: String, status: Int32, says: String)] = [
    ("id\nx\ny\nx\nz\n", "k-{id}", 1, "t.csv:4: an earlier row makes the id 'k-x' too"),
    ("id,b\nx,1\ny\n", "k-{id}", 1, "t.csv:3: The row has 1 cell"),
    ("id\nx\n", "k-{key}", 2, "there is no column 'key'"), ("id\nx\n", "k-{id", 2, "is not closed"),
  ]

  @Test("what cannot be matched is refused, and nothing written", arguments: faulty)
  func refused(table: String, id: String, status: Int32, says: String) throws {
    let (outcome, _) = try run(table, "--id", id)
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(says), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test("the table is never the output")
  func output() throws {
    let (outcome, scratch) = try run("id\nx\ny\nz\n", "--id", "k-{id}", "-o", "t.csv", "--force")
    #expect(outcome.status == 2)
    #expect(try String(contentsOf: scratch.url.appendingPathComponent("t.csv"), encoding: .utf8) == "id\nx\ny\nz\n")
  }

  @Test("Ctrl-C leaves nothing half-written")
  func interrupt() async throws {
    let scratch = try Scratch()
    try scratch.file("in.jsonl", TableResultsTests.request("a"))
    // Nothing is written to the pipe, so the join waits for results after it has begun its output.
    let pipe = scratch.url.appendingPathComponent("pipe").path
    #expect(mkfifo(pipe, 0o600) == 0)
    let program = try RunningProgram(
      Program.path, ["results", "in.jsonl", "--from", "pipe", "-o", "answers.jsonl"], in: scratch.url)
    func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted() }
    for _ in 0..<500 where try files().count == 2 { try await Task.sleep(for: .milliseconds(10)) }
    #expect(try files().count == 3)
    program.signal(SIGINT)
    #expect(try program.wait().status == -SIGINT)
    #expect(try files() == ["in.jsonl", "pipe"])
  }
}
