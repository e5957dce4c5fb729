import Foundation

/// Why an input could not be read.
public struct InputError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// A call of the system failed with this error number (`errno`).
    case system(Int32)
    /// This line, counted from 1, has more than `limit` bytes, the most that are read of a line.
    case lineTooLong(line: Int, limit: Int)
    /// The file has more than `limit` bytes, the most that are read of such a file.
    case tooLarge(limit: Int)
  }

  /// The file; nil where the error came from a handle without a known path.
  public var path: Path?
  public let reason: Reason

  public init(_ reason: Reason, path: Path? = nil) {
    self.path = path
    self.reason = reason
  }

  public init(code: Int32, path: Path? = nil) { self.init(.system(code), path: path) }

  /// The system's error number; EFBIG where a limit of this library was exceeded.
  public var code: Int32 {
    switch reason {
    case .system(let code): code
    case .lineTooLong, .tooLarge: EFBIG
    }
  }

  /// Opens a file for reading.
  /// - Throws: `InputError`, with the path.
  public static func open(_ path: Path) throws(InputError) -> FileHandle {
    // FileHandle would report less about an error than errno does.
    let descriptor = path.withCString { Foundation.open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw InputError(code: errno, path: path) }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}

extension InputError: CustomStringConvertible, LocalizedError {
  public var description: String { path.map { "\($0): \(reason)" } ?? "\(reason)" }
  public var errorDescription: String? { description }
}

extension InputError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .system(let code): String(cString: strerror(code))
    case .lineTooLong(let line, let limit):
      "line \(line) is longer than the \(limit) bytes that this program reads of one"
    case .tooLarge(let limit): "it is larger than the \(limit) bytes that this program reads of such a file"
    }
  }
}
