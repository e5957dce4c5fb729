import BatchFile
import Foundation
import TestSupport
import Testing

/// `Fixtures/formats/faulty.jsonl` in every format, compared with the expected file, and what the readers of each
/// format need.
///
/// After an intended change, run `BATCHFILE_WRITE_EXPECTED=1 swift test --filter CommandTests.FormatTests/expected`, and read
/// the difference.
@Suite("Formats")
struct FormatTests {
  static let folder = Program.package.appendingPathComponent("Fixtures/formats")
  /// A name that every format has to escape somewhere.
  static let name = "a:b, 50 %/<grün & \"x\">\n.jsonl"

  static func check(_ format: ReportFormat, _ more: String...) throws -> Program.Outcome {
    let words = ["check", "--format", format.rawValue, "--max-requests", "3", "--stdin-filename", name] + more
    let input = try Data(contentsOf: folder.appendingPathComponent("faulty.jsonl"))
    return try Program.run(Program.path, words, input: input)
  }

  /// All findings, from the format that leaves nothing out.
  static func findings() throws -> [[String: Any]] {
    try check(.jsonl).output.split(separator: "\n").map { try object(String($0)) }
  }

  static func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// The message with the note, as the formats for programs have it.
  static func text(_ finding: [String: Any]) -> String {
    let message = finding["message"] as? String ?? ""
    return (finding["note"] as? String).map { "\(message) (\($0))" } ?? message
  }

  static func strings(_ findings: [[String: Any]], _ key: String) -> [String] {
    findings.map { $0[key] as? String ?? "" }
  }

  // MARK: - Byte for byte

  @Test("each format gives its expected file", arguments: ReportFormat.allCases)
  func expected(format: ReportFormat) throws {
    let outcome = try FormatTests.check(format)
    #expect(outcome.status == 1)
    #expect(outcome.errors.isEmpty)
    let output = format == .sarif ? FormatTests.withoutRules(outcome.output) : outcome.output
    let file = FormatTests.folder.appendingPathComponent("expected.\(format.rawValue)")
    if ProcessInfo.processInfo.environment["BATCHFILE_WRITE_EXPECTED"] != nil { try Data(output.utf8).write(to: file) }
    #expect(output == String(decoding: try Data(contentsOf: file), as: UTF8.self))
  }

  /// The log without the version and the rules' texts, which change for other reasons than the format does.
  static func withoutRules(_ log: String) -> String {
    guard let start = log.range(of: "\"rules\":["), let end = log.range(of: "\n]}},\"columnKind\"") ?? end(log),
      start.upperBound <= end.lowerBound
    else { return log }
    return (log[..<start.upperBound] + log[end.lowerBound...])
      .replacingOccurrences(of: "\"version\":\"\(BatchFileVersion.current)\"", with: "\"version\":\"0\"")
  }

  private static func end(_ log: String) -> Range<String.Index>? { log.range(of: "]}},\"columnKind\"") }

  @Test("every expected file belongs to a format")
  func noneLeftOver() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: FormatTests.folder.path)
    let formats = files.filter { $0.hasPrefix("expected.") }.map { String($0.dropFirst(9)) }
    #expect(formats.sorted() == ReportFormat.allCases.map(\.rawValue).sorted())
  }

  // MARK: - What readers need

  @Test("the fixture has something of every kind")
  func fixture() throws {
    let all = try FormatTests.findings()
    let codes = FormatTests.strings(all, "code")
    #expect(codes.count { $0 == "deprecated_parameter" } > 1)
    #expect(codes.count { $0 == "duplicate_custom_id" } > 1)
    #expect(codes.first == "maximum_requests_exceeded")
    #expect(all[0]["line"] is NSNull)
    #expect(FormatTests.strings(all, "file").allSatisfy { $0 == FormatTests.name })
  }

  @Test("json decodes as the API's errors")
  func json() throws {
    let errors = try JSONDecoder().decode(BatchErrors.self, from: Data(FormatTests.check(.json).output.utf8))
    let all = try FormatTests.findings().filter { $0["severity"] as? String == "error" }
    #expect(errors.data.map(\.code) == FormatTests.strings(all, "code"))
    #expect(errors.data.map(\.message) == FormatTests.strings(all, "message"))
    #expect(errors.data.map(\.line) == all.map { $0["line"] as? Int })
    #expect(errors.data.map(\.param) == all.map { $0["param"] as? String })
  }

  /// The lines are read as GitHub's runner reads them:
  /// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
  @Test("github: each line is a command that GitHub's runner understands")
  func github() throws {
    let lines = try FormatTests.check(.github).output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.last == "")
    let all = try FormatTests.findings()
    try #require(lines.count == all.count + 1)
    for (line, finding) in zip(lines, all) {
      #expect(line.hasPrefix("::"))
      let rest = line.dropFirst(2)
      let end = try #require(rest.range(of: "::"))
      let head = rest[..<end.lowerBound]
      let space = try #require(head.firstIndex(of: " "))
      var properties: [String: String] = [:]
      for property in head[head.index(after: space)...].split(separator: ",") {
        let equals = try #require(property.firstIndex(of: "="))
        properties[String(property[..<equals])] = FormatTests.unescaped(property[property.index(after: equals)...])
      }
      #expect(head[..<space] == finding["severity"] as? String ?? "")
      #expect(properties["file"] == FormatTests.name)
      #expect(properties["title"] == finding["code"] as? String)
      #expect(properties["line"] == (finding["line"] as? Int).map(String.init))
      #expect(properties["col"] == (finding["column"] as? Int).map(String.init))
      #expect(FormatTests.unescaped(rest[end.upperBound...]) == FormatTests.text(finding))
    }
  }

  private static func unescaped(_ text: Substring) -> String {
    ["%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","].reduce(String(text)) {
      $0.replacingOccurrences(of: $1.key, with: $1.value)
    }.replacingOccurrences(of: "%25", with: "%")
  }

  /// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
  @Test("gitlab has the keys that GitLab requires, and no fingerprint twice")
  func gitlab() throws {
    let data = Data(try FormatTests.check(.gitlab).output.utf8)
    let issues = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    let all = try FormatTests.findings()
    #expect(FormatTests.strings(issues, "description") == all.map(FormatTests.text))
    #expect(FormatTests.strings(issues, "check_name") == FormatTests.strings(all, "code"))
    let severities = Set(FormatTests.strings(issues, "severity"))
    #expect(severities.isSubset(of: ["info", "minor", "major", "critical", "blocker"]))
    let fingerprints = FormatTests.strings(issues, "fingerprint")
    #expect(!fingerprints.contains(""))
    #expect(Set(fingerprints).count == all.count)
    for (issue, finding) in zip(issues, all) {
      let location = try #require(issue["location"] as? [String: Any])
      #expect(location["path"] as? String == FormatTests.name)
      #expect((location["lines"] as? [String: Any])?["begin"] as? Int == finding["line"] as? Int ?? 1)
    }
  }

  @Test("gitlab's fingerprint stays the same where a line moves")
  func fingerprints() throws {
    let line = #"{"custom_id":"r-1","method":"GET","url":"/v1/chat/completions","body":{"model":"x","messages":[]}}"#
    func fingerprints(_ text: String) throws -> [String] {
      let outcome = try Program.run("check", "--format", "gitlab", "--ignore", "blank_line", input: Data(text.utf8))
      let data = Data(outcome.output.utf8)
      let issues = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
      return FormatTests.strings(issues, "fingerprint")
    }
    let before = try fingerprints(line)
    #expect(before.count == 3)
    #expect(try fingerprints("\n\n" + line) == before)
  }

  @Test("sarif has what SARIF 2.1.0 requires, and each result points at its rule")
  func sarif() throws {
    let log = try FormatTests.object(FormatTests.check(.sarif).output)
    #expect(log["version"] as? String == "2.1.0")
    let runs = try #require(log["runs"] as? [[String: Any]])
    try #require(runs.count == 1)
    #expect(runs[0]["columnKind"] as? String == "unicodeCodePoints")
    let driver = try #require((runs[0]["tool"] as? [String: Any])?["driver"] as? [String: Any])
    #expect(driver["name"] as? String == "batchfile")
    #expect(driver["version"] as? String == BatchFileVersion.current)
    let rules = try #require(driver["rules"] as? [[String: Any]])
    #expect(FormatTests.strings(rules, "id") == Code.allCases.map(\.rawValue))
    for rule in rules {
      for key in ["shortDescription", "fullDescription", "help"] {
        let text = (rule[key] as? [String: Any])?["text"] as? String ?? ""
        #expect(text.hasSuffix("."), "\(rule["id"] ?? "")")
      }
    }
    let results = try #require(runs[0]["results"] as? [[String: Any]])
    let all = try FormatTests.findings()
    try #require(results.count == all.count)
    for (result, finding) in zip(results, all) {
      #expect(result["ruleId"] as? String == finding["code"] as? String)
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == finding["code"] as? String)
      #expect(result["level"] as? String == finding["severity"] as? String)
      #expect((result["message"] as? [String: Any])?["text"] as? String == FormatTests.text(finding))
      let locations = try #require(result["locations"] as? [[String: Any]])
      try #require(locations.count == 1)
      let place = try #require(locations[0]["physicalLocation"] as? [String: Any])
      let uri = try #require((place["artifactLocation"] as? [String: Any])?["uri"] as? String)
      #expect(uri.removingPercentEncoding == FormatTests.name)
      #expect(URL(string: uri)?.scheme == nil)
      let region = place["region"] as? [String: Any]
      #expect(region?["startLine"] as? Int == finding["line"] as? Int)
      #expect(region?["startColumn"] as? Int == finding["column"] as? Int)
      let related = result["relatedLocations"] as? [[String: Any]]
      let first = (related?.first?["physicalLocation"] as? [String: Any])?["region"] as? [String: Any]
      #expect(first?["startLine"] as? Int == finding["first_line"] as? Int)
    }
    let prints = results.compactMap { ($0["partialFingerprints"] as? [String: String])?["batchfile/v1"] }
    #expect(Set(prints).count == all.count)
    let invocations = try #require(runs[0]["invocations"] as? [[String: Any]])
    #expect(invocations.map { $0["executionSuccessful"] as? Bool } == [true])
    #expect(driver["informationUri"] == nil, "the address of another's page is no address of this tool")
  }

  @Test("a sarif log has the tool's address where it is given, and none otherwise")
  func sarifAddress() throws {
    let words = ["check", "--format", "sarif", FormatTests.faulty]
    for address in ["https://example.org/tools/batchfile", "http://git.example:8080/~a/batchfile?x=1#y"] {
      let outcome = try Program.run(Program.path, words, environment: ["BATCHFILE_ADDRESS": address])
      let runs = try #require(FormatTests.object(outcome.output)["runs"] as? [[String: Any]])
      let driver = try #require((runs[0]["tool"] as? [String: Any])?["driver"] as? [String: Any])
      #expect(driver["informationUri"] as? String == address)
    }
    for text in ["batchfile", "/a/b", "ftp://example.org", "https://", "https:///x", "https://a b", "https://ä"] {
      let outcome = try Program.run(Program.path, words, environment: ["BATCHFILE_ADDRESS": text])
      #expect(outcome.status == 2)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors == "batchfile: BATCHFILE_ADDRESS holds no http or https address: '\(text)'\n")
    }
    // Other formats have no place for it.
    let outcome = try Program.run("check", "-q", FormatTests.clean, environment: ["BATCHFILE_ADDRESS": "x"])
    #expect(outcome.status == 0)
  }

  @Test("rules in a sarif log have the address of their source")
  func sarifHelp() throws {
    let log = try FormatTests.object(FormatTests.check(.sarif).output)
    let driver = ((log["runs"] as? [[String: Any]])?.first?["tool"] as? [String: Any])?["driver"] as? [String: Any]
    let rules = try #require(driver?["rules"] as? [[String: Any]])
    for rule in rules {
      let help = (rule["help"] as? [String: Any])?["text"] as? String ?? ""
      let page = help.firstMatch(of: /Source: (https:\S+?)[.;,]?(\s|$)/).map { String($0.output.1) }
      #expect(rule["helpUri"] as? String == page, "\(rule["id"] ?? "")")
    }
    let pages = rules.compactMap { $0["helpUri"] as? String }
    #expect(pages.count > 2)
    #expect(pages.allSatisfy { URL(string: $0)?.host != nil })
  }

  @Test("sarif's regions end after their last code point")
  func sarifRegions() throws {
    // The key has 6 code points in 9 bytes, and two quotes.
    let line = FormatTests.doubtful.replacingOccurrences(of: #""max_tokens":1,"seed":1.0"#, with: #""größe🎈":1"#)
    let outcome = try Program.run("check", "--format", "sarif", input: Data(line.utf8))
    let run = try #require((FormatTests.object(outcome.output)["runs"] as? [[String: Any]])?.first)
    let location = try #require((run["results"] as? [[String: Any]])?.first?["locations"] as? [[String: Any]])
    let region = (location.first?["physicalLocation"] as? [String: Any])?["region"] as? [String: Any]
    let start = try #require(region?["startColumn"] as? Int)
    #expect(region?["endColumn"] as? Int == start + 8)
  }

  @Test("gitlab's paths are relative to the project's folder")
  func gitlabPaths() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(
      at: scratch.url.appendingPathComponent("a"), withIntermediateDirectories: true)
    let file = try scratch.file("a/f.jsonl", "x\n").path
    for path in ["a/f.jsonl", "./a/f.jsonl", "a/../a//./f.jsonl", file] {
      let outcome = try Program.run(
        Program.path, ["check", "--format", "gitlab", path], in: scratch.url, environment: ["PWD": scratch.url.path])
      #expect(try FormatTests.filesWithFindings(.gitlab, outcome.output) == ["a/f.jsonl"])
    }
  }

  @Test("sarif names a file by its path from the root as a file URI")
  func sarifPath() throws {
    let scratch = try Scratch()
    let file = try scratch.file("größe 1.jsonl", "x\n")
    let output = try Program.run("check", "--format", "sarif", file.path).output
    let uri = try #require(output.range(of: "\"uri\":\"file:///"))
    let rest = output[uri.lowerBound...].dropFirst(7).prefix { $0 != "\"" }
    #expect(URL(string: String(rest))?.path == file.path)
  }

  @Test("junit is XML with one failed case for each error, and no two have one name")
  func junit() throws {
    let suites = try JUnitReader.read(FormatTests.check(.junit).output)
    try #require(suites.count == 1)
    let all = try FormatTests.findings()
    let errors = all.filter { $0["severity"] as? String == "error" }
    #expect(suites[0].attributes["name"] == FormatTests.name)
    #expect(suites[0].attributes["tests"] == String(errors.count))
    #expect(suites[0].attributes["failures"] == String(errors.count))
    #expect(suites[0].attributes["errors"] == "0")
    #expect(suites[0].cases.map(\.failure?["type"]) == FormatTests.strings(errors, "code"))
    #expect(suites[0].cases.map(\.failure?["message"]) == FormatTests.strings(errors, "message"))
    #expect(Set(suites[0].cases.map(\.attributes["name"])).count == errors.count)
    for (reported, finding) in zip(suites[0].cases, errors) {
      let place = (finding["line"] as? Int).map { "line \($0), column \(finding["column"] ?? "")" } ?? "the file"
      #expect(reported.text == "\(FormatTests.name): \(place): \(FormatTests.text(finding))")
    }
    let warnings = all.filter { $0["severity"] as? String == "warning" }
    #expect(suites[0].output.count { $0 == "\n" } == warnings.count)
  }

  // MARK: - People

  @Test("no control character of a file reaches the terminal")
  func noControls() throws {
    for format in [ReportFormat.full, .concise] {
      let output = try FormatTests.check(format).output
      #expect(!output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
      let lines = output.split(separator: "\n")
      #expect(lines.count { $0.contains("error[invalid_method]") && $0.contains("'GE\\u000AT\\u000D%0A::a") } == 1)
    }
  }

  // MARK: - Several files, clean files, none

  static let clean = "Fixtures/good.jsonl"
  static let faulty = "Fixtures/formats/faulty.jsonl"
  static let empty = "Fixtures/check/empty.jsonl"

  /// The files that have findings, as a reader of the format sees them.
  static func filesWithFindings(_ format: ReportFormat, _ output: String) throws -> [String] {
    let lines = output.split(separator: "\n").map(String.init)
    switch format {
    case .full: return lines.filter { $0.contains(": error[") || $0.contains(": warning[") }.map(beforeColon)
    case .concise: return lines.dropLast().map(beforeColon)
    case .json:
      // Each file has a line, even if it has no findings.
      return try lines.enumerated().flatMap { k, line in
        try JSONDecoder().decode(BatchErrors.self, from: Data(line.utf8)).data.map { _ in [faulty, clean, empty][k] }
      }
    case .jsonl: return strings(try lines.map(object), "file")
    case .github: return lines.map { String($0.prefix { $0 != "," }.drop { $0 != "=" }.dropFirst()) }
    case .gitlab:
      let issues = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
      return issues.compactMap { ($0["location"] as? [String: Any])?["path"] as? String }
    case .junit:
      return try JUnitReader.read(output).flatMap { suite in
        suite.cases.filter { $0.failure != nil }.compactMap { $0.attributes["classname"] }
      }
    case .sarif:
      let runs = try object(output)["runs"] as? [[String: Any]]
      let results = try #require(runs?.first?["results"] as? [[String: Any]])
      return results.compactMap { result in
        let place = (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]
        return (place?["artifactLocation"] as? [String: Any])?["uri"] as? String
      }
    }
  }

  private static func beforeColon(_ line: String) -> String { String(line.prefix { $0 != ":" }) }

  @Test("the report of several files is one document", arguments: ReportFormat.allCases)
  func severalFiles(format: ReportFormat) throws {
    let outcome = try Program.run(
      "check", "--format", format.rawValue, FormatTests.faulty, FormatTests.clean, FormatTests.empty)
    #expect(outcome.status == 1)
    var files = try FormatTests.filesWithFindings(format, outcome.output)
    let count = files.count
    files = files.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    #expect(files == [FormatTests.faulty, FormatTests.empty])
    let expected =
      switch format {
      // The findings are six errors, and six warnings of which three are folded into one.
      case .full, .concise: 6 + 3 + 1
      case .json, .junit: 6 + 1
      case .jsonl, .github, .gitlab, .sarif: 6 + 6 + 1
      }
    #expect(count == expected)
  }

  @Test("a clean file has no findings in any format", arguments: ReportFormat.allCases)
  func cleanFile(format: ReportFormat) throws {
    let outcome = try Program.run("check", "--format", format.rawValue, FormatTests.clean)
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    let output = outcome.output
    switch format {
    case .full, .concise: #expect(output == "3 requests for groq, nothing wrong\n")
    case .json: #expect(output == "{\"object\":\"list\",\"data\":[]}\n")
    case .jsonl, .github: #expect(output.isEmpty)
    case .gitlab: #expect(output == "[]\n")
    case .junit:
      let suites = try JUnitReader.read(output)
      #expect(suites.map(\.attributes["tests"]) == ["1"])
      #expect(suites.map(\.attributes["failures"]) == ["0"])
      #expect(suites.flatMap(\.cases).map(\.failure) == [nil])
    case .sarif: #expect(try FormatTests.filesWithFindings(format, output) == [])
    }
  }

  @Test("a file that cannot be read is an entry of every format", arguments: ReportFormat.allCases)
  func unreadableFile(format: ReportFormat) throws {
    let outcome = try Program.run("check", "--format", format.rawValue, FormatTests.clean, "Fixtures/nowhere.jsonl")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("Fixtures/nowhere.jsonl: No such file or directory"))
    let output = outcome.output
    let message = "The file cannot be read: No such file or directory."
    switch format {
    case .full, .concise:
      #expect(
        output == """
          Fixtures/nowhere.jsonl: error[unreadable_file]: \(message)
          3 requests for groq, nothing wrong; 1 file not read

          """)
    case .json:
      let error = #"{"code":"unreadable_file","message":"\#(message)","param":null,"line":null}"#
      #expect(
        output == #"{"object":"list","data":[]}"# + "\n" + #"{"object":"list","data":[\#(error)]}"# + "\n")
    case .jsonl:
      let entry = try FormatTests.object(output)
      #expect(entry["code"] as? String == "unreadable_file")
      #expect(entry["file"] as? String == "Fixtures/nowhere.jsonl")
      #expect(entry["message"] as? String == message)
    case .github: #expect(output == "::error file=Fixtures/nowhere.jsonl,title=unreadable_file::\(message)\n")
    case .gitlab:
      let issues = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
      #expect(FormatTests.strings(issues, "check_name") == ["unreadable_file"])
      #expect(FormatTests.strings(issues, "severity") == ["critical"])
    case .junit:
      let suites = try JUnitReader.read(output)
      #expect(suites.map(\.attributes["errors"]) == ["0", "1"])
      #expect(suites.map(\.attributes["failures"]) == ["0", "0"])
      #expect(suites.last?.cases.map(\.error) == [["type": "unreadable_file", "message": message]])
    case .sarif:
      let run = try #require((FormatTests.object(output)["runs"] as? [[String: Any]])?.first)
      let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
      #expect(invocation["executionSuccessful"] as? Bool == false)
      let notices = try #require(invocation["toolExecutionNotifications"] as? [[String: Any]])
      #expect(notices.map { ($0["message"] as? [String: Any])?["text"] as? String } == [message])
      #expect(FormatTests.strings(try #require(run["results"] as? [[String: Any]]), "ruleId") == ["unreadable_file"])
    }
  }

  /// A line with two warnings and no error.
  static let doubtful =
    #"{"custom_id":"r-1","method":"POST","url":"/v1/chat/completions","body":{"model":"openai/gpt-oss-20b","#
    + #""messages":[{"role":"user","content":"Hi"}],"max_tokens":1,"seed":1.0}}"#

  @Test("with --strict warnings are errors in every format", arguments: ReportFormat.allCases)
  func strict(format: ReportFormat) throws {
    let input = Data(FormatTests.doubtful.utf8)
    let usual = try Program.run("check", "--format", format.rawValue, input: input)
    let strict = try Program.run("check", "--format", format.rawValue, "--strict", input: input)
    #expect(usual.status == 0)
    #expect(strict.status == 1)
    let output = strict.output
    switch format {
    case .full, .concise:
      #expect(output.contains(": error[deprecated_parameter]: "))
      #expect(output.hasSuffix("1 request for groq, 2 errors, 0 warnings\n"))
    case .json: #expect(try JSONDecoder().decode(BatchErrors.self, from: Data(output.utf8)).data.count == 2)
    case .jsonl:
      let lines = try output.split(separator: "\n").map { try FormatTests.object(String($0)) }
      #expect(FormatTests.strings(lines, "severity") == ["error", "error"])
    case .github: #expect(output.split(separator: "\n").allSatisfy { $0.hasPrefix("::error ") })
    case .gitlab:
      let issues = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
      #expect(FormatTests.strings(issues, "severity") == ["major", "major"])
    case .junit:
      let suites = try JUnitReader.read(output)
      #expect(suites.map(\.attributes["failures"]) == ["2"])
      #expect(suites.flatMap(\.cases).map(\.failure?["type"]) == ["deprecated_parameter", "doubtful_value"])
    case .sarif:
      let run = try #require((FormatTests.object(output)["runs"] as? [[String: Any]])?.first)
      #expect(FormatTests.strings(try #require(run["results"] as? [[String: Any]]), "level") == ["error", "error"])
    }
  }

  /// Findings wait for the file's end, and very many of them wait on the disk.
  @Test("very many findings are reported completely and in order", arguments: ReportFormat.allCases)
  func flood(format: ReportFormat) throws {
    let sink = KeepingBytes()
    var style = ReportStyle()
    style.maxFindings = 0
    let report = format.makeReport(sink, style)
    let path = Program.package.appendingPathComponent("Fixtures/line-4-is-get.jsonl").path
    var finding = try #require(try BatchChecker().check(path: path).findings.first)
    let filler = String(repeating: "ü", count: 500)
    report.begin(file: "f.jsonl")
    var summary = CheckSummary()
    for line in 1...6000 {
      finding.line = line
      finding.message = "<\(line) \(filler)>"
      report.take(finding)
      summary.errors += 1
    }
    report.end(summary, fileFindings: [])
    report.finish()
    #expect(sink.bytes.count > 6_000_000)
    let output = String(decoding: sink.bytes, as: UTF8.self)
    #expect(Array(output.utf8) == sink.bytes)
    let opening = format == .junit ? "message=\"&lt;" : "<"
    let numbers = output.components(separatedBy: opening).dropFirst().compactMap { Int($0.prefix { $0 != " " }) }
    #expect(numbers == Array(1...6000))
    if [.json, .gitlab, .sarif].contains(format) {
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(sink.bytes)) }
    }
  }
}

private final class KeepingBytes: ByteSink {
  private(set) var bytes: [UInt8] = []
  func write(_ bytes: UnsafeRawBufferPointer) { self.bytes += bytes }
  func fail(_ reason: InputError.Reason) { Issue.record("\(reason)") }
}
