import JSONLines

/// Takes the bytes of an output in order: of a report, a diff, or a conversion that goes to standard output.
package protocol ByteSink: AnyObject {
  func write(_ bytes: UnsafeRawBufferPointer)
  /// The bytes that should come next could not be read, for this reason, so the output is incomplete.
  func fail(_ reason: InputError.Reason)
}

extension ByteSink {
  package func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0) } }
  package func write(_ text: String) { write(Array(text.utf8)) }
}
