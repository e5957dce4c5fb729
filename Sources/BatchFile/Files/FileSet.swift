import Foundation
import JSONLines

/// Temporary files that get their names together. If one of them cannot get its name, the names of the others are taken
/// away again and the files that had them before are put back; if the process is killed meanwhile, the next run with the
/// same output does that.
struct FileSet {
  /// A file that was given its name.
  private struct Placed {
    var name: Path
    /// Where `name` leads once symbolic links are followed.
    var target: Path
    /// Where the file that had the name before is kept; nil where there was none.
    var backup: Path?
  }

  /// The path from which the names are made, and by which ``SetRecord/repair(_:)`` finds the record.
  let output: Path
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
    let targets = names.map(\.resolved)
    let items = zip(files, targets).compactMap { file, target in
      FileStamp(of: file.path).map { SetRecord.Item(temporary: file.path, target: target, stamp: $0) }
    }
    guard items.count == files.count else { return OutputError(output, code: ENOENT) }
    switch SetRecord.begin(items, of: output, replaces: replaces) {
    case .failure(let error): return error
    case .success(let record): return move(to: targets, record)
    }
  }

  private func move(to targets: [Path], _ record: SetRecord) -> OutputError? {
    var placed: [Placed] = []
    for ((file, name), target) in zip(zip(files, names), targets) {
      var item = Placed(name: name, target: target)
      var failure: OutputError.Reason?
      if replaces, target.status != nil {
        item.backup = file.path.backup
        failure = FileSet.keep(target, as: file.path.backup)
        if failure != nil { item.backup = nil }
      }
      failure = failure ?? file.move(to: target, replaces: replaces)
      guard let failure else {
        placed.append(item)
        continue
      }
      // If the file was renamed to its backup, it has to be put back like those before it.
      if item.backup != nil { placed.append(item) }
      return undo(placed, failedAt: name, failure, record)
    }
    if let code = record.finish(in: output.folder) { return undo(placed, failedAt: output, .system(code), record) }
    for item in placed { item.backup?.withCString { _ = unlink($0) } }
    record.remove()
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

  /// Removes the new files and puts back the files that had their names before. Where that fails, the record stays for
  /// the next run.
  private func undo(
    _ placed: [Placed], failedAt name: Path, _ failure: OutputError.Reason, _ record: SetRecord
  ) -> OutputError {
    let stuck = placed.reversed().filter { item in
      if let backup = item.backup {
        guard FileSet.rename(backup, item.target) else { return item.name != name || item.target.status == nil }
        // Where backup and target were two names of one file, the rename did nothing and left the backup's name.
        backup.withCString { _ = unlink($0) }
        return false
      }
      return item.target.withCString { unlink($0) } != 0
    }.map(\.name)
    if stuck.isEmpty {
      record.remove()
      return OutputError(name, failure)
    }
    record.leave()
    let code: Int32 = if case .system(let code) = failure { code } else { EEXIST }
    return OutputError(name, .isPartlyReplaced(code, new: stuck))
  }
}
