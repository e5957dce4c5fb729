import JSONLines

/// Recognises files that are wrong as a whole, to name what they are instead of repeating "not JSON".
enum Oddities {
  static let arrayNote = "this is a JSON array; a batch file has one request object a line and no brackets around"

  /// What to say of a line that is no JSON.
  static func note(on line: PaddedBytes, _ error: JSONError, isFirstLine: Bool) -> String {
    let what = "\(words(for: error, on: line)) (byte \(error.offset + 1))"
    if isFirstLine, let encoding = encoding(line) { return encoding }
    if let nul = line.buffer(0..<line.count).firstIndex(of: 0), nul == error.offset {
      return "\(what); there are NUL bytes: is this UTF-16 or a damaged file?"
    }
    let text = trimmed(line)
    switch error.reason {
    case .byteOrderMark: return "the line begins with a UTF-8 byte-order mark; save the file without one"
    case .cutShort where text == "[": return "\(what); this looks like a file that is one JSON array"
    case .cutShort where text == "{": return "\(what); this looks like pretty-printed JSON: a request is one line"
    case .trailingBytes where text.hasPrefix("{") && text.hasSuffix(",") && isLast(error.offset, of: line):
      return "\(what); lines are not separated by commas"
    case .trailingBytes where line[error.offset] == ASCII.openBrace:
      return "\(what); each request has a line of its own"
    case .invalidUTF8 where isLatin1Letter(line[error.offset]) && !isBinary(line):
      let byte = line[error.offset]
      return "\(what); 0x\(String(byte, radix: 16, uppercase: true)) would be '\(Character(Unicode.Scalar(byte)))'"
        + " in Latin-1: save the file as UTF-8"
    default: return what
    }
  }

  /// What would mend a line that is no JSON because requests are not laid out one a line. Only what stands at the
  /// line's very beginning opens a request or an array: deeper ones are indented.
  static func remedy(for line: PaddedBytes, _ error: JSONError) -> Finding.Remedy? {
    guard error.reason == .cutShort else { return nil }
    switch (line[0], trimmed(line)) {
    case (ASCII.openBrace, "{"): return .joinLines
    case (ASCII.openBracket, "["): return .openArray
    default: return nil
    }
  }

  /// The scanner stops at a letter that can only begin NaN or Infinity; what stands there may be something else.
  private static func words(for error: JSONError, on line: PaddedBytes) -> String {
    var end = error.offset
    while end < line.count, (line[end] | 0x20) &- 0x61 < 26 { end += 1 }
    switch (error.reason, line.text(error.offset..<min(end, error.offset + 16))) {
    case (_, "None"): return "None is Python; JSON has null"
    case (_, "True"), (_, "False"): return "True and False are Python; JSON has true and false"
    case (.notANumberLiteral, let word) where !["NaN", "Infinity", ""].contains(word): return "expected a value"
    default: return "\(error)"
    }
  }

  /// Whether nothing but blanks follows a byte.
  private static func isLast(_ offset: Int, of line: PaddedBytes) -> Bool {
    line.buffer(offset + 1..<line.count).allSatisfy(ASCII.isBlank)
  }

  /// Whether there are bytes that no text has.
  private static func isBinary(_ line: PaddedBytes) -> Bool {
    line.buffer(0..<min(line.count, 4096)).contains { $0 < 0x20 && !ASCII.isBlank($0) && $0 != 0x1B }
  }

  static func encoding(_ line: PaddedBytes) -> String? {
    guard line.count >= 2 else { return nil }
    switch (line[0], line[1]) {
    case (0xEF, 0xBB) where line.count >= 3 && line[2] == 0xBF:
      return "the file begins with a UTF-8 byte-order mark; save it without one"
    // The mark of UTF-32 in this order begins with the one of UTF-16.
    case (0xFF, 0xFE) where line.count >= 4 && line[2] == 0 && line[3] == 0:
      return "the file is UTF-32 (little-endian); save it as UTF-8"
    case (0, 0) where line.count >= 4 && line[2] == 0xFE && line[3] == 0xFF:
      return "the file is UTF-32 (big-endian); save it as UTF-8"
    case (0xFF, 0xFE): return "the file is UTF-16 (little-endian); save it as UTF-8"
    case (0xFE, 0xFF): return "the file is UTF-16 (big-endian); save it as UTF-8"
    case (0, 0x7B), (0x7B, 0): return "the file is UTF-16 without a byte-order mark; save it as UTF-8"
    case (0x1F, 0x8B): return "the file is compressed by gzip; upload it unpacked"
    default: return nil
    }
  }

  /// What to say of a line without a `body`, where another provider's stands in its place.
  static func foreignBody(in root: JSONValue) -> String? {
    if root["params"]?.kind == .object {
      return "this looks like a line for Anthropic's Message Batches: its request is in 'params'"
    }
    if root["request"]?.kind == .object {
      return "this looks like a line for Google's batch mode: its request is in 'request'"
    }
    if root["recordId"] != nil || root["modelInput"]?.kind == .object {
      return "this looks like a line for Amazon Bedrock: its request is in 'modelInput'"
    }
    if isSynchronousRequest(root) { return "this looks like a synchronous request" }
    if root["response"] != nil { return "this looks like a line of a batch's output file" }
    return nil
  }

  /// Whether a line is what another endpoint of the API takes as it is.
  static func isSynchronousRequest(_ root: JSONValue) -> Bool { root["messages"]?.kind == .array }

  static func note(onURL url: String, supported: [String]) -> String? {
    if url == "/chat/completions" { return "Azure OpenAI's path; here it is '/v1/chat/completions'" }
    for good in supported where url.hasSuffix(good) || url == good + "/" {
      return "the path only: did you mean '\(good)'?"
    }
    return Suggestion.note(for: url, among: supported)
  }

  private static func isLatin1Letter(_ byte: UInt8) -> Bool { byte >= 0xA0 }

  private static func trimmed(_ line: PaddedBytes) -> String {
    var end = line.count
    while end > 0, ASCII.isBlank(line[end - 1]) { end -= 1 }
    var start = 0
    while start < end, ASCII.isBlank(line[start]) { start += 1 }
    // Its two ends are all that is looked at.
    return end - start <= 128 ? line.text(start..<end) : line.text(start..<start + 64) + line.text(end - 64..<end)
  }
}
