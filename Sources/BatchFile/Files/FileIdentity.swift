import Foundation
import JSONLines

/// The identity of a file: equal for two paths or handles that lead to the same file by different names or links.
package struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64

  /// The identity of the file that a path leads to; nil where there is none.
  package init?(_ path: Path) {
    guard let status = path.status else { return nil }
    self.init(status)
  }

  package init?(_ handle: FileHandle) {
    var status = stat()
    guard fstat(handle.fileDescriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
  }
}

extension Path {
  /// What the system knows of the file that the path leads to; nil where there is none.
  package var status: stat? {
    var status = stat()
    return withCString { stat($0, &status) } == 0 ? status : nil
  }

  /// Whether the path leads to a file, a folder or anything else.
  package var exists: Bool { status != nil }

  /// Whether both paths lead to the same file, and the file exists.
  package func isSameFile(as other: Path) -> Bool {
    guard let identity = FileIdentity(self) else { return false }
    return identity == FileIdentity(other)
  }

  /// The path with all symbolic links followed, also where the file that the last one names does not exist yet.
  package var resolved: Path { resolved(links: 0) }

  private func resolved(links: Int) -> Path {
    if let real = withCString({ realpath($0, nil) }) {
      defer { free(real) }
      return Path(bytes: UnsafeRawBufferPointer(start: real, count: strlen(real)))
    }
    var destination = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = withCString { path in
      destination.withUnsafeMutableBytes { room in
        room.baseAddress.map { readlink(path, $0, room.count) } ?? 0
      }
    }
    guard count > 0, links < 32 else { return self }
    let next = Path(bytes: destination[..<count])
    return (next.isAbsolute ? next : folder + next).resolved(links: links + 1)
  }
}
