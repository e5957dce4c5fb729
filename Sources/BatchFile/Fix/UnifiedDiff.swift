/// Writes a unified diff between a file and its mended form, line by line.
package struct UnifiedDiff {
  /// How many unchanged lines are shown before and after changed ones.
  private static let context = 3

  private let file: String
  private let out: any ByteSink
  /// The last unchanged lines before a hunk.
  private var before: [[UInt8]] = []
  private var hunk: [(mark: String, text: [UInt8])] = []
  private var unchangedAtEnd = 0
  private var oldStart = 0
  private var newStart = 0
  private var oldLine = 0
  private var newLine = 0
  private var hasHeader = false
  /// How many lines are shown with escapes. `patch` cannot apply a hunk with such a line, because the file does not
  /// have the escapes.
  package private(set) var escapedLines = 0

  package init(file: String, to out: any ByteSink) {
    self.file = file
    self.out = out
  }

  /// Takes the next line of the old file.
  package mutating func take(_ line: UnsafeRawBufferPointer, _ change: FileFixer.Change?) {
    guard let change else { return takeUnchanged(Array(line)) }
    if hunk.isEmpty {
      oldStart = oldLine - before.count + 1
      newStart = newLine - before.count + 1
      hunk = before.map { (" ", $0) }
      before = []
    }
    if let old = change.old {
      oldLine += 1
      hunk.append(("-", old))
    }
    if let new = change.new {
      newLine += 1
      hunk.append(("+", new))
    }
    unchangedAtEnd = 0
  }

  private mutating func takeUnchanged(_ line: [UInt8]) {
    oldLine += 1
    newLine += 1
    if hunk.isEmpty {
      before.append(line)
      if before.count > UnifiedDiff.context { before.removeFirst() }
      return
    }
    hunk.append((" ", line))
    unchangedAtEnd += 1
    // With more unchanged lines than the context of two hunks has, the hunk ends here and the next change begins
    // another.
    if unchangedAtEnd > 2 * UnifiedDiff.context { endHunk() }
  }

  package mutating func finish() {
    if !hunk.isEmpty { endHunk() }
  }

  private mutating func endHunk() {
    let surplus = max(0, unchangedAtEnd - UnifiedDiff.context)
    let rest = hunk.suffix(surplus).map(\.text)
    hunk.removeLast(surplus)
    if !hasHeader { writeHeader() }
    hasHeader = true
    let old = hunk.count { $0.mark != "+" }
    let new = hunk.count { $0.mark != "-" }
    out.write("@@ -\(range(oldStart, old)) +\(range(newStart, new)) @@\n")
    // Where several changed lines follow each other, all old ones come before all new ones.
    var added: [[UInt8]] = []
    for (mark, text) in hunk {
      if mark == "+" {
        added.append(text)
        continue
      }
      if mark == " " { writeAll(&added) }
      write(mark, text)
    }
    writeAll(&added)
    hunk = []
    before = Array(rest.suffix(UnifiedDiff.context))
    unchangedAtEnd = 0
  }

  /// Writes the two lines with the file's name, as git does. A name with white space is followed by a tab, because
  /// `patch` would end it at the first space. A name with unsafe characters, quotes or backslashes is quoted, with the
  /// bytes of unsafe characters as octal numbers.
  private func writeHeader() {
    let path = String(file.drop { $0 == "/" })
    for (mark, side) in [("---", "a"), ("+++", "b")] {
      let needsQuotes = path.unicodeScalars.contains { $0 == "\"" || $0 == "\\" || TerminalText.isUnsafe($0) }
      let end = path.contains(where: \.isWhitespace) ? "\t" : ""
      out.write(needsQuotes ? "\(mark) \"\(side)/\(UnifiedDiff.octal(path))\"\n" : "\(mark) \(side)/\(path)\(end)\n")
    }
  }

  private static func octal(_ path: String) -> String {
    path.unicodeScalars.reduce(into: "") { out, scalar in
      if scalar == "\"" || scalar == "\\" {
        out += "\\" + String(scalar)
      } else if TerminalText.isUnsafe(scalar) {
        for byte in String(scalar).utf8 {
          let digits = String(byte, radix: 8)
          out += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
  }

  private mutating func writeAll(_ added: inout [[UInt8]]) {
    for text in added { write("+", text) }
    added = []
  }

  private mutating func write(_ mark: String, _ text: [UInt8]) {
    let shown = DiffLine.safe(text, isContext: mark == " ")
    if shown.count != text.count { escapedLines += 1 }
    out.write(Array(mark.utf8) + shown)
    if text.last != 0x0A { out.write("\n\\ No newline at end of file\n") }
  }

  private func range(_ start: Int, _ count: Int) -> String {
    count == 1 ? "\(start)" : "\(count == 0 ? start - 1 : start),\(count)"
  }
}
