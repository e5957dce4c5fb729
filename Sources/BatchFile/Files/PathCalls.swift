import Foundation
import JSONLines

/// System calls with the bytes of a path, which need not be UTF-8.
extension Path {
  /// Opens the file. Child processes do not get the descriptor.
  package func opened(_ flags: Int32, mode: mode_t = 0o600) -> Int32 {
    withCString { open($0, flags | O_CLOEXEC, mode) }
  }

  /// The size of the file in bytes; 0 where there is no file.
  package var size: Int { status.map { Int($0.st_size) } ?? 0 }

  /// Removes the file, if there is one.
  package func unlink() { _ = withCString { Foundation.unlink($0) } }

  /// - Returns: whether it succeeded; if not, `errno` says why.
  package func renamed(to other: Path) -> Bool { withCString { from in other.withCString { rename(from, $0) } } == 0 }

  package func emptied() { _ = withCString { truncate($0, 0) } }
}
