import JSONLines

/// Makes the notes for lines that are not JSON or not requests: they say what the line or the file probably is.
enum Oddities {
  static let arrayNote = "this is a JSON array; a batch file has one request object a line and no brackets around"

  /// The note for a line that is not JSON.
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

  /// The remedy for a line that is not JSON because it begins a request printed over several lines, or an array of
  /// requests. Only a bracket at the very beginning of the line counts, since inner ones are indented.
  static func remedy(for line: PaddedBytes, _ error: JSONError) -> Finding.Remedy? {
    guard error.reason == .cutShort else { return nil }
    switch (line[0], trimmed(line)) {
    case (ASCII.openBrace, "{"): return .joinLines
    case (ASCII.openBracket, "["): return .openArray
    default: return nil
    }
  }

  /// The words for an error. The scanner reports NaN or Infinity by its first letter; here the whole word is looked at,
  /// which may be another one.
  private static func words(for error: JSONError, on line: PaddedBytes) -> String {
    var end = error.offset
    while end < line.count, (line[end] | 0x20) &- 0x61 < 26 { end += 1 }
    switch (error.reason, line.text(error.offset..<min(end, error.offset + 16))) {
    case (_, "None"): return "None is Python; JSON has null"
    case (_, "True"), (_, "False"): return "True and False are Python; JSON has true and false"
    case (.notANumberLiteral, let word) where !["NaN", "Infinity", ""].contains(word): return "expected a value"
    case (.invalidLiteral, let word) where !["tr", "fa", "nu"].contains(word.prefix(2)): return "expected a value"
    default: return "\(error)"
    }
  }

  /// Whether only blanks follow a byte.
  private static func isLast(_ offset: Int, of line: PaddedBytes) -> Bool {
    line.buffer(offset + 1..<line.count).allSatisfy(ASCII.isBlank)
  }

  /// Whether the line has bytes that are in no text.
  private static func isBinary(_ line: PaddedBytes) -> Bool {
    line.buffer(0..<min(line.count, 4096)).contains { $0 < 0x20 && !ASCII.isBlank($0) && $0 != 0x1B }
  }

  static func encoding(_ line: PaddedBytes) -> String? {
    guard line.count >= 2 else { return nil }
    switch (line[0], line[1]) {
    case (0xEF, 0xBB) where line.count >= 3 && line[2] == 0xBF:
      return "the file begins with a UTF-8 byte-order mark; save it without one"
    // The byte-order mark of UTF-32 in this order begins with the mark of UTF-16.
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

  /// The note for a line without a `body` that has the member of another provider's format in its place.
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

  /// Whether a line is the body of a chat completion, which the API takes in a synchronous call.
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
    // Only the two ends are looked at.
    return end - start <= 128 ? line.text(start..<end) : line.text(start..<start + 64) + line.text(end - 64..<end)
  }
}
