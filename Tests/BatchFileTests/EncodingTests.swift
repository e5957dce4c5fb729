import BatchFile
import Foundation
import Testing

@Suite("Encodings that are not UTF-8")
struct EncodingTests {
  @Test(
    "are named",
    arguments: [
      (String.Encoding.utf32LittleEndian, [0xFF, 0xFE, 0, 0], "UTF-32 (little-endian)"),
      (.utf32BigEndian, [0, 0, 0xFE, 0xFF], "UTF-32 (big-endian)"),
      (.utf16LittleEndian, [0xFF, 0xFE], "UTF-16 (little-endian)"),
      (.utf16BigEndian, [0xFE, 0xFF], "UTF-16 (big-endian)"),
    ] as [(String.Encoding, [UInt8], String)])
  func named(encoding: String.Encoding, mark: [UInt8], name: String) throws {
    let text = try #require(#"{"custom_id":"r"}"#.data(using: encoding))
    let found = try BatchText.checkFile(mark + [UInt8](text))
    #expect(found.findings.first?.note == "the file is \(name); save it as UTF-8")
  }
}
