import Foundation
import JSONLines

/// Exchanges the names of two files in one step.
enum FileExchange {
  /// - Returns: the system's error number; nil for success.
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

  /// Whether an error means that the system or the file system has no such call.
  static func isMissing(_ code: Int32) -> Bool { [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP].contains(code) }

  #if os(Linux)
    /// The type of renameat2(2). The function is looked up by its name, because Swift's module of the C library does
    /// not have it and neither do older C libraries.
    private typealias Rename =
      @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    /// RENAME_EXCHANGE of renameat2(2).
    private static let exchange: UInt32 = 2
  #endif
}
