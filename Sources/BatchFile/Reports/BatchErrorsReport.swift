import JSONLines

/// `json`: for each file one line with the list that the API would have in a batch's `errors`. The API has no warnings,
/// so they are left out.
final class BatchErrorsReport: Report {
  private let out: any ByteSink
  private let spool = Spool()

  init(_ out: any ByteSink) { self.out = out }

  func begin(file: String) { spool.reset() }

  func take(_ finding: Finding) {
    guard finding.severity == .error else { return }
    let isFirst = spool.count == 0
    spool.append { bytes in
      if !isFirst { bytes.append(ASCII.comma) }
      BatchErrorsReport.append(finding, to: &bytes)
    }
  }

  func end(_ summary: CheckSummary, fileFindings: [Finding]) {
    var head = Array(#"{"object":"list","data":["#.utf8)
    for (k, finding) in fileFindings.filter({ $0.severity == .error }).enumerated() {
      if k > 0 { head.append(ASCII.comma) }
      BatchErrorsReport.append(finding, to: &head)
    }
    if head.last == ASCII.closeBrace, spool.count > 0 { head.append(ASCII.comma) }
    out.write(head)
    spool.copy(0..<spool.count, to: out)
    out.write("]}\n")
  }

  func finish() {}

  private static func append(_ finding: Finding, to out: inout [UInt8]) {
    JSONFields.append("code", finding.code.rawValue, to: &out, opening: true)
    JSONFields.append("message", finding.message, to: &out)
    JSONFields.append("param", finding.param, to: &out)
    JSONFields.append("line", finding.line, to: &out)
    out.append(ASCII.closeBrace)
  }
}

/// Appends the members of JSON objects, one at a time. Reports can have a million findings, so nothing is built up in a
/// dictionary or an encoder first.
enum JSONFields {
  /// - Parameter opening: whether this is the object's first member, so that its brace is written and not a comma.
  static func append(_ name: StaticString, _ value: String?, to out: inout [UInt8], opening: Bool = false) {
    appendName(name, to: &out, opening)
    guard let value else { return out.append(contentsOf: "null".utf8) }
    TerminalText.appendJSONString(value, to: &out)
  }

  static func append(_ name: StaticString, _ value: Int?, to out: inout [UInt8]) {
    appendName(name, to: &out, false)
    guard let value else { return out.append(contentsOf: "null".utf8) }
    out.append(contentsOf: String(value).utf8)
  }

  private static func appendName(_ name: StaticString, to out: inout [UInt8], _ opening: Bool) {
    out.append(opening ? ASCII.openBrace : ASCII.comma)
    out.append(ASCII.quote)
    out.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    out.append(ASCII.quote)
    out.append(ASCII.colon)
  }
}
