/// A unified diff of a file whose lines were changed, removed and added one by one.
package struct UnifiedDiff {
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
  /// Lines with characters that are shown as escapes: `patch` does not find them in the file.
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
    // Two hunks' context would touch: only then is it one hunk.
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
    // Changed lines in a row: first all as they were, then all as they are.
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

  /// As git writes it: names with spaces end with a tab, or `patch` takes them to end at the first space, and names with
  /// control characters, quotes or what turns text around stand in quotes, such bytes as octal numbers.
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
