import JSONLines

/// The outcome of a request. Every request has exactly one.
public enum Outcome: String, CaseIterable, Codable, Sendable {
  /// The request was answered.
  case ok
  /// The request was answered, but the answer was cut at the limit of output.
  case truncated
  /// The model or a filter refused to answer.
  case refused
  /// The API reports an error, or sent something that is not an answer.
  case failed
  /// The batch expired before the request was processed.
  case expired
  /// The batch was cancelled before the request was processed, or the request was never sent.
  case cancelled
  /// The part of the run has ended, and no result file has a line for the request.
  case missing
  /// The part of the run has not ended.
  case pending

  /// Whether there is an answer that can be used.
  public var isGood: Bool { self == .ok || self == .truncated }
}

/// The kind of answer that a request's url asks for. Only the end of the url is looked at, because its beginning
/// differs from host to host.
package enum AnswerKind: Sendable {
  case chat, completion, response, audio, other

  init(url: JSONValue?) {
    guard let url, url.kind == .string else {
      self = .chat
      return
    }
    if url.ends(with: "/chat/completions") {
      self = .chat
    } else if url.ends(with: "/completions") {
      self = .completion
    } else if url.ends(with: "/responses") {
      self = .response
    } else if url.ends(with: "/audio/transcriptions") || url.ends(with: "/audio/translations") {
      self = .audio
    } else {
      self = .other
    }
  }
}

extension JSONValue {
  /// Whether a string's text ends with `end`. Escaped slashes are resolved first.
  fileprivate func ends(with end: StaticString) -> Bool {
    let wanted = UnsafeRawBufferPointer(start: end.utf8Start, count: end.utf8CodeUnitCount)
    if traits.contains(.escaped) {
      var text: [UInt8] = []
      appendText(to: &text)
      return text.suffix(wanted.count).elementsEqual(wanted)
    }
    let range = contentRange
    guard range.count >= wanted.count else { return false }
    return bytes.buffer(range.upperBound - wanted.count..<range.upperBound).elementsEqual(wanted)
  }
}
