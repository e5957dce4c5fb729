import Foundation
import JSONLines

/// Calls of the system that take a name, in the name's bytes.
extension Path {
  /// A descriptor that no child gets; negative where the system refuses, and `errno` says why.
  package func opened(_ flags: Int32, mode: mode_t = 0o600) -> Int32 {
    withCString { open($0, flags | O_CLOEXEC, mode) }
  }

  /// In bytes; 0 where there is no file.
  package var size: Int { status.map { Int($0.st_size) } ?? 0 }

  /// Removes the name, where it is there.
  package func unlink() { _ = withCString { Foundation.unlink($0) } }

  /// - Returns: whether the system did it; else `errno` says why.
  package func renamed(to other: Path) -> Bool { withCString { from in other.withCString { rename(from, $0) } } == 0 }

  package func emptied() { _ = withCString { truncate($0, 0) } }
}
