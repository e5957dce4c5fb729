import Foundation
import JSONLines

/// Temporary files that get their names together. If one of them cannot get its name, the names of the others are taken
/// away again and the files that had them before are put back.
struct FileSet {
  /// A file that was given its name.
  private struct Placed {
    var name: Path
    /// Where `name` leads once symbolic links are followed.
    var target: Path
    /// Where the file that had the name before is kept; nil where there was none.
    var backup: Path?
  }

  let files: [TemporaryFile]
  let names: [Path]
  let replaces: Bool

  /// Gives the files their names.
  /// - Returns: the error where that failed. The files that were there before are there again then, except for those
  ///   that ``OutputError/Reason/isPartlyReplaced(_:new:)`` names.
  func move() -> OutputError? {
    // A single rename either happens or does not, so no backup is needed.
    if files.count == 1 {
      return files[0].move(to: names[0].resolved, replaces: replaces).map { OutputError(names[0], $0) }
    }
    var placed: [Placed] = []
    for (file, name) in zip(files, names) {
      let target = name.resolved
      var item = Placed(name: name, target: target)
      var failure: OutputError.Reason?
      if replaces, target.status != nil {
        item.backup = file.backupName
        failure = FileSet.keep(target, as: file.backupName)
        if failure != nil { item.backup = nil }
      }
      failure = failure ?? file.move(to: target, replaces: replaces)
      guard let failure else {
        placed.append(item)
        continue
      }
      // If the file was renamed to its backup, it has to be put back like those before it.
      if item.backup != nil { placed.append(item) }
      let stuck = FileSet.undo(placed, failedAt: name)
      if stuck.isEmpty { return OutputError(name, failure) }
      let code: Int32 = if case .system(let code) = failure { code } else { EEXIST }
      return OutputError(name, .isPartlyReplaced(code, new: stuck))
    }
    for item in placed { item.backup?.withCString { _ = unlink($0) } }
    return nil
  }

  /// Gives a file the backup's name beside its own, or in place of it on file systems without hard links.
  /// - Returns: why that failed; nil for success.
  private static func keep(_ file: Path, as backup: Path) -> OutputError.Reason? {
    if file.withCString({ from in backup.withCString { link(from, $0) } }) == 0 { return nil }
    guard TemporaryFile.lacksSecondNames(errno) else { return .system(errno) }
    return rename(file, backup) ? nil : .system(errno)
  }

  private static func rename(_ from: Path, _ to: Path) -> Bool {
    from.withCString { from in to.withCString { Foundation.rename(from, $0) } } == 0
  }

  /// Takes the new names away again and puts back the files that had them before.
  /// - Returns: the names for which that failed, under which the new files stay.
  private static func undo(_ placed: [Placed], failedAt name: Path) -> [Path] {
    placed.reversed().filter { item in
      if let backup = item.backup {
        guard rename(backup, item.target) else { return item.name != name || item.target.status == nil }
        // Where backup and target were two names of one file, the rename did nothing and left the backup's name.
        backup.withCString { _ = unlink($0) }
        return false
      }
      return item.target.withCString { unlink($0) } != 0
    }.map(\.name)
  }
}
