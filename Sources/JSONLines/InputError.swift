import Foundation

/// Why an input could not be read.
public struct InputError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// The system's error number.
    case system(Int32)
    /// A line, counted from 1, is longer than what is read of one, in bytes.
    case lineTooLong(line: Int, limit: Int)
    /// The whole is more than what is read of such a file, in bytes.
    case tooLarge(limit: Int)
  }

  /// Nil where only an open handle was known.
  public var path: Path?
  public let reason: Reason

  public init(_ reason: Reason, path: Path? = nil) {
    self.path = path
    self.reason = reason
  }

  public init(code: Int32, path: Path? = nil) { self.init(.system(code), path: path) }

  /// The system's error number; EFBIG for what is over a limit of this library.
  public var code: Int32 {
    switch reason {
    case .system(let code): code
    case .lineTooLong, .tooLarge: EFBIG
    }
  }

  /// Opens a file for reading.
  public static func open(_ path: Path) throws(InputError) -> FileHandle {
    // FileHandle's own opening reports less than errno does.
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
