/// How a command ended.
enum ExitStatus: Int32, Comparable {
  /// Nothing wrong; warnings are allowed.
  case clean = 0
  /// Errors were found.
  case faults = 1
  /// The command could not do what was asked: usage, an unreadable file, a write that failed.
  case failed = 2

  static func < (a: ExitStatus, b: ExitStatus) -> Bool { a.rawValue < b.rawValue }
}
