import Foundation
import JSONLines

/// Temporary files that get their names together: all of them or none.
struct FileSet {
  /// What has been given a name.
  private struct Placed {
    var name: Path
    var target: Path
    /// Where the file is that was there before; nil where there was none.
    var backup: Path?
  }

  let files: [TemporaryFile]
  let names: [Path]
  let replaces: Bool

  /// - Returns: why it failed; what was there before is there, or the error says what is not.
  func move() -> OutputError? {
    // One rename is whole or nothing by itself.
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
      // The file that could not be replaced is still there, or is put back.
      if item.backup != nil { placed.append(item) }
      let stuck = FileSet.undo(placed, failedAt: name)
      if stuck.isEmpty { return OutputError(name, failure) }
      let code: Int32 = if case .system(let code) = failure { code } else { EEXIST }
      return OutputError(name, .isPartlyReplaced(code, new: stuck))
    }
    for item in placed { item.backup?.withCString { _ = unlink($0) } }
    return nil
  }

  /// Gives a file a second name, or another one where there are no second names.
  private static func keep(_ file: Path, as backup: Path) -> OutputError.Reason? {
    if file.withCString({ from in backup.withCString { link(from, $0) } }) == 0 { return nil }
    guard TemporaryFile.lacksSecondNames(errno) else { return .system(errno) }
    return rename(file, backup) ? nil : .system(errno)
  }

  private static func rename(_ from: Path, _ to: Path) -> Bool {
    from.withCString { from in to.withCString { Foundation.rename(from, $0) } } == 0
  }

  /// Takes the names away again and puts back what was there.
  /// - Returns: where that failed.
  private static func undo(_ placed: [Placed], failedAt name: Path) -> [Path] {
    placed.reversed().filter { item in
      if let backup = item.backup {
        guard rename(backup, item.target) else { return item.name != name || item.target.status == nil }
        // Two names of one file: the rename did nothing, and the second name is there still.
        backup.withCString { _ = unlink($0) }
        return false
      }
      return item.target.withCString { unlink($0) } != 0
    }.map(\.name)
  }
}
