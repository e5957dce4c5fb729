import JSONLines
import TestSupport
import Testing

@testable import BatchFile

/// Secret keys in a batch file.
@Suite("Exposed secrets")
struct ExposedSecretTests {
  private static let random = "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE1fG3hI5j"
  private static let secrets = [
    "gsk_\(random)", "sk-\(random)", "sk-proj-\(random)", "sk-0123456789abcdef0123456789abcdef", "Bearer \(random)",
    "Bearer 550e8400-e29b-41d4-a716-44665544a1b2", "ghp_\(random.prefix(36))", "gho_\(random.prefix(36))",
    "ghs_\(random.prefix(36))", "github_pat_\(random)", "hf_\(random.prefix(34))", "sk_live_\(random.prefix(24))",
    "rk_live_\(random.prefix(24))", "AKIAIOSFODNN7Q3M2PLK", "AIza\(random.prefix(35))", "xoxb-1234567890-\(random)",
    "xoxp-1234567890-\(random)",
    #"-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAq3k/+\#(random)\n-----END RSA PRIVATE KEY-----"#,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.\(random)",
  ]

  private static func line(_ number: Int, _ content: String) -> String {
    BatchText.line(id: "r-\(number)", content: content)
  }

  /// The lines with a warning, in a file of these lines. Each warning is about a secret.
  private static func warned(_ lines: [String], jobs: Int = 1, _ provider: Provider = .groq) throws -> [Int] {
    var checker = BatchChecker(provider: provider)
    checker.jobs = jobs
    let findings = try BatchText.check(Array((lines.joined(separator: "\n") + "\n").utf8), with: checker).findings
    #expect(findings.allSatisfy { $0.code == .exposedSecret })
    return findings.compactMap(\.line)
  }

  @Test("are found on a file's first line, on a line whose pattern is known, and after another", arguments: secrets)
  func forms(secret: String) throws {
    let text = "My key is \(secret), thanks"
    let lines = [text, "Hi", "Hi", "Hi", text, secret, "Hi", text]
    #expect(
      try ExposedSecretTests.warned(lines.enumerated().map { ExposedSecretTests.line($0, $1) }) == [1, 5, 6, 8])
    let findings = try Check.findings(bodies: [Body.messages(#"{"role":"user","content":"\#(text)"}"#)])
    #expect(findings.map { $0.map(Found.init) } == [[.warning(.exposedSecret, "body.messages[0].content")]])
  }

  @Test("are found wherever they stand in a text, short or long", arguments: secrets)
  func places(secret: String) throws {
    let texts = (0..<150).flatMap { count -> [String] in
      let head = String(repeating: "a ", count: count / 2) + (count % 2 == 0 ? "" : "(")
      return [head + secret, head + secret + String(repeating: " b", count: 40), "é" + head + secret]
    }
    let lines = ["Hi", "Hi", "Hi"] + texts
    #expect(
      try ExposedSecretTests.warned(lines.enumerated().map { ExposedSecretTests.line($0, $1) })
        == Array(4..<4 + texts.count))
  }

  @Test(
    "are found after an escape",
    arguments: [#"\n"#, #"\t"#, #"\u000a"#, #"\\\n"#, #"\""#, #"\\"#, #"\/"#, #"the key:\r\n"#])
  func escapes(before: String) throws {
    let lines = ["Hi", "Hi", "Hi"] + ExposedSecretTests.secrets.map { before + $0 }
    #expect(
      try ExposedSecretTests.warned(lines.enumerated().map { ExposedSecretTests.line($0, $1) })
        == Array(4..<4 + ExposedSecretTests.secrets.count))
  }

  @Test("are found after many megabytes of lines without faults, with one thread and with two", arguments: [1, 2])
  func late(jobs: Int) throws {
    var lines = (0..<30_000).map { ExposedSecretTests.line($0, "Tell me about number \($0), and about the next one.") }
    let places = [700, 12_345, 29_998]
    for place in places { lines[place] = ExposedSecretTests.line(place, "Use sk-proj-\(ExposedSecretTests.random).") }
    #expect(try ExposedSecretTests.warned(lines, jobs: jobs) == places.map { $0 + 1 })
  }

  @Test("are found in an id, in a tool that comes again and again, in a key of an object, and in inputs of embeddings")
  func otherStrings() throws {
    let secret = "gsk_\(ExposedSecretTests.random)"
    let ids = (0..<4).map { BatchText.line(id: $0 == 2 ? secret : "r-\($0)") }
    #expect(try ExposedSecretTests.warned(ids) == [3])
    for place in ["description", "key"] {
      let (description, key) = place == "key" ? ("Some text", secret) : ("Send \(secret)", "place")
      let tool =
        #"{"type":"function","function":{"name":"get_weather","description":"\#(description)","parameters":"#
        + #"{"type":"object","properties":{"\#(key)":{"type":"string","description":"Where the weather is wanted"}}}}}"#
      let lines = (0..<6).map { BatchText.line(id: "r-\($0)", more: #","tools":[\#(tool)]"#) }
      #expect(try ExposedSecretTests.warned(lines) == Array(1...6), "\(place)")
    }
    let inputs = (0..<8).map { number in
      let input = (0..<5).map { number == 6 && $0 == 3 ? #""\#(secret)""# : #""Text \#($0) of \#(number)""# }
      return #"{"custom_id":"r-\#(number)","method":"POST","url":"/v1/embeddings","body":"#
        + #"{"model":"text-embedding-3-small","input":[\#(input.joined(separator: ","))]}}"#
    }
    #expect(try ExposedSecretTests.warned(inputs, .openai) == [7])
  }

  @Test(
    "what stands for a key is none",
    arguments: [
      "sk-...", "sk-your-key-goes-here-and-nowhere-else-1", "gsk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
      "Bearer $KEY", "Bearer token", "task-force-9-of-the-department-of-defence-2020-and-later",
      "risk-based-authentication-2024-05-01-guide-a1", "disk_space", "AKIA", "-----BEGIN CERTIFICATE-----", "eyJ",
      "eyJpZCI6ImNoYXRjbXBsLTEzOCIsIm9iamVjdCI6ImNoYXQuY29tcGxldGlvbiIsIm1vZGVsIjoiYTEiLCJuIjoxfQ",
      "https://example.org/sk-a", "the line -----BEGIN RSA PRIVATE KEY----- comes first",
      "data:image/png;base64,iVBORw0K/AKIAIOSFODNN7Q3M2PLK/AKIAIOSFODNN7Q3M2PLK", #"\\ngsk_\#(random)"#,
    ])
  func none(text: String) throws {
    for text in [text, "See \(text) there"] where !text.hasPrefix("See data:") {
      let lines = ["Hi", "Hi", "Hi", text].enumerated().map { ExposedSecretTests.line($0, $1) }
      #expect(try ExposedSecretTests.warned(lines).isEmpty)
    }
  }

  @Test("a text that is only like the URL of an image is searched to its end")
  func noImages() throws {
    let secret = "sk-\(ExposedSecretTests.random)"
    let texts = [
      "data: \(secret)", "data:text/plain,\(secret)", "a data:image/png;base64,AAAA \(secret)", "data:,\(secret)",
    ]
    #expect(
      try ExposedSecretTests.warned(texts.enumerated().map { ExposedSecretTests.line($0, $1) }) == [1, 2, 3, 4])
  }
}
