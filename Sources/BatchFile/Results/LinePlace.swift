/// The place of a line.
struct LinePlace {
  static let mostFiles = 1 << 14

  /// The file's number and the offset in bytes.
  let location: UInt64
  /// The length of the line without its newline, in bytes.
  let length: UInt32

  @inline(__always)
  init(_ location: UInt64, _ length: UInt32) {
    self.location = location
    self.length = length
  }

  init(file: Int, offset: Int, length: Int) {
    self.init(UInt64(file) << 48 | UInt64(offset), UInt32(length))
  }

  var file: Int { Int(location >> 48) }
  var offset: Int { Int(location & 0xFFFF_FFFF_FFFF) }
  var end: Int { offset + Int(length) }
}
