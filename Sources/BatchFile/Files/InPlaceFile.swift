import Foundation
import JSONLines

/// A file that is read and will then be replaced by a changed copy of itself.
package struct InPlaceFile {
  private let path: Path
  private let before: stat

  /// Notes the state of the file. This must be done before the file is opened for reading, so that `replace` can tell
  /// whether another process has changed the file since.
  ///
  /// - Throws: ``OutputError`` where there is no regular file at the path.
  package init(_ path: Path) throws(OutputError) {
    guard let status = path.status else { throw OutputError(path, code: errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw OutputError(path, .isDirectory) }
    if status.st_mode & S_IFMT != S_IFREG { throw OutputError(path, .isNoRegularFile) }
    self.path = path
    before = status
  }

  /// Replaces the file by a new one with this content, in one step: at any moment the path leads to one of the two.
  ///
  /// - Parameter replacesReadOnly: whether a file may be replaced that this user may not write to.
  /// - Returns: what the old file had beside its content that the new one has not.
  /// - Throws: ``OutputError`` where the file cannot be replaced or another process wrote to it meanwhile; `InputError`
  ///   where the content cannot be read. After an error the file is unchanged.
  package func replace(with content: UnnamedFile, replacesReadOnly: Bool) throws -> [FileAttributes.Loss] {
    if !replacesReadOnly, !isWritable { throw OutputError(path, .isReadOnly) }
    let file = try TemporaryFile(beside: path)
    var chunk = [UInt8](repeating: 0, count: DescriptorWriter.bufferSize)
    var offset = 0
    while true {
      let count = try content.read(into: &chunk, at: offset)
      if count == 0 { break }
      try chunk.withUnsafeBytes { try file.write(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      offset += count
    }
    let losses = try file.finish(as: path)
    switch DoomedFiles.uninterrupted({ move(file) }) {
    case .exchanged:
      // The temporary name now belongs to the file that was replaced.
      file.remove()
    case .renamed: file.settle()
    case .failed(let reason): throw OutputError(path, reason)
    case .stuck(let code):
      file.settle()
      throw OutputError(path, .isReplaced(code, former: file.path))
    }
    return losses
  }

  private enum Move {
    case exchanged, renamed
    /// The file was not replaced.
    case failed(OutputError.Reason)
    /// The file was replaced, but another process had changed it; it has the temporary name and could not be put back.
    case stuck(Int32)
  }

  /// Gives the new file its name, where the old one is the file that was read.
  ///
  /// The look before the rename leaves a moment in which another process can write to the file. So both files exchange
  /// their names, and the old one is looked at again under the name that nobody else knows: from then on only those can
  /// write to it that had opened it before, and what they write after this second look is lost with the file, as with
  /// every program that replaces one. Where the system cannot exchange names, the moment between look and rename stays.
  private func move(_ file: TemporaryFile) -> Move {
    guard isUnchanged(path) else { return .failed(.hasChanged) }
    let target = path.resolved
    switch file.exchange(with: target) {
    case .done: break
    case .unsupported: return file.move(to: target, replaces: true).map { .failed($0) } ?? .renamed
    case .failed(let code): return .failed(.system(code))
    }
    if isUnchanged(file.path) { return .exchanged }
    return switch file.exchange(with: target) {
    case .done: .failed(.hasChanged)
    case .unsupported: .stuck(ENOSYS)
    case .failed(let code): .stuck(code)
    }
  }

  /// Whether this user may write to the file. The mode decides as well, because the system lets root write to any file,
  /// read-only ones too.
  private var isWritable: Bool { before.st_mode & 0o222 != 0 && path.withCString { access($0, W_OK) } == 0 }

  /// Whether a path leads to the file that was read, with the same size and the same time of its last change.
  private func isUnchanged(_ path: Path) -> Bool {
    guard let now = path.status else { return false }
    #if os(Linux)
      let (was, isNow) = (before.st_mtim, now.st_mtim)
    #else
      let (was, isNow) = (before.st_mtimespec, now.st_mtimespec)
    #endif
    return now.st_dev == before.st_dev && now.st_ino == before.st_ino && now.st_size == before.st_size
      && was.tv_sec == isNow.tv_sec && was.tv_nsec == isNow.tv_nsec
  }
}
