import Foundation

/// The folder of a run, for its owner only.
package struct RunFolder: Hashable, Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  package var journal: String { "\(path)/journal.jsonl" }
  package var mark: String { "\(path)/cancel" }
  private var lockFile: String { "\(path)/lock" }

  package var exists: Bool { access(journal, F_OK) == 0 }
  package var isCancelled: Bool { access(mark, F_OK) == 0 }

  /// The file of a part's requests.
  package func part(_ id: PartID) -> String { "\(path)/\(id.fileName).jsonl" }
  /// The file of a part's results, under this name only when it is whole.
  package func results(_ id: PartID, _ kind: ResultKind) -> String { "\(path)/\(id.fileName).\(kind.rawValue).jsonl" }

  /// Where an attempt's requests are gathered before they are cut.
  package func attemptFile(_ attempt: Int) -> String { "\(path)/\(attempt)/requests.jsonl" }

  /// What came of results and is not whole, by the paths that the files are to have. All are looked for at once: the
  /// names of all parts would be gone through for each part.
  package func fragments(attempts: Int) -> [String: String] {
    var found: [String: String] = [:]
    for attempt in stride(from: 1, through: attempts, by: 1) {
      let folder = "\(path)/\(attempt)"
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
        guard let mark = name.range(of: ".part.") else { continue }
        let (target, fragment) = ("\(folder)/\(name[..<mark.lowerBound])", "\(folder)/\(name)")
        found[target] = found[target].map { min($0, fragment) } ?? fragment
      }
    }
    return found
  }

  /// Makes the folder, its `.gitignore` and the folders of attempts, and brings their names to the disk.
  func make() throws(RunError) {
    try makeFolder(path)
    let ignore = "\(path)/.gitignore"
    if access(ignore, F_OK) != 0 { try write("*\n", to: ignore) }
    try RunFolder.sync(path)
    try RunFolder.sync(RunFolder.parent(of: path))
  }

  func make(attempt: Int) throws(RunError) {
    try makeFolder("\(path)/\(attempt)")
    try RunFolder.sync(path)
  }

  /// Leaves the mark that nothing more of the run is sent.
  package func cancel() throws(RunError) {
    try write("", to: mark)
    try RunFolder.sync(path)
  }

  private func makeFolder(_ path: String) throws(RunError) {
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw RunError.system(path: path, code: errno) }
  }

  private func write(_ text: String, to path: String) throws(RunError) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw RunError.system(path: path, code: errno) }
    defer { close(file) }
    let bytes = Array(text.utf8)
    guard Foundation.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
      throw RunError.system(path: path, code: errno)
    }
  }

  /// Brings names in a folder to the disk; file systems that cannot are left alone.
  static func sync(_ path: String) throws(RunError) {
    let folder = open(path, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { throw RunError.system(path: path, code: errno) }
    defer { close(folder) }
    if fsync(folder) != 0, errno != EINVAL, errno != ENOTSUP { throw RunError.system(path: path, code: errno) }
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Takes the run for this process, for as long as the lock lives.
  package func lock() throws(RunError) -> RunLock { try RunLock(lockFile) }
}

/// A run in the hands of this process; the system gives it back however the process ends.
package final class RunLock {
  private let file: OpenFile

  fileprivate init(_ path: String) throws(RunError) {
    file = OpenFile(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600))
    guard file.descriptor >= 0 else { throw RunError.system(path: path, code: errno) }
    guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      var bytes = [UInt8](repeating: 0, count: 16)
      let count = pread(file.descriptor, &bytes, bytes.count, 0)
      let pid = Int32(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).filter(\.isNumber))
      throw code == EWOULDBLOCK ? RunError.held(by: pid) : RunError.system(path: path, code: code)
    }
    // For the message of whoever comes second. On a disk that has no room for it there is none for the run.
    let pid = Array("\(getpid())\n".utf8)
    guard ftruncate(file.descriptor, 0) == 0, pwrite(file.descriptor, pid, pid.count, 0) == pid.count else {
      throw RunError.system(path: path, code: errno)
    }
  }
}

/// A descriptor that is closed once, with its owner: an initializer that throws ends its members, and a class whose
/// `deinit` closes runs that too where all members were set, which closed somebody else's file.
final class OpenFile {
  let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }
  deinit { if descriptor >= 0 { close(descriptor) } }
}

/// Which part of which attempt.
package struct PartID: Hashable, Sendable, Comparable {
  package var attempt: Int
  package var number: Int

  package init(attempt: Int, number: Int) {
    self.attempt = attempt
    self.number = number
  }

  /// `1/part-00001`
  package var fileName: String {
    let digits = String(number)
    return "\(attempt)/part-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  package static func < (a: PartID, b: PartID) -> Bool { (a.attempt, a.number) < (b.attempt, b.number) }
}

/// The two files that an API makes of a batch.
package enum ResultKind: String, Codable, CaseIterable, Sendable {
  case output, errors
}
