import BatchFile
import Foundation
import JSONLines

/// The folder of a run, which only its owner may read.
package struct RunFolder: Hashable, Sendable {
  package let path: Path

  package init(_ path: Path) { self.path = path }

  package var journal: Path { path + "/journal.jsonl" }
  /// An empty file that is there once the run is cancelled.
  package var mark: Path { path + "/cancel" }
  private var lockFile: Path { path + "/lock" }

  package var exists: Bool { journal.exists }
  package var isCancelled: Bool { mark.exists }

  /// The file of a part's requests.
  package func part(_ id: PartID) -> Path { path + "/\(id.fileName).jsonl" }
  /// The file of a part's results, which has this name only when it is complete.
  package func results(_ id: PartID, _ kind: ResultKind) -> Path {
    path + "/\(id.fileName).\(kind.rawValue).jsonl"
  }

  /// Whether a result file is on the disk as it was downloaded, as far as its size shows; true for one that was not
  /// downloaded.
  func isIntact(_ kind: ResultKind, of part: PartState) -> Bool {
    guard let bytes = part.downloaded[kind]?.bytes else { return true }
    return results(part.id, kind).status.map { Int($0.st_size) } == bytes
  }

  /// Whether the batch of a part has ended, and all its result files are on the disk.
  package func hasAllResults(of part: PartState) -> Bool {
    part.isDone && ResultKind.allCases.allSatisfy { isIntact($0, of: part) }
  }

  /// The file that an attempt's requests are written to before they are cut into parts.
  package func attemptFile(_ attempt: Int) -> Path { path + "/\(attempt)/requests.jsonl" }

  /// Incomplete downloads of results, by the paths of the complete files. One call finds all of them, because a search
  /// for each part would read the whole folder each time.
  package func fragments(attempts: Int) -> [Path: Path] {
    var found: [Path: Path] = [:]
    for attempt in stride(from: 1, through: attempts, by: 1) {
      let folder = path + "/\(attempt)/"
      for name in folder.entries {
        let mark = Array(".part.".utf8)
        guard let end = name.bytes.indices.first(where: { name.bytes[$0...].starts(with: mark) }) else { continue }
        let (target, fragment) = (folder + Path(bytes: name.bytes[..<end]), folder + name)
        if let other = found[target], other.bytes.lexicographicallyPrecedes(fragment.bytes) { continue }
        found[target] = fragment
      }
    }
    return found
  }

  /// All files of the folder and of the folders of its attempts.
  package var files: [Path] {
    let own = path + "/"
    return own.entries.flatMap { name in
      let inner = own + name + "/"
      return [own + name] + inner.entries.map { inner + $0 }
    }
  }

  /// Makes the folder and its `.gitignore`, and flushes them to the disk.
  func make() throws(RunError) {
    try makeFolder(path)
    let ignore = path + "/.gitignore"
    if !ignore.exists { try write("*\n", to: ignore) }
    try RunFolder.sync(path)
    try RunFolder.sync(RunFolder.parent(of: path))
  }

  /// Makes the folder of an attempt, and flushes its name to the disk.
  func make(attempt: Int) throws(RunError) {
    try makeFolder(path + "/\(attempt)")
    try RunFolder.sync(path)
  }

  /// Marks the run as cancelled, so that nothing more of it is sent.
  package func cancel() throws(RunError) {
    try write("", to: mark)
    try RunFolder.sync(path)
  }

  private func makeFolder(_ path: Path) throws(RunError) {
    if path.withCString({ mkdir($0, 0o700) }) != 0, errno != EEXIST { throw RunError.system(path: path, code: errno) }
  }

  private func write(_ text: String, to path: Path) throws(RunError) {
    let file = path.opened(O_WRONLY | O_CREAT | O_TRUNC)
    guard file >= 0 else { throw RunError.system(path: path, code: errno) }
    defer { close(file) }
    let bytes = Array(text.utf8)
    guard Foundation.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
      throw RunError.system(path: path, code: errno)
    }
  }

  /// Flushes the names in a folder to the disk. On file systems that cannot do so, nothing happens.
  static func sync(_ path: Path) throws(RunError) {
    let folder = path.opened(O_RDONLY)
    guard folder >= 0 else { throw RunError.system(path: path, code: errno) }
    defer { close(folder) }
    if fsync(folder) != 0, errno != EINVAL, errno != ENOTSUP { throw RunError.system(path: path, code: errno) }
  }

  static func parent(of path: Path) -> Path { path.folder.bytes.isEmpty ? "." : path.folder }

  /// Locks the run for this process, as long as the returned lock exists.
  /// - Throws: ``RunError``, of case `held` where another process has the lock.
  package func lock() throws(RunError) -> RunLock { try RunLock(lockFile) }
}

/// The lock of a run. The system releases it when the process ends, however it ends.
package final class RunLock {
  private let file: OpenFile

  fileprivate init(_ path: Path) throws(RunError) {
    file = OpenFile(path.opened(O_RDWR | O_CREAT))
    guard file.descriptor >= 0 else { throw RunError.system(path: path, code: errno) }
    guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      var bytes = [UInt8](repeating: 0, count: 16)
      let count = pread(file.descriptor, &bytes, bytes.count, 0)
      let pid = Int32(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).filter(\.isNumber))
      throw code == EWOULDBLOCK ? RunError.held(by: pid) : RunError.system(path: path, code: code)
    }
    // The process number is for the message of a second process. If the disk has no room for it, there is none for the
    // run either.
    let pid = Array("\(getpid())\n".utf8)
    guard ftruncate(file.descriptor, 0) == 0, pwrite(file.descriptor, pid, pid.count, 0) == pid.count else {
      throw RunError.system(path: path, code: errno)
    }
  }
}

/// A descriptor that is closed exactly once, when it is released. If the owner's own `deinit` closed it, an initializer
/// that throws after closing it would close it twice, and the second time it may belong to another file.
final class OpenFile {
  let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }
  deinit { if descriptor >= 0 { close(descriptor) } }
}

/// A part of an attempt.
package struct PartID: Hashable, Sendable, Comparable {
  package var attempt: Int
  package var number: Int

  package init(attempt: Int, number: Int) {
    self.attempt = attempt
    self.number = number
  }

  /// The part's file name without its ending: `1/part-00001`.
  package var fileName: String {
    let digits = String(number)
    return "\(attempt)/part-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  package static func < (a: PartID, b: PartID) -> Bool { (a.attempt, a.number) < (b.attempt, b.number) }
}

/// The two result files of a batch.
package enum ResultKind: String, Codable, CaseIterable, Sendable {
  case output, errors
}
