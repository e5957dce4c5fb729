import JSONLines

/// A line of a file as a diff shows it: byte for byte, except that characters which are not safe on a terminal or in a
/// log are escaped.
///
/// Tabs, a carriage return at the line's end and a byte-order mark stay as they are, because `fix` removes the last two
/// and `patch` could not apply a diff that shows them as escapes.
enum DiffLine {
  private static let mark: Unicode.Scalar = "\u{FEFF}"

  /// - Parameter isContext: whether the diff puts a blank before the line. A program that runs CI jobs skips blanks
  ///   when it looks for its commands, so `::` at the line's beginning is escaped.
  /// - Returns: the line itself; a longer one where something was escaped.
  static func safe(_ line: [UInt8], isContext: Bool) -> [UInt8] {
    var end = line.count
    if end > 0, line[end - 1] == ASCII.newline { end -= 1 }
    if end > 0, line[end - 1] == ASCII.carriageReturn { end -= 1 }
    let beginsCommand = isContext && line[..<end].drop(while: ASCII.isBlank).starts(with: [ASCII.colon, ASCII.colon])
    if !beginsCommand, line[..<end].allSatisfy({ ($0 >= ASCII.space && $0 < 0x7F) || $0 == ASCII.tab }) { return line }
    var out: [UInt8] = []
    out.reserveCapacity(line.count + 16)
    var i = 0
    if beginsCommand, let first = line.firstIndex(of: ASCII.colon) {
      out += line[..<first] + Array(TerminalText.escape(":").utf8)
      i = first + 1
    }
    while i < end {
      let byte = line[i]
      if byte < 0x80 {
        let scalar = Unicode.Scalar(byte)
        if TerminalText.isUnsafe(scalar), byte != ASCII.tab {
          out += TerminalText.escape(scalar).utf8
        } else {
          out.append(byte)
        }
        i += 1
        continue
      }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
      if byte >= 0xC0, i + length <= end, let text = String(validating: line[i..<i + length], as: UTF8.self),
        let scalar = text.unicodeScalars.first
      {
        if TerminalText.isUnsafe(scalar), scalar != mark {
          out += TerminalText.escape(scalar).utf8
        } else {
          out += line[i..<i + length]
        }
        i += length
        continue
      }
      // The byte is not UTF-8. Some terminals take the bytes from 0x80 to 0x9F as control characters, so these are
      // escaped.
      if byte < 0xA0 { out += Array("\\x\(String(byte, radix: 16, uppercase: true))".utf8) } else { out.append(byte) }
      i += 1
    }
    return out + line[end...]
  }
}
