import JSONLines

/// `sarif`: a SARIF 2.1.0 log with one run for all files. Its rules are the codes and their explanations.
/// https://docs.oasis-open.org/sarif/sarif/v2.1.0/
final class SARIFReport: Report {
  private let out: any ByteSink
  private let results: FindingArray
  /// The current file's path as a URI, which is made once for all of its findings.
  private var uri = ""
  /// The index of each code in the list of rules.
  private let ruleIndexes = Dictionary(uniqueKeysWithValues: Code.allCases.enumerated().map { ($1, $0) })
  private var fingerprints = Fingerprints()
  /// The notifications of files that could not be read, as elements of a JSON array.
  private var failures: [UInt8] = []

  init(_ out: any ByteSink, _ style: ReportStyle) {
    self.out = out
    results = FindingArray(out)
    openLog(address: style.address)
  }

  func begin(file: String) {
    uri = SARIFReport.uri(file)
    results.begin()
    fingerprints.begin(file: file)
  }

  func take(_ finding: Finding) { results.take(finding, append) }

  func end(_ summary: CheckSummary, fileFindings: [Finding]) { results.end(fileFindings, append) }

  /// SARIF's form for a file that could not be read is a notification. Some services show only results, so the finding
  /// is written as a result as well.
  func fail(_ finding: Finding, file: String) {
    begin(file: file)
    end(CheckSummary(), fileFindings: [finding])
    if !failures.isEmpty { failures.append(ASCII.comma) }
    failures += Array(#"{"associatedRule":"#.utf8)
    JSONFields.append("id", finding.code.rawValue, to: &failures, opening: true)
    JSONFields.append("index", ruleIndexes[finding.code], to: &failures)
    failures.append(ASCII.closeBrace)
    JSONFields.append("level", "error", to: &failures)
    appendText("message", finding.message, to: &failures)
    failures += Array(#","locations":["#.utf8)
    appendLocation(line: nil, columns: nil, to: &failures)
    failures += Array("]}".utf8)
  }

  func finish() {
    out.write(#"],"invocations":[{"executionSuccessful":\#(failures.isEmpty)"#)
    if !failures.isEmpty {
      out.write(#","toolExecutionNotifications":["#)
      out.write(failures)
      out.write("]")
    }
    out.write("}]}]}\n")
  }

  /// - Parameter address: the tool's address, which is left out where it is not known.
  private func openLog(address: String?) {
    var head = Array(
      (#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":"#
        + #"{"name":"batchfile","version":"\#(BatchFileVersion.current)""#).utf8)
    if let address { JSONFields.append("informationUri", address, to: &head) }
    head += Array(#","rules":["#.utf8)
    for (k, code) in Code.allCases.enumerated() {
      if k > 0 { head.append(ASCII.comma) }
      head.append(ASCII.newline)
      appendRule(code, to: &head)
    }
    // SARIF counts columns in UTF-16 units unless the log says otherwise; this tool counts code points.
    head += Array("]}},\"columnKind\":\"unicodeCodePoints\",\"results\":[".utf8)
    out.write(head)
  }

  private func appendRule(_ code: Code, to out: inout [UInt8]) {
    let explanation = code.explanation
    JSONFields.append("id", code.rawValue, to: &out, opening: true)
    appendText("shortDescription", explanation.summary, to: &out)
    appendText("fullDescription", "\(explanation.summary) \(explanation.why)", to: &out)
    if let page = explanation.page { JSONFields.append("helpUri", page, to: &out) }
    appendText("help", "\(explanation.why)\nSource: \(explanation.source).", to: &out)
    out.append(ASCII.closeBrace)
  }

  private func appendText(_ name: StaticString, _ text: String, to out: inout [UInt8]) {
    out += Array(",\"\(name)\":".utf8)
    JSONFields.append("text", text, to: &out, opening: true)
    out.append(ASCII.closeBrace)
  }

  private func append(_ finding: Finding, to out: inout [UInt8]) {
    let text = finding.note.map { "\(finding.message) (\($0))" } ?? finding.message
    JSONFields.append("ruleId", finding.code.rawValue, to: &out, opening: true)
    JSONFields.append("ruleIndex", ruleIndexes[finding.code], to: &out)
    JSONFields.append("level", finding.severity.rawValue, to: &out)
    appendText("message", text, to: &out)
    out += Array(#","partialFingerprints":"#.utf8)
    JSONFields.append("batchfile/v1", fingerprints.next(finding), to: &out, opening: true)
    out += Array(#"},"locations":["#.utf8)
    let start = finding.column ?? 1
    appendLocation(line: finding.line, columns: start..<max(start + 1, finding.endColumn ?? 0), to: &out)
    out.append(ASCII.closeBracket)
    if let first = finding.firstLine {
      out += Array(#","relatedLocations":["#.utf8)
      appendLocation(line: first, columns: nil, message: "first used here", to: &out)
      out.append(ASCII.closeBracket)
    }
    out.append(ASCII.closeBrace)
  }

  private func appendLocation(line: Int?, columns: Range<Int>?, message: String? = nil, to out: inout [UInt8]) {
    out += Array(#"{"physicalLocation":{"artifactLocation":"#.utf8)
    JSONFields.append("uri", uri, to: &out, opening: true)
    out.append(ASCII.closeBrace)
    if let line {
      out += Array(#","region":{"startLine":\#(line)"#.utf8)
      // SARIF's endColumn is the column after the last one.
      if let columns {
        out += Array(#","startColumn":\#(columns.lowerBound),"endColumn":\#(columns.upperBound)"#.utf8)
      }
      out.append(ASCII.closeBrace)
    }
    out.append(ASCII.closeBrace)
    if let message { appendText("message", message, to: &out) }
    out.append(ASCII.closeBrace)
  }

  /// A path as a URI reference (RFC 3986): relative, or with `file://` where the path is absolute. Bytes other than
  /// unreserved characters and slashes are percent-encoded.
  private static func uri(_ path: String) -> String {
    let encoded = path.utf8.reduce(into: "") { out, byte in
      let isPlain =
        ASCII.isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || [0x2D, 0x2E, 0x5F, 0x7E, 0x2F].contains(byte)
      if isPlain {
        out.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        out += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return path.hasPrefix("/") ? "file://" + encoded : encoded
  }
}
