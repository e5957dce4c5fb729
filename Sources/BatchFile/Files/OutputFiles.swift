import Foundation

/// Files that appear whole or not at all: written beside their targets under other names, flushed to the disk, renamed.
///
/// Where a limit is reached the output goes on in the next file: `out-00001.jsonl`, `out-00002.jsonl`, …; one file
/// alone gets the plain name.
package final class OutputFiles {
  private let path: String
  private let replaces: Bool
  private var temporary: [TemporaryFile] = []
  private(set) var bytesInFile = 0
  private(set) var requestsInFile = 0
  /// After `commit`, a file that an earlier run left behind and that looks as if it belonged to this output.
  package private(set) var leftover: String?

  /// - Throws: ``OutputError`` where the file exists and must not be replaced, or its folder cannot be written to.
  package init(path: String, replaces: Bool) throws(OutputError) {
    self.path = path
    self.replaces = replaces
    try refuseExisting(path)
    try beginFile()
  }

  /// Only numbered names are given, so the plain one may be taken.
  package init(pieceOf path: String, replaces: Bool) throws(OutputError) {
    self.path = path
    self.replaces = replaces
    try refuseExisting(OutputFiles.name(path, 1))
    try beginFile()
  }

  /// Puts the content of another file in the place of this one, at once.
  ///
  /// - Throws: ``OutputError``; the file is as it was then.
  package static func replace(_ path: String, with content: UnnamedFile) throws {
    let file = try TemporaryFile(beside: path)
    try content.forEachPart(of: 0..<Int.max) { bytes throws(OutputError) in try file.write(bytes) }
    try file.flush()
    try file.rename(to: path, replaces: true)
  }

  deinit { discard() }

  func write(_ bytes: UnsafeRawBufferPointer, requests: Int) throws(OutputError) {
    try temporary[temporary.count - 1].write(bytes)
    bytesInFile += bytes.count
    requestsInFile += requests
  }

  func beginFile() throws(OutputError) {
    if let last = temporary.last { try last.flush() }
    // Pieces that are in the way are told of before the rest of them is made.
    if !temporary.isEmpty { try refuseExisting(OutputFiles.name(path, temporary.count + 1)) }
    if temporary.count == 1 { try refuseExisting(OutputFiles.name(path, 1)) }
    bytesInFile = 0
    requestsInFile = 0
    temporary.append(try TemporaryFile(beside: path))
  }

  /// Gives the files their names.
  /// - Parameter numbersAlways: also where there is only one.
  /// - Returns: the names.
  func commit(numbersAlways: Bool = false) throws(OutputError) -> [String] {
    try temporary[temporary.count - 1].flush()
    let names =
      temporary.count == 1 && !numbersAlways ? [path] : (1...temporary.count).map { OutputFiles.name(path, $0) }
    for name in names { try refuseExisting(name) }
    for (file, name) in zip(temporary, names) { try file.rename(to: name, replaces: replaces) }
    let next = OutputFiles.name(path, names == [path] ? 1 : names.count + 1)
    if access(next, F_OK) == 0 { leftover = next }
    temporary = []
    return names
  }

  /// Removes what has been written.
  func discard() {
    for file in temporary { file.remove() }
    temporary = []
  }

  private func refuseExisting(_ path: String) throws(OutputError) {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR { throw OutputError("\(path): is a directory") }
    if status.st_mode & S_IFMT != S_IFREG { throw OutputError("\(path): is no regular file") }
    if !replaces { throw OutputError("\(path): exists", isInTheWay: true) }
  }

  /// `out.jsonl`, 2 → `out-00002.jsonl`
  static func name(_ path: String, _ number: Int) -> String {
    let digits = String(number)
    let suffix = "-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    guard let point = path.lastIndex(of: "."), point > slash else { return path + suffix }
    return path[..<point] + suffix + path[point...]
  }
}
