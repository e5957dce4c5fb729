import Foundation
import Testing

@testable import JSONLines

/// Damaged lines, compared with Foundation's parser.
@Suite("Damaged lines")
struct FuzzTests {
  static let lines = [
    #"{"custom_id":"request-1","method":"POST","url":"/v1/chat/completions","body":{"model":"openai/gpt-oss-20b","#
      + #""messages":[{"role":"system","content":"You are helpful."},{"role":"user","content":"What is 2+2?"}]}}"#,
    #"{"custom_id":"é\u00e9\ud83d\ude00","body":{"temperature":-0.5e+1,"seed":12345678901,"n":1,"stop":null,"stream":"#
      + #"false,"messages":[{"content":"tabs\tand \"quotes\" and \\ and \/ in a text of some length — and 😀 €"}]}}"#,
    #" { "body" : { "tools" : [ { "type" : "function" , "function" : { "name" : "f" , "parameters" : { } } } ] , "#
      + #""x" : [ true , false , null , [ ] , [ [ 0 , 1e5 ] ] ] } } "#,
    #"["\n\n\n\u0041\u00e9\ud83d\ude00\\\\\\\"\t\b\f\/\u2028\uFFFF\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nplain"]"#,
    "-0.125e-10", "true", #""""#,
  ]

  static let replacements: [UInt8] = [
    0x00, 0x09, 0x0C, 0x0D, 0x1F, 0x20, 0x22, 0x27, 0x2C, 0x2D, 0x2E, 0x2F, 0x30, 0x39, 0x3A, 0x45, 0x5B, 0x5C, 0x5D,
    0x61, 0x65, 0x75, 0x7B, 0x7D, 0x7F, 0x80, 0xBF, 0xC3, 0xE2, 0xED, 0xF0, 0xF4, 0xFF,
  ]

  private static func foundationAccepts(_ bytes: [UInt8]) -> Bool {
    (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
  }

  /// Expects the same verdict from both parsers, except where they may differ:
  /// - JSONSerialization refuses lone surrogates and numbers that no double holds, which the grammar allows;
  /// - it takes a comma before a closing bracket and skips a byte-order mark, which the grammar forbids.
  private static func expectAgreement(_ bytes: [UInt8]) {
    let document = JSONDocument()
    PaddedBytes.withCopy(of: bytes) { padded in
      let fault = JSONScanner.scan(padded, into: document)
      let text = Comment(rawValue: String(decoding: bytes, as: UTF8.self) + " \(fault.map { "\($0)" } ?? "accepted")")
      if let fault {
        #expect((0...bytes.count).contains(fault.offset), text)
        let isLenience = fault.reason == .trailingComma || fault.reason == .byteOrderMark
        #expect(isLenience || !foundationAccepts(bytes), text)
      } else if !document.hasLoneSurrogate, !holdsInfinity(document.root) {
        #expect(foundationAccepts(bytes), text)
      }
    }
  }

  private static func holdsInfinity(_ value: JSONValue) -> Bool {
    value.number?.isInfinite == true || value.items.contains(where: holdsInfinity)
      || value.fields.contains { holdsInfinity($0.value) }
  }

  @Test("accepts the lines they are made of", arguments: lines)
  func whole(line: String) {
    #expect(ScannerTests.fault(line) == nil)
    #expect(FuzzTests.foundationAccepts(Array(line.utf8)))
  }

  @Test("agrees with JSONSerialization on lines cut at every byte", arguments: lines)
  func truncated(line: String) {
    let bytes = Array(line.utf8)
    for length in 0..<bytes.count { FuzzTests.expectAgreement(Array(bytes[..<length])) }
  }

  @Test("agrees with JSONSerialization on lines with any byte replaced", arguments: lines)
  func replaced(line: String) {
    var bytes = Array(line.utf8)
    for place in bytes.indices {
      let original = bytes[place]
      for replacement in FuzzTests.replacements {
        bytes[place] = replacement
        FuzzTests.expectAgreement(bytes)
      }
      bytes[place] = original
    }
  }

  @Test("agrees with JSONSerialization on lines with any byte left out or doubled", arguments: lines)
  func shifted(line: String) {
    let bytes = Array(line.utf8)
    for place in bytes.indices {
      FuzzTests.expectAgreement(Array(bytes[..<place] + bytes[(place + 1)...]))
      FuzzTests.expectAgreement(Array(bytes[...place] + bytes[place...]))
    }
  }
}
