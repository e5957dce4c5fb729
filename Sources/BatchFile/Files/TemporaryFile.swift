import Foundation

/// A file on its way to its name. It is removed when it is given up, by an error or by a signal.
final class TemporaryFile {
  private static let bufferSize = 1 << 18
  /// How much is written before it is sent on its way to the disk, in bytes.
  private static let sendSize = 4 << 20

  private let target: String
  private let path: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  /// Written, and sent on its way to the disk, in bytes.
  private var written = 0
  private var sent = 0

  init(beside target: String) throws(OutputError) {
    self.target = target
    let link = TemporaryFile.resolve(target)
    let folder = link.contains("/") ? String(link[...link.lastIndex(of: "/")!]) : ""
    (descriptor, path) = DoomedFiles.shared.make("\(folder).batchfile-XXXXXX")
    guard descriptor >= 0 else { throw OutputError(target, code: -descriptor) }
    // mkstemp makes files for their owner only; the new one gets the rights of the one it replaces, or the usual ones.
    var status = stat()
    let mode = stat(target, &status) == 0 ? status.st_mode & 0o7777 : 0o666 & ~TemporaryFile.mask
    fchmod(descriptor, mode)
    buffer.reserveCapacity(TemporaryFile.bufferSize)
  }

  deinit { remove() }

  func write(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
    if buffer.count + bytes.count > TemporaryFile.bufferSize { try writeBuffer() }
    if bytes.count >= TemporaryFile.bufferSize {
      try writeAll(bytes)
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  /// Brings everything to the disk: a file under its name is a file with its content, even after a power cut.
  func flush() throws(OutputError) {
    try writeBuffer()
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw OutputError(target, code: errno) }
  }

  /// - Parameter replaces: whether a file of that name may be replaced; if not, it stays even where it appeared only now.
  func rename(to name: String, replaces: Bool) throws(OutputError) {
    let final = TemporaryFile.resolve(name)
    if replaces {
      guard Foundation.rename(path, final) == 0 else { throw OutputError(name, code: errno) }
    } else {
      guard link(path, final) == 0 else { throw OutputError(name, code: errno) }
      unlink(path)
    }
    DoomedFiles.shared.remove(path)
    close(descriptor)
    descriptor = -1
  }

  func remove() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    unlink(path)
    DoomedFiles.shared.remove(path)
  }

  private func writeBuffer() throws(OutputError) {
    let full = buffer
    buffer.removeAll(keepingCapacity: true)
    var failure: OutputError?
    full.withUnsafeBytes { bytes in
      do throws(OutputError) { try writeAll(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
    var done = 0
    while done < bytes.count {
      let count = Foundation.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count >= 0 {
        done += count
        written += count
      } else if errno != EINTR {
        throw OutputError(target, code: errno)
      }
    }
    if written - sent >= TemporaryFile.sendSize { send() }
  }

  /// Has the system begin to write to the disk what came last, so that the flush at the end need not wait for all of it.
  private func send() {
    #if os(Linux)
      // For pages that are not on the disk yet, Linux takes this advice by writing them, without waiting; they stay in
      // memory. Its own call for that, sync_file_range, cannot be reached from Swift.
      posix_fadvise(descriptor, off_t(sent), off_t(written - sent), POSIX_FADV_DONTNEED)
    #endif
    sent = written
  }

  /// Where a symbolic link leads: the file behind it is replaced, or made, not the link.
  private static func resolve(_ path: String, links: Int = 0) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    var destination = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = destination.withUnsafeMutableBytes { readlink(path, $0.baseAddress!, $0.count) }
    guard count > 0, links < 32 else { return path }
    let next = String(decoding: destination[..<count], as: UTF8.self)
    let folder = path.contains("/") && !next.hasPrefix("/") ? String(path[...path.lastIndex(of: "/")!]) : ""
    return resolve(folder + next, links: links + 1)
  }

  /// The process's file mode mask, which can only be read by setting it.
  private static let mask: mode_t = {
    let mask = umask(0o022)
    umask(mask)
    return mask
  }()
}
