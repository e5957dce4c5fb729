import BatchFile
import Foundation
import Testing

/// What a test expects of a finding.
struct Found: Hashable, Sendable, CustomStringConvertible {
  var severity: Finding.Severity
  var code: Code
  var param: String?

  static func error(_ code: Code, _ param: String? = "") -> Found { Found(severity: .error, code: code, param: param) }

  static func warning(_ code: Code, _ param: String? = "") -> Found {
    Found(severity: .warning, code: code, param: param)
  }

  var description: String { "\(severity) \(code.rawValue) \(param ?? "-")" }
}

extension Found {
  init(_ finding: Finding) { self.init(severity: finding.severity, code: finding.code, param: finding.param) }
}

/// A body and all findings expected in it, in the order of their places.
struct BodyCase: Sendable, CustomTestStringConvertible {
  var body: String
  var found: [Found]

  init(_ body: String, _ found: Found...) {
    self.body = body
    self.found = found
  }

  var testDescription: String { body.count <= 400 ? body : "\(body.prefix(400))…" }

  /// One case for each of several values in the same place of a body.
  ///
  /// - Parameters:
  ///   - path: the path of the value. Expected paths that are not complete are appended to it.
  ///   - template: a body with `…` in place of the value.
  ///   - accepts: values without findings.
  ///   - finds: values, and the findings expected for each.
  static func cases(
    at path: String, in template: String, accepts: [String] = [], finds: KeyValuePairs<String, [Found]> = [:]
  ) -> [BodyCase] {
    func fill(_ value: String) -> String { template.replacingOccurrences(of: "…", with: value) }
    func place(_ found: Found) -> Found {
      guard let param = found.param, !param.hasPrefix("body") else { return found }
      return Found(severity: found.severity, code: found.code, param: path + param)
    }
    return accepts.map { BodyCase(fill($0)) }
      + finds.map { value, found in
        var one = BodyCase(fill(value))
        one.found = found.map(place)
        return one
      }
  }

  /// The same for a field of the body.
  static func field(
    _ name: String, model: String = Body.model, accepts: [String] = [], finds: KeyValuePairs<String, [Found]> = [:]
  ) -> [BodyCase] {
    cases(at: "body.\(name)", in: Body.with(#""\#(name)":…"#, model: model), accepts: accepts, finds: finds)
  }
}

/// Bodies without faults.
enum Body {
  /// Takes tools, JSON Schemas and efforts, but no images.
  static let model = "openai/gpt-oss-20b"
  static let scout = "meta-llama/llama-4-scout-17b-16e-instruct"
  static let hi = #"{"role":"user","content":"Hi"}"#

  /// - Parameter members: the members beside `model` and `messages`.
  static func with(_ members: String = "", model: String = model, messages: String = hi) -> String {
    #"{"model":"\#(model)","messages":[\#(messages)]\#(members.isEmpty ? "" : "," + members)}"#
  }

  static func messages(_ messages: String, model: String = model) -> String { with(model: model, messages: messages) }

  static func list(_ value: String, count: Int) -> String {
    "[" + Array(repeating: value, count: count).joined(separator: ",") + "]"
  }
}

/// Files of some lines, checked.
enum Check {
  /// Groq, with some models added that it does not offer in batches but has rules for.
  static let provider: Provider = {
    var provider = Provider.groq
    provider.models += [
      "qwen/qwen3-32b", "qwen/qwen3.6-27b", "qwen/qwen3.8-27b", "groq/compound", "groq/compound-mini",
      "example/unheard-of",
    ]
    return provider
  }()

  /// A checker with one thread, so that all lines meet the same patterns and objects of earlier lines.
  static let checker: BatchChecker = {
    var checker = BatchChecker(provider: provider)
    checker.jobs = 1
    return checker
  }()

  static func findings(lines: [String], checker: BatchChecker = checker) throws -> [Finding] {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("batchfile-\(UUID().uuidString).jsonl")
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try checker.check(path: file.path).findings
  }

  /// - Returns: the findings of each body, without the warning about a retired model, which comes once a file.
  static func findings(
    bodies: [String], url: String = "/v1/chat/completions", checker: BatchChecker = checker
  ) throws -> [[Finding]] {
    let lines = bodies.enumerated().map { k, body in
      // The id has the same length on each line, so that columns do not depend on the line.
      #"{"custom_id":"r-\#(100_000 + k)","method":"POST","url":"\#(url)","body":\#(body)}"#
    }
    let findings = try findings(lines: lines, checker: checker)
    let byLine = Dictionary(grouping: findings.filter { $0.code != .retiredModel }) { $0.line ?? 0 }
    return bodies.indices.map { byLine[$0 + 1] ?? [] }
  }

  static func findings(body: String) throws -> [Finding] { try findings(bodies: [body])[0] }

  /// Expects the findings of the case on the first line of a file and on a later one, because the checker learns from
  /// earlier lines.
  static func expect(_ one: BodyCase, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let findings = try findings(bodies: [Body.with(), one.body, one.body])
    #expect(findings.map { $0.map(Found.init) } == [[], one.found, one.found], sourceLocation: sourceLocation)
  }

  /// Expects the findings of all cases in one file: no line may hide the faults of another one.
  static func expectTogether(_ cases: [BodyCase], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let shuffled = cases + cases.reversed()
    for (one, findings) in zip(shuffled, try findings(bodies: shuffled.map(\.body))) {
      #expect(findings.map(Found.init) == one.found, "\(one.testDescription)", sourceLocation: sourceLocation)
    }
    // The checker remembers only long objects, only if they come twice, and not in lines whose pattern it knows. So
    // each round ends its lines with a different number of blanks.
    let rounds = (0..<4).map { round in cases.map { padded($0.body) + String(repeating: " ", count: round) } }
    let found = try findings(bodies: rounds.flatMap { $0 })
    for (k, one) in cases.enumerated() {
      let first = found[k]
      #expect(first.map(Found.init) == one.found, "padded: \(one.testDescription)", sourceLocation: sourceLocation)
      for round in 1..<rounds.count {
        let later = found[round * cases.count + k].map { finding in
          var finding = finding
          finding.line = first.first?.line
          finding.customID = first.first?.customID
          return finding
        }
        #expect(later == first, "round \(round): \(one.testDescription)", sourceLocation: sourceLocation)
      }
    }
  }

  /// The same JSON with white space, so that every object has at least 100 bytes.
  static func padded(_ json: String) -> String {
    var text = ""
    var isInString = false
    var isEscaped = false
    for character in json {
      if character == "}", !isInString { text += String(repeating: " ", count: 100) }
      text.append(character)
      if character == "\"", !isEscaped { isInString.toggle() }
      isEscaped = character == "\\" && !isEscaped
    }
    return text
  }
}
