import Foundation
import TestSupport
import Testing

/// The faults that `batchfile convert` finds in its sources, and the files that it leaves then.
@Suite("Faults in sources")
struct ConvertFaultTests {
  struct Fault: CustomTestStringConvertible, Sendable {
    var input: String
    var text: String
    var options: [String] = []
    /// The beginning of each line on standard error, after the input's name.
    var findings: [String]
    /// How many requests --skip-bad writes.
    var rest: Int
    var testDescription: String { "\(input) \(text.prefix(40).debugDescription) \(options.joined(separator: " "))" }
  }

  static let faults = [
    Fault(input: "a.txt", text: "", findings: [": error[empty_file]"], rest: 0),
    Fault(input: "a.txt", text: "\n\n", findings: [": error[empty_file]"], rest: 0),
    Fault(input: "a.csv", text: "", findings: [":1: error[empty_file]"], rest: 0),
    Fault(input: "a.csv", text: "prompt\n", findings: [": error[empty_file]"], rest: 0),
    Fault(input: "a.json", text: "", findings: [":1: error[invalid_json_line]: There is no JSON value."], rest: 0),
    Fault(input: "a.json", text: "[]", findings: [": error[empty_file]"], rest: 0),
    Fault(
      input: "a.csv", text: "id,prompt\n1,a\n2\n3,c,d\n4,b\n", findings: [":3: error[inv", ":4: error[inv"], rest: 2),
    Fault(input: "a.csv", text: "prompt,id\n\"a\nb\",1\nc\n", findings: [":4: error[invalid_value]"], rest: 1),
    Fault(input: "a.csv", text: "prompt\na\n\"b\nc\n", findings: [":3: error[invalid_value]: The quote"], rest: 1),
    Fault(
      input: "a.csv", text: "prompt\n\"a\" b\nc\n", findings: [":2: error[invalid_value]: Something follows"], rest: 1),
    Fault(input: "a.csv", text: "prompt,prompt\na,b\n", findings: [":1: error[duplicate_key]"], rest: 0),
    Fault(
      input: "a.jsonl", text: "\(Workplace.row)\n{\"prompt\":\n\(Workplace.row)\n",
      findings: [":2: error[invalid_json_line]"], rest: 2),
    Fault(
      input: "a.jsonl", text: "\(Workplace.row)\n[\(Workplace.row)]\n", findings: [":2: error[invalid_type]"], rest: 1),
    Fault(input: "a.jsonl", text: "{\"q\":1}\n", findings: [":1: error[missing_required_parameter]"], rest: 0),
    Fault(
      input: "a.jsonl", text: "\(Workplace.body)\n{\"messages\":7}\n\(Workplace.body)\n",
      findings: [":2: error[invalid_type]"], rest: 2),
    Fault(
      input: "a.json", text: "[\(Workplace.row),\n\(Workplace.row)\n",
      findings: [":3: error[invalid_json_line]: The array is"], rest: 2),
    Fault(
      input: "a.json", text: "[\(Workplace.row),\n]", findings: [":1: error[invalid_json_line]: Expected a value"],
      rest: 1),
    Fault(
      input: "a.json", text: "[\(Workplace.row)\n\(Workplace.row)]",
      findings: [":2: error[invalid_json_line]: Expected ','"], rest: 1),
    Fault(
      input: "a.json", text: "[,\(Workplace.row)]", findings: [":1: error[invalid_json_line]: Expected a value"],
      rest: 0),
    Fault(
      input: "a.json", text: "\(Workplace.row)\n\(Workplace.row)",
      findings: [":2: error[invalid_json_line]: Something follows"], rest: 1),
    Fault(
      input: "a.json", text: "[\n1,\n\"a\", \(Workplace.row), null, tru, [\(Workplace.row)]\n]",
      findings: [
        ":2: error[invalid_type]", ":3: error[invalid_type]", ":3: error[invalid_type]", ":3: error[invalid_json_line]",
        ":3: error[invalid_type]",
      ], rest: 1),
    Fault(
      input: "a.json", text: "[{\"prompt\":\"a\",\n\"x\": 1\n2},\n\(Workplace.row)]",
      findings: [":1: error[invalid_json_line]"],
      rest: 1),
    Fault(
      input: "a.json", text: "{\"prompt\":\"a\nb\"}", findings: [":1: error[invalid_json_line]: A string is not"],
      rest: 0),
    Fault(
      input: "a.json", text: "{\"prompt\":\n\"a\\\nb\"}", findings: [":2: error[invalid_json_line]: A string is not"],
      rest: 0),
    Fault(
      input: "a.json", text: String(repeating: "[", count: 2_000) + String(repeating: "]", count: 2_000),
      findings: [":1: error[invalid_json_line]"], rest: 0),
    Fault(
      input: "a.csv", text: "prompt,id\na,x\nb,\nc,z\nd,x\n", options: ["--id", "{id}"],
      findings: [":2: error[duplicate_custom_id]", ":3: error[empty_string]", ":5: error[duplicate_custom_id]"], rest: 2
    ),
    Fault(
      input: "a.txt", text: "a\nb\n", options: ["--set", "temperature=9"],
      findings: [":1: error[decimal_above_max_value]"], rest: 0),
    Fault(
      input: "a.json", text: Workplace.row, options: ["--set", "messages=[]"], findings: [":1: error[invalid_value]"],
      rest: 0),
    Fault(
      input: "a.txt", text: "a\n\(String(repeating: "b", count: 400))\nc\n", options: ["--max-bytes", "400"],
      findings: [":2: error[maximum_input_file_size_exceeded]"], rest: 2),
  ]

  @Test("findings have the source's line", arguments: faults)
  func sourceLines(_ fault: Fault) throws {
    let place = try Workplace(fault.input, fault.text)
    let outcome = try place.run(["--model", "openai/gpt-oss-20b", "-o", "out.jsonl"] + fault.options + [fault.input])
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.count == fault.findings.count, "\(outcome.output)")
    for (line, start) in zip(lines, fault.findings) { #expect(line.hasPrefix(fault.input + start)) }
    #expect(outcome.status == 1)
  }

  @Test("the id of a row that is left out may be used again")
  func freedID() throws {
    let body = #"{"user":"a","messages":[{"role":"user","content":"Hi"}],"n":"#
    let place = try Workplace("a.jsonl", "\(body)9}\n\(body)1}\n")
    let outcome = try place.run(
      ["--model", "openai/gpt-oss-20b", "--id", "{user}", "--skip-bad", "-o", "out.jsonl", "a.jsonl"])
    #expect(outcome.output.split(separator: "\n").filter { $0.contains("duplicate_custom_id") }.isEmpty)
    #expect(try place.ids("out.jsonl") == ["a"])
  }

  @Test("a fault of every row is reported once, and a fault of bodies for each of them")
  func everyRow() throws {
    let place = try Workplace("a.jsonl", "\(Workplace.row)\n\(Workplace.row)\n")
    let row = try place.run(["--model", "lama-3.1-8b-instant", "--set", "temperature=9", "-o", "out.jsonl", "a.jsonl"])
    #expect(
      row.output == """
        a.jsonl:1: error[decimal_above_max_value]: Invalid 'body.temperature': decimal above maximum value. Expected a \
        value <= 2, but got 9 instead. (the same in every row)

        """)
    let body = #"{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"Hi"}]}"#
    try place.scratch.file("b.jsonl", "\(body)\n\(body)\n")
    let bodies = try place.run(["--set", "temperature=9", "-o", "out.jsonl", "b.jsonl"])
    #expect(bodies.output.split(separator: "\n").count == 2)
  }

  @Test("nothing is written where something is wrong", arguments: faults)
  func nothingWritten(_ fault: Fault) throws {
    let place = try Workplace(fault.input, fault.text)
    _ = try place.run(["--model", "openai/gpt-oss-20b", "-o", "out.jsonl"] + fault.options + [fault.input])
    #expect(try place.files == [])
  }

  @Test("--skip-bad writes the rest, and still ends with 1", arguments: faults)
  func skipBad(_ fault: Fault) throws {
    let place = try Workplace(fault.input, fault.text)
    let outcome = try place.run(
      ["--model", "openai/gpt-oss-20b", "--skip-bad", "-o", "out.jsonl", "--max-requests=0"] + fault.options
        + [fault.input])
    // Beside the requests of a table stands a note about the table.
    let written = try place.files.filter { $0.hasSuffix(".jsonl") }
    #expect(try written.flatMap { try place.ids($0) }.count == fault.rest, "\(outcome)")
    #expect(outcome.status == 1)
  }
}
