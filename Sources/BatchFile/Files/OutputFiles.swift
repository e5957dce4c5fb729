import Foundation
import JSONLines

/// The files of an output. They appear whole or not at all: they are written under other names in the same folder,
/// flushed to the disk, and then renamed.
///
/// The output can be cut into pieces, `out-00001.jsonl`, `out-00002.jsonl`, …. Where there is only one piece, the file
/// has the plain name, `out.jsonl`.
package final class OutputFiles {
  let path: Path
  private let replaces: Bool
  private var temporary: [TemporaryFile] = []
  /// Of the files' contents; none where nobody asked for them.
  private var digests: [ContentDigest] = []
  /// After `commit`: files of an earlier run whose names make them look like pieces of this output. Where files may be
  /// replaced they are removed, and only those are named here that could not be.
  package private(set) var leftovers: [Path] = []
  /// What was put back after a run that was killed while it gave its files their names; nil where there was none.
  package let repair: SetRepair?
  /// What the replaced files had beside their content that the new ones have not, for each file that lost something.
  package private(set) var losses: [(file: Path, losses: [FileAttributes.Loss])] = []

  /// - Throws: ``OutputError`` where the file exists and must not be replaced, or its folder cannot be written to.
  package init(path: Path, replaces: Bool) throws(OutputError) {
    self.path = path
    self.replaces = replaces
    repair = try SetRecord.repair(path)
    try refuseExisting(path)
    try beginFile()
  }

  /// For pieces that always have numbered names, so that there may be a file of the plain name.
  /// - Throws: ``OutputError`` where the first piece exists and must not be replaced, or its folder cannot be written
  ///   to.
  package init(pieceOf path: Path, replaces: Bool) throws(OutputError) {
    self.path = path
    self.replaces = replaces
    repair = try SetRecord.repair(path)
    try refuseExisting(OutputFiles.name(path, 1))
    try beginFile()
  }

  deinit { discard() }

  /// Puts back the files that were there before a run with this output was killed while its files got their names. Must
  /// be called before the files of an output are looked at.
  package static func repair(_ path: Path) throws(OutputError) -> SetRepair? { try SetRecord.repair(path) }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
    try temporary[temporary.count - 1].write(bytes)
    if !digests.isEmpty { digests[digests.count - 1].update(bytes) }
  }

  /// Forgets all that was written. Only for an output that has not been cut into pieces.
  package func restart() throws(OutputError) {
    try temporary[0].restart()
    if !digests.isEmpty { digests = [ContentDigest()] }
  }

  /// Has the files' digests kept for a note. Called before anything is written.
  func keepDigests() { digests = [ContentDigest()] }

  func beginFile() throws(OutputError) {
    if !temporary.isEmpty { try finishLast(as: OutputFiles.name(path, temporary.count)) }
    // An existing file in the way of this piece is reported now, before hours may be spent on further pieces.
    if !temporary.isEmpty { try refuseExisting(OutputFiles.name(path, temporary.count + 1)) }
    if temporary.count == 1 { try refuseExisting(OutputFiles.name(path, 1)) }
    temporary.append(try TemporaryFile(beside: path))
    if !digests.isEmpty { digests.append(ContentDigest()) }
  }

  private func finishLast(as name: Path) throws(OutputError) {
    let lost = try temporary[temporary.count - 1].finish(as: name)
    if !lost.isEmpty { losses.append((name, lost)) }
  }

  /// Gives the files their names, all or none.
  /// - Parameters:
  ///   - numbersAlways: whether a single file gets a numbered name too.
  ///   - other: another output of one file, which gets its name together with these or not at all.
  /// - Returns: the names of the files of this output.
  /// - Throws: ``OutputError`` where a file exists that must not be replaced, or where the system refuses.
  package func commit(numbersAlways: Bool = false, with other: OutputFiles? = nil) throws(OutputError) -> [Path] {
    try commit(numbersAlways: numbersAlways, with: other, note: nil)
  }

  /// The same with a note beside the files, whose name is not returned.
  func commit(numbersAlways: Bool, with other: OutputFiles? = nil, note: OutputNote?) throws(OutputError) -> [Path] {
    let names =
      temporary.count == 1 && !numbersAlways ? [path] : (1...temporary.count).map { OutputFiles.name(path, $0) }
    try finishLast(as: names[names.count - 1])
    try other?.finishLast(as: other?.path ?? path)
    for name in names { try refuseExisting(name) }
    if let other { try other.refuseExisting(other.path) }
    var all = names
    if let note, let text = note.text {
      try add(note, saying: text(zip(names, digests).map { OutputNote.File(name: $0, digest: $1) }))
      all.append(note.name)
    }
    let others = other?.temporary ?? []
    let set = FileSet(
      output: path, files: temporary + others, names: all + (other.map { [$0.path] } ?? []), replaces: replaces)
    let failure = DoomedFiles.uninterrupted { set.move() }
    if let failure { throw failure }
    for file in temporary + others { file.settle() }
    leftovers = findLeftovers(beside: names, plainToo: !numbersAlways)
    if let note, note.text == nil, note.isNote(note.name) { leftovers.append(note.name) }
    if replaces { leftovers.removeAll { $0.withCString { unlink($0) } == 0 } }
    temporary = []
    other?.temporary = []
    return names
  }

  /// Removes the files that have not been given their names.
  package func discard() {
    for file in temporary { file.remove() }
    temporary = []
  }

  /// Regular files that are named like pieces of this output but do not belong to it.
  /// - Parameter plainToo: whether a file with the plain name counts as one.
  private func findLeftovers(beside names: [Path], plainToo: Bool) -> [Path] {
    let own = Set(names)
    var found = path.folder.entries.filter { OutputFiles.isPiece($0, of: path.name) }.sorted {
      $0.bytes.count == $1.bytes.count ? $0.bytes.lexicographicallyPrecedes($1.bytes) : $0.bytes.count < $1.bytes.count
    }.map { path.folder + $0 }
    if plainToo { found.insert(path, at: 0) }
    return found.filter { !own.contains($0) && $0.status.map { $0.st_mode & S_IFMT == S_IFREG } == true }
  }

  /// Writes the file with the note.
  private func add(_ note: OutputNote, saying text: [UInt8]) throws(OutputError) {
    // A note whose output is gone is about nothing.
    if !replaces, note.isNote(note.name) { note.name.withCString { _ = unlink($0) } }
    try refuseExisting(note.name)
    let file = try TemporaryFile(beside: note.name)
    temporary.append(file)
    var failure: OutputError?
    text.withUnsafeBytes { bytes in
      do throws(OutputError) { try file.write(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
    _ = try file.finish(as: note.name)
  }

  /// The name of the whole output for that of a piece: `out.jsonl` for `out-00002.jsonl`; nil for any other name.
  static func whole(ofPiece path: Path) -> Path? {
    let bytes = path.bytes
    let start = path.folder.bytes.count
    let end = bytes.lastIndex(of: UInt8(ascii: ".")).flatMap { $0 > start ? $0 : nil } ?? bytes.count
    guard let dash = bytes[..<end].lastIndex(of: ASCII.minus), dash > start, end - dash >= 6,
      bytes[(dash + 1)..<end].allSatisfy(ASCII.isDigit)
    else { return nil }
    return Path(bytes: bytes[..<dash]) + Path(bytes: bytes[end...])
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

  /// The name of a piece: `out-00002.jsonl` for `out.jsonl` and 2.
  static func name(_ path: Path, _ number: Int) -> Path {
    let digits = String(number)
    let suffix = "-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    let start = path.folder.bytes.count
    // A point at the beginning of a name, as in `.profile`, does not begin an ending.
    guard let point = path.bytes.lastIndex(of: UInt8(ascii: ".")), point > start else { return path + suffix }
    return Path(bytes: path.bytes[..<point]) + suffix + Path(bytes: path.bytes[point...])
  }
}
