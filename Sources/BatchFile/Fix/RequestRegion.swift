import JSONLines

/// Lines in a row that are not one request each, but may be requests when they are taken together: a request that is
/// printed over several lines, an array of requests, or several requests on one line.
///
/// The tokens are checked line by line, and the first one that JSON does not allow in its place ends the region. So a
/// request that was cut off does not take the good lines after it into its region.
struct RequestRegion {
  /// A line of the source.
  struct Line {
    /// The line's number, from 1.
    var number: Int
    /// All bytes of the line, with its newline.
    var bytes: [UInt8]
    /// Where in `bytes` the text is, without a byte-order mark and the newline.
    var text: Range<Int>
    /// Whether the line ends with a newline; only a file's last line may not.
    var hasEnd: Bool { bytes.last == ASCII.newline }
  }

  /// What the lines so far are together.
  enum State {
    /// The beginning of a request or an array; more lines are needed.
    case open
    /// These requests, each on one line, without line ends.
    case requests([[UInt8]])
    /// No requests.
    case broken
  }

  /// Which token may come next.
  private enum Expectation {
    /// `separator` is a comma or the end of the container.
    case value, key, colon, separator
    /// A value or a key, or the end of a container that has no element yet.
    case valueOrEnd, keyOrEnd
    /// Another request, after one that is in no array.
    case nextRequest
  }

  /// The most bytes of a region, since its lines are kept in memory. The APIs take no batch file of this size.
  private static let largest = 1 << 29
  /// The most containers inside each other.
  private static let deepest = 1_000

  private(set) var lines: [Line] = []
  /// The texts of the lines, one after the other.
  private var text: [UInt8] = []
  /// The opening braces and brackets that are not closed yet.
  private var containers: [UInt8] = []
  private var expectation = Expectation.value
  /// Where the current request begins in `text`.
  private var start = 0
  /// Where the requests are in `text` that have ended.
  private var requests: [Range<Int>] = []

  /// Adds the next line.
  mutating func add(_ line: Line) -> State {
    lines.append(line)
    let from = text.count
    text += line.bytes[line.text]
    guard text.count <= RequestRegion.largest, follow(from) else { return .broken }
    if !containers.isEmpty || requests.isEmpty {
      text.append(ASCII.newline)
      return .open
    }
    let document = JSONDocument()
    var found: [[UInt8]] = []
    for range in requests {
      let request = RequestRegion.onOneLine(text[range])
      let isRequest = PaddedBytes.withCopy(of: request) {
        JSONScanner.scan($0, into: document) == nil && Envelope(document.root).looksLikeRequest
      }
      guard isRequest else { return .broken }
      found.append(request)
    }
    return .requests(found)
  }

  /// Checks the tokens from an index to the end of the text.
  /// - Returns: false where JSON does not allow one of them in its place.
  private mutating func follow(_ from: Int) -> Bool {
    var i = from
    while i < text.count {
      let byte = text[i]
      switch byte {
      case _ where ASCII.isBlank(byte): break
      case ASCII.openBrace, ASCII.openBracket:
        guard open(byte, at: i) else { return false }
      case ASCII.closeBrace, ASCII.closeBracket:
        guard close(byte, at: i) else { return false }
      case ASCII.comma:
        guard takeComma() else { return false }
      case ASCII.colon:
        guard expectation == .colon else { return false }
        expectation = .value
      case ASCII.quote:
        guard let end = endOfString(from: i), takeScalar(isString: true) else { return false }
        i = end
      default:
        guard RequestRegion.isWord(byte), takeScalar(isString: false) else { return false }
        while i + 1 < text.count, RequestRegion.isWord(text[i + 1]) { i += 1 }
      }
      i += 1
    }
    return true
  }

  /// Whether an object that begins here is a request: it is in no container, or an element of the outermost array.
  private var isAtRequests: Bool { containers.isEmpty || isInArrayOfRequests }
  private var isInArrayOfRequests: Bool { containers.count == 1 && containers[0] == ASCII.openBracket }

  private mutating func open(_ byte: UInt8, at i: Int) -> Bool {
    switch expectation {
    case .value, .valueOrEnd, .nextRequest: break
    default: return false
    }
    // An array inside an array of requests is not a request.
    if isInArrayOfRequests, byte == ASCII.openBracket { return false }
    guard containers.count < RequestRegion.deepest else { return false }
    if isAtRequests, byte == ASCII.openBrace { start = i }
    containers.append(byte)
    expectation = byte == ASCII.openBrace ? .keyOrEnd : .valueOrEnd
    return true
  }

  private mutating func close(_ byte: UInt8, at i: Int) -> Bool {
    let opening = byte == ASCII.closeBrace ? ASCII.openBrace : ASCII.openBracket
    guard containers.last == opening else { return false }
    switch expectation {
    case .separator: break
    case .keyOrEnd where byte == ASCII.closeBrace, .valueOrEnd where byte == ASCII.closeBracket: break
    default: return false
    }
    containers.removeLast()
    if isAtRequests, byte == ASCII.closeBrace { requests.append(start..<i + 1) }
    expectation = containers.isEmpty ? .nextRequest : .separator
    return true
  }

  private mutating func takeComma() -> Bool {
    guard expectation == .separator else { return false }
    expectation = containers.last == ASCII.openBrace ? .key : .value
    return true
  }

  private mutating func takeScalar(isString: Bool) -> Bool {
    switch expectation {
    case .key where isString, .keyOrEnd where isString: expectation = .colon
    case .value where !isAtRequests, .valueOrEnd where !isAtRequests: expectation = .separator
    default: return false
    }
    return true
  }

  /// The index of the quote that ends a string; nil where it does not end on its line.
  private func endOfString(from start: Int) -> Int? {
    var i = start + 1
    while i < text.count {
      if text[i] == ASCII.quote { return i }
      i += text[i] == ASCII.backslash ? 2 : 1
    }
    return nil
  }

  /// Whether a byte can be part of a number, `true`, `false` or `null`. Whether the whole word is one of these is
  /// checked later, when the request is scanned.
  private static func isWord(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == ASCII.minus || byte == ASCII.plus
      || byte == ASCII.point
  }

  /// The request on one line. If it goes over several lines, the white space between its tokens is removed and nothing
  /// else; otherwise it stays as it is.
  private static func onOneLine(_ request: ArraySlice<UInt8>) -> [UInt8] {
    request.contains(ASCII.newline) ? JSONText.withoutWhiteSpace(request) : Array(request)
  }
}

extension Envelope {
  /// Whether the object has at least two of a request's four members. An object with fewer is something else.
  fileprivate var looksLikeRequest: Bool { [customID, method, url, body].count { $0 != nil } >= 2 }
}
