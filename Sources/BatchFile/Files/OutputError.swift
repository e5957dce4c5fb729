import Foundation

/// Why an output could not be written.
public struct OutputError: Error, CustomStringConvertible, Sendable {
  public let description: String

  init(_ description: String) { self.description = description }

  init(_ path: String, code: Int32) { description = "\(path): \(String(cString: strerror(code)))" }
}
