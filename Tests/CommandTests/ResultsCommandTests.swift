import Foundation
import TestSupport
import Testing

@Suite("batchfile results and retry")
struct ResultsCommandTests {
  private static let folder = "Fixtures/results"

  private static let names: [String] = {
    let path = Program.package.appendingPathComponent(folder).path
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return files.filter { $0.hasSuffix(".requests.jsonl") }.map { String($0.dropLast(15)) }.sorted()
  }()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Program.package.appendingPathComponent(path), encoding: .utf8)
  }

  private func words(_ name: String, _ format: String) -> [String] {
    let base = "\(ResultsCommandTests.folder)/\(name)"
    let files = ["output", "errors"].map { "\(base).\($0).jsonl" }.filter {
      FileManager.default.fileExists(atPath: Program.package.appendingPathComponent($0).path)
    }
    return ["results", "\(base).requests.jsonl", "--format", format] + files.flatMap { ["--from", $0] }
  }

  @Test("there are fixtures") func arePairs() { #expect(ResultsCommandTests.names.count >= 4) }

  @Test("recorded results give the expected file", arguments: names, ["jsonl", "csv"])
  func pair(name: String, format: String) throws {
    let expected = "\(ResultsCommandTests.folder)/\(name).expected.\(format)"
    guard FileManager.default.fileExists(atPath: Program.package.appendingPathComponent(expected).path) else { return }
    let outcome = try Program.run(Program.path, words(name, format))
    #expect(outcome.output == (try text(expected)))
    #expect(outcome.status == 1)
  }

  @Test("the account adds up and says what to do next")
  func account() throws {
    let scratch = try Scratch()
    let file = scratch.url.appendingPathComponent("account.json").path
    let outcome = try Program.run(Program.path, words("groq", "jsonl") + ["--account", file])
    #expect(
      outcome.errors.contains(
        "4 requests: 2 ok, 1 truncated, 1 failed (1 × 429 rate_limit_exceeded); 216 + 37 tokens, $0.00001"))
    #expect(outcome.errors.contains("batchfile retry Fixtures/results/groq.requests.jsonl --from "))
    let data = try Data(contentsOf: URL(fileURLWithPath: file))
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["requests"] as? Int == 4)
    #expect((object["outcomes"] as? [String: Int])?.values.reduce(0, +) == 4)
    #expect((object["tokens"] as? [String: Int]) == ["input": 216, "cached": 0, "output": 37, "reasoning": 12])
  }

  @Test("--price sets a model's price, and a model without one has no cost")
  func price() throws {
    let place = try Place()
    #expect(try place.results("--price", "m=1,2").errors.contains("10 + 5 tokens, $0.00002"))
    #expect(try place.results("--price", "m=1,2").status == 0)
    #expect(try place.results().errors.contains("m: 10 + 5 tokens, no price known"))
    for text in ["m", "m=", "m=1", "m=1,2,3,4", "m=a,b", "=1,2", "m=-1,2", "m=1,inf"] {
      let outcome = try place.results("--price", text)
      #expect(outcome.status == 2 && outcome.errors.contains("'--price' takes MODEL=IN,OUT"), "\(text)")
    }
  }

  @Test("lines of the requests that the API would not take are told of, and joined")
  func oddLines() throws {
    let place = try Place()
    let line = try #require(place.text("in.jsonl"))
    try place.scratch.file("in.jsonl", "\n" + line.replacingOccurrences(of: #""method":"POST","#, with: ""))
    let outcome = try place.results("--account", "account.json")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("the requests: 2 lines that the API would not take; the first is line 1\n"))
    #expect(outcome.errors.contains("batchfile check in.jsonl says what is wrong with the requests"))
    #expect(place.text("account.json")?.contains(#""odd_lines":{"count":2,"first_line":1}"#) == true)
    #expect(try Place().results().errors.contains("the requests:") == false)
  }

  // MARK: - Files

  /// A folder with one request and its answer.
  struct Place {
    let scratch: Scratch

    init() throws {
      scratch = try Scratch()
      try scratch.file(
        "in.jsonl", #"{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m"}}"# + "\n")
      try scratch.file(
        "out.jsonl",
        #"{"custom_id":"a","response":{"status_code":200,"body":{"choices":[{"message":{"content":"x"}}],"#
          + #""usage":{"prompt_tokens":10,"completion_tokens":5}}}}"# + "\n")
    }

    func results(_ words: String...) throws -> Program.Outcome {
      try Program.run(Program.path, ["results", "in.jsonl", "--from", "out.jsonl"] + words, in: scratch.url)
    }

    func text(_ name: String) -> String? {
      try? String(contentsOf: scratch.url.appendingPathComponent(name), encoding: .utf8)
    }

    var files: [String] {
      get throws { try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted() }
    }
  }

  @Test("-o is refused where it exists, and replaced with --force")
  func existing() throws {
    let place = try Place()
    try place.scratch.file("answers.jsonl", "old")
    let refused = try place.results("-o", "answers.jsonl")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("answers.jsonl: exists; --force replaces it"))
    #expect(place.text("answers.jsonl") == "old")
    #expect(try place.results("-o", "answers.jsonl", "-f").status == 0)
    #expect(place.text("answers.jsonl")?.hasPrefix(#"{"custom_id":"a","outcome":"ok""#) == true)
  }

  @Test(
    "an input is never the output, whatever links lead there",
    arguments: ["in.jsonl", "out.jsonl", "./in.jsonl", "link", "hard", "loop/in.jsonl"], ["-o", "--account"])
  func inputIsOutput(name: String, option: String) throws {
    let place = try Place()
    let before = (place.text("in.jsonl"), place.text("out.jsonl"))
    let folder = place.scratch.url
    let files = FileManager.default
    try files.createSymbolicLink(atPath: folder.appendingPathComponent("link").path, withDestinationPath: "out.jsonl")
    try files.createSymbolicLink(atPath: folder.appendingPathComponent("loop").path, withDestinationPath: ".")
    try files.linkItem(
      at: folder.appendingPathComponent("in.jsonl"), to: folder.appendingPathComponent("hard"))
    let outcome = try place.results(option, name, "--force")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("is never written to"))
    #expect(place.text("in.jsonl") == before.0)
    #expect(place.text("out.jsonl") == before.1)
  }

  @Test("standard output that is one of the inputs is an error")
  func standardOutput() throws {
    let place = try Place()
    let before = place.text("out.jsonl")
    let outcome = try Shell.run("batchfile results in.jsonl --from out.jsonl >> out.jsonl", in: place.scratch.url)
    #expect(outcome.status == 2)
    #expect(place.text("out.jsonl") == before)
  }

  @Test("a pipe can be a result file")
  func pipe() throws {
    let place = try Place()
    let outcome = try Shell.run("cat out.jsonl | batchfile results in.jsonl --from /dev/stdin", in: place.scratch.url)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(#""outcome":"ok""#))
  }

  @Test("nothing is written where an id comes twice or the results belong to other requests")
  func refused() throws {
    let place = try Place()
    let line = try #require(place.text("in.jsonl"))
    try place.scratch.file("twice.jsonl", line + line)
    try place.scratch.file("others.jsonl", line.replacingOccurrences(of: #""a""#, with: #""b""#))
    for (name, says) in [
      ("twice.jsonl", "twice.jsonl:2: the custom_id 'a' was used on line 1"), ("others.jsonl", "none of the 1 ids"),
    ] {
      let outcome = try Program.run(
        "results", name, "--from", "out.jsonl", "-o", "answers.jsonl", in: place.scratch.url)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
      #expect(try place.files == ["in.jsonl", "others.jsonl", "out.jsonl", "twice.jsonl"])
    }
    #expect(
      try Program.run("results", "others.jsonl", "--from", "out.jsonl", "--partial", in: place.scratch.url).status == 1)
  }

  static let misuses: [(words: [String], says: String)] = [
    (["results"], "'results' takes one file"), (["results", "in.jsonl"], "needs the API's result files: --from FILE"),
    (["results", "in.jsonl", "out.jsonl"], "'results' takes one file"),
    (["results", "-", "--from", "out.jsonl"], "more than once"),
    (["results", "none.jsonl", "--from", "out.jsonl"], "none.jsonl: No such file or directory"),
    (["results", "in.jsonl", "--from", "none.jsonl"], "none.jsonl: No such file or directory"),
    (["results", "in.jsonl", "--from", "."], ".: Is a directory"),
    (["results", "in.jsonl", "--from", "out.jsonl", "-o", "none/a"], "none/a: No such file or directory"),
    (["retry", "in.jsonl", "--from", "out.jsonl"], "'retry' needs -o FILE"),
    (["retry", "in.jsonl", "--from", "out.jsonl", "-o", "r", "--outcome", "trunkated"], "does not know 'trunkated'"),
  ]

  @Test("wrong usage ends with 2", arguments: misuses)
  func misuse(words: [String], says: String) throws {
    let place = try Place()
    let outcome = try Program.run(Program.path, words, in: place.scratch.url)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(says), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(try place.files == ["in.jsonl", "out.jsonl"])
  }

  @Test("a full disk leaves nothing half-written", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDisk() throws {
    let place = try Place()
    let outcome = try Shell.run("batchfile results in.jsonl --from out.jsonl > /dev/full", in: place.scratch.url)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("No space left on device"))
    // The limit for a file's size makes a write fail.
    let script = "ulimit -f 0; trap '' XFSZ; exec batchfile results in.jsonl --from out.jsonl -o answers.jsonl"
    let limited = try Shell.run(script, in: place.scratch.url)
    #expect(limited.status == 2)
    #expect(try place.files == ["in.jsonl", "out.jsonl"])
  }

  @Test("retry writes the lines that may pass next time, and no file where there are none")
  func retry() throws {
    let place = try Place()
    let nothing = try Program.run(
      "retry", "in.jsonl", "--from", "out.jsonl", "-o", "again.jsonl", in: place.scratch.url)
    #expect(nothing.status == 0)
    #expect(nothing.errors.contains("nothing to try again"))
    #expect(try place.files == ["in.jsonl", "out.jsonl"])
    try place.scratch.file("out.jsonl", "")
    let all = try Program.run("retry", "in.jsonl", "--from", "out.jsonl", "-o", "again.jsonl", in: place.scratch.url)
    #expect(all.status == 0)
    #expect(all.errors.contains("1 request to try again: again.jsonl"))
    #expect(all.errors.contains("make sure that no batch with these requests still runs"))
    #expect(place.text("again.jsonl") == place.text("in.jsonl"))
  }

  @Test("a reader that closes the pipe ends the join")
  func brokenPipe() throws {
    let place = try Place()
    let outcome = try Shell.run(
      "batchfile results in.jsonl --from out.jsonl | true; echo ${PIPESTATUS[0]}", in: place.scratch.url)
    #expect(["0\n", "2\n", "141\n"].contains(outcome.output))
  }
}
