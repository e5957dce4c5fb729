import JSONLines
import Testing

@testable import BatchFile

/// A text is searched for secrets in steps of 64 bytes, by single bytes of their prefixes.
@Suite("Search for secrets")
struct SecretSearchTests {
  private static let key = "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE1fG3hI5jK7lM9nO1pQ"
  private static let secrets =
    [
      "gsk_", "sk-", "sk-proj-", "ghp_", "gho_", "ghs_", "github_pat_", "hf_", "sk_live_", "rk_live_", "xoxb-", "xoxp-",
      "AIza", "AKIA", "Bearer ", "eyJhbGciOiJIUzI1NiJ9.eyJ",
    ].map { $0 + key } + ["-----BEGIN PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----"]

  private static func search(_ text: String, from start: Int = 0, to end: Int? = nil) -> Range<Int>? {
    PaddedBytes.withCopy(of: text.utf8) { SecretSearch.next($0, in: start..<(end ?? $0.count)) }
  }

  @Test("a secret is found at every place of a step, and to its end", arguments: secrets)
  func places(secret: String) {
    for start in 0..<130 {
      let text = String(repeating: "-", count: start / 2) + String(repeating: " ", count: start - start / 2)
      let found = SecretSearchTests.search(text + secret + " a_b-c A B J")
      #expect(found == start..<start + secret.utf8.count, "at \(start)")
    }
  }

  @Test("a secret belongs to the range that it begins in", arguments: secrets)
  func ranges(secret: String) {
    let text = String(repeating: "_ ", count: 40) + secret
    #expect(SecretSearchTests.search(text, to: 80) == nil)
    #expect(SecretSearchTests.search(text, from: 80)?.lowerBound == 80)
    #expect(SecretSearchTests.search(text, from: 81) == nil)
  }

  @Test("a prefix inside a longer word is none", arguments: ["task-", "ask_live_", "ngsk_", "monkeyJ"])
  func words(beginning: String) { #expect(SecretSearchTests.search("a \(beginning)\(SecretSearchTests.key)") == nil) }
}
