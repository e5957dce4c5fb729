import BatchFile

/// One argument, in the bytes that the shell gave, because the names of files need not be UTF-8.
struct Word: Hashable, Sendable, ExpressibleByStringLiteral {
  let bytes: [UInt8]

  init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }
  init(stringLiteral text: String) { bytes = Array(text.utf8) }

  var path: Path { Path(bytes: bytes) }
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The word without its first bytes.
  func dropFirst(_ count: Int) -> Word { Word(bytes: bytes.dropFirst(count)) }
}
