import Testing

@testable import JSONLines

@Suite("JSONScanner")
struct ScannerTests {
  static func fault(_ text: String) -> JSONError? { fault(Array(text.utf8)) }

  static func fault(_ bytes: [UInt8]) -> JSONError? {
    let document = JSONDocument()
    return PaddedBytes.withCopy(of: bytes) { JSONScanner.scan($0, into: document) }
  }

  @Test("rejects at", arguments: [("[1,]", 3), ("01", 0), (#""\x""#, 1), ("{\"a\" 1}", 5), ("[1}", 2), ("nul", 0)])
  func rejects(text: String, offset: Int) {
    #expect(ScannerTests.fault(text)?.offset == offset)
  }

  @Test("accepts", arguments: ["null", " [1 , -0.5e+3]\t", #"{"":"\ud83d\ude00"}"#, "\"\u{2028}\"", "[[],{}]"])
  func accepts(text: String) {
    #expect(ScannerTests.fault(text) == nil)
  }

  @Test("stops at 1,000 levels", arguments: [1_000, 1_001, 1_000_000])
  func depth(levels: Int) {
    let fault = ScannerTests.fault(String(repeating: "[", count: levels) + String(repeating: "]", count: levels))
    #expect(fault == (levels > 1_000 ? JSONError(.tooDeep, at: 1_000) : nil))
  }
}
