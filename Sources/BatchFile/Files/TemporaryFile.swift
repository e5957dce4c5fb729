import Foundation
import JSONLines

/// A file on its way to its name. It is removed when it is given up, by an error or by a signal.
final class TemporaryFile {
  /// How much is written before it is sent on its way to the disk, in bytes.
  private static let sendSize = 4 << 20

  /// As errors call it.
  private let target: Path
  private let path: Path
  private let place: DoomedFiles.Place
  private var writer: DescriptorWriter
  /// Negative once it is closed: thousands of files may wait for their names.
  private var descriptor: Int32
  /// Whether signals and errors remove it.
  private var isDoomed = true
  /// Sent on its way to the disk, in bytes.
  private var sent = 0

  init(beside target: Path) throws(OutputError) {
    self.target = target
    let made = DoomedFiles.make(target.resolved.folder + ".batchfile-XXXXXX")
    guard made.descriptor >= 0 else { throw OutputError(target, code: -made.descriptor) }
    descriptor = made.descriptor
    path = made.path
    place = made.place
    writer = DescriptorWriter(made.descriptor)
  }

  deinit { remove() }

  func write(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
    if let code = writer.write(bytes) { throw OutputError(target, code: code) }
    if writer.written - sent >= TemporaryFile.sendSize { send() }
  }

  /// Brings everything to the disk, so that a file under its name is a file with its content even after a power cut,
  /// and gives it the owner and the rights of the file that it will replace, or the usual ones.
  func finish(as name: Path) throws(OutputError) -> [FileAttributes.Loss] {
    if descriptor < 0 { return [] }
    if let code = writer.flush() { throw OutputError(name, code: code) }
    var losses: [FileAttributes.Loss] = []
    if let attributes = FileAttributes(of: name) {
      switch attributes.give(to: descriptor) {
      case .success(let lost): losses = lost
      case .failure(let error): throw OutputError(name, code: error.code)
      }
    } else if fchmod(descriptor, FileAttributes.usualMode) != 0 {
      throw OutputError(name, code: errno)
    }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw OutputError(name, code: errno) }
    let closed = close(descriptor)
    let code = errno
    descriptor = -1
    if closed != 0, code != EINTR { throw OutputError(name, code: code) }
    return losses
  }

  /// Gives it its name.
  /// - Parameter replaces: whether a file of that name may be replaced; if not, it stays even where it appeared only now.
  /// - Returns: the reason where that fails; nothing has changed then.
  func move(to name: Path, replaces: Bool) -> OutputError.Reason? {
    replaces ? renamed(to: name) : linked(to: name)
  }

  /// It has its name now.
  func settle() {
    isDoomed = false
    DoomedFiles.remove(place)
  }

  func remove() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    guard isDoomed else { return }
    isDoomed = false
    path.withCString { _ = unlink($0) }
    DoomedFiles.remove(place)
  }

  /// Beside the file, and nobody else's.
  var backupName: Path { path + ".old" }

  private func renamed(to name: Path) -> OutputError.Reason? {
    path.withCString { from in name.withCString { rename(from, $0) } } == 0 ? nil : .system(errno)
  }

  private func linked(to name: Path) -> OutputError.Reason? {
    if path.withCString({ from in name.withCString { link(from, $0) } }) == 0 {
      path.withCString { _ = unlink($0) }
      return nil
    }
    if errno == EEXIST { return .exists }
    return TemporaryFile.lacksSecondNames(errno) ? renamedToReserved(name) : .system(errno)
  }

  /// Whether an error of `link` says that the file system knows no second name for a file (FAT, some of networks).
  static func lacksSecondNames(_ code: Int32) -> Bool { [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(code) }

  /// An empty file of that name, made only where there is none, reserves it until the rename.
  private func renamedToReserved(_ name: Path) -> OutputError.Reason? {
    let reserved = name.withCString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    guard reserved >= 0 else { return errno == EEXIST ? .exists : .system(errno) }
    close(reserved)
    guard let failure = renamed(to: name) else { return nil }
    name.withCString { _ = unlink($0) }
    return failure
  }

  /// Has the system begin to write to the disk what came last, so that the flush at the end need not wait for all of it.
  private func send() {
    #if os(Linux)
      // For pages that are not on the disk yet, Linux takes this advice by writing them, without waiting; they stay in
      // memory. Its own call for that, sync_file_range, cannot be reached from Swift.
      posix_fadvise(descriptor, off_t(sent), off_t(writer.written - sent), POSIX_FADV_DONTNEED)
    #endif
    sent = writer.written
  }
}
