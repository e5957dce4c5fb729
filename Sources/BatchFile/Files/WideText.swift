import Foundation
import JSONLines

/// Turns text in UTF-16 or UTF-32 into UTF-8.
enum WideText {
  private struct Encoding {
    /// The bytes of a code unit: 2 or 4.
    var width: Int
    var isLittleEndian: Bool
  }

  /// The most bytes of such a text, since it is decoded in memory. The APIs take no batch file of this size.
  private static let largest = 1 << 29

  /// A copy in UTF-8 of a file that is UTF-16 or UTF-32 from the handle's position on.
  /// - Returns: the copy; or the handle itself, at the same position, where the file is not such a text.
  /// - Throws: ``InputError`` where reading fails or the text is too large; ``OutputError`` where the copy cannot be
  ///   written.
  static func transcoded(_ handle: FileHandle) throws -> (handle: FileHandle, isTranscoded: Bool) {
    let start = lseek(handle.fileDescriptor, 0, SEEK_CUR)
    guard start >= 0 else { throw InputError(code: errno) }
    var head = [UInt8](repeating: 0, count: 4)
    let count = pread(handle.fileDescriptor, &head, 4, start)
    if count < 0 { throw InputError(code: errno) }
    guard let encoding = encoding(head[..<count]) else { return (handle, false) }
    // A file that is certainly too large is not read.
    var status = stat()
    if fstat(handle.fileDescriptor, &status) == 0, Int(status.st_size) - Int(start) > largest {
      throw InputError(.tooLarge(limit: largest))
    }
    guard let data = try? handle.read(upToCount: largest + 1) else { throw InputError(code: EIO) }
    if data.count > largest { throw InputError(.tooLarge(limit: largest)) }
    // A text with errors is left as it is, and the check reports it as it would any other bytes.
    guard var text = decode(data, encoding) else {
      lseek(handle.fileDescriptor, start, SEEK_SET)
      return (handle, false)
    }
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    let spool = try UnnamedFile()
    try Array(text.utf8).withUnsafeBytes { try spool.append($0) }
    try spool.rewind()
    return (spool.handle, true)
  }

  /// A file or a pipe from its current position on, as UTF-8 where it is UTF-16 or UTF-32.
  ///
  /// - Returns: the handle to read from, and bytes that come before it and were already read from the pipe.
  /// - Throws: ``InputError`` where reading fails or the text is too large; ``OutputError`` where the copy cannot be
  ///   written.
  static func opened(_ handle: FileHandle) throws -> (handle: FileHandle, prefix: [UInt8]) {
    if lseek(handle.fileDescriptor, 0, SEEK_CUR) >= 0 { return (try transcoded(handle).handle, []) }
    var head: [UInt8] = []
    while head.count < 4 {
      var rest = [UInt8](repeating: 0, count: 4 - head.count)
      let count = read(handle.fileDescriptor, &rest, rest.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw InputError(code: errno) }
      if count == 0 { break }
      head += rest[..<count]
    }
    guard encoding(head[...]) != nil else { return (handle, head) }
    let copy = try UnnamedFile()
    try copy.fill(from: handle, after: head)
    return (try transcoded(copy.handle).handle, [])
  }

  /// The encoding by the byte-order mark, or by the zero bytes beside a first brace or bracket; nil where there is
  /// neither. UTF-32 is looked for first, because its little-endian mark begins with UTF-16's.
  private static func encoding(_ head: ArraySlice<UInt8>) -> Encoding? {
    func begins(_ bytes: UInt8...) -> Bool { head.starts(with: bytes) }
    if begins(0xFF, 0xFE, 0, 0) || begins(0x7B, 0, 0, 0) || begins(0x5B, 0, 0, 0) {
      return Encoding(width: 4, isLittleEndian: true)
    }
    if begins(0, 0, 0xFE, 0xFF) || begins(0, 0, 0, 0x7B) || begins(0, 0, 0, 0x5B) {
      return Encoding(width: 4, isLittleEndian: false)
    }
    if begins(0xFF, 0xFE) || begins(0x7B, 0) || begins(0x5B, 0) { return Encoding(width: 2, isLittleEndian: true) }
    if begins(0xFE, 0xFF) || begins(0, 0x7B) || begins(0, 0x5B) { return Encoding(width: 2, isLittleEndian: false) }
    return nil
  }

  /// The decoded text; nil where some of its units are not a character. Foundation would put a replacement character in
  /// their place, and those bytes would be lost.
  private static func decode(_ data: Data, _ encoding: Encoding) -> String? {
    guard data.count % encoding.width == 0 else { return nil }
    return data.withUnsafeBytes { bytes in
      encoding.width == 2
        ? decodeUTF16(bytes, isLittleEndian: encoding.isLittleEndian)
        : decodeUTF32(bytes, isLittleEndian: encoding.isLittleEndian)
    }
  }

  private static func decodeUTF16(_ bytes: UnsafeRawBufferPointer, isLittleEndian: Bool) -> String? {
    let units = (0..<bytes.count / 2).map { k in
      let unit = bytes.loadUnaligned(fromByteOffset: 2 * k, as: UInt16.self)
      return isLittleEndian ? UInt16(littleEndian: unit) : UInt16(bigEndian: unit)
    }
    var hasHigh = false
    for unit in units {
      if UTF16.isTrailSurrogate(unit) != hasHigh { return nil }
      hasHigh = UTF16.isLeadSurrogate(unit)
    }
    return hasHigh ? nil : String(decoding: units, as: UTF16.self)
  }

  private static func decodeUTF32(_ bytes: UnsafeRawBufferPointer, isLittleEndian: Bool) -> String? {
    var text = String.UnicodeScalarView()
    for k in 0..<bytes.count / 4 {
      let unit = bytes.loadUnaligned(fromByteOffset: 4 * k, as: UInt32.self)
      guard let scalar = Unicode.Scalar(isLittleEndian ? UInt32(littleEndian: unit) : UInt32(bigEndian: unit)) else {
        return nil
      }
      text.append(scalar)
    }
    return String(text)
  }
}
