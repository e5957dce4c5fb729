import Foundation
import JSONLines

/// Files that appear whole or not at all: written beside their targets under other names, flushed to the disk, renamed.
///
/// Where a limit is reached the output goes on in the next file: `out-00001.jsonl`, `out-00002.jsonl`, …; one file
/// alone gets the plain name.
package final class OutputFiles {
  private let path: Path
  private let replaces: Bool
  private var temporary: [TemporaryFile] = []
  private(set) var bytesInFile = 0
  private(set) var requestsInFile = 0
  /// After `commit`, files that an earlier run left behind and that look as if they belonged to this output. Where files
  /// may be replaced they are gone, those apart that could not be removed.
  package private(set) var leftovers: [Path] = []
  /// What files that were replaced had beside their content and have no more.
  package private(set) var losses: [(file: Path, losses: [FileAttributes.Loss])] = []

  /// - Throws: ``OutputError`` where the file exists and must not be replaced, or its folder cannot be written to.
  package init(path: Path, replaces: Bool) throws(OutputError) {
    self.path = path
    self.replaces = replaces
    try refuseExisting(path)
    try beginFile()
  }

  /// Only numbered names are given, so the plain one may be taken.
  package init(pieceOf path: Path, replaces: Bool) throws(OutputError) {
    self.path = path
    self.replaces = replaces
    try refuseExisting(OutputFiles.name(path, 1))
    try beginFile()
  }

  deinit { discard() }

  package func write(_ bytes: UnsafeRawBufferPointer, requests: Int) throws(OutputError) {
    try temporary[temporary.count - 1].write(bytes)
    bytesInFile += bytes.count
    requestsInFile += requests
  }

  func beginFile() throws(OutputError) {
    if !temporary.isEmpty { try finishLast(as: OutputFiles.name(path, temporary.count)) }
    // Pieces that are in the way are told of before the rest of them is made.
    if !temporary.isEmpty { try refuseExisting(OutputFiles.name(path, temporary.count + 1)) }
    if temporary.count == 1 { try refuseExisting(OutputFiles.name(path, 1)) }
    bytesInFile = 0
    requestsInFile = 0
    temporary.append(try TemporaryFile(beside: path))
  }

  private func finishLast(as name: Path) throws(OutputError) {
    let lost = try temporary[temporary.count - 1].finish(as: name)
    if !lost.isEmpty { losses.append((name, lost)) }
  }

  /// Gives the files their names.
  /// - Parameter numbersAlways: also where there is only one.
  /// - Returns: the names.
  package func commit(numbersAlways: Bool = false) throws(OutputError) -> [Path] {
    let names =
      temporary.count == 1 && !numbersAlways ? [path] : (1...temporary.count).map { OutputFiles.name(path, $0) }
    try finishLast(as: names[names.count - 1])
    for name in names { try refuseExisting(name) }
    let set = FileSet(files: temporary, names: names, replaces: replaces)
    let failure = DoomedFiles.uninterrupted { set.move() }
    if let failure { throw failure }
    for file in temporary { file.settle() }
    leftovers = findLeftovers(beside: names, plainToo: !numbersAlways)
    if replaces { leftovers.removeAll { $0.withCString { unlink($0) } == 0 } }
    temporary = []
    return names
  }

  /// Removes what has been written.
  package func discard() {
    for file in temporary { file.remove() }
    temporary = []
  }

  /// Regular files that are called as pieces of this output and are none, and the one that has the plain name.
  private func findLeftovers(beside names: [Path], plainToo: Bool) -> [Path] {
    let own = Set(names)
    var found = path.folder.entries.filter { OutputFiles.isPiece($0, of: path.name) }.sorted {
      $0.bytes.count == $1.bytes.count ? $0.bytes.lexicographicallyPrecedes($1.bytes) : $0.bytes.count < $1.bytes.count
    }.map { path.folder + $0 }
    if plainToo { found.insert(path, at: 0) }
    return found.filter { !own.contains($0) && $0.status.map { $0.st_mode & S_IFMT == S_IFREG } == true }
  }

  /// Whether a name is `out-00002.jsonl` for `out.jsonl`: what ``name(_:_:)`` could have made.
  private static func isPiece(_ name: Path, of plain: Path) -> Bool {
    let first = OutputFiles.name(plain, 1).bytes
    let stem = plain.bytes.lastIndex(of: UInt8(ascii: ".")).flatMap { $0 > 0 ? $0 : nil } ?? plain.bytes.count
    let ending = first[(stem + 6)...]
    guard name.bytes.count >= first.count, name.bytes.starts(with: first[..<(stem + 1)]),
      name.bytes.suffix(ending.count) == ending
    else { return false }
    let digits = name.bytes[(stem + 1)..<(name.bytes.count - ending.count)]
    return digits.allSatisfy(ASCII.isDigit) && (digits.count == 5 || digits.first != ASCII.zero)
  }

  private func refuseExisting(_ path: Path) throws(OutputError) {
    guard let status = path.status else { return }
    if status.st_mode & S_IFMT == S_IFDIR { throw OutputError(path, .isDirectory) }
    if status.st_mode & S_IFMT != S_IFREG { throw OutputError(path, .isNoRegularFile) }
    if !replaces { throw OutputError(path, .exists) }
  }

  /// `out.jsonl`, 2 → `out-00002.jsonl`
  static func name(_ path: Path, _ number: Int) -> Path {
    let digits = String(number)
    let suffix = "-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    let start = path.folder.bytes.count
    // A name that begins with a point has no ending by that.
    guard let point = path.bytes.lastIndex(of: UInt8(ascii: ".")), point > start else { return path + suffix }
    return Path(bytes: path.bytes[..<point]) + suffix + Path(bytes: path.bytes[point...])
  }
}
