import BatchFile
import Foundation

/// Standard output, written through a buffer: a call of the system for every line would take most of the program's
/// time.
final class Output: ByteSink {
  /// The buffer's size in bytes.
  private static let size = 1 << 16

  private let handle: FileHandle
  private var buffer: [UInt8] = []
  /// Why writing failed; nil where it did not. After a failure nothing more is written.
  private(set) var failure: InputError.Reason?
  /// Called before bytes are handed to the system.
  var willWrite: (() -> Void)?

  init(_ handle: FileHandle) {
    self.handle = handle
    buffer.reserveCapacity(Output.size)
  }

  var descriptor: Int32 { handle.fileDescriptor }

  func write(_ bytes: UnsafeRawBufferPointer) {
    if buffer.count + bytes.count > Output.size { flush() }
    if bytes.count >= Output.size {
      writeAll(bytes)
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  func fail(_ reason: InputError.Reason) { failure = failure ?? reason }

  func flush() {
    buffer.withUnsafeBytes { writeAll($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) {
    var done = 0
    if !bytes.isEmpty { willWrite?() }
    while done < bytes.count, failure == nil {
      let count = Foundation.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count >= 0 {
        done += count
      } else if errno == EAGAIN {
        // Another process has made this terminal or pipe non-blocking, and it is full. Wait until it takes more.
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wanted, 1, -1)
      } else if errno != EINTR {
        failure = .system(errno)
      }
    }
  }
}
