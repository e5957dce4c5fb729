import Foundation

/// Why an output could not be written.
public struct OutputError: Error, CustomStringConvertible, Sendable {
  public let description: String
  /// Whether there is a file already that may not be replaced.
  package let isInTheWay: Bool

  init(_ description: String, isInTheWay: Bool = false) {
    self.description = description
    self.isInTheWay = isInTheWay
  }

  init(_ path: String, code: Int32) {
    isInTheWay = false
    description = "\(path): \(String(cString: strerror(code)))"
  }
}
