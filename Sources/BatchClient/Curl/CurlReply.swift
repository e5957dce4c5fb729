import BatchFile
import Foundation
import JSONLines

/// The output of curl, parsed.
///
///     HTTP/1.1 100 Continue                 replies that are not final, none of them kept
///
///     HTTP/1.1 200 OK                       the last one's status and headers
///     content-type: application/json
///
///     {"id":"batch_1",…}                    the body, where it does not go to a file
///     batchfile-7…-1… 200 512 0             the marker, the status, bytes of the request, bytes of its body
struct CurlReply {
  private let exit: CurlChild.Exit
  private var status = 0
  private var headers = APIHeaders()
  private var body: [UInt8] = []
  /// How many bytes curl counted as sent; nil where curl ended before it wrote the number.
  private var bytesSent: Int?

  init(_ exit: CurlChild.Exit, marker: String) {
    self.exit = exit
    var bytes = exit.output[...]
    if let end = CurlReply.lastRange(of: Array("\n\(marker) ".utf8), in: bytes) {
      let words = String(decoding: bytes[end.upperBound...], as: UTF8.self).split { $0 == " " || $0 == "\n" }
      let counts = words.compactMap { Int($0) }
      // The sum of two counts is taken, because versions of curl differ in which of them includes the body.
      if counts.count >= 3 { bytesSent = counts[1] + counts[2] }
      bytes = bytes[..<end.lowerBound]
    }
    while status < 200, bytes.starts(with: "HTTP/".utf8), let block = CurlReply.takeBlock(&bytes) {
      (status, headers) = CurlReply.head(block)
    }
    body = status >= 200 ? Array(bytes) : []
  }

  func response(to request: APIRequest) throws(TransportError) -> APIResponse {
    if let failure = exit.failure { throw TransportError(.unusable, failure, bytesSent: 0) }
    var response = APIResponse(status: status, headers: headers, body: body)
    if let destination = request.destination { settle(&response, destination) }
    let code = self.code
    let isWhole = code == 0 && bytesSent != nil && status >= 200
    // A reply that was complete when the task was cancelled is kept, because it may name a batch that was made.
    if isWhole, !exit.isTooLarge { return response }
    throw TransportError(
      kind(code), message(code), bytesSent: bytesSent, response: status >= 200 ? response : nil)
  }

  /// Moves the body from the file to memory where the status is not 2xx, because it is an error message then.
  private func settle(_ response: inout APIResponse, _ path: Path) {
    response.bytesSaved = path.size
    guard !(200..<300).contains(response.status) else { return }
    if let handle = try? InputError.open(path) {
      response.body = Array((try? handle.read(upToCount: 64 << 10)) ?? Data())
      try? handle.close()
    }
    path.emptied()
    response.bytesSaved = 0
  }

  /// The exit code of curl. Where the system does not know it, it is in curl's message.
  private var code: Int32 {
    if let code = exit.code { return code }
    return messageLine.flatMap { CurlReply.code(in: $0) } ?? (bytesSent == nil ? -1 : 0)
  }

  private func kind(_ code: Int32) -> TransportError.Kind {
    if exit.wasStopped { return .cancelled }
    if exit.isTooLarge { return .failed }
    // The answer is not HTTP, as from a host that is just starting. curl has no code of its own for that.
    if code == 1, messageLine?.contains("HTTP/0.9") == true { return .interrupted }
    switch code {
    case 2, 23, 26, 27, 60, 77, 97: return .unusable
    case 0, 5, 6, 7, 16, 18, 28, 35, 52, 55, 56, 92: return .interrupted
    // Another process has ended curl by a signal.
    case ..<0: return .interrupted
    default: return .failed
    }
  }

  private func message(_ code: Int32) -> String {
    if exit.wasStopped { return "cancelled" }
    if exit.isTooLarge { return "a reply of more than \(CurlTransport.memoryLimit) bytes" }
    if let line = messageLine { return line }
    if code < 0 { return "curl was ended by signal \(-code)" }
    return code == 0 ? "no reply with a final status" : "curl ended with status \(code)"
  }

  /// The text of the last message `curl: (7) …`, without this beginning.
  private var messageLine: String? {
    // An unfinished progress bar may come before the message on its line.
    let text = String(decoding: exit.errors, as: UTF8.self)
    guard let start = text.range(of: "curl: (", options: .backwards) else { return nil }
    return "(" + text[start.upperBound...].prefix { !$0.isNewline }
  }

  private static func code(in message: String) -> Int32? {
    guard message.hasPrefix("("), let end = message.firstIndex(of: ")") else { return nil }
    return Int32(message[message.index(after: message.startIndex)..<end])
  }

  /// The last percentage of a progress bar, as a number from 0 to 1; nil where there is none.
  static func share(in bytes: ArraySlice<UInt8>) -> Double? {
    guard let percent = bytes.lastIndex(of: UInt8(ascii: "%")) else { return nil }
    let digits = bytes[..<percent].reversed().prefix { $0 >= 0x30 && $0 <= 0x39 || $0 == UInt8(ascii: ".") }
    return Double(String(decoding: digits.reversed(), as: UTF8.self)).map { min(1, max(0, $0 / 100)) }
  }

  /// Takes the lines up to an empty one; nil where none follows.
  private static func takeBlock(_ bytes: inout ArraySlice<UInt8>) -> [String]? {
    var lines: [String] = []
    var rest = bytes
    while let newline = rest.firstIndex(of: 0x0A) {
      var line = rest[..<newline]
      rest = rest[(newline + 1)...]
      if line.last == 0x0D { line.removeLast() }
      if line.isEmpty {
        bytes = rest
        return lines
      }
      lines.append(String(decoding: line, as: UTF8.self))
    }
    return nil
  }

  private static func head(_ lines: [String]) -> (Int, APIHeaders) {
    let words = lines.first?.split(separator: " ") ?? []
    var headers = APIHeaders()
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers.add(
        String(line[..<colon]),
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
    }
    return (words.count > 1 ? Int(words[1]) ?? 0 : 0, headers)
  }

  private static func lastRange(of wanted: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
    guard bytes.count >= wanted.count else { return nil }
    // The marker can only be among the last bytes.
    var start = bytes.endIndex - wanted.count
    let least = max(bytes.startIndex, start - 200)
    while start >= least {
      if bytes[start..<start + wanted.count].elementsEqual(wanted) { return start..<start + wanted.count }
      start -= 1
    }
    return nil
  }
}
