import Foundation
import JSONLines

/// A file that is UTF-16, as UTF-8.
enum Utf16Text {
  /// No batch file is larger; UTF-16 is decoded in memory.
  private static let largest = 1 << 29

  /// - Returns: the handle itself where the file is no UTF-16, standing where it stood.
  /// - Throws: ``InputError`` where reading fails, or where the text is too large or broken.
  static func transcoded(_ handle: FileHandle) throws(InputError) -> (handle: FileHandle, isTranscoded: Bool) {
    let start = lseek(handle.fileDescriptor, 0, SEEK_CUR)
    guard start >= 0 else { throw InputError(code: errno) }
    var head: [UInt8] = [0, 0]
    let count = pread(handle.fileDescriptor, &head, 2, start)
    if count < 0 { throw InputError(code: errno) }
    let isLittleEndian: Bool
    switch (count, head[0], head[1]) {
    case (2, 0xFF, 0xFE), (2, 0x7B, 0): isLittleEndian = true
    case (2, 0xFE, 0xFF), (2, 0, 0x7B): isLittleEndian = false
    default: return (handle, false)
    }
    guard let data = try? handle.read(upToCount: largest + 1) else { throw InputError(code: EIO) }
    if data.count > largest { throw InputError(code: EFBIG) }
    // What cannot be decoded stays, and is reported as it would be without mending.
    guard var text = decode(data, isLittleEndian: isLittleEndian) else {
      lseek(handle.fileDescriptor, start, SEEK_SET)
      return (handle, false)
    }
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    let spool = try UnnamedFile()
    try spool.write(text)
    return (spool.handle, true)
  }
  /// Nil where half a character is there: Foundation would put a replacement in its place, and the text be lost.
  private static func decode(_ data: Data, isLittleEndian: Bool) -> String? {
    guard data.count % 2 == 0 else { return nil }
    let units = data.withUnsafeBytes { bytes in
      (0..<data.count / 2).map { k in
        let unit = bytes.loadUnaligned(fromByteOffset: 2 * k, as: UInt16.self)
        return isLittleEndian ? UInt16(littleEndian: unit) : UInt16(bigEndian: unit)
      }
    }
    var hasHigh = false
    for unit in units {
      if UTF16.isTrailSurrogate(unit) != hasHigh { return nil }
      hasHigh = UTF16.isLeadSurrogate(unit)
    }
    return hasHigh ? nil : String(decoding: units, as: UTF16.self)
  }
}
