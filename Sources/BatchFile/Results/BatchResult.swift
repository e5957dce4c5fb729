import JSONLines

/// One line of a result file, as a view: nothing is copied, and it is valid until its reader reads another line.
///
/// Lenient as the files are: `response` before or behind, absent or null, the body a string of JSON, `status_code` in
/// quotes, or no envelope at all (old vLLM).
package struct BatchResult {
  /// Nil where it is absent or no string: then the line belongs to no request.
  package let customID: JSONValue?
  /// Nil where there is none, or where it is no whole number.
  package let status: Int?
  /// The body, where it is an object or a string that holds one.
  package let body: JSONValue?
  /// Whether the body is one that a string holds (llama-stack).
  let isBodyString: Bool
  /// Nil where nothing went wrong by the line's own words.
  package let error: ResultError?
  /// What stands in the place of a body and is none.
  let otherBody: JSONValue?
  /// `response.message` where there is no error.
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

/// Reads lines of result files one after the other, with storage that is used again.
package final class ResultReader {
  private let document = JSONDocument()
  private let inner = JSONDocument()
  /// The text of a body that is a string of JSON, a newline behind it.
  private var innerText = TextBuffer(capacity: 0)

  package init() {}

  /// - Returns: why the line cannot be read; nil where `result` is given it.
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
      // vLLM's run-batch of 2024 wrote the completion itself there.
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

  /// A whole number, or one in quotes.
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

  /// An object, or the one that a string holds (llama-stack).
  private func object(_ value: JSONValue) -> JSONValue? {
    if value.kind == .object { return value }
    guard value.kind == .string else { return nil }
    innerText.clear()
    value.appendText(to: &innerText)
    // Between tokens a line end is a blank; inside a string it would be no JSON.
    innerText.replace(ASCII.newline, by: ASCII.space)
    innerText.append(ASCII.newline)
    guard JSONScanner.scan(innerText.lines, into: inner) == nil, inner.root.kind == .object else { return nil }
    return inner.root
  }
}
