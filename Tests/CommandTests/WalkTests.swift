import Foundation
import TestSupport
import Testing

/// The README's three commands, with the API of the tests in Groq's place.
@Suite("README's walk", .enabled(if: Shell.has("python3") && Shell.has("curl"), "needs Python 3 and curl"))
struct WalkTests {
  @Test("goes from a table to a table with answers")
  func walk() async throws {
    let api = try await MockAPI(seconds: 0.5)
    let scratch = try Scratch()
    try scratch.file("questions.csv", "id,question\nq-1,What is 2+2?\nq-2,\"Name a river, please.\"\n")
    let commands = try #require(ReadmeTests.blocks("text").first).split(separator: "\n").filter {
      $0.hasPrefix("batchfile ")
    }
    #expect(commands.count == 3)
    for command in commands {
      let line = command.hasPrefix("batchfile run") ? "\(command) --base-url \(api.baseURL)" : String(command)
      let outcome = try Shell.run("GROQ_API_KEY=any \(line)", in: scratch.url)
      #expect(outcome.status == 0, "\(line): \(outcome.errors)")
    }
    let answers = try String(contentsOf: scratch.url.appendingPathComponent("answers.csv"), encoding: .utf8)
    #expect(
      answers == """
        id,question,custom_id,outcome,content,finish_reason,error_code,error_message,prompt_tokens,completion_tokens
        q-1,What is 2+2?,q-1,ok,You said: What is 2+2?,stop,,,39,6
        q-2,"Name a river, please.",q-2,ok,"You said: Name a river, please.",stop,,,41,8

        """)
    #expect(try await api.end())
  }
}
