import Foundation
import JSONLines

/// Why an output could not be written; what was there before is there, where the reason does not say otherwise.
public struct OutputError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// The system's error number.
    case system(Int32)
    /// There is a file already that may not be replaced.
    case exists
    case isDirectory
    /// A pipe, a device or a socket: nothing can be put in its place.
    case isNoRegularFile
    /// Nobody may write to the file, or not this user.
    case isReadOnly
    /// Another process wrote to the file since it was read.
    case hasChanged
    /// The folder for temporary files (TMPDIR) takes none, by the system's error number.
    case noTemporaryFile(Int32)
    /// Of a set of files some were replaced when an error came, and could not be put back.
    case isPartlyReplaced(Int32, new: [Path])
  }

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
    case .isPartlyReplaced(let code, let new):
      "\(String(cString: strerror(code))); new are \(new.map(\.description).joined(separator: ", ")), all others are "
        + "as they were"
    }
  }
}
