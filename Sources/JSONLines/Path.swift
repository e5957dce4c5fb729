/// The path of a file, as the bytes that the system uses. On Linux a name need not be UTF-8, and two names that `String
/// ==` takes as equal can be two files.
public struct Path: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The bytes, without the NUL at the end.
  public let bytes: [UInt8]

  public init(_ text: String) { bytes = Array(text.utf8) }
  public init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }
  public init(stringLiteral text: String) { self.init(text) }

  /// The path for people: bytes that are not UTF-8 are written as `\xNN`.
  public var description: String {
    var text = ""
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var position = 0
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid(let scalar):
        position += scalar.count
        text.unicodeScalars.append(Unicode.UTF8.decode(scalar))
      case .error(let length):
        for byte in bytes[position..<position + length] { text += Path.escaped(byte) }
        position += length
      case .emptyInput: return text
      }
    }
  }

  /// Calls `body` with the path as a C string. The system would cut a path with a NUL there and take it for another
  /// file, so `body` gets an empty path instead, which leads to no file.
  public func withCString<R>(_ body: (UnsafePointer<CChar>) throws -> R) rethrows -> R {
    var characters = bytes.contains(0) ? [] : bytes.map { CChar(bitPattern: $0) }
    characters.append(0)
    return try body(characters)
  }

  // MARK: - Parts

  /// The path up to its last slash, which is included; empty where there is none.
  public var folder: Path {
    Path(bytes: bytes[..<(bytes.lastIndex(of: Path.slash).map { $0 + 1 } ?? 0)])
  }

  /// The path after its last slash.
  public var name: Path { Path(bytes: bytes[folder.bytes.count...]) }

  public var isAbsolute: Bool { bytes.first == Path.slash }

  public static func + (path: Path, text: String) -> Path { Path(bytes: path.bytes + Array(text.utf8)) }
  public static func + (a: Path, b: Path) -> Path { Path(bytes: a.bytes + b.bytes) }

  private static let slash = UInt8(ascii: "/")

  private static func escaped(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "\\x" + (digits.count < 2 ? "0" : "") + digits
  }
}
