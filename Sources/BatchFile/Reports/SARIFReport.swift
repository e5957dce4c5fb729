import JSONLines

/// `sarif`: one log for all files, with the rules, in SARIF 2.1.0.
/// https://docs.oasis-open.org/sarif/sarif/v2.1.0/
final class SARIFReport: Report {
  private let out: any ByteSink
  private let results: FindingArray
  private var file = ""

  init(_ out: any ByteSink) {
    self.out = out
    results = FindingArray(out)
    openLog()
  }

  func begin(file: String) {
    self.file = file
    results.begin()
  }

  func take(_ finding: Finding) { results.take(finding, append) }

  func end(_ summary: CheckSummary, fileFindings: [Finding]) { results.end(fileFindings, append) }

  func finish() { out.write("]}]}\n") }

  private func openLog() {
    var head = Array(
      (#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":"#
        + #"{"name":"batchfile","version":"\#(BatchFileVersion.current)","informationUri":"#
        + #""https://console.groq.com/docs/batch","rules":["#).utf8)
    for (k, code) in Code.allCases.enumerated() {
      if k > 0 { head.append(ASCII.comma) }
      head.append(ASCII.newline)
      appendRule(code, to: &head)
    }
    // Columns count code points, as everywhere in this tool.
    head += Array("]}},\"columnKind\":\"unicodeCodePoints\",\"results\":[".utf8)
    out.write(head)
  }

  private func appendRule(_ code: Code, to out: inout [UInt8]) {
    let explanation = code.explanation
    JSONFields.append("id", code.rawValue, to: &out, opening: true)
    appendText("shortDescription", explanation.summary, to: &out)
    appendText("fullDescription", "\(explanation.summary) \(explanation.why)", to: &out)
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
    JSONFields.append("ruleIndex", Code.allCases.firstIndex(of: finding.code), to: &out)
    JSONFields.append("level", finding.severity.rawValue, to: &out)
    appendText("message", text, to: &out)
    out += Array(#","locations":[{"physicalLocation":{"artifactLocation":"#.utf8)
    JSONFields.append("uri", SARIFReport.uri(file), to: &out, opening: true)
    out.append(ASCII.closeBrace)
    if let line = finding.line {
      out += Array(#","region":{"startLine":\#(line),"startColumn":\#(finding.column ?? 1)}"#.utf8)
    }
    out += Array("}}]}".utf8)
  }

  /// A path as a relative or file URI reference (RFC 3986): all but unreserved characters and slashes in percent form.
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
