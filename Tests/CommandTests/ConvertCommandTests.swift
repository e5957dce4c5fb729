import Foundation
import TestSupport
import Testing

/// `batchfile convert` as a program: its options, its streams, and how it ends.
@Suite("batchfile convert")
struct ConvertCommandTests {
  @Test("Latin-1 is named on its line")
  func latin1() throws {
    let place = try Workplace()
    try place.scratch.file("latin.csv", Data("prompt\na\ncaf".utf8) + [0xE9] + Data("\n".utf8))
    let outcome = try place.run(["--model", "openai/gpt-oss-20b", "latin.csv"])
    #expect(outcome.errors.hasPrefix("latin.csv:3: error[invalid_value]: The text is not UTF-8. (0xE9 would be 'é'"))
    #expect(outcome.output.isEmpty)
  }

  @Test("findings go to standard error where the requests go to standard output")
  func streams() throws {
    let outcome = try Workplace("a.csv", "prompt,id\na,1\nb\n").convert("--skip-bad")
    #expect(outcome.errors.hasPrefix("a.csv:3: error[invalid_value]"))
    #expect(try Workplace.ids(in: outcome.output) == ["request-1"])
  }

  @Test("a fault after a cell larger than a block has its line's number")
  func lineAfterLongCell() throws {
    let cell = String(repeating: "a line of a long cell\n", count: 40_000)
    let outcome = try Workplace("a.csv", "prompt,id\n\"\(cell)\",1\nragged\n").convert()
    #expect(outcome.errors.hasPrefix("a.csv:40003: error[invalid_value]"))
  }

  // MARK: - Ids

  @Test("a duplicate names the other line, on both lines")
  func duplicates() throws {
    let outcome = try Workplace("a.csv", "prompt,id\na,x\n\nb,x\n").convert("--id", "{id}", "-o", "out.jsonl")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.map { $0.prefix(8) } == ["a.csv:2:", "a.csv:4:"])
    #expect(lines.first?.hasSuffix("(it comes again on line 4)") == true)
    #expect(lines.last?.hasSuffix("(first used on line 2)") == true)
  }

  @Test("a duplicate of an id in another input names that input", arguments: ["same", "{n}{line}"])
  func duplicatesOfInputs(id: String) throws {
    // The ids are the same for the first request, on line 11 of one input, and for the eleventh, on line 1 of the
    // other.
    let place = try Workplace("a.txt", String(repeating: "\n", count: 10) + String(repeating: "x\n", count: 10))
    try place.scratch.file("b.txt", "b\n")
    let outcome = try place.run(["--model", "openai/gpt-oss-20b", "--id", id, "a.txt", "b.txt"])
    #expect(outcome.errors.contains("b.txt:1: error[duplicate_custom_id]"))
    #expect(outcome.errors.contains("(first used on line 11 of a.txt)"))
    #expect(outcome.status == 1)
  }

  // MARK: - Templates

  static let templates: [(options: [String], user: String)] = [
    (["--prompt", "{text}"], "Hi {n}"), (["--prompt", "{n}.{line}"], "1.2"), (["--prompt", "{{{text}}}"], "{Hi {n}}"),
    (["--prompt", "{{text}}"], "{text}"), (["--prompt", "a \"b\" \\ {lang}"], "a \"b\" \\ de"),
    (["--prompt={text}{text}{lang}"], "Hi {n}Hi {n}de"), (["--prompt", "@template"], "From a file: de\nHi {n}"),
  ]

  @Test("templates fill in columns, numbers and lines", arguments: templates)
  func template(options: [String], user: String) throws {
    let place = try Workplace("a.csv", "lang,text\nde,Hi {n}\n")
    try place.scratch.file("template", "From a file: {lang}\n{text}\r\n")
    let outcome = try place.run(["--model", "openai/gpt-oss-20b"] + options + ["a.csv"])
    let body = try Workplace.lines(of: outcome.output).first?["body"] as? [String: Any]
    let messages = body?["messages"] as? [[String: String]]
    #expect(messages == [["role": "user", "content": user]])
  }

  @Test("a column that the table does not have is an error that names its columns")
  func missingColumn() throws {
    let place = try Workplace("a.csv", "id,text\n1,a\n")
    let outcome = try place.run(["--model", "openai/gpt-oss-20b", "--prompt", "{txet}", "-o", "out.jsonl", "a.csv"])
    #expect(
      outcome.errors == "batchfile: a.csv: there is no column 'txet'; the columns are 'id' and 'text'."
        + " Did you mean 'text'?\n")
    #expect(outcome.status == 2)
    #expect(try place.files == [])
  }

  @Test("a message about a table without a column of prompts says how to use another column")
  func otherColumn() throws {
    let place = try Workplace("a.csv", "id,question\n1,a\n")
    let outcome = try place.convert()
    #expect(outcome.status == 2)
    let told =
      "there is no column 'prompt'; the columns are 'id' and 'question'. --prompt '{question}' asks with another one."
    #expect(outcome.errors == "batchfile: a.csv: \(told)\n")
    #expect(try place.convert("--prompt", "{question}").status == 0)
    let near = try Workplace("a.csv", "Prompt,x\n1,2\n").convert()
    #expect(near.errors.hasSuffix("Did you mean 'Prompt'? --prompt '{Prompt}' asks with another one.\n"))
    for (separator, option) in [("|", "|"), (":", ":"), ("~", "~")] {
      let table = try Workplace("a.csv", "id\(separator)prompt\n1\(separator)a\n")
      #expect(try table.convert().errors.hasSuffix("--delimiter '\(option)' cuts it there.\n"))
      #expect(try table.convert("--delimiter", option).status == 0)
    }
    let wide = try Workplace("a.csv", (1...1000).map { "c\($0)" }.joined(separator: ",") + "\n1\n")
    #expect(try wide.convert("--prompt", "{x}").errors.hasSuffix("'c20', and 980 more.\n"))
    #expect(try Workplace().convert("--prompt", "{x}").errors.hasSuffix("; the only one is 'prompt'.\n"))
  }

  @Test("a model that a body names is accepted with --model, as the advice says")
  func acceptedModel() throws {
    let place = try Workplace("a.jsonl", #"{"model":"my-own","messages":[{"role":"user","content":"a"}]}"#)
    let refused = try place.run(["a.jsonl"])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("; --model NAME accepts it)"))
    #expect(try place.run(["--model", "my-own", "a.jsonl"]).status == 0)
  }

  @Test("a row without the column is an error that names its columns")
  func missingMember() throws {
    let outcome = try Workplace("a.jsonl", #"{"text":"a","id":1}"#).convert()
    #expect(outcome.errors.contains("there is no column 'prompt'; the columns are 'text' and 'id'."))
    #expect(outcome.status == 1)
  }

  // MARK: - Bodies

  static let settings: [(set: [String], body: String)] = [
    (["temperature=0.2"], #"{"model":"openai/gpt-oss-20b","messages":[…],"temperature":0.2}"#),
    (["model=\"openai/gpt-oss-120b\""], #"{"model":"openai/gpt-oss-120b","messages":[…]}"#),
    (["n=1", "n=null"], #"{"model":"openai/gpt-oss-20b","messages":[…],"n":null}"#),
    (
      ["response_format.type=\"json_object\""],
      #"{"model":"openai/gpt-oss-20b","messages":[…],"response_format":{"type":"json_object"}}"#
    ),
    (["stop=[\"a\",\n\"b\"]"], #"{"model":"openai/gpt-oss-20b","messages":[…],"stop":["a","b"]}"#),
    (
      ["metadata={}", "metadata.k=\"v\""],
      #"{"model":"openai/gpt-oss-20b","messages":[…],"metadata":{"k":"v"}}"#
    ),
  ]

  @Test("--set changes the body of a row and a body that is given", arguments: settings, ["a.json", "a.txt"])
  func setting(_ one: (set: [String], body: String), input: String) throws {
    let messages = #"{"role":"user","content":"in JSON"}"#
    let text =
      input == "a.txt" ? "in JSON" : #"{"model":"openai/gpt-oss-20b","messages":[\#(messages)]}"#
    let place = try Workplace(input, text)
    let outcome = try place.run(["--model", "openai/gpt-oss-20b"] + one.set.map { "--set=\($0)" } + [input])
    let body = one.body.replacingOccurrences(of: "…", with: messages)
    #expect(
      outcome.output
        == #"{"custom_id":"request-1","method":"POST","url":"/v1/chat/completions","body":\#(body)}"# + "\n")
  }

  @Test("a row without a model says how to give one")
  func noModel() throws {
    let outcome = try Workplace("a.json", Workplace.row).run(["a.json"])
    #expect(
      outcome.errors.hasPrefix(
        "a.json:1: error[missing_required_parameter]: Missing required parameter: 'body.model'. (a row names no model;")
    )
  }

  @Test("a byte-order mark is taken", arguments: ["a.txt", "a.csv", "a.tsv", "a.json", "a.jsonl"])
  func byteOrderMark(input: String) throws {
    let text = ["a.txt": "a", "a.csv": "prompt\na", "a.tsv": "prompt\na"][input] ?? Workplace.row
    let outcome = try Workplace(input, "\u{FEFF}" + text).convert()
    #expect(outcome.output.hasSuffix(#"[{"role":"user","content":"a"}]}}"# + "\n"))
    #expect(outcome.status == 0)
  }

  // MARK: - Usage

  static let misuses: [(words: [String], says: String)] = [
    ([], "standard input needs --from"), (["--from", "prompts"], "prompts and tables name no model; add --model NAME"),
    (["prompts.txt"], "prompts and tables name no model; add --model NAME"),
    (["--model", "m", "prompts.dat"], "'prompts.dat': its name does not say which kind of input it is; add --from"),
    (["--model", "m", "--from", "cvs", "x"], "'--from' does not know 'cvs'\n  did you mean 'csv'?"),
    (["--modle", "m", "prompts.txt"], "unknown option '--modle'\n  did you mean '--model'?"),
    (["--model", "m", "--set", "temperature", "prompts.txt"], "'--set': 'temperature' has no '='"),
    (["--model", "m", "--set", "a..b=1", "prompts.txt"], "'--set': 'a..b' is not a path"),
    (
      ["--model", "m", "--set", "messages=[]", "prompts.txt"], "the messages of prompts and tables are made by --prompt"
    ),
    (["--model", "m", "--set", "messages.x=1", "prompts.txt"], "the messages of prompts and tables are made by"),
    (["--model", "m", "--prompt", "{text", "prompts.txt"], "'--prompt' {text: the '{' at character 1 is not closed"),
    (["--model", "m", "--prompt", "@none", "prompts.txt"], "'none': No such file or directory"),
    (["--model", "m", "--set", "stop=@none", "prompts.txt"], "'none': No such file or directory"),
    (["--model", "m", "--drop", ".a", "prompts.txt"], "'--drop': '.a' is not a path"),
    (["--model", "m", "--delimiter", "ab", "prompts.txt"], "'--delimiter' takes one ASCII character, or 'tab'"),
    (["--model", "m", "--delimiter", "é", "prompts.txt"], "'--delimiter' takes one ASCII character, or 'tab'"),
    (["--model", "m", "--null", "--paragraphs", "prompts.txt"], "--paragraphs and --null cannot be given together"),
    (["--model", "m", "none.txt"], "none.txt: No such file or directory"),
    (["--model", "m", "prompts.txt", "none.txt"], "none.txt: No such file or directory"),
    (["--model", "m", "--from", "prompts", "."], ".: Is a directory"),
    (["--model", "m", "-o", "none/out.jsonl", "prompts.txt"], "none/out.jsonl: No such file or directory"),
    (["--model", "m", "-o", ".", "prompts.txt"], ".: is a directory"),
    (["--model", "m", "-o", "/dev/null", "--force", "prompts.txt"], "/dev/null: is not a regular file"),
  ]

  @Test("wrong usage ends with 2 and leaves no file", arguments: misuses)
  func misuse(words: [String], says: String) throws {
    let place = try Workplace()
    let outcome = try place.run((words.contains("-o") ? [] : ["-o", "out.jsonl"]) + words)
    #expect(outcome.errors.hasPrefix("batchfile: " + says))
    #expect(outcome.status == 2)
    #expect(try place.files == [])
  }

  @Test("standard input is read as the kind that --from names")
  func standardInput() throws {
    let outcome = try Workplace().run(
      ["--from", "prompts", "--model", "openai/gpt-oss-20b"], input: Data("a\nb\n".utf8))
    #expect(try Workplace.ids(in: outcome.output) == ["request-1", "request-2"])
    #expect(outcome.status == 0)
  }

  @Test("inputs of all kinds are converted one after the other")
  func kinds() throws {
    let place = try Workplace("a.txt", "a\n")
    try place.scratch.file("b.jsonl", Workplace.body.replacingOccurrences(of: #""a""#, with: #""b""#))
    try place.scratch.file("c.csv", "prompt,x\nc,1\n")
    try place.scratch.file("d.json", "[\(Workplace.row.replacingOccurrences(of: "a", with: "d"))]")
    for rotation in 0..<4 {
      let names = ["a.txt", "b.jsonl", "c.csv", "d.json"]
      for order in [names, names.reversed()].map({ Array($0[rotation...] + $0[..<rotation]) }) {
        let outcome = try place.run(["--model", "openai/gpt-oss-20b"] + order)
        let texts = try Workplace.lines(of: outcome.output).map { line -> String? in
          let messages = (line["body"] as? [String: Any])?["messages"] as? [[String: Any]]
          return messages?.first?["content"] as? String
        }
        #expect(texts == order.map { String($0.prefix(1)) }, "\(order)")
        #expect(outcome.status == 0)
      }
    }
  }

  @Test("{n} counts on from one input to the next")
  func severalInputs() throws {
    let place = try Workplace("a.txt", "a\n")
    try place.scratch.file("b.json", Workplace.body)
    try place.scratch.file("c.csv", "prompt\nc\n")
    let outcome = try place.run(["--model", "openai/gpt-oss-20b", "c.csv", "a.txt", "b.json"])
    #expect(try Workplace.ids(in: outcome.output) == ["request-1", "request-2", "request-3"])
    let bodies = try Workplace.lines(of: outcome.output).compactMap { $0["body"] as? [String: Any] }
    let contents = bodies.compactMap { ($0["messages"] as? [[String: String]])?.first?["content"] }
    #expect(contents == ["c", "a", "a"])
  }
}
