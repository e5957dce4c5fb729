import Foundation
import TestSupport
import Testing

/// The command lines that are printed can be pasted, and they go on with the same run.
@Suite("How to go on", .enabled(if: WholeRuns.areWanted, WholeRuns.reason))
struct GoOnTests {
  /// The command lines in a text, which stand between backticks.
  private static func commands(_ text: String) -> [String] {
    text.matches(of: /`(batchfile [^`]*)`/).map { String($0.1) }
  }

  /// Pastes a command line into a shell.
  private static func paste(_ command: String, _ place: RunPlace) async throws -> Program.Outcome {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try await RunningProgram(
      URL(fileURLWithPath: "/usr/bin/env"), ["bash", "-c", command], in: place.scratch.url,
      environment: place.environment.merging([
        "PATH": "\(Program.path.deletingLastPathComponent().path):\(path)"
      ]) { $1 }
    ).finished()
  }

  @Test(
    "a run in a folder of its own is named in every command line", arguments: ["plain", "with 'quotes' and blanks"])
  func runFolder(folder: String) async throws {
    let place = try RunPlace { $0.rule = { $0.index == 1 ? .failure(503, code: "busy") : .answer("a") } }
    let submitted = try await place.run("submit", "--run-dir", folder)
    #expect(submitted.status == 0, "\(submitted.errors)")
    let wait = try #require(GoOnTests.commands(submitted.errors).first)
    #expect(wait.hasPrefix("batchfile wait requests.jsonl --run-dir "))
    let waited = try await GoOnTests.paste(wait, place)
    #expect(waited.status == 0, "\(waited.errors)")
    let results = try #require(GoOnTests.commands(waited.errors).first)
    let joined = try await GoOnTests.paste(results, place)
    #expect(joined.status == 1, "\(joined.errors)")
    let retry = joined.errors.firstMatch(of: /next time: (batchfile retry .*)/).map { String($0.1) }
    let tried = try await GoOnTests.paste(try #require(retry), place)
    #expect(tried.status == 0, "\(tried.errors)")
    #expect(place.api.calls(.create).count == 2)
    #expect(!FileManager.default.fileExists(atPath: place.folder.path))
  }

  @Test("a file whose name begins with a dash is no option in a command line")
  func dash() async throws {
    let place = try RunPlace(input: "-r.jsonl")
    let submitted = try await RunningProgram(
      Program.path, ["submit", "--base-url", place.api.url, "--", "-r.jsonl"], in: place.scratch.url,
      environment: place.environment
    ).finished()
    #expect(submitted.status == 0, "\(submitted.errors)")
    let wait = try #require(GoOnTests.commands(submitted.errors).first)
    #expect(try await GoOnTests.paste(wait, place).status == 0)
  }

  @Test("where nothing could be sent, all verbs say so, and another address can be given")
  func nothingSent() async throws {
    let place = try RunPlace()
    func run(_ verb: String, _ words: String...) async throws -> Program.Outcome {
      try await RunningProgram(
        Program.path, [verb, place.input] + words, in: place.scratch.url, environment: place.environment
      ).finished()
    }
    #expect(try await run("submit", "--base-url", "http://127.0.0.1:1/openai/v1").status == 5)
    for verb in ["wait", "results", "retry"] {
      let outcome = try await run(verb)
      #expect(outcome.status == 2, "\(outcome.errors)")
      #expect(
        outcome.errors.contains("nothing of the run of requests.jsonl was sent; `batchfile submit requests.jsonl`"))
    }
    let status = try await run("status")
    #expect(status.output == "requests.jsonl: unsent\n")
    let submitted = try await run("submit", "--base-url", place.api.url)
    #expect(submitted.status == 0, "\(submitted.errors)")
    // Once something is sent, the address stays.
    #expect(try await run("submit", "--base-url", "http://127.0.0.1:1/openai/v1").status == 2)
    #expect(try await run("wait").status == 0)
  }

  @Test("answers that could not be written are found before anything is paid for")
  func output() async throws {
    let place = try RunPlace()
    let outcome = try await place.run("run", "-o", "missing/answers.jsonl")
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(outcome.errors.contains("missing/answers.jsonl: No such file or directory"))
    #expect(place.api.calls.isEmpty)
  }

  @Test("an interrupted command goes on with the same words, even its address")
  func interrupted() async throws {
    let place = try RunPlace { $0.statuses = ["validating"] + Array(repeating: "in_progress", count: 10_000) }
    let program = try place.start("run", ["-o", "answers.csv", "--format", "csv", "--run-dir", "own"])
    let api = place.api
    try await program.until { api.calls(.retrieve).count > 1 }
    program.signal(SIGINT)
    let outcome = try await program.finished()
    #expect(outcome.status == 128 + SIGINT)
    let command = try #require(GoOnTests.commands(outcome.errors).first)
    for id in place.api.batchIDs { place.api.complete(id) }
    let again = try await GoOnTests.paste(command, place)
    #expect(again.status == 0, "\(again.errors)")
    #expect(place.text("answers.csv")?.hasPrefix("custom_id,outcome,") == true)
    #expect(place.api.calls(.create).count == 1)
  }

  @Test("a file without a run is not taken for a batch", arguments: ["status", "cancel"])
  func noRun(verb: String) async throws {
    let place = try RunPlace()
    let outcome = try await place.run(verb)
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(outcome.errors.contains("there is no run of requests.jsonl"))
    #expect(place.api.calls.isEmpty)
  }

  @Test("answers that are on the disk are joined without a key and without the API")
  func offline() async throws {
    let place = try RunPlace()
    #expect(try await place.run("run", "-o", "answers.jsonl").status == 0)
    let calls = place.api.calls.count
    let outcome = try await place.run("results", environment: ["GROQ_API_KEY": ""])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == place.text("answers.jsonl"))
    #expect(place.api.calls.count == calls)
    // A file that is missing needs both.
    try FileManager.default.removeItem(at: place.folder.appendingPathComponent("1/part-00001.output.jsonl"))
    #expect(try await place.run("results", environment: ["GROQ_API_KEY": ""]).status == 3)
  }

  @Test("a pipe is refused, and does not hang", arguments: ["submit", "run"])
  func pipe(verb: String) async throws {
    let place = try RunPlace()
    let pipe = place.scratch.url.appendingPathComponent("pipe")
    #expect(mkfifo(pipe.path, 0o600) == 0)
    let outcome = try await RunningProgram(
      Program.path, [verb, "pipe"], in: place.scratch.url, environment: place.environment
    ).finished()
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("'\(verb)' takes a file"))
  }

  @Test("options that come too late are said to have no effect, and errors of an earlier attempt are not repeated")
  func late() async throws {
    let place = try RunPlace {
      $0.statuses = ["validating", "failed"]
      $0.batchErrors = [("invalid_request", "bad model", 2)]
    }
    let first = try await place.run("run", "-o", "answers.jsonl")
    #expect(first.errors.contains("error[invalid_request]: bad model"))
    #expect(first.errors.contains("1 request that the API named as faulty would be refused again"))
    #expect(first.errors.contains("2 requests may pass next time"))
    place.api.change {
      $0.statuses = ["validating", "completed"]
      $0.batchErrors = []
    }
    #expect(try await place.run("retry").status == 0)
    let last = try await place.run("run", "-o", "answers.jsonl", "--max-requests", "1")
    #expect(last.errors.contains("warning: --max-requests has no effect on parts that were made already"))
    #expect(!last.errors.contains("error[invalid_request]"))
    #expect(try place.outcomes() == ["r1 ok", "r2 missing", "r3 ok"])
    #expect(place.api.calls(.create).count == 2)
  }

  @Test("a key with a line end is named as what it is", arguments: ["gsk_1\n", "gsk\t1"])
  func oddKey(key: String) async throws {
    let place = try RunPlace()
    let outcome = try await place.run("submit", environment: ["GROQ_API_KEY": key])
    #expect(outcome.status == 3, "\(outcome.errors)")
    #expect(outcome.errors.contains("GROQ_API_KEY holds a line end or another control character"))
    #expect(!outcome.errors.contains("gsk"))
    #expect(place.api.calls.isEmpty)
  }
}
