import Foundation

/// Why an input could not be read, in the system's words.
public struct InputError: Error, CustomStringConvertible, Sendable {
  /// The system's error number.
  public let code: Int32

  public init(code: Int32) { self.code = code }

  public var description: String { String(cString: strerror(code)) }

  /// Opens a file for reading.
  package static func open(_ path: String) throws(InputError) -> FileHandle {
    // FileHandle's own opening reports less than errno does.
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw InputError(code: errno) }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}
