import JSONLines

/// The answer to a request, read from its result line by what the request's url asks for. It is a view of the line, and
/// valid as long as the line.
package struct Answer {
  package var outcome: Outcome
  /// The place of the answer's text.
  package var content = ResultContent.none
  package var finishReason: JSONValue?
  package var error: ResultError?
  /// Whether the body has more than `content`: several choices, calls of tools, or the text of a refusal.
  package var saysMore = false

  init(_ result: BatchResult, _ kind: AnswerKind) {
    outcome = .failed
    if let error = result.error {
      self.error = error
      outcome = Answer.outcome(of: error, result.status)
      return
    }
    guard result.hasGoodStatus, let body = result.body else {
      error = Answer.unexplained(result)
      return
    }
    switch kind {
    case .chat, .completion: readChoices(body, isChat: kind == .chat)
    case .response: readResponse(body)
    case .audio:
      outcome = .ok
      if let text = body["text"], text.kind == .string { content = .string(text) } else { saysMore = true }
    case .other:
      outcome = .ok
      saysMore = true
    }
    if outcome == .failed, error == nil { error = Answer.noAnswer(result.status) }
  }

  /// Whether the same request may be answered at another time. It is false where the API refused the request's content
  /// (400, 404, 422), and where a quota of money is used up.
  static func mayPass(_ error: ResultError?, _ status: Int?) -> Bool {
    if let error, error.code.isText("insufficient_quota") { return false }
    if let status { return status != 400 && status != 404 && status != 422 }
    guard let code = error?.code else { return true }
    return !lasting.contains(where: code.isText)
  }

  /// Codes and types of errors that the same request would get again.
  private static let lasting: [StaticString] = [
    "invalid_request_error", "invalid_request", "invalid_value", "model_not_found", "context_length_exceeded",
    "json_validate_failed", "unsupported_parameter", "unknown_parameter", "missing_required_parameter",
    "invalid_type", "content_filter", "not_found_error",
  ]

  private static func outcome(of error: ResultError, _ status: Int?) -> Outcome {
    if error.code.isText("batch_expired") { return .expired }
    if error.code.isText("batch_cancelled") || error.code.isText("batch_canceled") { return .cancelled }
    if let status, 400..<500 ~= status, error.code.isText("content_filter") { return .refused }
    return .failed
  }

  /// The error of a failure for which the line has none: any text of the body becomes the message.
  private static func unexplained(_ result: BatchResult) -> ResultError {
    let code = result.status.map { ResultText.own(String($0)) } ?? .none
    if let message = ResultError.text(result.responseMessage) { return ResultError(code: code, message: message) }
    if !result.hasGoodStatus, let body = result.body,
      let message = ResultError.text(body["message"]) ?? ResultError.text(body["detail"])
    {
      return ResultError(code: code, message: message)
    }
    if let other = result.otherBody, other.kind == .string, !other.contentRange.isEmpty {
      return ResultError(code: code, message: .own(String(other.text.unicodeScalars.prefix(200).map(Character.init))))
    }
    return noAnswer(result.status)
  }

  private static func noAnswer(_ status: Int?) -> ResultError {
    ResultError(
      code: status.map { .own(String($0)) } ?? .none,
      message: .own(
        status == nil ? "The result has no status and no error." : "The result holds neither an answer nor an error."))
  }

  // MARK: - Chat and completions

  private mutating func readChoices(_ body: JSONValue, isChat: Bool) {
    guard let choices = body["choices"] else { return }
    var count = 0
    var chosen: JSONValue?
    var isFirst = false
    for choice in choices.items {
      count += 1
      guard choice.kind == .object else { continue }
      let isIndexZero = !isFirst && choice["index"].map { $0.kind == .number && $0.number == 0 } ?? false
      if chosen == nil || isIndexZero { chosen = choice }
      isFirst = isFirst || isIndexZero
    }
    guard let chosen else { return }
    if count > 1 { saysMore = true }
    if let reason = chosen["finish_reason"], reason.kind == .string { finishReason = reason }
    var isRefused = finishReason?.isString("content_filter") ?? false
    if isChat {
      if let message = chosen["message"], readMessage(message) { isRefused = true }
    } else {
      guard let text = chosen["text"], text.kind == .string else { return }
      content = .string(text)
    }
    let isCut = finishReason?.isString("length") ?? false
    outcome = isRefused ? .refused : isCut ? .truncated : .ok
  }

  /// Reads the message of a choice.
  /// - Returns: whether it is a refusal.
  private mutating func readMessage(_ message: JSONValue) -> Bool {
    var isRefusal = false
    for (key, value) in message.fields {
      if key.isString("content") {
        if value.kind == .string {
          content = .string(value)
        } else if value.kind == .array {
          content = .parts(value, type: "text")
          saysMore = true
        }
      } else if key.isString("refusal") {
        guard value.kind == .string, !value.contentRange.isEmpty else { continue }
        isRefusal = true
        saysMore = true
      } else if key.isString("tool_calls") || key.isString("function_call") || key.isString("audio")
        || key.isString("annotations")
      {
        if !ResultError.isNone(value) { saysMore = true }
      }
    }
    return isRefusal
  }

  // MARK: - Responses

  private mutating func readResponse(_ body: JSONValue) {
    let status = body["status"]
    if let reason = body["incomplete_details"].flatMap({ $0["reason"] }), reason.kind == .string {
      finishReason = reason
    } else if let status, status.kind == .string {
      finishReason = status
    }
    if let status, status.isString("failed") || status.isString("cancelled") {
      finishReason = nil
      return
    }
    let output = body["output"]
    var hasMessage = false
    var isRefused = finishReason?.isString("content_filter") ?? false
    if let output {
      for item in output.items {
        guard let type = item["type"], type.isString("message") else {
          if !(item["type"]?.isString("reasoning") ?? false) { saysMore = true }
          continue
        }
        guard let parts = item["content"] else { continue }
        for part in parts.items {
          guard let type = part["type"] else { continue }
          if type.isString("output_text") {
            hasMessage = true
            if let notes = part["annotations"], !ResultError.isNone(notes) { saysMore = true }
          } else if type.isString("refusal") {
            isRefused = true
            saysMore = true
          } else {
            saysMore = true
          }
        }
      }
      if hasMessage { content = .messages(output) }
    }
    let isIncomplete = status?.isString("incomplete") ?? false
    let isCut = isIncomplete && finishReason?.isString("max_output_tokens") ?? false
    outcome = isRefused ? .refused : isCut ? .truncated : .ok
  }
}

/// Where the text of an answer is.
package enum ResultContent {
  case none
  case string(JSONValue)
  /// In an array: the `text` of all parts of one type, joined.
  case parts(JSONValue, type: StaticString)
  /// In the output of a response: the `text` of all `output_text` parts of its messages, joined.
  case messages(JSONValue)

  /// Calls `body` with each piece of the text.
  /// - Returns: whether there is a text, even an empty one.
  func forEachPiece(_ body: (JSONValue) -> Void) -> Bool {
    switch self {
    case .none: return false
    case .string(let value):
      body(value)
      return true
    case .parts(let array, let type): return ResultContent.texts(of: array, type: type, body)
    case .messages(let output):
      var hasText = false
      for item in output.items {
        guard let type = item["type"], type.isString("message"), let parts = item["content"] else { continue }
        if ResultContent.texts(of: parts, type: "output_text", body) { hasText = true }
      }
      return hasText
    }
  }

  private static func texts(of parts: JSONValue, type: StaticString, _ body: (JSONValue) -> Void) -> Bool {
    var hasText = false
    for part in parts.items {
      guard let own = part["type"], own.isString(type), let text = part["text"], text.kind == .string else { continue }
      hasText = true
      body(text)
    }
    return hasText
  }

  /// The text; nil where there is none.
  package var text: String? {
    var bytes: [UInt8] = []
    return forEachPiece { $0.appendText(to: &bytes) } ? JSONText.string(bytes) : nil
  }
}
