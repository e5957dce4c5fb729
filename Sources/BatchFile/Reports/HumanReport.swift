import JSONLines

/// `full` and `concise`: the reports for people.
///
/// Findings that repeat are folded into a remark at the first ones: "(on 3 lines)", "and on 49,997 more lines". After
/// ``ReportStyle/maxFindings`` of a file the rest is only counted.
final class HumanReport: Report {
  /// What findings have in common that are folded together.
  private struct Kind: Hashable {
    var severity: Finding.Severity
    var code: Code
    /// The param without the indexes of arrays, so that the same warning about several messages counts as one. It is
    /// held as bytes because `String` takes some spellings as equal that are different names.
    var param: [UInt8]?

    init(_ finding: Finding) {
      severity = finding.severity
      code = finding.code
      param = finding.param.map { Array(HumanReport.withoutIndexes($0).utf8) }
    }
  }

  /// What is known of the findings of one kind.
  private struct Tally {
    /// How many are shown.
    var shown = 0
    /// The line of the last one that is shown.
    var lastShown = 0
    /// The later lines that have findings of the kind, which are not shown.
    var lines = LineRanges()
    /// How many more there are on line `lastShown`.
    var moreOnThatLine = 0
  }

  /// Requests that are not one a line: a request printed over several lines, or an array of requests. Their other lines
  /// are not valid JSON for the same reason, so the finding is shown once.
  private struct Layout {
    var kind: Kind
    var isArray: Bool
    var lastLine: Int
    /// Whether the last line is an object by itself, all of whose findings belong to the layout.
    var isObject = false

    /// Whether a later line with a finding belongs to these requests: in an array each line to the file's end does, in a
    /// printed request the line right after the last one. Some are JSON by themselves: elements of a list, which are no objects, and objects inside a request, which are
    /// indented.
    func covers(_ finding: Finding, _ line: Int) -> Bool {
      if isObject, line == lastLine { return true }
      guard isArray || line == lastLine + 1 else { return false }
      return finding.code == .invalidJSONLine || finding.code == .invalidType && finding.param == nil
        || Layout.isIndentedObject(finding) && !isArray
    }

    static func isIndentedObject(_ finding: Finding) -> Bool {
      finding.code == .missingRequiredParameter && (finding.column ?? 1) > 1
    }
  }

  /// How many errors of one kind `full` shows; the others are folded into the last of these.
  private static let shownErrors = 3

  private let out: any ByteSink
  private let style: ReportStyle
  private let isFull: Bool
  private let paint: Paint

  private var file = ""
  private let spool = Spool()
  private var shown = 0
  private var tallies: [Kind: Tally] = [:]
  /// The places in the spool at which `end` puts in on how many more lines a kind was found.
  private var folds: [(offset: Int, kind: Kind)] = []
  private var notes: Set<String> = []
  private var layout: Layout?
  private var hidden: [Code: Int] = [:]
  private var total = CheckSummary()
  private var files = 0
  private var unreadable = 0

  init(_ out: any ByteSink, _ style: ReportStyle, isFull: Bool) {
    self.out = out
    self.style = style
    self.isFull = isFull
    paint = Paint(isOn: style.usesColor)
  }

  func begin(file: String) {
    self.file = file
    spool.reset()
    shown = 0
    tallies = [:]
    folds = []
    notes = []
    layout = nil
    hidden = [:]
  }

  func take(_ finding: Finding) {
    guard style.maxFindings > 0, let line = finding.line else { return show(finding) }
    if takeLayout(finding, line) { return }
    let kind = Kind(finding)
    let most = finding.severity == .warning ? 1 : isFull ? HumanReport.shownErrors : Int.max
    if var tally = tallies[kind], tally.shown == most {
      if line == tally.lastShown { tally.moreOnThatLine += 1 } else { tally.lines.add(line) }
      tallies[kind] = tally
      return
    }
    guard shown < style.maxFindings else {
      hidden[finding.code, default: 0] += 1
      return
    }
    var tally = tallies[kind] ?? Tally()
    tally.shown += 1
    tally.lastShown = line
    tallies[kind] = tally
    show(finding, foldedInto: tally.shown == most ? kind : nil)
  }

  /// Folds a line that is not valid JSON into requests that are not one a line.
  /// - Returns: whether the line belongs to such requests; if not, the finding is like any other.
  private func takeLayout(_ finding: Finding, _ line: Int) -> Bool {
    let begins = finding.remedy == .joinLines || finding.remedy == .openArray
    if let open = layout, open.covers(finding, line), !begins || open.isArray {
      if line != open.lastLine { tallies[open.kind]?.lines.add(line) }
      layout?.lastLine = line
      layout?.isObject = finding.code == .missingRequiredParameter || open.isObject && line == open.lastLine
      return true
    }
    if finding.code == .invalidJSONLine { layout = nil }
    guard begins, shown < style.maxFindings else { return false }
    var kind = Kind(finding)
    kind.param = Array("from line \(line)".utf8)
    tallies[kind] = Tally(shown: 1, lastShown: line)
    layout = Layout(kind: kind, isArray: finding.remedy == .openArray, lastLine: line)
    show(finding, foldedInto: kind)
    return true
  }

  private func show(_ finding: Finding, foldedInto kind: Kind? = nil) {
    shown += 1
    let isNew =
      style.maxFindings == 0 || finding.note.map { notes.insert("\(finding.code.rawValue) \($0)").inserted } ?? true
    let first = headline(finding, hasNote: isNew)
    spool.append { $0.append(contentsOf: first.utf8) }
    if let kind, finding.severity == .warning { folds.append((spool.count, kind)) }
    let rest = isFull ? details(finding, hasNote: isNew) : "\n"
    spool.append { $0.append(contentsOf: rest.utf8) }
    if let kind, finding.severity == .error { folds.append((spool.count, kind)) }
  }

  func end(_ summary: CheckSummary, fileFindings: [Finding]) {
    for finding in fileFindings { write(finding) }
    var written = 0
    for (offset, kind) in folds {
      spool.copy(written..<offset, to: out)
      written = offset
      if let tally = tallies[kind] { out.write(foldLine(tally, kind)) }
    }
    spool.copy(written..<spool.count, to: out)
    if !hidden.isEmpty { out.write(hiddenLine()) }
    files += 1
    total.requests += summary.requests
    total.errors += summary.errors
    total.warnings += summary.warnings
  }

  func fail(_ finding: Finding, file: String) {
    self.file = file
    write(finding)
    unreadable += 1
  }

  func skip(_ reason: String, file: String) { begin(file: file) }

  func finish() {
    // Where no file could be read, "nothing wrong" would be false, so there is no closing line.
    guard style.hasClosingLine, files > 0 else { return }
    var what = count(total.requests, "request")
    if files != 1 { what += " in \(count(files, "file"))" }
    if let api = style.api { what += " for \(TerminalText.safe(api))" }
    if total.errors + total.warnings == 0 {
      what += ", \(paint.good("nothing wrong"))"
    } else {
      let errors = count(total.errors, "error")
      let warnings = count(total.warnings, "warning")
      what += ", \(total.errors > 0 ? paint.error(errors) : errors)"
      what += ", \(total.warnings > 0 ? paint.warning(warnings) : warnings)"
    }
    if unreadable > 0 { what += "; \(paint.error("\(count(unreadable, "file")) not read"))" }
    out.write(what + "\n")
  }

  // MARK: - Words

  private func write(_ finding: Finding) {
    out.write(headline(finding, hasNote: true) + (isFull ? details(finding, hasNote: true) : "\n"))
  }

  private func headline(_ finding: Finding, hasNote: Bool) -> String {
    let numbers = [finding.line, finding.column].compactMap { $0.map(String.init) }
    let place = ([TerminalText.name(file)] + numbers).joined(separator: ":")
    let severity = finding.severity.rawValue
    let tag = "\(severity)[\(finding.code.rawValue)]"
    let colored = finding.severity == .error ? paint.error(tag) : paint.warning(tag)
    var text = "\(paint.place(place)): \(colored): \(TerminalText.safe(finding.message))"
    if !isFull, hasNote, let note = finding.note { text += " (\(TerminalText.safe(note)))" }
    return text
  }

  /// The part of the line with carets below the place, and the note.
  private func details(_ finding: Finding, hasNote: Bool) -> String {
    var text = "\n"
    if let excerpt = finding.excerpt, let line = finding.line {
      let number = String(line)
      let margin = String(repeating: " ", count: number.count)
      let shown = ExcerptLines(excerpt, cells: style.width.map { $0 - number.count - 4 })
      let carets = String(repeating: "^", count: shown.width)
      text += " \(paint.faint("\(number) |")) \(shown.text)\n"
      text += " \(paint.faint("\(margin) |")) \(String(repeating: " ", count: shown.indent))"
      text += (finding.severity == .error ? paint.error(carets) : paint.warning(carets)) + "\n"
    }
    if hasNote, let note = finding.note { text += "   \(paint.faint("=")) \(TerminalText.safe(note))\n" }
    return text
  }

  /// On how many more lines the kind was found. For a warning the text goes at the end of its line, for an error on a
  /// line of its own below the last one that is shown.
  private func foldLine(_ tally: Tally, _ kind: Kind) -> String {
    if kind.severity == .warning {
      return tally.lines.count > 0 ? " (on \(count(tally.lines.count + 1, "line")))" : ""
    }
    var parts: [String] = []
    if tally.moreOnThatLine > 0 { parts.append("and \(Words.grouped(tally.moreOnThatLine)) more on this line") }
    if tally.lines.count > 0 {
      parts.append("and on \(count(tally.lines.count, "more line")): \(tally.lines.text)")
    }
    return parts.isEmpty ? "" : "   \(paint.faint("=")) \(parts.joined(separator: ", "))\n"
  }

  /// The line that says how many findings are not shown. It begins with blanks and names no file, so that editors do
  /// not read it as a finding.
  private func hiddenLine() -> String {
    let total = hidden.values.reduce(0, +)
    let byCode = hidden.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      .map { "\($0.key.rawValue) \(Words.grouped($0.value))" }.joined(separator: ", ")
    let advice = style.advice.map { "; \($0)" } ?? ""
    return "   \(count(total, "more finding")) not shown (\(byCode))\(advice)\n"
  }

  private func count(_ n: Int, _ noun: String) -> String { "\(Words.grouped(n)) \(noun)\(n == 1 ? "" : "s")" }

  /// A param without the indexes of arrays: `body.messages[3].name` becomes `body.messages[].name`.
  private static func withoutIndexes(_ param: String) -> String {
    guard param.utf8.contains(UInt8(ascii: "[")) else { return param }
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

/// Puts a text between the escape sequences of a colour, where colours are on.
struct Paint {
  let isOn: Bool

  func error(_ text: String) -> String { wrap(text, "1;31") }
  func warning(_ text: String) -> String { wrap(text, "1;33") }
  func good(_ text: String) -> String { wrap(text, "32") }
  func place(_ text: String) -> String { wrap(text, "1") }
  func faint(_ text: String) -> String { wrap(text, "2") }

  private func wrap(_ text: String, _ code: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
