import Foundation
import JSONLines

/// A file that is written under a temporary name, and gets its own name when it is whole. If an error or a signal comes
/// before that, it is removed.
final class TemporaryFile {
  /// After how many bytes the system is told to begin to write them to the disk.
  private static let sendSize = 4 << 20

  /// The path that errors name.
  private let target: Path
  let path: Path
  private let place: DoomedFiles.Place
  private var writer: DescriptorWriter
  /// Negative once the file is closed. It is closed before it gets its name, because thousands of files of one output
  /// may wait for theirs.
  private var descriptor: Int32
  /// Whether signals and errors remove the file.
  private var isDoomed = true
  /// How many bytes the system was told to begin to write to the disk.
  private var sent = 0

  /// Makes the file in the folder that `target` will be in, since a rename cannot move a file to another file system.
  /// - Throws: ``OutputError`` about the target.
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

  /// Forgets all that was written.
  func restart() throws(OutputError) {
    writer = DescriptorWriter(descriptor)
    sent = 0
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw OutputError(target, code: errno)
    }
  }

  /// Flushes the file to the disk and closes it, so that it has its whole content under its name even after a power
  /// cut. It gets the owner, group and mode of the file `name` that it will replace, or the usual mode where there is
  /// none.
  /// - Returns: what the file to be replaced has beside its content that this file could not be given.
  /// - Throws: ``OutputError`` about `name`.
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

  /// Gives the file its name.
  /// - Parameter replaces: whether a file of that name may be replaced. If not, one that appears at the last moment is
  ///   not replaced either.
  /// - Returns: the reason where that fails, and then nothing has changed; nil for success.
  func move(to name: Path, replaces: Bool) -> OutputError.Reason? {
    replaces ? renamed(to: name) : linked(to: name)
  }

  /// The file has its name and is to stay, so signals and errors no longer remove it.
  func settle() {
    isDoomed = false
    DoomedFiles.remove(place)
  }

  /// Closes and removes the file, unless it has settled.
  func remove() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    guard isDoomed else { return }
    isDoomed = false
    path.withCString { _ = unlink($0) }
    DoomedFiles.remove(place)
  }

  /// The outcome of an exchange of names.
  enum Exchange {
    case done
    /// The system or the file system has no such call.
    case unsupported
    case failed(Int32)
  }

  /// Exchanges names with another file in one step.
  func exchange(with name: Path) -> Exchange {
    guard let code = FileExchange.swap(path, name) else { return .done }
    return FileExchange.isMissing(code) ? .unsupported : .failed(code)
  }

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

  /// Whether an error of `link` means that the file system has no hard links, as FAT and some network file systems.
  static func lacksSecondNames(_ code: Int32) -> Bool { [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(code) }

  /// Makes an empty file of the name, which fails where there is a file already, and then renames this file over it.
  /// This is for file systems without hard links.
  private func renamedToReserved(_ name: Path) -> OutputError.Reason? {
    let reserved = name.withCString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    guard reserved >= 0 else { return errno == EEXIST ? .exists : .system(errno) }
    close(reserved)
    guard let failure = renamed(to: name) else { return nil }
    name.withCString { _ = unlink($0) }
    return failure
  }

  #if os(Linux)
    /// The type of sync_file_range(2), which Swift's module of the C library does not have. It begins to write pages to
    /// the disk and does not wait, unlike posix_fadvise(2), which looks for pages that it can drop.
    private typealias SyncFileRange = @convention(c) (Int32, off_t, off_t, UInt32) -> Int32
    private static let syncFileRange = dlsym(nil, "sync_file_range").map { unsafeBitCast($0, to: SyncFileRange.self) }
    /// SYNC_FILE_RANGE_WRITE of sync_file_range(2).
    private static let begin: UInt32 = 2
  #endif

  /// Has the system begin to write the last bytes to the disk, so that the flush at the end does not have to wait for
  /// all of them.
  private func send() {
    #if os(Linux)
      _ = TemporaryFile.syncFileRange?(descriptor, off_t(sent), off_t(writer.written - sent), TemporaryFile.begin)
    #endif
    sent = writer.written
  }
}
