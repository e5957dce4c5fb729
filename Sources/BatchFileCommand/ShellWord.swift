import BatchFile
import Foundation
import JSONLines

/// Makes words for command lines that people can copy into a shell.
enum ShellWord {
  /// The name of a file, quoted for the shell. Bytes that are not UTF-8 are written as in `$'a\xFF.jsonl'`.
  static func quoted(_ path: Path) -> String {
    let text = String(decoding: path.bytes, as: UTF8.self)
    if text.utf8.elementsEqual(path.bytes) { return TerminalText.safe(quoted(text)) }
    let inner = path.bytes.map { byte -> String in
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
      case 0x20..<0x7F: String(UnicodeScalar(byte))
      default: "\\x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return "$'\(inner.joined())'"
  }

  /// The name of a file as an operand: one that begins with a dash would be read as an option.
  static func file(_ path: Path) -> String {
    quoted(path.bytes.first == UInt8(ascii: "-") && path != "-" ? "./" + path : path)
  }

  static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80
        || "-_./,+:@%=".utf8.contains(byte)
    }
    if plain, !word.isEmpty { return word }
    return "'\(word.replacingOccurrences(of: "'", with: #"'\''"#))'"
  }
}
