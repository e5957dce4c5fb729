import JSONLines

/// What became of one request; every request has exactly one.
public enum Outcome: String, CaseIterable, Codable, Sendable {
  /// Answered.
  case ok
  /// Answered, and the text is cut where the limit of output was reached.
  case truncated
  /// The model or a filter refused to answer.
  case refused
  /// The API reports an error, or what it sent is no answer.
  case failed
  /// The batch's time was over before the request's turn.
  case expired
  /// The batch was cancelled before the request's turn.
  case cancelled
  /// The part of the run has ended, and no result file has a line for the request.
  case missing
  /// The part of the run has not ended.
  case pending

  /// Whether there is an answer to use.
  public var isGood: Bool { self == .ok || self == .truncated }
}

/// What a request's url asks for, by its end: hosts differ in what they put in front of it.
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
  /// Whether a string's text has this end. Escaped slashes are resolved first.
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
