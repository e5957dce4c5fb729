import JSONLines

/// Lines in a row that are no requests by themselves and may be requests together: one that is printed over several
/// lines, an array of requests, or two requests on one line.
///
/// Tokens are followed line by line, so that the first one that cannot stand where it does ends the region: what comes
/// after a line that was cut short is not swallowed.
struct RequestRegion {
  /// A line of the source.
  struct Line {
    /// From 1.
    var number: Int
    /// As it is, with its end.
    var bytes: [UInt8]
    /// Where its text is, without a byte-order mark and the newline.
    var text: Range<Int>
    var hasEnd: Bool { bytes.last == ASCII.newline }
  }

  /// What the lines so far are.
  enum State {
    /// The beginning of requests.
    case open
    /// These requests, each on a line of its own, without line ends.
    case requests([[UInt8]])
    /// No requests.
    case broken
  }

  /// What may come next.
  private enum Expectation {
    case value, key, colon, separator
    /// A value or key, or the end of what has just begun.
    case valueOrEnd, keyOrEnd
    /// At the top, after a value.
    case nextRequest
  }

  /// No batch file is larger; the lines wait in memory.
  private static let largest = 1 << 29
  private static let deepest = 1_000

  private(set) var lines: [Line] = []
  private var text: [UInt8] = []
  private var containers: [UInt8] = []
  private var expectation = Expectation.value
  /// Where the request at hand begins in `text`.
  private var start = 0
  private var requests: [Range<Int>] = []

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

  /// Follows the tokens from an index to the end of the text.
  /// - Returns: false where one cannot stand where it does.
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

  /// Whether requests begin here: at the top, or as elements of an array at the top.
  private var isAtRequests: Bool { containers.isEmpty || isInArrayOfRequests }
  private var isInArrayOfRequests: Bool { containers.count == 1 && containers[0] == ASCII.openBracket }

  private mutating func open(_ byte: UInt8, at i: Int) -> Bool {
    switch expectation {
    case .value, .valueOrEnd, .nextRequest: break
    default: return false
    }
    // An array in an array of requests is no request.
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

  /// Whether a byte can be a part of a number, `true`, `false` or `null`; whether it is one, the scanner finds out.
  private static func isWord(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == ASCII.minus || byte == ASCII.plus
      || byte == ASCII.point
  }

  /// A request that goes over several lines loses the white space between its tokens and nothing else; one on a line
  /// stays as it is.
  private static func onOneLine(_ request: ArraySlice<UInt8>) -> [UInt8] {
    request.contains(ASCII.newline) ? JSONText.withoutWhiteSpace(request) : Array(request)
  }
}

extension Envelope {
  /// Whether it has two of a request's four members at least: fewer, and it is something else.
  fileprivate var looksLikeRequest: Bool { [customID, method, url, body].count { $0 != nil } >= 2 }
}
