import Foundation
import TestSupport
import Testing

/// Key and prompts go to the API's host and nowhere else.
@Suite("Leak nothing", .enabled(if: WholeRuns.areWanted, WholeRuns.reason))
struct LeakTests {
  /// The processes that have a text in their arguments or environment, without the test's own and the program.
  static func processes(with text: String, but program: Int32) -> [String] {
    var found: [String] = []
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] where Int32(name) != nil {
      guard Int32(name) != program, Int32(name) != getpid() else { continue }
      for file in ["cmdline", "environ"] {
        let content = FileManager.default.contents(atPath: "/proc/\(name)/\(file)") ?? Data()
        if content.range(of: Data(text.utf8)) != nil { found.append("\(name)/\(file)") }
      }
    }
    return found
  }

  #if os(Linux)
    @Test(
      "the key is in no process's words and in no child's environment",
      arguments: [APIOperation.list, .upload, .create, .retrieve, .content])
    func processes(operation: APIOperation) async throws {
      let key = "gsk_looked_for_\(operation.rawValue)_\(UInt32.random(in: 0 ... .max))"
      let place = try RunPlace { $0.key = key }
      let gate = Gate()
      place.api.fail(
        operation,
        .changed {
          gate.wait()
          return $0
        })
      let program = try place.start("run", ["-o", "answers.jsonl"])
      try await program.until { !place.api.calls(operation).isEmpty }
      // The call has begun and curl is running.
      #expect(program.isRunning)
      #expect(LeakTests.processes(with: key, but: program.id) == [])
      let words = FileManager.default.contents(atPath: "/proc/\(program.id)/cmdline") ?? Data()
      #expect(words.range(of: Data(key.utf8)) == nil)
      gate.open()
      let outcome = try await program.finished()
      #expect(outcome.status == 0, "\(outcome.errors)")
      LeakTests.expectNothing(of: key, in: place, outcome)
    }
  #endif

  static func expectNothing(of key: String, in place: RunPlace, _ outcome: Program.Outcome) {
    #expect(!outcome.output.contains(key))
    #expect(!outcome.errors.contains(key))
    for (name, content) in place.kept { #expect(content.range(of: Data(key.utf8)) == nil, "\(name)") }
    #expect(!place.journal.contains(RunPlace.prompt))
    #expect(!outcome.errors.contains(RunPlace.prompt))
    #expect(place.proxy.connectionCount == 0)
  }

  /// Answers of careless servers that repeat the key.
  static func echoes(_ key: String) -> [APIFault] {
    [
      .refused(.error(400, "Incorrect API key provided: \(key)")), .refused(.error(401, "Bad key \(key)")),
      .refused(.error(403, "No plan for \(key)", code: .text(key))),
      .refused(HTTPAnswer(500, "<html>\(key)</html>", type: "text/html")),
      .refused(.error(404, "No \(key)").with("x-request-id", key)), .refused(HTTPAnswer(200, key)),
      .redirect(to: "http://127.0.0.1:9/\(key)"),
    ]
  }

  @Test(
    "a key that the API sends back is shown nowhere", arguments: 0..<7,
    [APIOperation.list, .upload, .create, .retrieve, .content])
  func echoed(index: Int, operation: APIOperation) async throws {
    let place = try RunPlace()
    place.api.fail(operation, LeakTests.echoes(place.api.key)[index], times: 1)
    let outcome = try await place.start("run", ["-o", "answers.jsonl"]).finished()
    LeakTests.expectNothing(of: place.api.key, in: place, outcome)
    #expect(!outcome.errors.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(place.api.calls(.create).count <= 1)
  }

  @Test("a redirected download sends no key to the other host", arguments: [301, 302, 303, 307, 308])
  func redirected(status: Int) async throws {
    let store = try LoopbackServer { _ in HTTPAnswer(500) }
    let place = try RunPlace()
    let api = place.api
    let blobs = try LoopbackServer { request in
      guard let content = api.content(of: request.segments.last ?? "") else { return HTTPAnswer(404) }
      return HTTPAnswer(200, content).inRange(of: request)
    }
    // The file's id is not known before the file is asked for.
    place.api.fail(
      .content,
      .changed { _ in
        let id = api.calls(.content).last?.id ?? ""
        return HTTPAnswer(status, "", type: "text/plain").with("Location", "\(blobs.url)/blob/\(id)?signature=s3cret")
      })
    let outcome = try await place.run("run", "-o", "answers.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.outcomes() == ["r1 ok", "r2 ok", "r3 ok"])
    #expect(blobs.requests.count == 1)
    #expect(blobs.requests.allSatisfy { $0.header("Authorization") == nil })
    #expect(!blobs.requests.contains { request in request.headers.contains { $0.value.contains(api.key) } })
    #expect(store.connectionCount == 0)
  }

  @Test("an upload follows no redirect", arguments: [301, 302, 307, 308])
  func uploadRedirected(status: Int) async throws {
    let other = try LoopbackServer { _ in HTTPAnswer(200, "{}") }
    let place = try RunPlace()
    place.api.fail(.upload, .redirect(to: other.url + "/files", status: status), times: .max)
    let outcome = try await place.run("submit")
    #expect(outcome.status == 4, "\(outcome.errors)")
    #expect(other.connectionCount == 0)
    #expect(place.api.calls(.create).isEmpty)
  }

  @Test(
    "takes no other host without being told", arguments: ["http://example.com/v1", "ftp://127.0.0.1/v1", "file:///v1"])
  func plainText(url: String) async throws {
    let place = try RunPlace()
    let outcome = try await RunningProgram(
      Program.path, ["submit", place.input, "--base-url", url], in: place.scratch.url,
      environment: place.environment
    ).finished()
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(place.proxy.connectionCount == 0)
  }

  @Test(
    "a journal whose address was changed gets no key, even with the hash of this key in it", arguments: [true, false])
  func changedJournal(isOwnKey: Bool) async throws {
    let place = try RunPlace()
    #expect(try await place.run("submit").status == 0)
    let text = place.journal.replacingOccurrences(of: place.api.url, with: "https://elsewhere.example/v1")
    try Data(text.utf8).write(to: place.folder.appendingPathComponent("journal.jsonl"))
    let key = isOwnKey ? place.api.key : "gsk_of_somebody_else_0123456789"
    for verb in ["status", "results", "cancel"] {
      let outcome = try await place.run(verb, environment: ["GROQ_API_KEY": key])
      #expect(outcome.status == 2, "\(verb): \(outcome.errors)")
      #expect(outcome.errors.contains("https://elsewhere.example/v1"))
    }
    // Without a proxy nothing leaves this machine in a test: whoever would ask the host asks this proxy first.
    #expect(place.proxy.connectionCount == 0)
  }

  @Test(
    "no file in the working folder changes where the key goes",
    arguments: [".curlrc", "_curlrc", "groq.json", "groq", ".netrc"])
  func repositoryFiles(name: String) async throws {
    let other = try LoopbackServer.neverAsked()
    let place = try RunPlace()
    let text =
      name.contains("groq")
      ? #"{"name":"groq","base_url":"\#(other.url)/v1"}"#
      : name == ".netrc" ? "machine 127.0.0.1 login a password b\n" : "proxy = \"\(other.url)\"\nverbose\n"
    try place.scratch.file(name, text)
    let outcome = try await place.run(
      "run", "-o", "answers.jsonl",
      environment: ["HOME": place.scratch.url.path, "CURL_HOME": place.scratch.url.path, "XDG_CONFIG_HOME": ""])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(other.connectionCount == 0)
    #expect(place.api.calls.allSatisfy { $0.isAuthorized })
  }

  @Test("only the owner may read the folder of a run, and git ignores it")
  func folder() async throws {
    let place = try RunPlace()
    #expect(try await place.run("submit").status == 0)
    let attributes = try FileManager.default.attributesOfItem(atPath: place.folder.path)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
    #expect(place.kept[".gitignore"] == Data("*\n".utf8))
  }
}
