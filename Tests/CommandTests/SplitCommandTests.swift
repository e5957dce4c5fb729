import Foundation
import TestSupport
import Testing

@Suite("batchfile split")
struct SplitCommandTests {
  static let request =
    #"{"custom_id":"r","method":"POST","url":"/v1/chat/completions","body":"#
    + #"{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"a"}]}}"#

  struct Cut: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    var limit: String
    /// Bytes of each piece.
    var sizes: [Int]
    var testDescription: String { "\(name), \(limit)" }
  }

  static let size = request.utf8.count
  static let lines = Array(repeating: request, count: 5)

  static let cuts = [
    Cut(
      name: "final newline", text: lines.joined(separator: "\n") + "\n", limit: "--max-requests=2",
      sizes: [2 * size + 2, 2 * size + 2, size + 1]),
    Cut(
      name: "no final newline", text: lines.joined(separator: "\n"), limit: "--max-requests=2",
      sizes: [2 * size + 2, 2 * size + 2, size]),
    Cut(
      name: "CRLF", text: lines.joined(separator: "\r\n") + "\r\n", limit: "--max-requests=2",
      sizes: [2 * size + 4, 2 * size + 4, size + 2]),
    Cut(
      name: "blank lines", text: "\n" + lines.joined(separator: "\n \n") + "\n\n\n", limit: "--max-requests=2",
      sizes: [2 * size + 1 + 2 + 4, 2 * size + 2 + 4, size + 3]),
    Cut(
      name: "byte-order mark", text: "\u{FEFF}" + lines.joined(separator: "\n"), limit: "--max-requests=4",
      sizes: [4 * size + 4 + 3, size]),
    Cut(name: "not JSON", text: "a\nb\nc\n", limit: "--max-requests=1", sizes: [2, 2, 2]),
    Cut(name: "fits", text: lines.joined(separator: "\n"), limit: "--max-requests=5", sizes: [5 * size + 4]),
    Cut(
      name: "bytes, exactly", text: lines.joined(separator: "\n"), limit: "--max-bytes=\(2 * size + 2)",
      sizes: [2 * size + 2, 2 * size + 2, size]),
    Cut(
      name: "bytes, one too few", text: lines.joined(separator: "\n"), limit: "--max-bytes=\(2 * size + 1)",
      // The last line has no newline: two of them fit.
      sizes: [size + 1, size + 1, size + 1, 2 * size + 1]),
    Cut(name: "no limit", text: lines.joined(separator: "\n"), limit: "--max-bytes=0", sizes: [5 * size + 4]),
    Cut(
      name: "many blocks", text: String(repeating: request + "\n", count: 6_000), limit: "--max-requests=2500",
      sizes: [2_500 * (size + 1), 2_500 * (size + 1), 1_000 * (size + 1)]),
  ]

  @Test("the pieces are the file, byte for byte", arguments: cuts)
  func pieces(_ cut: Cut) throws {
    let place = try Workplace("in.jsonl", cut.text)
    let outcome = try Program.run("split", cut.limit, "in.jsonl", in: place.scratch.url)
    let names = cut.sizes.indices.map { "in-0000\($0 + 1).jsonl" }
    #expect(try place.files == names)
    let pieces = try names.map { try Data(contentsOf: place.scratch.url.appendingPathComponent($0)) }
    #expect(pieces.map(\.count) == cut.sizes)
    #expect(Data(pieces.joined()) == Data(cut.text.utf8))
    #expect(outcome.status == 0)
  }

  @Test("standard input is cut into files named after -o")
  func standardInput() throws {
    let place = try Workplace("other", "")
    let outcome = try Program.run(
      "split", "--max-requests=1", "-o", "part.x.jsonl", "-", input: Data("a\nb".utf8), in: place.scratch.url)
    #expect(try place.files == ["part.x-00001.jsonl", "part.x-00002.jsonl"])
    #expect(outcome.output.isEmpty)
    #expect(outcome.status == 0)
  }

  static let empty = ["", "\n", " \r\n\n"]

  @Test("a file without requests is an error and gives no file", arguments: empty)
  func emptyFile(text: String) throws {
    let place = try Workplace("in.jsonl", text)
    let outcome = try Program.run("split", "in.jsonl", in: place.scratch.url)
    #expect(outcome.output.hasPrefix("in.jsonl: error[empty_file]"))
    #expect(outcome.status == 1)
    #expect(try place.files == [])
  }

  @Test("a request that alone is over the limit is an error and gives no file")
  func tooLarge() throws {
    let place = try Workplace("in.jsonl", "a\nb\nlong line\nc\n")
    let outcome = try Program.run("split", "--max-bytes=9", "in.jsonl", in: place.scratch.url)
    #expect(outcome.output.hasPrefix("in.jsonl:3: error[maximum_input_file_size_exceeded]: The request has 10 bytes"))
    #expect(outcome.status == 1)
    #expect(try place.files == [])
  }

  @Test("an existing piece is not replaced, and no other is written", arguments: ["in-00001.jsonl", "in-00003.jsonl"])
  func existing(name: String) throws {
    let place = try Workplace("in.jsonl", "a\nb\nc\n")
    try place.scratch.file(name, "old")
    let outcome = try Program.run("split", "--max-requests=1", "in.jsonl", in: place.scratch.url)
    #expect(outcome.errors == "batchfile: \(name): exists; --force replaces it\n")
    #expect(outcome.status == 2)
    #expect(try place.text(name) == "old")
    #expect(try place.files == [name])
  }

  @Test("--force replaces existing pieces")
  func force() throws {
    let place = try Workplace("in.jsonl", "a\nb\n")
    try place.scratch.file("in-00002.jsonl", "old")
    #expect(try Program.run("split", "-f", "--max-requests=1", "in.jsonl", in: place.scratch.url).status == 0)
    #expect(try place.text("in-00002.jsonl") == "b\n")
  }

  static let misuses: [(words: [String], says: String)] = [
    ([], "'split' takes one file"), (["a", "b"], "'split' takes one file"),
    (["-"], "standard input needs -o FILE"), (["none.jsonl"], "none.jsonl: No such file or directory"),
    (["."], ".: Is a directory"), (["-o", "none/a.jsonl", "in.jsonl"], "none/a.jsonl: No such file or directory"),
    (["--max-requests", "-1", "in.jsonl"], "'--max-requests' takes a whole number from 0 on"),
  ]

  @Test("wrong usage ends with 2", arguments: misuses)
  func misuse(words: [String], says: String) throws {
    let place = try Workplace("in.jsonl", "a\n")
    let outcome = try Program.run(Program.path, ["split"] + words, in: place.scratch.url)
    #expect(outcome.errors.hasPrefix("batchfile: " + says), "\(outcome.errors)")
    #expect(outcome.status == 2)
    #expect(try place.files == [])
  }
}
