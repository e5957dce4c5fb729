import JSONLines

/// Users' texts and names of files on terminals and in logs: nothing in them may move the cursor, begin a line, turn the
/// text around or give a command to what reads the log. What could is written as `\u202E`.
package enum TerminalText {
  /// - Parameter oneForOne: keeps the number of code points, so that a caret below still points right.
  package static func safe(_ text: String, oneForOne: Bool = false) -> String {
    if isPlain(text) { return text }
    var out = ""
    /// How much of `##[` or `##vso[` stands before the character at hand.
    var command = ""
    for scalar in text.unicodeScalars {
      // These two speak to the programs that run GitHub's and Azure's jobs, anywhere in a line.
      let isCommand = scalar == "[" && (command == "##" || command == "##vso")
      command = continuation(of: command, scalar)
      if !isUnsafe(scalar), !isCommand {
        out.unicodeScalars.append(scalar)
      } else if oneForOne {
        out.unicodeScalars.append("\u{FFFD}")
      } else {
        out += escape(scalar)
      }
    }
    return out
  }

  private static func continuation(of command: String, _ scalar: Unicode.Scalar) -> String {
    if scalar == "#" { return command == "#" || command == "##" ? "##" : "#" }
    let longer = command + String(scalar)
    return "##vso".hasPrefix(longer) ? longer : ""
  }

  /// The name of a file where a line begins: a name like `::error …` would be a command to GitHub's runner.
  package static func name(_ file: String) -> String {
    let isCommand = file.drop { $0.isWhitespace }.utf8.starts(with: "::".utf8)
    return safe(isCommand ? "./" + file : file)
  }

  /// JSON with the same values, in which everything that is unsafe is escaped.
  package static func safe(json: String) -> String {
    // Line ends stand between tokens: in strings they are escaped already.
    json.split(separator: "\n", omittingEmptySubsequences: false).map { safe(String($0)) }.joined(separator: "\n")
  }

  /// Appends a JSON string, unsafe characters escaped: its readers get the text as it is.
  static func appendJSONString(_ text: String, to out: inout [UInt8]) {
    if isPlain(text) { return JSONText.appendString(text, to: &out) }
    out.append(ASCII.quote)
    for scalar in text.unicodeScalars {
      if isUnsafe(scalar), scalar.value >= 0x7F {
        out += escape(scalar).utf8
      } else {
        JSONText.appendEscaped(String(scalar), to: &out)
      }
    }
    out.append(ASCII.quote)
  }

  static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Controls, line and paragraph separators, and what changes the direction of the text around it.
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// `\u202E`; no unsafe character has more than four digits.
  static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Whether a text is safe for sure: no control of ASCII, no byte that an unsafe character begins with, no `##`.
  static func isPlain(_ text: String) -> Bool {
    var last: UInt8 = 0
    for byte in text.utf8 {
      switch byte {
      case 0..<0x20, 0x7F, 0xC2, 0xD8, 0xE2, 0xEF: return false
      case 0x23 where last == 0x23: return false
      default: last = byte
      }
    }
    return true
  }
}
