import Foundation
import TestSupport
import Testing

@testable import BatchFile

@Suite("Replacing a file's content")
struct InPlaceFileTests {
  /// What another process does to the file between reading and writing, and the content that must be there afterwards.
  static let changes: [(script: String, content: String)] = [
    ("echo more >> a", "old\nmore\n"), ("printf 'new\\n' > b; mv b a", "new\n"), ("printf 'OLD\\n' > a", "OLD\n"),
  ]

  @Test("a file that another process changed meanwhile is not replaced", arguments: changes)
  func changed(script: String, content: String) throws {
    let scratch = try Scratch()
    let file = try scratch.file("a", "old\n")
    let place = try InPlaceFile(Path(file.path))
    // Some file systems count time in steps of some milliseconds, so a change within one step would not show.
    usleep(20_000)
    _ = try Shell.run(script, in: scratch.url)
    let result = try UnnamedFile()
    try Array("mended\n".utf8).withUnsafeBytes { try result.append($0) }
    try result.rewind()
    let error = #expect(throws: OutputError.self) { try place.replace(with: result, replacesReadOnly: false) }
    #expect(error?.reason == .hasChanged)
    #expect(try String(contentsOf: file, encoding: .utf8) == content)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == ["a"])
  }

  @Test("a file that did not change is replaced")
  func unchanged() throws {
    let scratch = try Scratch()
    let file = try scratch.file("a", "old\n")
    let result = try UnnamedFile()
    try Array("mended\n".utf8).withUnsafeBytes { try result.append($0) }
    try result.rewind()
    #expect(try InPlaceFile(Path(file.path)).replace(with: result, replacesReadOnly: false).isEmpty)
    #expect(try String(contentsOf: file, encoding: .utf8) == "mended\n")
  }
}

@Suite("Paths")
struct PathTests {
  @Test(
    "what is not UTF-8 is spelt",
    arguments: [
      ([0x61, 0xFD, 0x62], "a\\xFDb"), ([0xC3, 0xA9], "é"), ([0xE2, 0x82], "\\xE2\\x82"), ([0xC0, 0x80], "\\xC0\\x80"),
    ] as [([UInt8], String)])
  func spelling(bytes: [UInt8], text: String) { #expect(Path(bytes: bytes).description == text) }

  @Test("two paths of different bytes differ even where Unicode calls them equal") func equality() {
    #expect(Path("\u{E9}") != Path("e\u{301}"))
  }

  @Test("a path with a NUL byte leads to no file")
  func nul() {
    #expect(!Path("/tmp\u{0}x").exists)
    #expect(Path("/tmp").exists)
  }

  @Test(
    "a number goes before the ending",
    arguments: [
      ("out.jsonl", "out-00002.jsonl"), ("a.b/out", "a.b/out-00002"), (".hidden", ".hidden-00002"),
      ("x/.h", "x/.h-00002"),
    ])
  func numbers(path: String, numbered: String) { #expect(OutputFiles.name(Path(path), 2) == Path(numbered)) }

  @Test("all names and links of a file give the same identity")
  func identity() throws {
    let scratch = try Scratch()
    try scratch.file("a")
    _ = try Shell.run("ln a b; ln -s b c; touch d", in: scratch.url)
    let path = { (name: String) in Path(scratch.url.appendingPathComponent(name).path) }
    #expect(path("a").isSameFile(as: path("c")))
    #expect(!path("a").isSameFile(as: path("d")))
    #expect(!path("none").isSameFile(as: path("none")))
  }
}
