import Foundation
import JSONLines

/// A record, beside an output, of the files that are about to get their names together. It is written to the disk before
/// the first name changes, and removed after the last. If the process is killed between the two (by SIGKILL, or because
/// the machine stops), the record stays, and the next run with the same output puts back the former files.
///
/// The record has these fields, each with a NUL after it:
///
///     batchfile set 1 · replaces (1 or 0) · name of the output
///     temporary name · name · stamp          for each file
///     end                                    without it the record is incomplete, and no file had its name yet
///     done                                   all files have their names; only the old files are still to be removed
///
/// Names without a slash are in the record's folder.
struct SetRecord {
  struct Item: Hashable {
    /// The name of the file until it gets its final name.
    var temporary: Path
    var target: Path
    var stamp: FileStamp
  }

  private static let head: Path = "batchfile set 1"
  private static let end: Path = "end"
  private static let done: Path = "done"

  private let path: Path
  private let descriptor: Int32

  static func path(for output: Path) -> Path {
    // The name of an output may already have the greatest length of a name, so its hash (FNV-1a) is used instead.
    let hash = output.name.bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return output.folder + ".batchfile-set-\(String(hash, radix: 16))"
  }

  // MARK: - Writing

  /// Writes a record to the disk, and locks it for this process.
  static func begin(
    _ items: [Item], of output: Path, replaces: Bool
  ) -> Result<SetRecord, OutputError> {
    let path = path(for: output)
    let descriptor = path.withCString { open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    guard descriptor >= 0 else {
      return .failure(OutputError(output, errno == EEXIST ? .isBeingWritten : .system(errno)))
    }
    let record = SetRecord(path: path, descriptor: descriptor)
    guard isHeld(descriptor) else {
      close(descriptor)
      return .failure(OutputError(output, .isBeingWritten))
    }
    let folder = output.folder
    var fields = [head, Path(replaces ? "1" : "0"), output.name]
    for item in items {
      fields += [item.temporary.relative(to: folder), item.target.relative(to: folder), Path(item.stamp.text)]
    }
    if let code = record.append(fields + [end]) ?? folder.flush() {
      record.remove()
      return .failure(OutputError(output, code: code))
    }
    return .success(record)
  }

  /// Notes that all files have their names.
  func finish(in folder: Path) -> Int32? { folder.flush() ?? append([SetRecord.done]) }

  func remove() {
    path.withCString { _ = unlink($0) }
    close(descriptor)
  }

  /// Leaves the record for the next run.
  func leave() { close(descriptor) }

  private func append(_ fields: [Path]) -> Int32? {
    var writer = DescriptorWriter(descriptor)
    let bytes = fields.flatMap { (field: Path) -> [UInt8] in field.bytes + [0] }
    let code = bytes.withUnsafeBytes { writer.write($0) }
    if let code = code ?? writer.flush() { return code }
    return fsync(descriptor) == 0 || errno == EINVAL ? nil : errno
  }

  /// Whether this process has the lock of the record. On a file system without locks this is always true.
  private static func isHeld(_ descriptor: Int32) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return false }
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0
  }

  // MARK: - Repairing

  /// Puts back the files that were there before a set of files was interrupted.
  ///
  /// - Returns: what was put back; nil where nothing had to be.
  /// - Throws: ``OutputError`` where another process has the record, or where a file cannot be put back; the record
  ///   stays then.
  static func repair(_ output: Path) throws(OutputError) -> SetRepair? {
    let path = path(for: output)
    let descriptor = path.withCString { open($0, O_RDWR | O_CLOEXEC) }
    if descriptor < 0 {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw OutputError(path, code: errno)
    }
    guard isHeld(descriptor) else {
      close(descriptor)
      throw OutputError(output, .isBeingWritten)
    }
    let record = SetRecord(path: path, descriptor: descriptor)
    var repair: SetRepair?
    do throws(OutputError) { repair = try record.undone(output) } catch {
      record.leave()
      throw error
    }
    record.remove()
    return repair
  }

  private func undone(_ output: Path) throws(OutputError) -> SetRepair? {
    let fields = try fields()
    guard fields.count >= 3, fields[0] == SetRecord.head, fields[2] == output.name else { return nil }
    var items: [Item] = []
    var next = 3
    while next + 2 < fields.count, fields[next] != SetRecord.end {
      guard let stamp = FileStamp(text: fields[next + 2].description) else { break }
      items.append(
        Item(
          temporary: fields[next].absolute(in: output.folder), target: fields[next + 1].absolute(in: output.folder),
          stamp: stamp))
      next += 3
    }
    defer { for item in items { item.temporary.withCString { _ = unlink($0) } } }
    guard fields[next...].first == SetRecord.end else { return nil }
    if fields.last == SetRecord.done {
      for item in items { item.temporary.backup.withCString { _ = unlink($0) } }
      return nil
    }
    var repair = SetRepair()
    for item in items.reversed() { try item.putBack(replaces: fields[1] == "1", &repair) }
    return repair
  }

  private func fields() throws(OutputError) -> [Path] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(descriptor, &chunk, chunk.count, off_t(bytes.count))
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw OutputError(path, code: errno) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    // After the last NUL there is nothing, or a field that was not written to its end.
    return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { Path(bytes: $0) }
  }
}

/// What a repair did.
package struct SetRepair: Sendable {
  /// The files that have their former contents again, or were removed because there was no file before.
  package fileprivate(set) var restored: [Path] = []
  /// The files that somebody has changed since, which were left alone; each with the file that has the former contents.
  package fileprivate(set) var kept: [(file: Path, former: Path)] = []
}

extension SetRecord.Item {
  fileprivate func putBack(replaces: Bool, _ repair: inout SetRepair) throws(OutputError) {
    let now = FileStamp(of: target)
    let isNew = now == stamp
    let backup = temporary.backup
    guard let former = FileStamp(of: backup) else {
      // There was no file with the name before. An empty one may be there that only reserves it.
      let isReserved = !replaces && now?.size == 0 && temporary.exists
      guard isNew || isReserved else { return }
      guard target.withCString({ unlink($0) }) == 0 else { throw OutputError(target, code: errno) }
      return repair.restored.append(target)
    }
    guard isNew || now == nil || now == former else { return repair.kept.append((target, backup)) }
    guard backup.withCString({ from in target.withCString { rename(from, $0) } }) == 0 else {
      throw OutputError(target, code: errno)
    }
    // If both are names of one file, the rename does nothing and the second name is still there.
    backup.withCString { _ = unlink($0) }
    if now != former { repair.restored.append(target) }
  }
}

/// Identifies a file and its state: the stamp changes when the file is written to, and not when it is renamed.
struct FileStamp: Hashable {
  private let inode: UInt64
  let size: Int64
  private let seconds: Int64
  private let nanoseconds: Int64

  /// Nil where there is no file.
  init?(of path: Path) {
    guard let status = path.status else { return nil }
    inode = UInt64(truncatingIfNeeded: status.st_ino)
    size = Int64(status.st_size)
    #if os(Linux)
      (seconds, nanoseconds) = (Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec))
    #else
      (seconds, nanoseconds) = (Int64(status.st_mtimespec.tv_sec), Int64(status.st_mtimespec.tv_nsec))
    #endif
  }

  init?(text: String) {
    let words = text.split(separator: " ")
    guard words.count == 4, let inode = UInt64(words[0]), let size = Int64(words[1]), let seconds = Int64(words[2]),
      let nanoseconds = Int64(words[3])
    else { return nil }
    (self.inode, self.size, self.seconds, self.nanoseconds) = (inode, size, seconds, nanoseconds)
  }

  var text: String { "\(inode) \(size) \(seconds) \(nanoseconds)" }
}

extension Path {
  /// The second name of the former file; this path is the temporary name of the new file.
  var backup: Path { self + ".old" }

  /// This path without its folder, if that is the given one.
  fileprivate func relative(to folder: Path) -> Path {
    if self.folder == folder { return name }
    let real = (folder.bytes.isEmpty ? "." : folder).resolved + "/"
    return self.folder == real ? name : self
  }

  fileprivate func absolute(in folder: Path) -> Path { bytes.contains(UInt8(ascii: "/")) ? self : folder + self }

  /// Writes the names in this folder to the disk, on file systems that can do that.
  fileprivate func flush() -> Int32? {
    let descriptor = (bytes.isEmpty ? "." : self).withCString { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    return fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP ? nil : errno
  }
}
