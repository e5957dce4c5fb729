import Foundation
import JSONLines

/// The path of a file, as bytes: not all paths are valid UTF-8.
public typealias Path = JSONLines.Path
/// Why an input could not be read.
public typealias InputError = JSONLines.InputError

extension Path {
  /// Reads all bytes of the file.
  ///
  /// - Parameter limit: the most bytes that may be read. A longer file is an error, so that a device or a wrong file
  ///   cannot fill the memory.
  /// - Throws: `InputError`, with the path.
  package func contents(limit: Int) throws(InputError) -> [UInt8] {
    let handle = try InputError.open(self)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(limit + 1, 1 << 16))
    while true {
      let count = read(handle.fileDescriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw InputError(code: errno, path: self) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      if bytes.count > limit { throw InputError(.tooLarge(limit: limit), path: self) }
    }
  }
}
