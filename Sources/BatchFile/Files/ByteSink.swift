import JSONLines

/// Takes bytes in order: a report, a diff, a conversion that goes to standard output.
package protocol ByteSink: AnyObject {
  func write(_ bytes: UnsafeRawBufferPointer)
  /// What should come next cannot be had, so that the output is not whole.
  func fail(_ reason: InputError.Reason)
}

extension ByteSink {
  package func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0) } }
  package func write(_ text: String) { write(Array(text.utf8)) }
}
