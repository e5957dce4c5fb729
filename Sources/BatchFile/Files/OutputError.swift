import Foundation
import JSONLines

/// Why an output could not be written. Files that were there before are unchanged, except for those that the reasons
/// `isPartlyReplaced` and `isReplaced` name.
public struct OutputError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// A call of the system failed with this error number (`errno`).
    case system(Int32)
    /// A file of this name exists, and was not to be replaced.
    case exists
    case isDirectory
    /// The path leads to a pipe, a device or a socket, which a file cannot replace.
    case isNoRegularFile
    /// The file's mode allows nobody to write to it, or this user may not.
    case isReadOnly
    /// Another process wrote to the file after it was read.
    case hasChanged
    /// No file could be made in the folder for temporary files (TMPDIR, else /tmp); with the system's error number.
    case noTemporaryFile(Int32)
    /// Another process is giving the files of this output their names at this moment.
    case isBeingWritten
    /// The file was replaced although another process had written to it meanwhile, and it could not be put back. What
    /// that process wrote is in the file `former`. The number is the system's error.
    case isReplaced(Int32, former: Path)
    /// A set of files was replaced only in part, and the new files could not be removed again; the next run with this
    /// output tries that once more. The values are the system's error number and the paths of the new files.
    case isPartlyReplaced(Int32, new: [Path])
  }

  /// The output that could not be written; the folder for temporary files where the reason is `noTemporaryFile`.
  public let path: Path
  public let reason: Reason

  package init(_ path: Path, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  init(_ path: Path, code: Int32) { self.init(path, .system(code)) }
}

extension OutputError: CustomStringConvertible, LocalizedError {
  public var description: String { "\(path): \(reason)" }
  public var errorDescription: String? { description }
}

extension OutputError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .system(let code): String(cString: strerror(code))
    case .exists: "exists"
    case .isDirectory: "is a directory"
    case .isNoRegularFile: "is not a regular file"
    case .isReadOnly: "is read-only"
    case .hasChanged: "changed while it was read; nothing is written"
    case .noTemporaryFile(let code): "\(String(cString: strerror(code))) (the folder for temporary files)"
    case .isBeingWritten: "is just being written by another process"
    case .isReplaced(let code, let former):
      "\(String(cString: strerror(code))); another process wrote to it meanwhile, and what it wrote is in \(former)"
    case .isPartlyReplaced(let code, let new):
      "\(String(cString: strerror(code))); these files are new already: "
        + "\(new.map(\.description).joined(separator: ", ")); all others are unchanged; the next run with this output "
        + "puts these back, too"
    }
  }
}
