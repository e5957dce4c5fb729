import Foundation
import TestSupport
import Testing

@testable import BatchFile

@Suite("CheckRun")
struct CheckRunTests {
  /// A file with faults, blank lines and duplicates of all kinds.
  private static func file(lines count: Int, contentLength: Int = 20, seed: UInt64) -> [UInt8] {
    var random = SeededGenerator(seed)
    let tool =
      #","tools":[{"type":"function","function":{"name":"find","description":"Finds whatever there is to be found."}}]"#
    var bytes: [UInt8] = []
    for number in 1...count {
      let content = String(repeating: "word ", count: random.number(0...contentLength))
      func line(_ id: String, more: String = "") -> String { BatchText.line(id: id, content: content, more: more) }
      let text =
        switch random.number(0...39) {
        case 0: ""
        case 1: " \t"
        case 2: line("r-\(random.number(1...count))")
        case 3: line("\\u0072-\(random.number(1...count))")
        case 4: line("r-\(number)", more: #","temperature":3"#)
        case 5: String(line("r-\(number)").dropLast(random.number(1...90)))
        case 6: line("r-\(number)").replacingOccurrences(of: "POST", with: "GET")
        case 7: line("r-\(number)").replacingOccurrences(of: "gpt-oss", with: "gpt-loss")
        case 8: line("r-\(number)", more: #","logit_bias":{}"#)
        case 9: line(#"\ud83d\#(number)"#)
        case 10...20: line("r-\(number)", more: tool)
        case 21: line("r-\(number)", more: #","response_format":{"type":"json_object"}"#)
        case 22: line("") + "\r"
        default: line("r-\(number)")
        }
      bytes += Array(text.utf8)
      if number == count { break }
      bytes.append(0x0A)
    }
    return bytes
  }

  private static let smallFile = file(lines: 120, seed: 51)
  /// A file that is large enough for several threads.
  private static let largeFile = file(lines: 5_000, contentLength: 100, seed: 52)

  private static func checker(
    jobs: Int, blockSize: Int? = nil, provider: Provider = .groq, detail: FindingDetail = .places
  ) -> BatchChecker {
    var checker = BatchChecker(provider: provider)
    checker.jobs = jobs
    checker.detail = detail
    if let blockSize { checker.blockSize = blockSize }
    return checker
  }

  private static func expectSame(
    _ result: CheckedFile, as expected: CheckedFile, _ comment: Comment,
    _ place: SourceLocation = #_sourceLocation
  ) {
    #expect(result.summary == expected.summary, comment, sourceLocation: place)
    // Only the first difference is recorded, since thousands of findings could not be read.
    let pairs = zip(result.findings, expected.findings)
    if let (found, wanted) = pairs.first(where: { $0 != $1 }) {
      #expect(found == wanted, comment, sourceLocation: place)
    }
    #expect(result.findings.count == expected.findings.count, comment, sourceLocation: place)
  }

  // MARK: - Same findings

  @Test("has something of every kind to find in the files")
  func variety() throws {
    let result = try BatchText.checkFile(CheckRunTests.largeFile)
    let wanted: Set<Code> = [
      .invalidJSONLine, .blankLine, .duplicateCustomID, .invalidMethod, .modelNotFound, .decimalAboveMaxValue,
      .emptyString, .invalidRequest, .ignoredParameter, .loneSurrogate,
    ]
    #expect(wanted.subtracting(result.findings.map(\.code)) == [])
    #expect(CheckRunTests.largeFile.count > 1 << 20)
    #expect(result.summary.lines == 5_000)
    #expect(result.findings.compactMap(\.line) == result.findings.compactMap(\.line).sorted())
  }

  @Test("finds the same with any number of jobs", arguments: [2, 3, 7], [300, 4_096, nil])
  func jobs(jobs: Int, blockSize: Int?) throws {
    let expected = try BatchText.checkFile(CheckRunTests.largeFile, with: CheckRunTests.checker(jobs: 1))
    let checker = CheckRunTests.checker(jobs: jobs, blockSize: blockSize)
    let result = try BatchText.checkFile(CheckRunTests.largeFile, with: checker)
    CheckRunTests.expectSame(result, as: expected, "\(jobs) jobs, blocks of \(blockSize ?? 0)")
  }

  @Test("finds the same at every block size", arguments: [1...100, 101...200, 201...300])
  func blockSizes(sizes: ClosedRange<Int>) throws {
    let expected = try BatchText.checkFile(
      CheckRunTests.smallFile, with: CheckRunTests.checker(jobs: 1, detail: .excerpts))
    for blockSize in sizes {
      let checker = CheckRunTests.checker(jobs: 2, blockSize: blockSize, detail: .excerpts)
      let result = try BatchText.checkFile(CheckRunTests.smallFile, with: checker)
      CheckRunTests.expectSame(result, as: expected, "blocks of \(blockSize)")
    }
  }

  @Test("finds the same in a pipe as in a file", arguments: [1, 7], [300, nil])
  func pipe(jobs: Int, blockSize: Int?) throws {
    let checker = CheckRunTests.checker(jobs: jobs, blockSize: blockSize)
    let expected = try BatchText.checkFile(CheckRunTests.largeFile, with: CheckRunTests.checker(jobs: 1))
    let result = try BatchText.check(CheckRunTests.largeFile, with: checker)
    CheckRunTests.expectSame(result, as: expected, "\(jobs) jobs, blocks of \(blockSize ?? 0)")
  }

  @Test("finds the same in lines over the limit", arguments: [1, 3])
  func lineLimit(jobs: Int) throws {
    var expectedChecker = CheckRunTests.checker(jobs: 1)
    expectedChecker.lineLimit = 300
    let expected = try BatchText.checkFile(CheckRunTests.largeFile, with: expectedChecker)
    let long = CheckRunTests.largeFile.split(separator: 0x0A, omittingEmptySubsequences: false)
      .enumerated().filter { $1.count > 300 }.map { $0.offset + 1 }
    let cut = expected.findings.filter { $0.code == .lineTooLong }
    #expect(cut.compactMap(\.line) == long)
    for blockSize in [7, 300, 1_000] {
      var checker = CheckRunTests.checker(jobs: jobs, blockSize: blockSize)
      checker.lineLimit = 300
      let result = try BatchText.checkFile(CheckRunTests.largeFile, with: checker)
      CheckRunTests.expectSame(result, as: expected, "blocks of \(blockSize)")
    }
  }

  @Test("checks from the current position of a file")
  func position() throws {
    let head = Array(BatchText.line(id: "skipped").utf8) + [0x0A]
    let lines = ["a", "b", "a"].map { BatchText.line(id: $0) }.joined(separator: "\n")
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("batch-\(UUID().uuidString).jsonl")
    try Data(head + Array(lines.utf8)).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let handle = try FileHandle(forReadingFrom: url)
    defer { try? handle.close() }
    try handle.seek(toOffset: UInt64(head.count))
    let result = try BatchChecker().check(handle)
    #expect(result.findings.map(\.line) == [3])
    #expect(result.summary.bytes == lines.utf8.count)
  }

  // MARK: - Duplicates

  @Test(
    "finds a custom_id used before, however it is spelt, and names its first line",
    arguments: [
      (["a", "b", "a"], [3: 1]), (["a", "a", "a"], [2: 1, 3: 1]), (["a", #"\u0061"#], [2: 1]),
      ([#"\u0061"#, "a"], [2: 1]),
      (["é", #"\u00e9"#, #"\u00E9"#], [2: 1, 3: 1]), (["😀", #"\ud83d\ude00"#], [2: 1]), (["/", #"\/"#], [2: 1]),
      ([#"\ud800"#, #"\uD800"#], [2: 1]), ([#"\ud800"#, #"\ud801"#, "\u{FFFD}"], [:]), (["a", "A", "a ", "aa"], [:]),
      (["é", "e\u{301}"], [:]), (["", ""], [:]), ([#"\n"#, "n"], [:]),
    ])
  func duplicates(ids: [String], expected: [Int: Int]) throws {
    let bytes = Array(ids.map { BatchText.line(id: $0) }.joined(separator: "\n").utf8)
    for result in [try BatchText.checkFile(bytes), try BatchText.check(bytes)] {
      let found = result.findings.filter { $0.code == .duplicateCustomID }
      #expect(Dictionary(uniqueKeysWithValues: found.map { ($0.line, $0.firstLine) }) == expected)
    }
  }

  @Test("counts blank and broken lines when it names the first line", arguments: [1, 5, 300])
  func firstLine(blockSize: Int) throws {
    let lines = ["", BatchText.line(id: "a"), "{", "", BatchText.line(id: "a")]
    let checker = CheckRunTests.checker(jobs: 1, blockSize: blockSize)
    let result = try BatchText.checkFile(Array(lines.joined(separator: "\n").utf8), with: checker)
    let duplicate = try #require(result.findings.first { $0.code == .duplicateCustomID })
    #expect(duplicate.line == 5)
    #expect(duplicate.firstLine == 2)
    #expect(duplicate.customID == "a")
  }

  @Test("puts a duplicate before the other findings of its line")
  func order() throws {
    let faulty = BatchText.line(id: "a").replacingOccurrences(of: "POST", with: "GET")
    let result = try BatchText.checkFile(Array("\(faulty)\n\(faulty)".utf8))
    #expect(result.findings.map(\.code) == [.invalidMethod, .duplicateCustomID, .invalidMethod])
  }

  @Test("leaves out ignored codes and does not count them")
  func ignored() throws {
    var checker = BatchChecker()
    checker.ignoredCodes = [.duplicateCustomID, .emptyFile]
    let line = BatchText.line(id: "a")
    let result = try BatchText.checkFile(Array("\(line)\n\(line)".utf8), with: checker)
    #expect(result.findings == [])
    #expect(result.summary.errors == 0)
    #expect(try BatchText.checkFile([], with: checker).findings == [])
  }

  // MARK: - One model

  @Test("names the first request's model whatever the number of jobs", arguments: [1, 2, 3, 7], [300, nil])
  func oneModel(jobs: Int, blockSize: Int?) throws {
    // Several threads are at work before the first line names a model, and then each line names another one.
    let content = String(repeating: "word ", count: 60)
    func line(_ number: Int, _ model: String) -> String {
      BatchText.line(id: "r-\(number)", model: model, content: content)
    }
    let unnamed = (1...3_500).map { line($0, "").replacingOccurrences(of: #""model":"","#, with: "") }
    let others = (3_502...4_500).map { line($0, "other-\($0 % 7)") }
    let bytes = Array((unnamed + [line(3_501, "the-first")] + others).joined(separator: "\n").utf8)
    #expect(unnamed.joined().utf8.count > 1 << 20)
    let checker = CheckRunTests.checker(jobs: jobs, blockSize: blockSize, provider: .openai)
    for result in [try BatchText.checkFile(bytes, with: checker), try BatchText.check(bytes, with: checker)] {
      let mismatches = result.findings.filter { $0.code == .mismatchedModel }
      #expect(mismatches.compactMap(\.line) == Array(3_502...4_500))
      #expect(Set(mismatches.map(\.note)) == ["the first request names 'the-first'"])
    }
  }

  // MARK: - Errors

  @Test("throws the system's error", arguments: [(NSTemporaryDirectory(), EISDIR), ("/no/such/file", ENOENT)])
  func errors(path: String, code: Int32) {
    let error = #expect(throws: InputError.self) { try BatchChecker().check(path: path) }
    #expect(error?.code == code)
  }

  @Test("throws where a handle cannot be read", arguments: [1, 4])
  func unreadable(jobs: Int) throws {
    let descriptor = open(NSTemporaryDirectory(), O_RDONLY)
    try #require(descriptor >= 0)
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let error = #expect(throws: InputError.self) { try CheckRunTests.checker(jobs: jobs).check(handle) }
    #expect(error?.code == EISDIR)
  }
}
