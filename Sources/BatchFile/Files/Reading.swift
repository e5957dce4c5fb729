import Foundation
import JSONLines

/// The name of a file, in bytes.
public typealias Path = JSONLines.Path
/// Why an input could not be read.
public typealias InputError = JSONLines.InputError

extension Path {
  /// The file's bytes.
  ///
  /// - Parameter limit: more is an error, so that a device or a wrong file does not fill the memory.
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
