/// Takes bytes in order: a report, a diff, a conversion that goes to standard output.
package protocol ByteSink: AnyObject {
  func write(_ bytes: UnsafeRawBufferPointer)
}

extension ByteSink {
  package func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0) } }
  package func write(_ text: String) { write(Array(text.utf8)) }
}
