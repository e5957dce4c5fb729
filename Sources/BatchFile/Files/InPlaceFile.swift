import Foundation
import JSONLines

/// A file whose content is to be replaced by what is made of it.
package struct InPlaceFile {
  private let path: Path
  private let before: stat

  /// To be made before the file is opened for reading.
  ///
  /// - Throws: ``OutputError`` where it is nothing that can be replaced.
  package init(_ path: Path) throws(OutputError) {
    guard let status = path.status else { throw OutputError(path, code: errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw OutputError(path, .isDirectory) }
    if status.st_mode & S_IFMT != S_IFREG { throw OutputError(path, .isNoRegularFile) }
    self.path = path
    before = status
  }

  /// Puts the content of another file in its place, at once.
  ///
  /// - Parameter replacesReadOnly: whether a file may be replaced that this user may not write to.
  /// - Returns: what the file had beside its content and has no more.
  /// - Throws: ``OutputError``, also where another process wrote to it meanwhile; `InputError` where the content cannot
  ///   be read. The file is as it was then.
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
    let failure = DoomedFiles.uninterrupted { () -> OutputError? in
      guard isUnchanged else { return OutputError(path, .hasChanged) }
      return FileSet(files: [file], names: [path], replaces: true).move()
    }
    if let failure { throw failure }
    file.settle()
    return losses
  }

  /// The mode is asked, too: root may write to anything.
  private var isWritable: Bool { before.st_mode & 0o222 != 0 && path.withCString { access($0, W_OK) } == 0 }

  /// Whether it is the same file, of the same size, written to at the same time.
  private var isUnchanged: Bool {
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
