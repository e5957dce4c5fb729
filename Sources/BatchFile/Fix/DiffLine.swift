import JSONLines

/// A line of a file as a diff shows it: byte for byte, but for what is not safe on a terminal or in a log.
///
/// Tabs, a carriage return at the line's end and a byte-order mark stay, so that a diff that mends them can be applied.
enum DiffLine {
  private static let mark: Unicode.Scalar = "\u{FEFF}"

  /// - Parameter isContext: whether a blank is before it, which runners of jobs pass over to find their commands.
  /// - Returns: the line itself, or a longer one.
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
      // A byte that is no UTF-8: some terminals take those from 0x80 to 0x9F for controls.
      if byte < 0xA0 { out += Array("\\x\(String(byte, radix: 16, uppercase: true))".utf8) } else { out.append(byte) }
      i += 1
    }
    return out + line[end...]
  }
}
