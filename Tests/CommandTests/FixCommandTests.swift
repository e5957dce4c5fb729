import Foundation
import TestSupport
import Testing

@Suite("batchfile fix")
struct FixCommandTests {
  /// Lines without faults that are spelt in unusual ways, because they must stay byte for byte.
  static let before: String =
    #" { "body" : {"messages":[{"content":"Gr\u00fc\u00dfe \/ \u2028","role":"user"}],"model":"openai/gpt-oss-20b""#
    + #","temperature":1.0E0} ,"url":"\/v1\/chat\/completions", "method":"\u0050OST","custom_id":"before"}  "#
  static let after: String = line(id: "after 🎈")

  static func line(
    id: String = "r-1", method: String? = #""POST""#, url: String? = #""/v1/chat/completions""#, more: String = ""
  ) -> String {
    #"{"custom_id":"\#(id)","# + (method.map { #""method":\#($0),"# } ?? "") + (url.map { #""url":\#($0),"# } ?? "")
      + #""body":{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"Hi"}]\#(more)}}"#
  }

  static func text(_ lines: [String]) -> Data { Data(lines.map { $0 + "\n" }.joined().utf8) }

  struct Mend: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var input: Data
    var expected: Data
    var options: [String] = []
    /// Whether the case is tried with a diff too; a diff cannot turn UTF-16 into UTF-8.
    var hasDiff = true

    init(_ name: String, _ input: Data, _ expected: Data, _ options: [String] = [], hasDiff: Bool = true) {
      testDescription = name
      (self.input, self.expected, self.options, self.hasDiff) = (input, expected, options, hasDiff)
    }

    /// One line that is mended, between two that stay.
    init(_ name: String, _ line: String, _ expected: String?, _ options: [String] = []) {
      self.init(
        name, text([before, line, after]), text([before] + (expected.map { [$0] } ?? []) + [after]), options)
    }
  }

  static let mends: [Mend] = encodings + members + urls + streams + ids

  static let encodings: [Mend] = {
    let good = String(decoding: text([before, after]), as: UTF8.self)
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    func utf16(_ encoding: String.Encoding, _ head: [UInt8] = []) -> Data { Data(head) + good.data(using: encoding)! }
    // A file without a mark is recognised as UTF-16 if it begins with a brace.
    let brace = String(decoding: text([after]), as: UTF8.self)
    return [
      Mend("byte-order mark", Data(mark) + Data(good.utf8), Data(good.utf8)),
      Mend("byte-order mark and CRLF", Data(mark) + Data("\(after)\r\n".utf8), Data("\(after)\n".utf8)),
      Mend("byte-order mark before a blank line", Data(mark) + Data("\n\(after)\n".utf8), Data("\(after)\n".utf8)),
      Mend("UTF-16, little end first", utf16(.utf16LittleEndian, [0xFF, 0xFE]), Data(good.utf8), hasDiff: false),
      Mend("UTF-16, big end first", utf16(.utf16BigEndian, [0xFE, 0xFF]), Data(good.utf8), hasDiff: false),
      Mend("UTF-16 without a mark", brace.data(using: .utf16LittleEndian)!, Data(brace.utf8), hasDiff: false),
      Mend("UTF-16BE without a mark", brace.data(using: .utf16BigEndian)!, Data(brace.utf8), hasDiff: false),
      Mend("blank line", "", nil),
      Mend("line of white space", " \t ", nil),
      Mend("CRLF", "\(line())\r", line()),
      Mend("CRLF and a blank line", Data("\(line())\r\n\r\n\(after)\r\n".utf8), text([line(), after])),
      Mend("CR without a newline at the end", Data("\(before)\n\(line())\r".utf8), Data("\(before)\n\(line())".utf8)),
      Mend("blank last line without a newline", Data("\(before)\n  ".utf8), Data("\(before)\n".utf8)),
    ]
  }()

  static let members: [Mend] = [
    Mend(
      "no method", line(method: nil),
      #"{"custom_id":"r-1","url":"/v1/chat/completions","method":"POST","body":{"#
        + String(line().drop { $0 != "m" }.components(separatedBy: #""body":{"#)[1])),
    Mend("no url", line(url: nil), line()),
    Mend("no method and no url", line(method: nil, url: nil), line()),
    Mend(
      "no method and no url, body first",
      #"{ "body":{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"Hi"}]} , "custom_id":"r-1"}"#,
      #"{ "method":"POST","url":"/v1/chat/completions","body":{"model":"openai/gpt-oss-20b","#
        + #""messages":[{"role":"user","content":"Hi"}]} , "custom_id":"r-1"}"#),
    Mend("no url, of the provider's several the one for chats", line(url: nil), line(), ["--url", "/v1/embeddings"]),
    Mend("method in small letters", line(method: #""post""#), line()),
    Mend("method with one capital letter", line(method: #" "Post" "#), line(method: #" "POST" "#)),
    Mend("method with an escape", line(method: #""p\u006fst""#), line()),
  ]

  static let urls: [Mend] = [
    Mend("url with a slash at the end", line(url: #""/v1/chat/completions/""#), line()),
    Mend("url with an escaped slash at the end", line(url: #""\/v1\/chat\/completions\/""#), line()),
    Mend("full url", line(url: #""https://api.openai.com/v1/chat/completions""#), line()),
    Mend("Groq's full url", line(url: #""https://api.groq.com/openai/v1/chat/completions""#), line()),
    Mend("full url with a slash at the end", line(url: #""http://127.0.0.1:8000/v1/chat/completions/""#), line()),
    Mend(
      "full url of an endpoint that was added", line(url: #""https://x.example/v1/y/""#), line(url: #""/v1/y""#),
      ["--url", "/v1/y"]),
  ]

  static let streams: [Mend] = [
    Mend("stream", line(more: #","stream":true"#), line(more: #","stream":false"#)),
    Mend(
      "stream, oddly written", line(more: #", "\u0073tream" : true ,"n":1"#),
      line(more: #", "\u0073tream" : false ,"n":1"#)),
  ]

  static let ids: [Mend] = [
    Mend(
      "duplicate ids", text([line(), line(), after, line()]),
      text([line(), line(id: "r-1-2"), after, line(id: "r-1-3")]),
      ["--rename-duplicates"]),
    Mend(
      "duplicate ids beside others that look like their new ones",
      text([line(), line(), line(id: "r-1-2"), line(id: "r-1-3"), line(), line(id: "r-1-2")]),
      text([
        line(), line(id: "r-1-4"), line(id: "r-1-2"), line(id: "r-1-3"), line(id: "r-1-5"), line(id: "r-1-2-2"),
      ]), ["--rename-duplicates"]),
    Mend(
      "duplicate ids, and one that looks like a new one behind the byte-order mark",
      Data([0xEF, 0xBB, 0xBF]) + text([line(id: "r-1-2"), line(), line()]),
      text([line(id: "r-1-2"), line(), line(id: "r-1-3")]), ["--rename-duplicates"]),
    Mend(
      "duplicate ids, spelt in two ways", text([line(id: "é"), line(id: #"\u00e9"#)]),
      text([line(id: "é"), line(id: #"\u00e9-2"#)]), ["--rename-duplicates"]),
    Mend(
      "duplicate ids with all that JSON escapes", text([line(id: #"\"\\\n"#), line(id: #"\"\\\n"#)]),
      text([line(id: #"\"\\\n"#), line(id: #"\"\\\n-2"#)]), ["--rename-duplicates"]),
    Mend(
      "everything at once",
      Data([0xEF, 0xBB, 0xBF])
        + Data("\(line(method: #""post""#, url: nil))\r\n\n\(line(method: nil, more: #","stream":true"#))\r".utf8),
      Data("\(line())\n".utf8)
        + Data(
          line(id: "r-1-2", more: #","stream":false"#).replacingOccurrences(
            of: #""method":"POST","url":"/v1/chat/completions","#,
            with: #""url":"/v1/chat/completions","method":"POST","#
          ).utf8),
      ["--rename-duplicates"]),
  ]

  // MARK: - What is mended

  @Test("each fault with one right answer is mended", arguments: mends)
  func isMended(mend: Mend) throws {
    #expect(mend.input != mend.expected)
    let scratch = try Scratch()
    let file = try scratch.file("f.jsonl", mend.input)
    let result = try Program.run(Program.path, ["fix"] + mend.options, input: mend.input)
    #expect(result.output == String(decoding: mend.expected, as: UTF8.self))
    #expect(result.status == 0)
    #expect(result.errors.hasSuffix(" mended\n"))

    if mend.hasDiff {
      let diff = try Program.run(Program.path, ["fix", "--diff", "f.jsonl"] + mend.options, in: scratch.url)
      #expect(diff.status == 0)
      #expect(try Data(contentsOf: file) == mend.input)
      #expect(try Diff.apply(diff.output, to: mend.input, name: "f.jsonl") == mend.expected)
    }

    let inPlace = try Program.run(Program.path, ["fix", "--in-place", "f.jsonl"] + mend.options, in: scratch.url)
    #expect(inPlace.status == 0)
    #expect(inPlace.output.isEmpty)
    #expect(try Data(contentsOf: file) == mend.expected)

    let again = try Program.run(Program.path, ["fix", "--in-place", "f.jsonl"] + mend.options, in: scratch.url)
    #expect(again.errors == "batchfile: f.jsonl: 0 lines mended\n")
    #expect(try Data(contentsOf: file) == mend.expected)

    let urls = mend.options.contains("--url") ? mend.options : []
    let check = try Program.run(Program.path, ["check", "f.jsonl"] + urls, in: scratch.url)
    #expect(check.status == 0, "\(check.output)")
    #expect(check.output.hasSuffix("nothing wrong\n"))
  }

  // MARK: - What is not

  static let unmendable: [String] = [
    line(method: #""GET""#), line(method: #"" POST""#), line(method: #""poſt""#), line(method: "null"),
    line(url: #""/v1/models""#), line(url: #""v1/chat/completions""#), line(url: #""https://api.groq.com/""#),
    line(url: #""https://api.groq.com/v1/chat/completions?x=1""#), line(url: "null"), line(url: #""/""#),
    line(more: #","stream":"true""#), line(more: #","stream":1"#), line(more: #","temprature":1"#),
    // With a misspelt member, `method` does not count as missing.
    #"{"custom_id":"r","metod":"POST","url":"/v1/chat/completions","body":{"model":"openai/gpt-oss-20b"}}"#,
    #"{"custom_id":"r","method":"POST","body":"x"}"#, #"{"custom_id":"r"}"#, "{}", "[]", "null", "x", "{",
    #"{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"Hi"}],"stream":true}"#,
    line() + ",", line().replacingOccurrences(of: "}}", with: ",}}"),
    line(id: ""), line().replacingOccurrences(of: #""custom_id":"r-1","#, with: ""),
    line(id: "after 🎈"),
  ]

  @Test("a fault without one right answer stays and is reported", arguments: unmendable)
  func leftOver(line: String) throws {
    let input = FixCommandTests.text([FixCommandTests.after, line])
    let result = try Program.run("fix", input: input)
    #expect(result.output == String(decoding: input, as: UTF8.self))
    #expect(result.status == 1)
    #expect(result.errors.contains("<stdin>:2:"))
    #expect(result.errors.hasSuffix("batchfile: <stdin>: 0 lines mended\n"))
  }

  @Test("a missing url stays missing where several endpoints are possible")
  func noGuess() throws {
    let line = #"{"custom_id":"r","method":"POST","body":{"model":"text-embedding-3-small","input":"x"}}"#
    let result = try Program.run("fix", "--provider", "openai", input: FixCommandTests.text([line]))
    #expect(result.output == line + "\n")
    #expect(result.status == 1)
    let chat = FixCommandTests.line(url: nil)
    let mended = try Program.run("fix", "--provider", "openai", input: FixCommandTests.text([chat]))
    #expect(mended.output == FixCommandTests.line() + "\n")
  }

  @Test("bytes that are not UTF-8 stay as they are")
  func brokenBytes() throws {
    let scratch = try Scratch()
    let rest = FixCommandTests.text([FixCommandTests.line(method: nil)])
    // Text in Latin-1; a NUL; and UTF-16 with an odd number of bytes, or with only one half of a surrogate pair.
    let heads: [[UInt8]] = [[0x22, 0xE9, 0x22], [0x7B, 0, 0x22], [0xFF, 0xFE] + (rest.count % 2 == 1 ? [0] : [])]
    let halves: [[UInt8]] = [[0xFF, 0xFE, 0x00, 0xDC, 0x0A, 0x00], [0xFE, 0xFF, 0xD8, 0x00, 0x00, 0x0A]]
    for input in heads.map({ Data($0) + Data("\n".utf8) + rest }) + halves.map({ Data($0) }) {
      let file = try scratch.file("f.jsonl", input)
      let result = try Program.run("fix", "--in-place", file.path)
      #expect(result.status == 1)
      #expect(try Data(contentsOf: file).prefix(3) == input.prefix(3), "\(Array(input.prefix(6)))")
    }
  }

  @Test("ids of different bytes are not renamed as duplicates")
  func differentIDs() throws {
    // Two strings that Swift takes as equal, and halves of surrogate pairs, which all look the same when decoded.
    for (one, other) in [("\u{E9}", "e\u{301}"), (#"\ud800"#, #"\ud801"#), ("a", "A")] {
      let input = FixCommandTests.text([FixCommandTests.line(id: one), FixCommandTests.line(id: other)])
      let result = try Program.run("fix", "--rename-duplicates", input: input)
      #expect(Data(result.output.utf8) == input)
      #expect(result.status == 0)
    }
    let half = FixCommandTests.text(Array(repeating: FixCommandTests.line(id: #"\ud800"#), count: 2))
    #expect(try Program.run("fix", "--rename-duplicates", input: half).output.contains(#""\ud800-2""#))
  }

  @Test("--rename-duplicates renames duplicates, but no empty id")
  func renamesOnlyWhenAsked() throws {
    let twice = FixCommandTests.text([FixCommandTests.line(), FixCommandTests.line()])
    let result = try Program.run("fix", input: twice)
    #expect(Data(result.output.utf8) == twice)
    #expect(result.errors.contains("<stdin>:2:14: error[duplicate_custom_id]"))
    let empty = FixCommandTests.text([FixCommandTests.line(id: ""), FixCommandTests.line(id: "")])
    #expect(Data(try Program.run("fix", "--rename-duplicates", input: empty).output.utf8) == empty)
  }

  @Test("faults that stay are reported with the lines of the mended file")
  func linesOfResult() throws {
    let scratch = try Scratch()
    let file = try scratch.file(
      "f.jsonl", FixCommandTests.text(["", FixCommandTests.line(method: nil), "", FixCommandTests.line(method: "1")]))
    let result = try Program.run("fix", "--in-place", "f.jsonl", in: scratch.url)
    #expect(result.status == 1)
    #expect(result.output.hasPrefix("f.jsonl:2:"))
    #expect(result.output.contains("error[invalid_type]"))
    #expect(result.errors == "batchfile: f.jsonl: 3 lines mended\n")
    let check = try Program.run("check", "--quiet", "f.jsonl", in: scratch.url)
    #expect(check.output == result.output)
    #expect(try Data(contentsOf: file).prefix(1) == Data("{".utf8))
  }

  @Test("only blank lines leave an empty file, which is an error")
  func onlyBlank() throws {
    let result = try Program.run("fix", input: Data("\n \n".utf8))
    #expect(result.output.isEmpty)
    #expect(result.status == 1)
    #expect(result.errors.contains("error[empty_file]"))
  }

  // MARK: - Files

  static let faulty: Data = text([line(method: #""post""#)])
  static let mended: Data = text([line()])

  @Test("in place, the file keeps its mode, and no file is left beside it")
  func keepsMode() throws {
    let scratch = try Scratch()
    let file = try scratch.file("f.jsonl", FixCommandTests.faulty)
    for mode in [0o640, 0o444, 0o666, 0o755] {
      try FixCommandTests.faulty.write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
      #expect(try Program.run("fix", "-i", "--force", "f.jsonl", in: scratch.url).status == 0)
      #expect(try Data(contentsOf: file) == FixCommandTests.mended)
      let now = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
      #expect(now == mode)
      try FileManager.default.removeItem(at: file)
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
    #expect(names.isEmpty)
  }

  @Test("in place, the file that a link leads to is mended, and a file without faults is not written")
  func linksAndGoodFiles() throws {
    let scratch = try Scratch()
    let file = try scratch.file("f.jsonl", FixCommandTests.faulty)
    let link = scratch.url.appendingPathComponent("link.jsonl")
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "f.jsonl")
    #expect(try Program.run("fix", "-i", "link.jsonl", in: scratch.url).status == 0)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == "f.jsonl")
    #expect(try Data(contentsOf: file) == FixCommandTests.mended)
    func number() throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int
    }
    let before = try number()
    #expect(try Program.run("fix", "-i", "f.jsonl", in: scratch.url).status == 0)
    #expect(try number() == before)
  }

  @Test("where writing fails, the file stays as it was and nothing is left beside it")
  func staysOnError() throws {
    let scratch = try Scratch()
    let input = FixCommandTests.text((1...2000).map { FixCommandTests.line(id: "r-\($0)", method: nil) })
    let file = try scratch.file("f.jsonl", input)
    // The limit for a file's size is 64 KB and its signal is ignored, so writing fails as on a full disk.
    let causes = [("ulimit -f 64; export TMPDIR=/tmp", "/tmp: "), ("export TMPDIR=/nowhere", "/nowhere: ")]
    for (limit, blamed) in causes {
      let result = try Shell.run("trap '' XFSZ; \(limit); batchfile fix --in-place f.jsonl", in: scratch.url)
      #expect(result.status == 2)
      #expect(result.errors.hasPrefix("batchfile: \(blamed)"))
      #expect(try Data(contentsOf: file) == input)
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == ["f.jsonl"])
    }
  }

  @Test("where the folder cannot be written to, the file stays as it was", .enabled(if: geteuid() != 0))
  func readOnlyFolder() throws {
    let scratch = try Scratch()
    let file = try scratch.file("f.jsonl", FixCommandTests.faulty)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: scratch.url.path)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.url.path) }
    let result = try Program.run("fix", "-i", "f.jsonl", in: scratch.url)
    #expect(result.status == 2)
    #expect(result.errors == "batchfile: f.jsonl: Permission denied\n")
    #expect(try Data(contentsOf: file) == FixCommandTests.faulty)
  }

  @Test("a file that is missing does not keep the others from being mended")
  func severalFiles() throws {
    let scratch = try Scratch()
    let one = try scratch.file("1.jsonl", FixCommandTests.faulty)
    let two = try scratch.file("2.jsonl", FixCommandTests.faulty)
    let diff = try Program.run("fix", "--diff", "1.jsonl", "2.jsonl", in: scratch.url)
    #expect(diff.status == 0)
    #expect(diff.output.components(separatedBy: "--- a/").count == 3)
    let both = try Program.run("fix", "1.jsonl", "2.jsonl", in: scratch.url)
    #expect(both.status == 2)
    #expect(both.output.isEmpty)
    let result = try Program.run("fix", "-i", "1.jsonl", "0.jsonl", "2.jsonl", in: scratch.url)
    #expect(result.status == 2)
    #expect(result.errors.contains("batchfile: 0.jsonl: No such file or directory\n"))
    #expect(try Data(contentsOf: one) == FixCommandTests.mended)
    #expect(try Data(contentsOf: two) == FixCommandTests.mended)
  }

  @Test("standard input can be a file or a pipe, and a dash names it")
  func standardInput() throws {
    for words in [["fix"], ["fix", "-"]] {
      let result = try Program.run(Program.path, words, input: FixCommandTests.faulty)
      #expect(Data(result.output.utf8) == FixCommandTests.mended)
      #expect(result.errors == "batchfile: <stdin>: 1 line mended\n")
    }
    let pipe = try Shell.run("cat | batchfile fix --rename-duplicates", input: FixCommandTests.faulty)
    #expect(Data(pipe.output.utf8) == FixCommandTests.mended)
    #expect(pipe.status == 0)
    #expect(try Program.run("fix", "-i", "-", input: FixCommandTests.faulty).status == 2)
    #expect(try Program.run("fix", "-i", "--diff", "x").status == 2)
  }

  // MARK: - Diffs

  @Test("`patch` applies a diff with many changes", arguments: 1...8)
  func diffs(seed: Int) throws {
    let scratch = try Scratch()
    var lines: [String] = []
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
    for number in 1...60 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      switch state >> 60 {
      case 0: lines.append("")
      case 1: lines.append(FixCommandTests.line(id: "r-\(number)", method: nil))
      case 2: lines.append(FixCommandTests.line(id: "r-\(number)") + "\r")
      default: lines.append(FixCommandTests.line(id: "r-\(number)"))
      }
    }
    let input = Data(lines.joined(separator: "\n").utf8) + Data((seed % 2 == 0 ? "\n" : "").utf8)
    let name = seed % 3 == 0 ? "with spaces.jsonl" : "größe.jsonl"
    let file = try scratch.file(name, input)
    let diff = try Program.run("fix", "--diff", name, in: scratch.url)
    #expect(diff.output.components(separatedBy: "\n@@ ").count > 2)
    let result = try Program.run("fix", name, in: scratch.url)
    #expect(try Diff.apply(diff.output, to: input, name: name) == Data(result.output.utf8))
    #expect(try Data(contentsOf: file) == input)
  }

  @Test("`patch` applies the diff of an absolute path at the root")
  func diffOfRootedPath() throws {
    let scratch = try Scratch()
    let file = try scratch.file("f.jsonl", FixCommandTests.faulty)
    let diff = try Program.run("fix", "--diff", file.path)
    #expect(diff.output.hasPrefix("--- a\(file.path)\n+++ b\(file.path)\n@@ -1 +1 @@\n-"))
  }

  @Test("a file without faults gives no diff")
  func noDiff() throws {
    let diff = try Program.run("fix", "--diff", "Fixtures/good.jsonl")
    #expect(diff.output.isEmpty)
    #expect(diff.status == 0)
    #expect(diff.errors == "batchfile: Fixtures/good.jsonl: 0 lines would be mended\n")
  }
}

/// Applies diffs with `patch` and `git apply`, as people do.
private enum Diff {
  static let hasPatch = Shell.has("patch")

  static func apply(_ diff: String, to old: Data, name: String) throws -> Data {
    let scratch = try Scratch()
    let file = try scratch.file(name, old)
    try scratch.file("fix.diff", diff)
    let git = try Shell.run(
      "GIT_CEILING_DIRECTORIES=$(dirname \"$PWD\") git apply -p1 --whitespace=nowarn fix.diff", in: scratch.url)
    try #require(git.status == 0, "\(git.errors)")
    let new = try Data(contentsOf: file)
    if hasPatch {
      try old.write(to: file)
      let patch = try Shell.run("patch --binary --silent -p1 < fix.diff", in: scratch.url)
      try #require(patch.status == 0, "\(patch.output)")
      #expect(try Data(contentsOf: file) == new)
    }
    return new
  }
}
