import Foundation

/// A folder with a file of requests, an API for them, and the program that is run there. The environment names a proxy
/// that must never be asked.
package final class RunPlace: Sendable {
  package let scratch: Scratch
  package let api: BatchAPI
  package let proxy: LoopbackServer
  package let input: String

  /// A text that every prompt has, so that tests can look for prompts where they must not be.
  package static let prompt = "prompt-7f3a"

  package init(
    requests: Int = 3, input: String = "requests.jsonl", _ change: (inout APISettings) -> Void = { _ in }
  ) throws {
    scratch = try Scratch()
    // A batch ends with the second poll, unless a test wants more.
    api = try BatchAPI {
      $0.statuses = ["validating", "completed"]
      change(&$0)
    }
    proxy = try .neverAsked()
    self.input = input
    try scratch.file(input, RunPlace.requests(1...requests))
  }

  package static func requests(_ numbers: ClosedRange<Int>, url: String = "/v1/chat/completions") -> String {
    numbers.map {
      #"{"custom_id":"r\#($0)","method":"POST","url":"\#(url)","body":{"model":"openai/gpt-oss-20b","#
        + #""messages":[{"role":"user","content":"\#(prompt) \#($0)"}]}}"# + "\n"
    }.joined()
  }

  // MARK: Running

  package var options: [String] { ["--base-url", api.url] }

  package var environment: [String: String] {
    var environment = ["GROQ_API_KEY": api.key, "OPENAI_API_KEY": "sk-of-somebody-else"]
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
      environment[name] = proxy.url
    }
    for name in ["no_proxy", "NO_PROXY", "GROQ_BASE_URL", "OPENAI_BASE_URL", "COLUMNS", "LINES"] {
      environment[name] = ""
    }
    environment["TERM"] = "xterm"
    // The program waits as it should by its own clock, which runs so fast that the tests do not wait long.
    return environment.merging((try? FaultLibrary.fast()) ?? [:]) { $1 }
  }

  /// Starts a verb on the input.
  package func start(
    _ verb: String, _ words: [String] = [], terminal: Terminal? = nil, environment: [String: String] = [:]
  ) throws -> RunningProgram {
    let takesAPI = ["submit", "run", "wait", "retry"].contains(verb)
    return try RunningProgram(
      Program.path, [verb, input] + words + (takesAPI ? options : []), terminal: terminal, in: scratch.url,
      environment: self.environment.merging(environment) { $1 })
  }

  /// Runs a verb on the input to its end.
  @discardableResult
  package func run(
    _ verb: String, _ words: String..., environment: [String: String] = [:]
  ) async throws -> Program.Outcome {
    try await start(verb, words, environment: environment).finished()
  }

  // MARK: Looking

  package var folder: URL { scratch.url.appendingPathComponent(input + ".run") }

  package func text(_ file: String) -> String? {
    try? String(contentsOf: scratch.url.appendingPathComponent(file), encoding: .utf8)
  }

  package var journal: String {
    (try? String(contentsOf: folder.appendingPathComponent("journal.jsonl"), encoding: .utf8)) ?? ""
  }

  /// The outcomes of an answers file, by `custom_id` in the file's order.
  package func outcomes(_ file: String = "answers.jsonl") throws -> [String] {
    try Workplace.lines(of: text(file) ?? "").map {
      "\($0["custom_id"] as? String ?? "?") \($0["outcome"] as? String ?? "?")"
    }
  }

  /// The contents of all files of the run's folder.
  package var kept: [String: Data] {
    var kept: [String: Data] = [:]
    for case let url as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) ?? .init() {
      if let content = try? Data(contentsOf: url), !url.hasDirectoryPath {
        kept[String(url.path.dropFirst(folder.path.count + 1))] = content
      }
    }
    return kept
  }
}

extension RunningProgram {
  /// Waits until the program has ended, without blocking a thread.
  package func finished() async throws -> Program.Outcome {
    while isRunning { try await Task.sleep(for: .milliseconds(5)) }
    return try wait()
  }

  /// Waits until the condition is true or the program has ended.
  package func until(_ condition: () -> Bool) async throws {
    while isRunning && !condition() { try await Task.sleep(for: .milliseconds(1)) }
  }
}
