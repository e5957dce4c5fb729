import Foundation
import JSONLines

/// Recognises a file that does not hold result lines, by its beginning.
enum ForeignResults {
  /// What the file is; nil where that is not recognised.
  static func kind(of file: JoinFile) -> String? {
    var head = [UInt8](repeating: 0, count: 4_096)
    let count = pread(file.handle.fileDescriptor, &head, head.count, 0)
    guard count > 1 else { return nil }
    head.removeLast(head.count - count)
    if head.starts(with: [0x1F, 0x8B]) { return "is compressed with gzip; `gunzip` it first" }
    if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return "is a zip archive; unpack it first" }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      return "is UTF-16; save it as UTF-8"
    }
    let lines = head.split(separator: ASCII.newline, omittingEmptySubsequences: true)
    guard let first = lines.first(where: { !$0.allSatisfy(ASCII.isBlank) }) else { return nil }
    let text = first.filter { !ASCII.isBlank($0) }
    if text.first == ASCII.openBracket { return "is a JSON array; results have one object a line" }
    if text == [ASCII.openBrace] {
      return "was written by a JSON printer: its objects go over several lines, and results have one object a line"
    }
    if text.first == 0x3C { return "begins like HTML or XML" }
    return isCut(file) ? "ends in the middle of a line; was it downloaded whole?" : nil
  }

  /// Whether the file was cut off: its last byte ends neither a line nor an object.
  private static func isCut(_ file: JoinFile) -> Bool {
    var status = stat()
    guard fstat(file.handle.fileDescriptor, &status) == 0, status.st_size > 0 else { return false }
    var last: UInt8 = 0
    guard pread(file.handle.fileDescriptor, &last, 1, status.st_size - 1) == 1 else { return false }
    return last != ASCII.newline && last != ASCII.closeBrace
  }
}
