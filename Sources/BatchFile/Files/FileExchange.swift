import Foundation
import JSONLines

/// Two files that change their names with each other at one moment.
enum FileExchange {
  /// - Returns: the system's error number; nil where it was done.
  static func swap(_ a: Path, _ b: Path) -> Int32? {
    #if os(Linux)
      guard let function = dlsym(nil, "renameat2") else { return ENOSYS }
      let rename = unsafeBitCast(function, to: Rename.self)
      let result = a.withCString { a in b.withCString { rename(AT_FDCWD, a, AT_FDCWD, $0, exchange) } }
    #else
      let result = a.withCString { a in b.withCString { renamex_np(a, $0, UInt32(RENAME_SWAP)) } }
    #endif
    return result == 0 ? nil : errno
  }

  /// Whether an error says that this cannot be had here.
  static func isMissing(_ code: Int32) -> Bool { [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP].contains(code) }

  #if os(Linux)
    /// Swift's overlay of the C library leaves this function out, and older C libraries have none. The type is that of
    /// renameat2(2).
    private typealias Rename =
      @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    /// RENAME_EXCHANGE of renameat2(2).
    private static let exchange: UInt32 = 2
  #endif
}
