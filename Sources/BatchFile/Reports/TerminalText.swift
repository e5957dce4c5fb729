import JSONLines

/// Makes texts of users and names of files safe for terminals and logs.
///
/// Nothing in them may move the cursor, begin a line, change the direction of the text around it, or give a command to
/// a program that reads the log. Characters that could are written as escapes such as `\u202E`.
package enum TerminalText {
  /// The text with its unsafe characters escaped.
  /// - Parameter oneForOne: replaces each by U+FFFD instead, so that the number of code points stays the same and a
  ///   caret below the text still points at the right place.
  package static func safe(_ text: String, oneForOne: Bool = false) -> String {
    if isPlain(text) { return text }
    var out = ""
    /// The part of `##[` or `##vso[` that stands right before the current character.
    var command = ""
    for scalar in text.unicodeScalars {
      // The programs that run GitHub's and Azure's jobs take these two as commands anywhere in a line.
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

  /// The name of a file, made safe for the beginning of a line, where GitHub's runner would take a name like `::error
  /// …` as a command.
  package static func name(_ file: String) -> String {
    let isCommand = file.drop { $0.isWhitespace }.utf8.starts(with: "::".utf8)
    return safe(isCommand ? "./" + file : file)
  }

  /// A line of a message, safe to be shown. A line that begins with `::` after white space would be a command to
  /// GitHub's runner.
  package static func line(_ text: String) -> String {
    let safe = safe(text)
    let start = safe.prefix { $0.isWhitespace }
    guard safe.utf8.dropFirst(start.utf8.count).starts(with: "::".utf8) else { return safe }
    return start + "\\u003A" + safe.dropFirst(start.count + 1)
  }

  /// JSON text with the same values, in which all unsafe characters are escaped.
  package static func safe(json: String) -> String {
    // A line end can only stand between tokens, since strings hold it escaped; it is kept.
    json.split(separator: "\n", omittingEmptySubsequences: false).map { safe(String($0)) }.joined(separator: "\n")
  }

  /// Appends a JSON string in which unsafe characters are JSON escapes: whoever decodes it gets the text unchanged.
  package static func appendJSONString(_ text: String, to out: inout [UInt8]) {
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

  package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Control characters, line and paragraph separators, the byte-order mark, and the marks that change a text's
    // direction.
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// The escape of an unsafe character: `\u202E`. None of them needs more than four digits.
  package static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// A quick look that finds most texts safe: they have no ASCII control character, no byte that begins the UTF-8 form
  /// of an unsafe character, and no `##`. False means that the text may be unsafe.
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
