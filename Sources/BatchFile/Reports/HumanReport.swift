import JSONLines

/// `full` and `concise`: for people. A warning that repeats is shown once, and a flood of findings is cut.
final class HumanReport: Report {
  /// One kind of warning.
  private struct Kind: Hashable {
    var code: Code
    /// With the indexes left out: a warning of every third message is still one warning.
    var param: String?
  }

  private let out: any ByteSink
  private let style: ReportStyle
  private let isFull: Bool
  private let paint: Paint

  private var file = ""
  private let spool = Spool()
  private var shown = 0
  /// Where in the spool the number of lines of a warning belongs.
  private var counts: [(offset: Int, kind: Kind)] = []
  private var lines: [Kind: (count: Int, last: Int)] = [:]
  private var hidden: [Code: Int] = [:]
  private var total = CheckSummary()
  private var files = 0

  init(_ out: any ByteSink, _ style: ReportStyle, isFull: Bool) {
    self.out = out
    self.style = style
    self.isFull = isFull
    paint = Paint(isOn: style.usesColor && isFull)
  }

  func begin(file: String) {
    self.file = file
    spool.reset()
    shown = 0
    counts = []
    lines = [:]
    hidden = [:]
  }

  func take(_ finding: Finding) {
    guard finding.severity == .warning, let line = finding.line else { return show(finding) }
    let kind = Kind(code: finding.code, param: finding.param.map(HumanReport.withoutIndexes))
    if let known = lines[kind] {
      if known.last != line { lines[kind] = (known.count + 1, line) }
      return
    }
    lines[kind] = (1, line)
    show(finding, of: kind)
  }

  private func show(_ finding: Finding, of kind: Kind? = nil) {
    if style.maxFindings > 0, shown >= style.maxFindings {
      hidden[finding.code, default: 0] += 1
      return
    }
    shown += 1
    let first = headline(finding)
    spool.append { $0.append(contentsOf: first.utf8) }
    if let kind { counts.append((spool.count, kind)) }
    let rest = isFull ? details(finding) : "\n"
    spool.append { $0.append(contentsOf: rest.utf8) }
  }

  func end(_ summary: CheckSummary, fileFindings: [Finding]) {
    for finding in fileFindings { out.write(headline(finding) + (isFull ? details(finding) : "\n")) }
    var written = 0
    for (offset, kind) in counts {
      spool.copy(written..<offset, to: out)
      written = offset
      if let count = lines[kind]?.count, count > 1 { out.write(" (on \(count) lines)") }
    }
    spool.copy(written..<spool.count, to: out)
    if !hidden.isEmpty { out.write(hiddenLine()) }
    files += 1
    total.requests += summary.requests
    total.errors += summary.errors
    total.warnings += summary.warnings
  }

  func finish() {
    // Of no file that could be read there is nothing to say, least of all that nothing is wrong.
    guard style.hasClosingLine, files > 0 else { return }
    var what = count(total.requests, "request")
    if files != 1 { what += " in \(count(files, "file"))" }
    if total.errors + total.warnings == 0 {
      out.write("\(what), \(paint.good("nothing wrong"))\n")
    } else {
      let errors = count(total.errors, "error")
      let warnings = count(total.warnings, "warning")
      let colored = total.errors > 0 ? paint.error(errors) : errors
      out.write("\(what), \(colored), \(total.warnings > 0 ? paint.warning(warnings) : warnings)\n")
    }
  }

  // MARK: - Words

  private func headline(_ finding: Finding) -> String {
    let place = ([file] + [finding.line, finding.column].compactMap { $0.map(String.init) }).joined(separator: ":")
    let severity = finding.severity.rawValue
    let tag = "\(severity)[\(finding.code.rawValue)]"
    let colored = finding.severity == .error ? paint.error(tag) : paint.warning(tag)
    var text = "\(paint.place(TerminalText.safe(place))): \(colored): \(TerminalText.safe(finding.message))"
    if !isFull, let note = finding.note { text += " (\(TerminalText.safe(note)))" }
    return text
  }

  /// The place in the line with a caret, and the notes.
  private func details(_ finding: Finding) -> String {
    var text = "\n"
    if let excerpt = finding.excerpt, let line = finding.line {
      let number = String(line)
      let margin = String(repeating: " ", count: number.count)
      let carets = String(repeating: "^", count: min(excerpt.width, max(1, 100 - excerpt.indent)))
      text += " \(paint.faint("\(number) |")) \(TerminalText.safe(excerpt.text, oneForOne: true))\n"
      text += " \(paint.faint("\(margin) |")) \(String(repeating: " ", count: excerpt.indent))"
      text += (finding.severity == .error ? paint.error(carets) : paint.warning(carets)) + "\n"
    }
    if let note = finding.note { text += "   \(paint.faint("=")) \(TerminalText.safe(note))\n" }
    return text
  }

  private func hiddenLine() -> String {
    let total = hidden.values.reduce(0, +)
    let byCode = hidden.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      .map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
    let advice = style.advice.map { "; \($0)" } ?? ""
    return "\(TerminalText.safe(file)): \(total) more not shown (\(byCode))\(advice)\n"
  }

  private func count(_ n: Int, _ noun: String) -> String { "\(n) \(noun)\(n == 1 ? "" : "s")" }

  /// `body.messages[3].name` → `body.messages[].name`
  private static func withoutIndexes(_ param: String) -> String {
    var isIndex = false
    var out = ""
    for character in param.unicodeScalars {
      if character == "]" { isIndex = false }
      if !isIndex { out.unicodeScalars.append(character) }
      if character == "[" { isIndex = true }
    }
    return out
  }
}

/// Colours, where they are wanted.
struct Paint {
  let isOn: Bool

  func error(_ text: String) -> String { wrap(text, "1;31") }
  func warning(_ text: String) -> String { wrap(text, "1;33") }
  func good(_ text: String) -> String { wrap(text, "32") }
  func place(_ text: String) -> String { wrap(text, "1") }
  func faint(_ text: String) -> String { wrap(text, "2") }

  private func wrap(_ text: String, _ code: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}

/// Users' texts on a terminal: nothing in them may move the cursor, start a new line or turn the text around.
package enum TerminalText {
  /// - Parameter oneForOne: keeps the number of code points, so that a caret below still points right.
  package static func safe(_ text: String, oneForOne: Bool = false) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    return text.unicodeScalars.reduce(into: "") { out, scalar in
      if !isUnsafe(scalar) {
        out.unicodeScalars.append(scalar)
      } else if oneForOne {
        out.unicodeScalars.append("\u{FFFD}")
      } else {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        out += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      }
    }
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Controls, line and paragraph separators, and what changes the direction of the text around it.
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}
