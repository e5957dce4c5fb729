import BatchClient
import Testing

struct WebAddressTests {
  @Test(arguments: [
    ("https://api.groq.com/openai/v1", "api.groq.com", 443, "/openai/v1"),
    ("http://127.0.0.1:8080", "127.0.0.1", 8080, ""),
    ("HTTPS://API.example.com:444/v1?x=1", "api.example.com", 444, "/v1?x=1"),
    ("http://[::1]:9/v1", "[::1]", 9, "/v1"),
  ])
  func takesApart(_ text: String, host: String, port: Int, path: String) throws {
    let address = try #require(WebAddress(text))
    #expect(address.host == host)
    #expect(address.port == port)
    #expect(address.path == path)
  }

  @Test(arguments: [
    "ftp://a/b", "https://", "https://user@host/", "https://host\\@evil/", "https://a b/", "https://a/\n",
    "https://a#b",
    "https://a:0/", "https://a:99999/", "https://a:8o/", "https://[::1/", "file:///etc/passwd", "https://é.example/",
  ])
  func refuses(_ text: String) { #expect(WebAddress(text) == nil) }

  @Test(arguments: [
    ("http://localhost:1", true), ("http://127.9.9.9", true), ("http://[::1]", true), ("http://127.evil.com", false),
    ("http://127.0.0.1.evil.com", false), ("http://example.com", false),
  ])
  func knowsLoopback(_ text: String, isLoopback: Bool) throws {
    #expect(try #require(WebAddress(text)).isLoopback == isLoopback)
  }
}
