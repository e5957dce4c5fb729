import JSONLines

/// `jsonl` and `github`: one line for each finding and nothing else.
final class LinesReport: Report {
  private let out: any ByteSink
  private let write: (Finding, _ file: String, inout [UInt8]) -> Void
  private let spool = Spool()
  private var file = ""

  init(_ out: any ByteSink, write: @escaping (Finding, _ file: String, inout [UInt8]) -> Void) {
    self.out = out
    self.write = write
  }

  func begin(file: String) {
    self.file = file
    spool.reset()
  }

  func take(_ finding: Finding) {
    spool.append { write(finding, file, &$0) }
  }

  func end(_ summary: CheckSummary, fileFindings: [Finding]) {
    var head: [UInt8] = []
    for finding in fileFindings { write(finding, file, &head) }
    out.write(head)
    spool.copy(0..<spool.count, to: out)
  }

  func finish() {}
}

/// `jsonl`: a finding as a JSON object with everything that is known of it.
enum JSONFinding {
  static func append(_ finding: Finding, file: String, to out: inout [UInt8]) {
    JSONFields.append("file", file, to: &out, opening: true)
    JSONFields.append("line", finding.line, to: &out)
    JSONFields.append("column", finding.column, to: &out)
    JSONFields.append("offset", finding.offset, to: &out)
    JSONFields.append("severity", finding.severity.rawValue, to: &out)
    JSONFields.append("code", finding.code.rawValue, to: &out)
    JSONFields.append("message", finding.message, to: &out)
    JSONFields.append("param", finding.param, to: &out)
    JSONFields.append("custom_id", finding.customID.map { Words.cut($0, to: Words.longestID) }, to: &out)
    JSONFields.append("note", finding.note, to: &out)
    JSONFields.append("first_line", finding.firstLine, to: &out)
    out += [ASCII.closeBrace, ASCII.newline]
  }
}

/// `github`: workflow commands, which GitHub Actions shows as annotations beside the lines.
/// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
enum GitHubAnnotation {
  static func append(_ finding: Finding, file: String, to out: inout [UInt8]) {
    var properties = "file=\(property(file))"
    if let line = finding.line { properties += ",line=\(line)" }
    if let column = finding.column { properties += ",col=\(column)" }
    properties += ",title=\(property(finding.code.rawValue))"
    let text = finding.note.map { "\(finding.message) (\($0))" } ?? finding.message
    out.append(contentsOf: "::\(finding.severity.rawValue) \(properties)::\(data(text))\n".utf8)
  }

  /// Percent signs and line ends, as the toolkit of GitHub's runner escapes them in a message.
  private static let inMessage = Replacements(["%": "%25", "\r": "%0D", "\n": "%0A"])
  /// In the value of a property, colons and commas are escaped as well, because they separate properties.
  private static let inProperty = Replacements(["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])

  private static func data(_ text: String) -> String { TerminalText.safe(inMessage.apply(to: text)) }
  private static func property(_ text: String) -> String { TerminalText.safe(inProperty.apply(to: text)) }
}
