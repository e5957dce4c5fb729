import JSONLines

/// Checks the members of a line's envelope, and whether all lines of a file have the same url where the API wants that.
struct EnvelopeChecker {
  private let rules: RuleSet
  private let provider: Provider
  /// The urls of `rules`.
  private let urls: KeyTable
  private let fileNames: FileNames

  init(_ rules: RuleSet, _ fileNames: FileNames) {
    self.rules = rules
    self.fileNames = fileNames
    provider = rules.provider
    urls = rules.urls.table
  }

  /// Checks the members of the envelope, except for the body.
  /// - Returns: the `custom_id`; nil where it is missing or not a string.
  func check(_ envelope: Envelope, _ root: JSONValue, _ findings: inout FindingList) -> JSONValue? {
    var id: JSONValue?
    if let value = envelope.customID {
      if value.kind != .string {
        findings.invalidType(value, expected: "a string")
      } else if value.contentRange.isEmpty {
        findings.error(.emptyString, value, Words.emptyString)
      } else {
        id = value
      }
    } else {
      missing("custom_id", envelope, root, &findings)
    }

    if let value = envelope.method {
      if value.kind != .string {
        findings.invalidType(value, expected: "a string")
      } else if !value.isString("POST") {
        findings.error(.invalidMethod, value, note: Suggestion.note(for: value.text, among: ["POST"])) { _ in
          Words.invalidEnvelopeValue(value, supported: RuleSet.methods)
        }
      }
    } else {
      missing("method", envelope, root, &findings)
    }

    if let value = envelope.url {
      if value.kind != .string {
        findings.invalidType(value, expected: "a string")
      } else if urls.find(value) == nil {
        let other = Provider.known(forURL: value.text, besides: provider)
        let note =
          other.map { "it is an endpoint of \($0.name)" } ?? Oddities.note(onURL: value.text, supported: provider.urls)
        findings.error(.invalidURL, value, note: note) { _ in
          Words.invalidEnvelopeValue(value, supported: rules.urlChoices)
        }
        if let other { findings.offer(.chooseProvider(other.name)) }
      } else {
        checkURL(value, &findings)
      }
    } else {
      missing("url", envelope, root, &findings)
    }

    if let value = envelope.body {
      if value.kind != .object { findings.invalidType(value, expected: "an object") }
    } else {
      findings.missing(
        "body", in: root, note: Oddities.foreignBody(in: root) ?? misspelling(of: "body", envelope, root))
      if Oddities.isSynchronousRequest(root) { findings.offer(.convertRequest) }
    }
    if envelope.hasOthers { checkOtherKeys(root, &findings) }
    return id
  }

  /// Checks a url that the API takes: whether it is the file's, and whether the endpoint has a warning.
  private func checkURL(_ url: JSONValue, _ findings: inout FindingList) {
    if provider.oneURLPerFile {
      let text = url.text
      let expected = fileNames.settle(url: text)
      if !expected.utf8.elementsEqual(text.utf8) {
        findings.error(.invalidURL, url, note: "the first request's is '\(Words.cut(expected))'") { _ in
          "The URL provided for this request does not match the batch endpoint."
        }
      }
    }
    if let index = urls.find(url), let ordinal = rules.endpointOfURL[index], let doubt = rules.endpoints[ordinal].doubt
    {
      findings.warn(.doubtfulValue, url, note: doubt) { _ in
        "The API's documents disagree on whether a batch can have the url '\(Words.quoted(url))'."
      }
    }
  }

  private func missing(_ name: String, _ envelope: Envelope, _ root: JSONValue, _ findings: inout FindingList) {
    findings.missing(name, in: root, note: misspelling(of: name, envelope, root))
  }

  /// A key of the envelope that looks like a misspelt `name`; nil where there is none.
  private func misspelling(of name: String, _ envelope: Envelope, _ root: JSONValue) -> String? {
    guard envelope.hasOthers else { return nil }
    for (key, _) in root.fields where Envelope.table.find(key) == nil {
      if Suggestion.nearest(to: key.text, among: Envelope.keys) == name {
        return "is the key '\(Words.cut(key.text))' meant to be '\(name)'?"
      }
    }
    return nil
  }

  private func checkOtherKeys(_ root: JSONValue, _ findings: inout FindingList) {
    var seen: UInt64 = 0
    for (key, _) in root.fields {
      guard let k = Envelope.table.find(key) else {
        findings.unknown(key, isError: false, known: Envelope.keys)
        continue
      }
      if seen & 1 << UInt64(k) != 0 { findings.duplicateKey(key) }
      seen |= 1 << UInt64(k)
    }
  }
}
