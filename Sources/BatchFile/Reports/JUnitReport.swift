import JSONLines

/// `junit`: each file is a test suite, and each error in it a failed test case. JUnit has no warnings, so they are
/// written as the suite's output.
final class JUnitReport: Report {
  private let out: any ByteSink
  private let failures = Spool()
  private let warnings = Spool()
  /// The current file's name, escaped once for all of its findings.
  private var escapedFile = ""
  private var hasWritten = false

  init(_ out: any ByteSink) { self.out = out }

  func begin(file: String) {
    escapedFile = JUnitReport.escape(file)
    failures.reset()
    warnings.reset()
  }

  func take(_ finding: Finding) {
    let message = JUnitReport.escape(finding.message)
    let note = finding.note.map { " (\(JUnitReport.escape($0)))" } ?? ""
    let place = finding.line.map { "line \($0), column \(finding.column ?? 1)" } ?? "the file"
    if finding.severity == .warning {
      warnings.append {
        JUnitReport.add([place, ": warning[", finding.code.rawValue, "]: ", message, note, "&#10;"], to: &$0)
      }
      return
    }
    // GitLab and other services show only one of two cases with the same name. The param is part of the name so that
    // the errors of a line have different names.
    var name = finding.code.rawValue
    if let line = finding.line { name += " on line \(line)" }
    if let param = finding.param { name += ": \(JUnitReport.escape(param))" }
    failures.append { out in
      JUnitReport.add(["    <testcase name=\"", name, "\" classname=\"", escapedFile, "\">\n"], to: &out)
      JUnitReport.add(["      <failure type=\"", finding.code.rawValue, "\" message=\"", message, "\">"], to: &out)
      JUnitReport.add([escapedFile, ": ", place, ": ", message, note, "</failure>\n    </testcase>\n"], to: &out)
    }
  }

  private static func add(_ texts: [String], to out: inout [UInt8]) { for text in texts { out += text.utf8 } }

  func end(_ summary: CheckSummary, fileFindings: [Finding]) {
    begin()
    let name = escapedFile
    let tests = max(1, summary.errors)
    out.write("  <testsuite name=\"\(name)\" tests=\"\(tests)\" failures=\"\(summary.errors)\" errors=\"0\">\n")
    if summary.errors == 0 { out.write("    <testcase name=\"batch file\" classname=\"\(name)\"/>\n") }
    // The check hands over the findings about the whole file last, and the report writes them first.
    let lines = failures.count
    for finding in fileFindings { take(finding) }
    failures.copy(lines..<failures.count, to: out)
    failures.copy(0..<lines, to: out)
    if warnings.count > 0 {
      out.write("    <system-out>")
      warnings.copy(0..<warnings.count, to: out)
      out.write("</system-out>\n")
    }
    out.write("  </testsuite>\n")
  }

  /// A file that could not be read is an `error` in JUnit: the test could not be made. A `failure` is a test that was
  /// made and failed.
  func fail(_ finding: Finding, file: String) {
    begin()
    let name = JUnitReport.escape(file)
    let message = JUnitReport.escape(finding.message)
    out.write(
      """
        <testsuite name="\(name)" tests="1" failures="0" errors="1">
          <testcase name="\(finding.code.rawValue)" classname="\(name)">
            <error type="\(finding.code.rawValue)" message="\(message)">\(name): \(message)</error>
          </testcase>
        </testsuite>

      """)
  }

  func skip(_ reason: String, file: String) {
    begin()
    let name = JUnitReport.escape(file)
    out.write(
      """
        <testsuite name="\(name)" tests="1" failures="0" errors="0" skipped="1">
          <testcase name="batch file" classname="\(name)">
            <skipped message="\(JUnitReport.escape(reason))"/>
          </testcase>
        </testsuite>

      """)
  }

  func finish() {
    begin()
    out.write("</testsuites>\n")
  }

  private func begin() {
    if !hasWritten { out.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"batchfile\">\n") }
    hasWritten = true
  }

  /// Escapes a text for XML, both as text and as an attribute. XML 1.0 cannot hold most control characters at all, so
  /// these and the marks that change a text's direction are written as `\u202E`, as in the other reports.
  private static func escape(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { $0 != 0x26 && $0 != 0x3C && $0 != 0x3E && $0 != 0x22 }
    if isPlain, TerminalText.isPlain(text) { return text }
    return text.unicodeScalars.reduce(into: "") { out, scalar in
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "\n", "\r", "\t": out += "&#\(scalar.value);"
      case "\u{FFFE}", "\u{FFFF}": out += "\u{FFFD}"
      default:
        if TerminalText.isUnsafe(scalar) {
          out += TerminalText.escape(scalar)
        } else {
          out.unicodeScalars.append(scalar)
        }
      }
    }
  }
}
