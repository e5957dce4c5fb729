import Foundation
import TestSupport
import Testing

/// What the verbs of a run say is safe for terminals and logs, whatever names, options and answers of the API are.
@Suite("Safe words about runs")
struct SafeRunTests {
  static let text = SafeOutputTests.text
  static let name = "::error a\(text).jsonl"
  static let verbs = ["submit", "wait", "status", "results", "cancel", "retry", "run"]

  /// The run is kept under a name that curl takes.
  static let folder = ["--run-dir", "kept"]

  /// Runs a verb to its end, and looks at all that it said. Answers on standard output are data.
  @discardableResult
  static func run(_ place: RunPlace, _ verb: String, _ words: [String] = []) async throws -> Program.Outcome {
    let isAnswers = ["results", "run"].contains(verb)
    let base = ["status", "cancel", "results"].contains(verb) ? place.options : []
    let outcome = try await place.start(verb, folder + words + base).finished()
    #expect(!(outcome.errors + outcome.output).isEmpty)
    SafeOutputTests.expectSafe(outcome, dataOnOutput: isAnswers)
    return outcome
  }

  static func place(_ change: @escaping (inout APISettings) -> Void = { _ in }) throws -> RunPlace {
    try RunPlace(input: name, change)
  }

  /// Its requests have ids and its answers have texts of all kinds.
  static func answer(_ request: APIRequestLine) -> APILine {
    switch request.index {
    case 0: .raw("{\"custom_id\":\"\(SafeOutputTests.inJSON)\",")
    case 1: .failure(429, code: text)
    default: .answer(text)
    }
  }

  @Test("a whole run, and every verb after it")
  func whole() async throws {
    let place = try SafeRunTests.place {
      $0.statuses = ["is \(SafeRunTests.text)", "completed"]
      $0.rule = SafeRunTests.answer
    }
    let words = ["-o", "::o\(SafeRunTests.text)", "--metadata", "k=\(SafeRunTests.text)"]
    let first = try await SafeRunTests.run(place, "run", words)
    #expect(first.status == 1, "\(first.errors)")
    for verb in SafeRunTests.verbs { try await SafeRunTests.run(place, verb, verb == "run" ? words : []) }
    try await SafeRunTests.run(place, "status", ["--json"])
    try await SafeRunTests.run(place, "submit", ["--dry-run"])
  }

  @Test("a batch that failed, with errors at lines")
  func failed() async throws {
    let place = try SafeRunTests.place {
      $0.statuses = ["validating", "failed"]
      $0.batchErrors = [
        (SafeRunTests.text, SafeRunTests.text, 1), (SafeRunTests.text, SafeRunTests.text, nil),
        ("a\(SafeRunTests.text)", "b", 99),
      ]
    }
    let outcome = try await SafeRunTests.run(place, "run")
    #expect(outcome.errors.contains("error["))
    for verb in SafeRunTests.verbs { try await SafeRunTests.run(place, verb) }
  }

  /// What a call is answered with in place of the true answer.
  static let refusals: [HTTPAnswer] = [
    .error(400, text, type: text, code: .text(text), param: .text(text)).with("x-request-id", "a\u{9B}\u{202E}b"),
    HTTPAnswer(404, text, type: "text/plain"), HTTPAnswer(200, "<html>\(text)</html>", type: "text/html"),
    HTTPAnswer(301, "", type: "text/plain").with("Location", "http://127.0.0.1:1/\u{9B}\u{202E}"),
  ]

  @Test("refusals of the API, in its words", arguments: [APIOperation.list, .upload, .create, .retrieve, .content])
  func refused(operation: APIOperation) async throws {
    for refusal in SafeRunTests.refusals {
      let place = try SafeRunTests.place()
      place.api.fail(operation, .refused(refusal), times: .max)
      try await SafeRunTests.run(place, "submit")
      try await SafeRunTests.run(place, "wait", ["--timeout", "10s"])
      try await SafeRunTests.run(place, "results", ["--partial"])
      try await SafeRunTests.run(place, "status")
    }
  }

  @Test("ids that the API gives", arguments: [APIOperation.upload, .create, .retrieve])
  func ids(operation: APIOperation) async throws {
    let place = try SafeRunTests.place { $0.statuses = ["in_progress"] }
    let hostile: @Sendable (HTTPAnswer) -> HTTPAnswer = { answer in
      var answer = answer
      let text = String(decoding: answer.body, as: UTF8.self)
      answer.body = Data(text.replacingOccurrences(of: "_01tests", with: "_\(SafeOutputTests.inJSON)").utf8)
      return answer
    }
    place.api.fail(operation, .changed(hostile), times: .max)
    for verb in ["submit", "wait", "status", "results", "cancel", "submit"] {
      try await SafeRunTests.run(place, verb, verb == "wait" ? ["--timeout", "10s"] : [])
    }
  }

  /// A journal is a file: somebody else may have written it.
  @Test("a journal with anything in it")
  func journal() async throws {
    let place = try SafeRunTests.place { $0.statuses = ["in_progress"] }
    try await SafeRunTests.run(place, "submit")
    let file = place.scratch.url.appendingPathComponent("kept/journal.jsonl")
    let journal = try String(contentsOf: file, encoding: .utf8)
    #expect(journal.contains("batch_01tests"))
    for (old, new) in [("batch_01tests", "b"), ("groq", "p"), ("file_01tests", "f"), ("1/part-", "x")] {
      let changed = journal.replacingOccurrences(of: old, with: "\(new)\(SafeOutputTests.inJSON)")
      for verb in SafeRunTests.verbs {
        try Data(changed.utf8).write(to: file)
        try await SafeRunTests.run(place, verb, verb == "wait" ? ["--timeout", "10s"] : [])
      }
    }
  }

  @Test("lists of other people's batches", arguments: [[], ["--json"]])
  func lists(words: [String]) async throws {
    let place = try SafeRunTests.place { $0.statuses = ["is \(SafeRunTests.text)"] }
    place.api.makeBatch(of: Data("{}\n".utf8))
    let words = ["status"] + words + place.options
    let outcome = try await RunningProgram(
      Program.path, words, in: place.scratch.url, environment: place.environment
    ).finished()
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(#"\u009B"#))
    SafeOutputTests.expectSafe(outcome)
  }

  static let commandLines: [[String]] =
    verbs.flatMap { verb in
      [[verb, text], [verb, text, text], [verb, "--\(text)"], [verb, "a", "--provider", text]]
        + [[verb, "a", "--run-dir", text], [verb, name, "--base-url", text]]
    }
    + [
      ["submit", name, "--adopt", text], ["submit", name, "--metadata", text], ["submit", name, "--max-open", text],
      ["submit", name, "--max-cost", text], ["submit", name, "--max-cost", "0"], ["submit", name, "--price", text],
      ["submit", name, "--completion-window", text], ["wait", name, "--timeout", text],
      ["status", "--limit", text], ["run", name, "-o", name], ["run", name, "-o", "missing\(text)/a"],
      ["retry", name, "--outcome", text], ["submit", "faulty\(name)"], ["run", "faulty\(name)"],
      ["submit", "--dry-run", name],
    ]

  @Test("arguments and names of files are made safe in messages", arguments: commandLines)
  func words(words: [String]) throws {
    let scratch = try Scratch()
    let requests = RunPlace.requests(1...2)
    try scratch.file(SafeRunTests.name, requests.replacingOccurrences(of: "openai/", with: SafeOutputTests.inJSON))
    try scratch.file(
      "faulty\(SafeRunTests.name)", requests.replacingOccurrences(of: "POST", with: SafeOutputTests.inJSON))
    let outcome = try Program.run(
      Program.path, words + (words.contains("--base-url") ? [] : ["--base-url", "http://127.0.0.1:9/"]),
      in: scratch.url,
      environment: ["GROQ_API_KEY": "gsk_0123456789abcdef", "http_proxy": "", "HTTP_PROXY": ""]
        .merging((try? FaultLibrary.fast()) ?? [:]) { $1 })
    #expect(!(outcome.errors + outcome.output).isEmpty)
    SafeOutputTests.expectSafe(outcome)
  }

  @Test("addresses from the environment")
  func environment() throws {
    let scratch = try Scratch()
    try scratch.file("a.jsonl", RunPlace.requests(1...2))
    for base in ["http://\(SafeRunTests.text)", "https://127.0.0.1:9/\u{9B}\u{202E}", "\u{1B}[31m"] {
      let outcome = try Program.run(
        "submit", "a.jsonl", in: scratch.url,
        environment: ["GROQ_API_KEY": "gsk_0123456789abcdef", "GROQ_BASE_URL": base])
      SafeOutputTests.expectSafe(outcome)
    }
  }
}
