import Foundation
import JSONLines
import TestSupport
import Testing

@testable import BatchFile

/// Forms of result lines that were recorded, documented, or read in the sources of other programs, each with the answer
/// it must give. The source of a line names the API or the program.
@Suite("Shapes of result lines")
struct ResultShapeTests {
  struct Shape: Decodable, CustomTestStringConvertible, Sendable {
    var name: String
    var source: String
    var url: String
    var line: String
    var outcome: String
    var content: String?
    var finishReason: String?
    var testDescription: String { "\(source): \(name)" }

    enum CodingKeys: String, CodingKey {
      case name, source, url, line, outcome, content
      case finishReason = "finish_reason"
    }
  }

  static let all: [Shape] = {
    let path = Program.package.appendingPathComponent("Fixtures/results/shapes.jsonl")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Shape.self, from: Data($0.utf8)) }
  }()

  @Test("the file has all sixty cases") func count() { #expect(ResultShapeTests.all.count == 60) }

  @Test("gives the outcome, content and finish_reason of the case", arguments: all)
  func gives(_ shape: Shape) throws {
    let reader = ResultReader()
    var found: (outcome: String, content: String?, finishReason: String?) = ("no result", nil, nil)
    let error = PaddedBytes.withCopy(of: shape.line.utf8) { line in
      reader.read(line) { result in
        let answer = Answer(result, ResultShapeTests.kind(shape.url))
        found = (
          result.customID == nil ? "no request" : answer.outcome.rawValue, answer.content.text,
          answer.finishReason?.text
        )
        if result.customID == nil { found = ("no request", nil, nil) }
      }
    }
    if error != nil { found.outcome = "unreadable" }
    #expect(found.outcome == shape.outcome)
    #expect(found.content == shape.content)
    #expect(found.finishReason == shape.finishReason)
  }

  static func kind(_ url: String) -> AnswerKind {
    let document = JSONDocument()
    return PaddedBytes.withCopy(of: "\"\(url)\"".utf8) { text in
      _ = JSONScanner.scan(text, into: document)
      return AnswerKind(url: document.root)
    }
  }

  /// The code and message of some errors. The code is the error's `code`; without one, its `type`; without that, the
  /// status.
  static let errors: [(name: String, code: String?, message: String?)] = [
    ("http 400, body.error code null", "invalid_request_error", "max_tokens is too large."),
    ("error without code, only type", "server_error", "upstream failed"),
    ("error a string", "500", "Neutral failure"),
    ("body missing, message beside the status, error null", "500", "Internal Server Error"),
    ("body.error a string", "429", "rate limited"),
    ("body a string of HTML", "502", "<html>Bad gateway</html>"),
    ("error and response both there", "context_length_exceeded", "Too long."),
    ("batch_expired with response absent and no id", "batch_expired", nil),
    ("status_code 0", "0", "The result holds neither an answer nor an error."),
    ("status_code missing", nil, "The result has no status and no error."),
    ("200, choices []", "200", "The result holds neither an answer nor an error."),
  ]

  @Test("gives the code and message of the error", arguments: errors)
  func error(name: String, code: String?, message: String?) throws {
    let shape = try #require(ResultShapeTests.all.first { $0.name == name })
    let reader = ResultReader()
    var found: (code: String?, message: String?)?
    _ = PaddedBytes.withCopy(of: shape.line.utf8) { line in
      reader.read(line) { result in
        let error = Answer(result, ResultShapeTests.kind(shape.url)).error
        found = error.map { ($0.code.text, $0.message.text) }
      }
    }
    #expect(try #require(found).code == code)
    #expect(try #require(found).message == message)
  }

  /// Whether the whole body is written although --with-response was not given.
  static let along: [(name: String, along: Bool)] = [
    ("tool calls, content null", true), ("function_call, content null", true), ("two choices, second cut", true),
    ("content as parts", true), ("responses function_call only", true), ("embeddings, floats", true),
    ("moderations, no usage", true), ("refusal text, content null", true), ("responses refusal part", true),
    ("chat ok, usage with details, refusal null", false), ("chat ok, annotations [] and service_tier", false),
    ("responses ok, reasoning item first", false), ("audio transcription: body.text", false),
    ("completions: text", false), ("expired", false), ("http 400, body.error code null", false),
  ]

  @Test("keeps the whole body where the text is not all of the answer", arguments: along)
  func saysMore(name: String, along: Bool) throws {
    let shape = try #require(ResultShapeTests.all.first { $0.name == name })
    let reader = ResultReader()
    var found: Bool?
    _ = PaddedBytes.withCopy(of: shape.line.utf8) { line in
      reader.read(line) { found = Answer($0, ResultShapeTests.kind(shape.url)).saysMore }
    }
    #expect(found == along)
  }

  /// Whether a failure may pass next time: decided by its status, or by its code where it has no status.
  static let passing: [(line: String, mayPass: Bool)] = [
    (#"{"custom_id":"a","response":{"status_code":429,"body":{"error":{"code":"rate_limit_exceeded"}}}}"#, true),
    (#"{"custom_id":"a","response":{"status_code":429,"body":{"error":{"code":"insufficient_quota"}}}}"#, false),
    (#"{"custom_id":"a","response":{"status_code":400,"body":{"error":{"code":"server_error"}}}}"#, false),
    (#"{"custom_id":"a","response":{"status_code":404,"body":{"error":{"code":null}}}}"#, false),
    (#"{"custom_id":"a","response":{"status_code":422,"body":{"detail":"x"}}}"#, false),
    (#"{"custom_id":"a","response":{"status_code":413,"body":{"error":"x"}}}"#, true),
    (#"{"custom_id":"a","response":{"status_code":500,"body":null}}"#, true),
    (#"{"custom_id":"a","response":null,"error":{"code":"request_timeout"}}"#, true),
    (#"{"custom_id":"a","response":null,"error":{"code":"model_not_found"}}"#, false),
  ]

  @Test("tells whether the failure may pass next time", arguments: passing)
  func mayPass(line: String, mayPass: Bool) {
    let reader = ResultReader()
    var found: Bool?
    _ = PaddedBytes.withCopy(of: line.utf8) { line in
      reader.read(line) { found = Answer.mayPass(Answer($0, .chat).error, $0.status) }
    }
    #expect(found == mayPass)
  }
}
