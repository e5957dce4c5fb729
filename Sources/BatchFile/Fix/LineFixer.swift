import JSONLines

/// Mends the faults of one line that have exactly one right answer. All other bytes of the line stay as they are.
struct LineFixer {
  /// A range of the line and the bytes that replace it.
  private struct Edit {
    var range: Range<Int>
    var bytes: [UInt8]
  }

  private let provider: Provider

  init(provider: Provider) { self.provider = provider }

  /// Mends a line.
  /// - Parameters:
  ///   - root: the line's object; nil where the line is not an object.
  ///   - idEnding: returns the text to add to an id that is a duplicate; nil for an id that stays.
  /// - Returns: the mended line; nil where there is nothing to mend.
  func fix(_ line: PaddedBytes, root: JSONValue?, idEnding: (JSONValue) -> String?) -> [UInt8]? {
    var edits: [Edit] = []
    if line.count > 0, line[line.count - 1] == ASCII.carriageReturn {
      edits.append(Edit(range: line.count - 1..<line.count, bytes: []))
    }
    if let root { addEdits(root, idEnding, &edits) }
    if edits.isEmpty { return nil }
    var out: [UInt8] = []
    var start = 0
    for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      out += line.buffer(start..<edit.range.lowerBound)
      out += edit.bytes
      start = edit.range.upperBound
    }
    return out + line.buffer(start..<line.count)
  }

  private func addEdits(_ root: JSONValue, _ idEnding: (JSONValue) -> String?, _ edits: inout [Edit]) {
    let envelope = Envelope(root)
    // Where the object has other members than a request's four, `method` and `url` are probably not missing but go by
    // other names, so they are not added.
    let isRequest = envelope.body?.kind == .object
    if let id = envelope.customID, id.kind == .string, let ending = idEnding(id) {
      let end = id.range.upperBound - 1
      edits.append(Edit(range: end..<end, bytes: Array(ending.utf8)))
    }
    var missing: [UInt8] = []
    if let method = envelope.method {
      if method.kind == .string, !method.isString("POST"), method.text.lowercased() == "post" {
        replace(method, by: "POST", &edits)
      }
    } else if isRequest, !envelope.hasOthers {
      missing += Array(#""method":"POST","#.utf8)
    }
    if let url = envelope.url {
      if url.kind == .string, let path = path(meantBy: url.text) { replace(url, by: path, &edits) }
    } else if isRequest, !envelope.hasOthers, let path = path(meantBy: envelope.body) {
      missing += Array(#""url":"#.utf8)
      JSONText.appendString(path, to: &missing)
      missing.append(ASCII.comma)
    }
    if !missing.isEmpty, let place = envelope.body.flatMap({ key(of: $0, in: root) }) {
      edits.append(Edit(range: place..<place, bytes: missing))
    }
    if let body = envelope.body, body.kind == .object {
      for (key, value) in body.fields where key.isString("stream") && value.kind == .true {
        edits.append(Edit(range: value.range, bytes: Array("false".utf8)))
      }
    }
  }

  private func replace(_ value: JSONValue, by text: String, _ edits: inout [Edit]) {
    var bytes: [UInt8] = []
    JSONText.appendString(text, to: &bytes)
    edits.append(Edit(range: value.range, bytes: bytes))
  }

  /// Where the key of a member of the line begins.
  private func key(of value: JSONValue, in root: JSONValue) -> Int? {
    root.fields.first { $0.value.index == value.index }?.key.range.lowerBound
  }

  /// The endpoint that a body without a url must be for: the provider's only one, or chat completions for a body with
  /// `messages`; nil where it is not clear.
  private func path(meantBy body: JSONValue?) -> String? {
    if provider.urls.count == 1 { return provider.urls[0] }
    guard let body, body["messages"] != nil else { return nil }
    return provider.chatURL
  }

  /// The endpoint that a url means which has a host in front or slashes at its end; nil where the url is right or means
  /// no endpoint of the provider.
  private func path(meantBy url: String) -> String? {
    if provider.urls.has(url) { return nil }
    var path = Substring(url)
    while path.hasSuffix("/") { path = path.dropLast() }
    if provider.urls.has(String(path)) { return String(path) }
    guard path.hasPrefix("https://") || path.hasPrefix("http://") else { return nil }
    // Hosts put more in front of the endpoint's path (`/openai/v1/…`), so only the end of the url is compared.
    return provider.urls.first { path.hasSuffix($0) }
  }
}
