import JSONLines

/// A view of one line of a result file. Nothing is copied, and the view is valid until its reader reads another line.
///
/// It is read leniently, because APIs write these lines in different ways: `response` may come first or last, be absent
/// or null; the body may be JSON in a string; `status_code` may be in quotes; and old versions of vLLM have no envelope
/// at all.
package struct BatchResult {
  /// The `custom_id`; nil where it is missing or not a string, so that the line belongs to no request.
  package let customID: JSONValue?
  /// The status; nil where it is missing or not a whole number.
  package let status: Int?
  /// The body, if it is an object or a string with one; nil otherwise.
  package let body: JSONValue?
  /// Whether the body is one that a string holds (llama-stack).
  let isBodyString: Bool
  /// The error; nil where the line reports none.
  package let error: ResultError?
  /// The value in the place of the body, if it is not one; nil otherwise.
  let otherBody: JSONValue?
  /// `response.message`, if there is no error; nil otherwise.
  let responseMessage: JSONValue?

  package var hasGoodStatus: Bool { status.map { 200..<300 ~= $0 } ?? false }

  package var usage: JSONValue? {
    guard let usage = body?["usage"], usage.kind == .object else { return nil }
    return usage
  }

  package var model: JSONValue? {
    guard let model = body?["model"], model.kind == .string else { return nil }
    return model
  }
}

/// Reads lines of result files one after the other, with memory that is used again.
package final class ResultReader {
  private let document = JSONDocument()
  private let inner = JSONDocument()
  /// The text of a body that is JSON in a string, with a newline after it.
  private var innerText = TextBuffer(capacity: 0)

  package init() {}

  /// Calls `result` with the view of a line.
  /// - Returns: why the line cannot be read; nil where `result` was called.
  package func read(_ line: PaddedBytes, _ result: (BatchResult) -> Void) -> JSONError? {
    if let error = JSONScanner.scan(line, into: document) { return error }
    result(view(document.root))
    return nil
  }

  /// The line's value; valid until another line is read.
  var root: JSONValue { document.root }

  /// The view of a line; nil where it is not one JSON value.
  func view(of line: PaddedBytes) -> BatchResult? {
    JSONScanner.scan(line, into: document) == nil ? view(document.root) : nil
  }

  private func view(_ root: JSONValue) -> BatchResult {
    var id: JSONValue?
    var response: JSONValue?
    var error: JSONValue?
    for (key, value) in root.fields {
      if key.isString("custom_id") {
        id = value
      } else if key.isString("response") {
        response = value
      } else if key.isString("error") {
        error = value
      }
    }
    if let value = id, value.kind != .string { id = nil }
    if let value = response, value.kind != .object { response = nil }

    var statusValue: JSONValue?
    var bodyValue: JSONValue?
    var message: JSONValue?
    var looksLikeBody = false
    if let response {
      for (key, value) in response.fields {
        if key.isString("status_code") {
          statusValue = value
        } else if key.isString("body") {
          bodyValue = value
        } else if key.isString("message") {
          message = value
        } else if key.isString("choices") || key.isString("output") || key.isString("data") {
          looksLikeBody = true
        }
      }
    }
    var status = statusValue.flatMap(ResultReader.status)
    if statusValue == nil, bodyValue == nil, looksLikeBody {
      // vLLM's run-batch of 2024 wrote the completion itself in this place.
      bodyValue = response
      status = 200
      message = nil
    }
    let body = bodyValue.flatMap(object)
    let inBody = body.flatMap { $0["error"] }
    let found = ResultError.isNone(error) ? ResultError.isNone(inBody) ? nil : inBody : error
    return BatchResult(
      customID: id, status: status, body: body, isBodyString: bodyValue?.kind == .string,
      error: found.map { ResultError($0, status: status) },
      otherBody: body == nil ? bodyValue : nil, responseMessage: message)
  }

  /// A status, as a whole number or as one in quotes; nil for anything else.
  private static func status(_ value: JSONValue) -> Int? {
    switch value.kind {
    case .number: return value.isWrittenAsInteger ? Int(value.bytes.text(value.range)) : nil
    case .string:
      let range = value.contentRange
      guard 1...6 ~= range.count, value.bytes.buffer(range).allSatisfy(ASCII.isDigit) else { return nil }
      return Int(value.bytes.text(range))
    default: return nil
    }
  }

  /// The value if it is an object, or the object in it if it is a string (llama-stack); nil otherwise.
  private func object(_ value: JSONValue) -> JSONValue? {
    if value.kind == .object { return value }
    guard value.kind == .string else { return nil }
    innerText.clear()
    value.appendText(to: &innerText)
    // The scanner reads single lines, so line ends become blanks. Between tokens both mean the same; inside strings
    // line ends are not allowed anyway.
    innerText.replace(ASCII.newline, by: ASCII.space)
    innerText.append(ASCII.newline)
    guard JSONScanner.scan(innerText.lines, into: inner) == nil, inner.root.kind == .object else { return nil }
    return inner.root
  }
}
