import Foundation

/// The variables that the program was started with.
///
/// They are read one by one: Foundation's dictionary of all takes as long to make as 500 KB take to check.
struct Environment: Sendable {
  subscript(name: String) -> String? { getenv(name).map { String(cString: $0) } }

  var all: [String: String] { ProcessInfo.processInfo.environment }
}
