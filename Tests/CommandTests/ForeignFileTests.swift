import BatchFile
import Foundation
import TestSupport
import Testing

/// Files of another kind: which files count as such, and what is reported of them.
@Suite("Files of another kind")
struct ForeignFileTests {
  /// The first bytes of a file of each kind that is recognised by them.
  static let beginnings: [ForeignKind: [UInt8]] = [
    .gzip: [0x1F, 0x8B, 8, 0, 0x0A, 0xC3], .zip: Array("PK\u{3}\u{4}\u{14}\0\0\0a\n".utf8),
    .office: Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 1, count: 26) + Array("[Content_Types].xml\n\0".utf8),
    .oldOffice: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0x0A, 0xE4],
    .pdf: Array("%PDF-1.7\n%".utf8) + [0xE2, 0xE3, 0xCF],
    .picture: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0],
    .bzip2: Array("BZh9".utf8) + [0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0x0A, 0xFE],
    .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 0x0A], .zstandard: [0x28, 0xB5, 0x2F, 0xFD, 0x0A, 0x99],
    .sevenZip: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0x0A], .parquet: Array("PAR1\u{15}\u{4}\n".utf8),
    .sqlite: Array("SQLite format 3\0\u{10}\n".utf8),
    .tar: Array("a.jsonl".utf8) + [UInt8](repeating: 0, count: 250) + Array("ustar\0\n".utf8),
    .recording: Array("RIFF\0\0\0\u{1}WAVEfmt \n".utf8), .binary: Array("\u{7F}ELF\u{2}\u{1}\u{1}\0\n\n".utf8),
  ]

  static func specimen(_ kind: ForeignKind) throws -> Data {
    if let bytes = beginnings[kind] { return Data(bytes) }
    // The fixture for `batchOutput` is batch-output.jsonl.
    let name = kind.rawValue.replacing(/[A-Z]/) { "-" + $0.output.lowercased() }
    return try Data(contentsOf: Program.package.appendingPathComponent("Fixtures/foreign/\(name).jsonl"))
  }

  /// A faulty line of a batch file, with two of the four keys.
  static let broken = #"{"custom_id":"r-9","url":"/v1/chat/completions"}"# + "\n"

  @Test(
    "a file of another kind is one finding that names its kind", arguments: ForeignKind.allCases, ["full", "concise"])
  func told(kind: ForeignKind, format: String) throws {
    let outcome = try Program.run("check", "--format", format, input: try ForeignFileTests.specimen(kind))
    #expect(outcome.status == 1)
    let lines = outcome.output.split(separator: "\n")
    let head = "<stdin>: error[foreign_file]: This is not a batch file: it is \(kind.name)."
    #expect(lines.first?.hasPrefix(head) == true, "\(outcome.output)")
    #expect(lines.count { $0.contains(": error[") } == 1)
    #expect(lines.last == "0 requests for groq, 1 error, 0 warnings")
  }

  @Test("--skip-foreign skips each kind, with a message on standard error", arguments: ForeignKind.allCases)
  func skipped(kind: ForeignKind) throws {
    let outcome = try Program.run("check", "--skip-foreign", input: try ForeignFileTests.specimen(kind))
    #expect(outcome.status == 0)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors == "batchfile: <stdin>: skipped; it is \(kind.name)\n")
  }

  @Test("a table or a list of prompts is sent to convert, once", arguments: ["t.csv", "t.tsv", "p.txt"])
  func tables(name: String) throws {
    let scratch = try Scratch()
    try scratch.file(name, "id,prompt\n1,a\n2,b\n")
    let advice = "`batchfile convert` makes batch lines from tables and prompts"
    let outcome = try Program.run("check", "--format", "concise", name, name, in: scratch.url)
    #expect(outcome.output.components(separatedBy: advice).count == 3, "\(outcome.output)")
    try scratch.file("r.jsonl", "id,prompt\n1,a\n2,b\n")
    #expect(!(try Program.run("check", "r.jsonl", in: scratch.url).output.contains(advice)))
  }

  /// What else recordings, programs and arrays begin with.
  static let others: [([UInt8], ForeignKind)] = [
    (Array("ID3\u{4}\0\0".utf8), .recording), (Array("OggS\0\u{2}".utf8), .recording),
    (Array("fLaC\0\0".utf8), .recording), ([0, 0, 0, 0x20] + Array("ftypisom".utf8), .recording),
    ([0x1A, 0x45, 0xDF, 0xA3], .recording), (Array("RIFF\0\0\0\0AVI ".utf8), .recording),
    ([0x4D, 0x5A, 0x90, 0, 3], .binary), ([0xCF, 0xFA, 0xED, 0xFE, 7, 0], .binary),
    ([0x93] + Array("NUMPY\u{1}\0v\0{".utf8), .binary), ([0x80, 4, 0x95, 0x1A, 0, 0], .binary),
    ([0xCA, 0xFE, 0xBA, 0xBE, 0, 0], .binary), ([0xFF, 0xFB, 0x90, 0], .binary),
  ]

  @Test("a kind has other first bytes too", arguments: others)
  func otherBeginning(bytes: [UInt8], kind: ForeignKind) throws {
    let outcome = try Program.run("check", input: Data(bytes + [0x0A]))
    #expect(outcome.output.hasPrefix("<stdin>: error[foreign_file]: This is not a batch file: it is \(kind.name)."))
  }

  @Test(
    "fix and submit name the kind too, and fix does not change a file that is not text", arguments: ForeignKind.allCases
  )
  func otherCommands(kind: ForeignKind) throws {
    let scratch = try Scratch()
    var specimen = try ForeignFileTests.specimen(kind)
    let isText = ForeignFileTests.beginnings[kind] == nil
    // In a text these would be mended.
    if !isText { specimen += Data("\n\r\n\n{}\r\n".utf8) }
    let file = try scratch.file("f", specimen)
    let head = ": error[foreign_file]: This is not a batch file: it is \(kind.name)."
    let fixed = try Program.run("fix", "--in-place", "f", in: scratch.url)
    #expect(fixed.status == 1)
    #expect(fixed.output.contains("f" + head), "\(fixed.output)")
    if !isText { #expect(try Data(contentsOf: file) == specimen) }
    let sent = try Program.run("submit", "--dry-run", "f", in: scratch.url)
    #expect(sent.status == 1)
    #expect(sent.output.hasPrefix("f" + head), "\(sent.output)")
    #expect(sent.errors == "batchfile: nothing was sent\n")
  }

  @Test(
    "convert says what is no text, by its content whatever its name",
    arguments: beginnings.keys.sorted { $0.rawValue < $1.rawValue })
  func converted(kind: ForeignKind) throws {
    let scratch = try Scratch()
    let specimen = try ForeignFileTests.specimen(kind)
    try scratch.file("f.csv", specimen)
    try scratch.file("f.xlsx", specimen)
    let csv = try Program.run("convert", "--model", "m", "-o", "o.jsonl", "f.csv", in: scratch.url)
    #expect(csv.status == 1)
    #expect(csv.output.hasPrefix("f.csv: error[foreign_file]: This is no text: it is \(kind.name)."), "\(csv.output)")
    #expect(csv.output.split(separator: "\n").count == 1)
    let other = try Program.run("convert", "--model", "m", "-o", "o.jsonl", "f.xlsx", in: scratch.url)
    #expect(other.status == 2)
    #expect(other.errors.hasPrefix("batchfile: f.xlsx: it is \(kind.name)"), "\(other.errors)")
    if kind == .office { #expect(csv.output.contains("save a spreadsheet as CSV first")) }
    #expect(!FileManager.default.fileExists(atPath: scratch.url.appendingPathComponent("o.jsonl").path))
  }

  @Test("with one line of a batch file in it, the file is a batch file with faults", arguments: ForeignKind.allCases)
  func mixed(kind: ForeignKind) throws {
    guard ForeignFileTests.beginnings[kind] == nil else { return }
    let specimen = try ForeignFileTests.specimen(kind)
    for input in [Data(ForeignFileTests.broken.utf8) + specimen, specimen + Data(ForeignFileTests.broken.utf8)] {
      let outcome = try Program.run("check", "--skip-foreign", input: input)
      #expect(outcome.status == 1)
      #expect(outcome.errors.isEmpty)
      #expect(!outcome.output.contains("foreign_file"))
    }
  }

  /// Batch files with a fault on every line, and files that are of no kind on the list.
  static let faultyTexts = [
    "", "\n\n", "x\n", "{\"a\":1\n", "[1,2]\n3\n\"x\"\n", broken,
    #"{"custom_id":"r-1"}"# + "\n", #"{"body":{"model":"m","messages":[]}}"# + "\n",
    #"{"customId":"r-1","Method":"POST","URL":"/v1/chat/completions","Body":{}}"# + "\n",
    #"{"custom_id":"r-1","method":"POST","url":"/v1/chat/completions","params":{}}"# + "\n",
    "{\n  \"custom_id\": \"r-1\",\n  \"method\": \"POST\"\n}\n", "[{\"custom_id\":\"r-1\"}]\n",
    #"{"custom_id":"r-1","response":{}}"# + "\n" + #"{"custom_id":"r-1","params":{}}"# + "\n",
    #"{"level":"info"}"# + "\n" + #"{"level":"info""# + "\n",
    "\u{FEFF}" + #"{"level":"info"}"# + "\n", "id,prompt\n1,x\n", "PK is how this begins\n", "%PDF\n",
    // Damaged, with NUL bytes: a beginning that was lost, and a place inside.
    "\0\0\0\0\n", "\0\0\0\0custom_id\":\"r-1\"}\n", "{\"custom_id\":\0\0\0}\n", "{\u{1}\0}\n", "\"\0\"\n",
    "ID3 is a name\n", "RIFF\n", "MZ\n", "ä\0\n".replacing("ä", with: "a"),
  ]

  @Test("a batch file with a fault on every line is not taken for another kind", arguments: faultyTexts)
  func faulty(text: String) throws {
    let outcome = try Program.run("check", "--skip-foreign", input: Data(text.utf8))
    #expect(outcome.status == 1)
    #expect(outcome.errors.isEmpty)
    #expect(!outcome.output.contains("foreign_file"))
  }

  @Test("a batch file without faults, or with warnings only, is not taken for another kind")
  func inOrder() throws {
    for file in ["Fixtures/good.jsonl", "Fixtures/check/warnings-are-no-errors.jsonl"] {
      let outcome = try Program.run("check", "--skip-foreign", file)
      #expect(outcome.status == 0)
      #expect(outcome.errors.isEmpty)
    }
  }

  @Test("the kind is the same for any number of threads", arguments: [1, 2, 7])
  func threads(jobs: Int) throws {
    let line = #"{"time":"2026-11-26","text":"\#(String(repeating: "x", count: 900))"}"# + "\n"
    let log = Data(String(repeating: line, count: 9000).utf8)
    let outcome = try Program.run("check", "--jobs", "\(jobs)", input: log)
    #expect(outcome.output.contains("error[foreign_file]"))
    let faulty = try Program.run("check", "--jobs", "\(jobs)", input: log + Data("{}\n{".utf8))
    #expect(!faulty.output.contains("error[foreign_file]"))
  }

  @Test(
    "formats for programs have the findings of every line, and an entry for a skipped file",
    arguments: ReportFormat.allCases)
  func formats(format: ReportFormat) throws {
    let file = "Fixtures/foreign/batch-output.jsonl"
    let whole = try Program.run("check", "--format", format.rawValue, file)
    #expect(whole.status == 1)
    let isForPeople = format == .full || format == .concise
    // The rules of a SARIF log name every code.
    let results = format == .sarif ? whole.output.components(separatedBy: "\"results\":")[1] : whole.output
    #expect(results.contains("foreign_file") == isForPeople)
    let skipped = try Program.run("check", "--skip-foreign", "--format", format.rawValue, file)
    #expect(skipped.status == 0)
    switch format {
    case .full, .concise, .jsonl, .github: #expect(skipped.output.isEmpty)
    case .json: #expect(skipped.output == "{\"object\":\"list\",\"data\":[]}\n")
    case .gitlab: #expect(skipped.output == "[]\n")
    case .junit: #expect(try JUnitReader.read(skipped.output).flatMap(\.cases).map(\.isSkipped) == [true])
    case .sarif: #expect(skipped.output.contains("\"results\":[]"))
    }
  }

  @Test("with --max-findings 0 the findings of the lines follow the one about the kind")
  func unfolded() throws {
    let outcome = try Program.run(
      "check", "--format", "concise", "--max-findings", "0", "Fixtures/foreign/anthropic-requests.jsonl")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines[0].contains("error[foreign_file]"))
    #expect(lines.dropFirst().count { $0.contains("error[missing_required_parameter]") } == 3)
  }

  @Test("with --ignore foreign_file the findings of the lines are reported")
  func ignored() throws {
    let outcome = try Program.run("check", "--ignore", "foreign_file", "Fixtures/foreign/anthropic-requests.jsonl")
    #expect(!outcome.output.contains("foreign_file"))
    #expect(outcome.output.contains("error[missing_required_parameter]"))
  }

  @Test("explain foreign_file lists the kinds")
  func list() throws {
    let text = try Program.run("explain", "foreign_file").output
    for kind in ForeignKind.allCases { #expect(text.contains("\n    \(kind.name): \(kind.sign)\n")) }
  }

  @Test("another API's models and urls are one finding, with the option for that API", arguments: ["full", "concise"])
  func otherProvider(format: String) throws {
    let line = FoldTests.line(1, "").replacing("openai/gpt-oss-20b", with: "gpt-4o-mini")
    let lines = [line, line.replacing("r-1", with: "r-2"), line.replacing("r-1", with: "r-3")]
    let report = try FoldTests.check(lines, "--format", format)
    #expect(report.count { $0.contains("--provider openai") } == 1)
    #expect(report.count { $0.contains("error[model_not_found]") } == 3)
    let url = FoldTests.line(1, "").replacing("/v1/chat/completions", with: "/v1/embeddings")
    #expect(try FoldTests.check([url], "--format", format).contains { $0.contains("--provider openai") })
  }
}
