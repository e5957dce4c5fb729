import Foundation

/// Writes to an open file through a buffer, so that many small writes become few calls of the system.
///
/// Its functions return the system's error number, or nil for success. The caller knows which file the error is about.
struct DescriptorWriter {
  /// In bytes.
  static let bufferSize = 1 << 18
  /// From this size on, bytes that find the buffer empty are written as they are: to copy them would take longer than
  /// another call of the system.
  private static let worthCall = 1 << 16

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// How many bytes were handed to the system.
  private(set) var written = 0

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    buffer.reserveCapacity(DescriptorWriter.bufferSize)
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer) -> Int32? {
    if buffer.count + bytes.count > DescriptorWriter.bufferSize, let error = flush() { return error }
    if bytes.count >= (buffer.isEmpty ? DescriptorWriter.worthCall : DescriptorWriter.bufferSize) {
      return writeAll(bytes)
    }
    buffer.append(contentsOf: bytes)
    return nil
  }

  mutating func flush() -> Int32? {
    // `writeAll` changes `self`, so Swift does not allow to hand it a buffer that is a part of `self`.
    var full: [UInt8] = []
    swap(&full, &buffer)
    let error = full.withUnsafeBytes { writeAll($0) }
    full.removeAll(keepingCapacity: true)
    swap(&full, &buffer)
    return error
  }

  private mutating func writeAll(_ bytes: UnsafeRawBufferPointer) -> Int32? {
    var done = 0
    while done < bytes.count {
      let count = Foundation.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count >= 0 {
        done += count
        written += count
      } else if errno != EINTR {
        return errno
      }
    }
    return nil
  }
}
