import JSONLines

/// Checks lines one after the other. Each worker has a checker of its own.
///
/// A line that fits a known ``LinePattern`` is done. Any other line is scanned into a tape, and its envelope is found.
/// Then its body is checked against the shape of the endpoint that its url names, and the endpoint's rules are asked.
final class LineChecker {
  /// What was found so far in the block that is being checked, as the next three members.
  private var findings: FindingList
  private var requests = 0
  private var foreign = ForeignTally()
  private let ids: IDCollector
  /// How many ids the last block had. The list for the next block gets room for as many.
  private var usualIDs = 0
  /// How many inputs of embeddings the requests have beside their first ones.
  private var furtherInputs = 0
  /// The retired models that this checker has warned of.
  private var retired: Set<String> = []

  private let provider: Provider
  private let rules: RuleSet
  /// The urls and models of `rules`.
  private let urls: KeyTable
  private let models: KeyTable
  private let document = JSONDocument()
  private let remembered = RememberedValues(depth: LineChecker.rememberedDepth)
  /// A checker for each of `rules.endpoints`; nil until a line names the endpoint.
  private var endpoints: [EndpointChecker?]
  private let fileNames: FileNames
  /// The longest line that is read whole, in bytes.
  private let lineLimit: Int
  private let patterns = LinePatterns()
  /// How many containers are around the objects that are remembered. Tools, messages and response schemas come again
  /// byte for byte on many lines. They are in three containers: the line, its body, and an array or object of the body.
  private static let rememberedDepth = 3
  /// After this many findings the rest of a block is left for another call, because findings take much more memory than
  /// lines.
  static let mostFindings = 2_048
  private let seed = TextHash.seed
  private var unescaped: [UInt8] = []

  init(
    rules: RuleSet, fileNames: FileNames, detail: FindingDetail, ids: IDCollector,
    lineLimit: Int = LineReader.defaultLineLimit
  ) {
    self.lineLimit = lineLimit
    self.rules = rules
    self.fileNames = fileNames
    self.ids = ids
    provider = rules.provider
    urls = rules.urls.table
    models = rules.models.table
    findings = FindingList(detail: detail)
    endpoints = Array(repeating: nil, count: rules.endpoints.count)
  }

  /// Checks the lines of a block from the byte at `start` on: to its end, or until there are ``mostFindings``.
  func check(_ block: LineBlock, from start: Int = 0) -> CheckedBlock {
    if let length = block.cutLineLength {
      checkCutLine(block, length)
      return take(lines: 1)
    }
    return check(
      block.bytes, from: start, isFirst: block.ordinal == 0 && start == 0, mostFindings: LineChecker.mostFindings)
  }

  private func take(lines: Int) -> CheckedBlock {
    defer {
      requests = 0
      furtherInputs = 0
      foreign = ForeignTally()
    }
    return CheckedBlock(
      lines: lines, requests: requests, furtherInputs: furtherInputs, findings: findings.takeAll(), ids: ids.take(),
      foreign: foreign)
  }

  /// Checks the lines of a text from an index on. The sentinel after the text is the newline of the last line.
  /// - Parameters:
  ///   - isFirst: whether the file begins here.
  ///   - mostFindings: once there are this many, the following lines are left for another call.
  func check(
    _ bytes: PaddedBytes, from first: Int = 0, isFirst: Bool, mostFindings: Int = .max
  ) -> CheckedBlock {
    let count = bytes.count + 1
    var pattern = patterns.current
    var match = LinePattern.Match()
    let keepsHashes = ids.keepsHashes
    // A local variable, because Swift checks a class's member for exclusive access at each use.
    var hashes = ContiguousArray<UInt64>()
    if keepsHashes { hashes.reserveCapacity(usualIDs) }
    var number = 0
    var matched = 0
    var start = first
    var rest: Int?
    let searched = isFirst ? min(bytes.count, SecretSearch.reach) : 0
    var secret = SecretSearch.next(bytes, in: 0..<searched)?.lowerBound ?? .max
    while start < count {
      number += 1
      var end = pattern?.match(bytes, at: start, &match) ?? -1
      if end < 0, pattern != nil {
        end = patterns.matchOthers(bytes, at: start, &match)
        pattern = patterns.current
      }
      if end >= 0, end <= secret {
        matched += 1
        if keepsHashes, !match.idTraits.contains(.escaped) {
          hashes.append(TextHash.hash(bytes.buffer(match.id), seed: seed))
        } else {
          record(
            bytes.part(start..<end), match.id.lowerBound - start..<match.id.upperBound - start, match.idTraits, number)
        }
      } else {
        let coming = bytes.part(start..<bytes.count)
        if let newline = JSONScanner.scanFirstLine(of: coming, into: document, remembered: remembered) {
          end = start + newline
          checkValue(number: number, hasSecret: secret < end)
        } else {
          end = bytes.endOfLine(from: start)
          checkUnreadable(bytes.part(start..<end), number, isFirst: isFirst && number == 1)
        }
        pattern = patterns.current
        if secret < end { secret = SecretSearch.next(bytes, in: min(end, searched)..<searched)?.lowerBound ?? .max }
        if findings.count >= mostFindings, end + 1 < count {
          rest = end + 1
          break
        }
      }
      start = end + 1
    }
    pattern?.hits += matched
    requests += matched
    var checked = take(lines: number)
    checked.rest = rest
    if keepsHashes {
      hashes.append(contentsOf: checked.ids.hashes)
      usualIDs = hashes.count
      checked.ids.hashes = hashes
    }
    return checked
  }

  private func checkCutLine(_ block: LineBlock, _ length: Int) {
    requests += 1
    if block.ordinal == 0, let kind = ForeignLines.file(beginningWith: block.bytes) { foreign.set(kind) }
    findings.beginLine(block.bytes, number: 1, root: nil)
    findings.add(
      .lineTooLong, at: 0..<1, param: nil,
      "The line has \(Words.grouped(length)) bytes; this tool reads lines of at most \(Words.grouped(lineLimit)) bytes."
    )
    findings.offer(.readLongerLines)
  }

  // MARK: - A line

  /// Checks the line that was scanned into the document.
  /// - Parameter hasSecret: whether the line holds a secret key.
  private func checkValue(number: Int, hasSecret: Bool = false) {
    let first = findings.count
    requests += 1
    let root = document.root
    findings.beginLine(document.bytes, number: number, root: root)
    guard root.kind == .object else {
      findings.add(
        .invalidType, at: root.lineRange, param: nil,
        "Invalid type for this line: expected an object, but got \(Words.typeName(root)) instead.",
        note: root.kind == .array ? Oddities.arrayNote : nil)
      return
    }
    let envelope = Envelope(root)
    let id = checkEnvelope(envelope, root, number: number)
    let endpoint = endpoint(of: envelope)
    let model = checkBody(envelope, in: root, endpoint)
    let further = countFurtherInputs(envelope, endpoint)
    furtherInputs += further
    if document.hasLoneSurrogate { warnOfSurrogates(root) }
    if hasSecret || findings.count > first { warnOfSecrets(root) }
    if findings.count > first {
      findings.endLine(customID: id?.text)
      findings.hideSecrets { ids.showExcerpt(of: $0, number: number) }
    } else if let id, let body = envelope.body, further == 0 {
      patterns.learn(document.bytes, id: id, body: body, checker: endpoint, model: model)
    }
    endpoint?.learn()
  }

  private func checkUnreadable(_ line: PaddedBytes, _ number: Int, isFirst: Bool) {
    guard let error = JSONScanner.scan(line, into: document) else { return checkValue(number: number) }
    findings.beginLine(line, number: number, root: nil)
    if error.reason == .empty {
      findings.add(
        .blankLine, .warning, at: 0..<0, param: nil, "A blank line; some APIs skip it, others refuse the file.")
      return
    }
    requests += 1
    if isFirst, let kind = ForeignLines.file(beginningWith: line) { foreign.set(kind) }
    findings.add(
      .invalidJSONLine, at: error.offset..<min(line.count, error.offset + 1), param: nil, Sentences.invalidJSONLine,
      note: Oddities.note(on: line, error, isFirstLine: isFirst))
    if let remedy = Oddities.remedy(for: line, error) { findings.offer(remedy) }
  }

  private func warnOfSecrets(_ root: JSONValue) {
    root.forEachString { string in
      guard string.contentRange.count >= 16,
        let secret = SecretSearch.next(string.bytes, in: string.contentRange),
        !findings.hasFinding(.exposedSecret, at: string)
      else { return }
      findings.hide(at: secret.lowerBound + string.origin..<secret.upperBound + string.origin)
      findings.warn(.exposedSecret, string, "This looks like a key; whoever gets the file can use it.")
    }
  }

  private func warnOfSurrogates(_ root: JSONValue) {
    root.forEachString { string in
      guard string.traits.contains(.loneSurrogate) else { return }
      findings.warn(
        .loneSurrogate, string,
        "Half of a surrogate pair stands alone: it is not a character, and readers of JSON differ in what they make of it."
      )
    }
  }

  // MARK: - Envelope

  /// Checks the members of the envelope, except for the body.
  /// - Returns: the `custom_id`; nil where it is missing or not a string.
  private func checkEnvelope(_ envelope: Envelope, _ root: JSONValue, number: Int) -> JSONValue? {
    var id: JSONValue?
    if let value = envelope.customID {
      if value.kind != .string {
        findings.invalidType(value, expected: "a string")
      } else if value.contentRange.isEmpty {
        findings.error(.emptyString, value, Words.emptyString)
      } else {
        id = value
        record(value.bytes, value.contentRange, value.traits, number)
      }
    } else {
      missing("custom_id", envelope, root)
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
      missing("method", envelope, root)
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
        checkURL(value)
      }
    } else {
      missing("url", envelope, root)
    }

    if let value = envelope.body {
      if value.kind != .object { findings.invalidType(value, expected: "an object") }
    } else {
      if let kind = ForeignLines.kind(of: root) { foreign.add(kind) }
      findings.missing("body", in: root, note: Oddities.foreignBody(in: root) ?? misspelling(of: "body", envelope))
      if Oddities.isSynchronousRequest(root) { findings.offer(.convertRequest) }
    }
    if envelope.hasOthers { checkOtherKeys(root) }
    return id
  }

  /// Checks a url that the API takes: whether it is the file's, and whether the endpoint has a warning.
  private func checkURL(_ url: JSONValue) {
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
        "Documents differ in whether '\(Words.quoted(url))' can be had in a batch."
      }
    }
  }

  private func missing(_ name: String, _ envelope: Envelope, _ root: JSONValue) {
    findings.missing(name, in: root, note: misspelling(of: name, envelope))
  }

  /// A key of the envelope that looks like a misspelt `name`; nil where there is none.
  private func misspelling(of name: String, _ envelope: Envelope) -> String? {
    guard envelope.hasOthers else { return nil }
    for (key, _) in document.root.fields where Envelope.table.find(key) == nil {
      if Suggestion.nearest(to: key.text, among: Envelope.keys) == name {
        return "is the key '\(Words.cut(key.text))' meant to be '\(name)'?"
      }
    }
    return nil
  }

  private func checkOtherKeys(_ root: JSONValue) {
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

  /// Records the id, with its escapes resolved, for the search for duplicates.
  @inline(__always)
  private func record(_ line: PaddedBytes, _ range: Range<Int>, _ traits: StringTraits, _ number: Int) {
    let quoted = range.lowerBound - 1..<range.upperBound + 1
    if traits.contains(.escaped) {
      unescaped.removeAll(keepingCapacity: true)
      JSONText.unescape(line, range, into: &unescaped)
      unescaped.withUnsafeBytes { ids.record($0, number: number, place: (line, quoted)) }
    } else {
      ids.record(line.buffer(range), number: number, place: (line, quoted))
    }
  }

  // MARK: - Body

  /// The checker for a line's body; nil where the url names no known endpoint, so that only the body's model can be
  /// checked.
  private func endpoint(of envelope: Envelope) -> EndpointChecker? {
    var ordinal = rules.soleEndpoint
    if let url = envelope.url, url.kind == .string {
      // A wrong url does not say which endpoint was meant, so the body cannot be checked.
      ordinal = urls.find(url).flatMap { rules.endpointOfURL[$0] }
    }
    guard let ordinal else { return nil }
    if let known = endpoints[ordinal] { return known }
    let made = EndpointChecker(
      rules.endpoints[ordinal], of: provider, ordinal: ordinal, remembered: remembered)
    endpoints[ordinal] = made
    return made
  }

  /// Checks a body.
  /// - Returns: what is known of its model; nil where that is nothing.
  private func checkBody(
    _ envelope: Envelope, in root: JSONValue, _ endpoint: EndpointChecker?
  ) -> UnsafePointer<ModelTable.Model>? {
    guard let value = envelope.body, value.kind == .object else { return nil }
    let first = findings.count
    defer { findings.sortByPlace(from: first) }
    if let endpoint {
      let model = endpoint.checkShape(value, &findings)
      let known = model.flatMap { rules.tabledModels.find($0) }
      if let model { checkModel(model, known, of: endpoint.endpoint) }
      endpoint.askRules(value, known, &findings)
      return known
    }
    if let model = value["model"] {
      if model.kind == .string {
        checkModel(model, rules.tabledModels.find(model), of: nil)
      } else {
        findings.invalidType(model, expected: "a string")
      }
    } else {
      findings.missing("model", in: value)
    }
    return nil
  }

  /// Checks whether the API offers a model, and whether it is the file's.
  /// - Parameter endpoint: the endpoint that the line's url names; nil where it names none.
  private func checkModel(
    _ model: JSONValue, _ known: UnsafePointer<ModelTable.Model>?, of endpoint: EndpointRules?
  ) {
    guard model.kind == .string else { return }
    // Where any model is accepted, an empty one was already reported as missing.
    if model.contentRange.isEmpty, provider.acceptsAnyModel { return }
    if !isOffered(model, at: endpoint) {
      let names = endpoint?.models == nil ? provider.models : endpoint?.modelNames ?? []
      let nearest = Suggestion.note(for: model.text, among: names)
      let other = nearest == nil ? Provider.known(forModel: model.text, besides: provider) : nil
      let living = names.filter(rules.tabledModels.lives)
      let offer = "it offers \(Words.list(living.map { "'\($0)'" }, last: "and"))"
      let note = nearest ?? other.map { "it is a model of \($0.name)" } ?? offer
      findings.error(.modelNotFound, model, note: note) { _ in
        "The provided model '\(Words.quoted(model))' is not supported by the Batch API."
      }
      if let other {
        findings.offer(.chooseProvider(other.name))
      } else if nearest == nil {
        findings.offer(.acceptModel)
      }
      return
    }
    if provider.oneModelPerFile {
      let text = model.text
      let expected = fileNames.settle(model: text)
      if !expected.utf8.elementsEqual(text.utf8) {
        findings.error(.mismatchedModel, model, note: "the first request names '\(Words.cut(expected))'") { _ in
          "The model '\(Words.quoted(model))' for this request does not match the rest of the batch."
            + " Each batch must contain requests for a single model."
        }
      }
    }
    if known?.pointee.retirement != nil { warnOfRetirement(model) }
  }

  private func isOffered(_ model: JSONValue, at endpoint: EndpointRules?) -> Bool {
    if let own = endpoint?.models { return own.table.find(model) != nil }
    return provider.acceptsAnyModel || models.find(model) != nil
  }

  /// Warns of a retired model, once for each. The first line of a file with the model is also the first one for the
  /// checker that gets this line, so that no warning is lost.
  private func warnOfRetirement(_ model: JSONValue) {
    guard let end = rules.tabledModels.retirement(of: model), retired.insert(model.text).inserted else { return }
    findings.warn(.retiredModel, model, note: end.successor.map { "its successor is \($0)" }) { _ in
      "The model '\(Words.quoted(model))' was shut down on \(end.day)" + (end.plans.map { " for \($0)." } ?? ".")
    }
  }

  /// How many inputs a request has beside its first; 0 where the endpoint does not count them.
  private func countFurtherInputs(_ envelope: Envelope, _ endpoint: EndpointChecker?) -> Int {
    guard endpoint?.endpoint.countsInputs == true, let input = envelope.body?["input"], input.kind == .array else {
      return 0
    }
    var count = 0
    for item in input.items {
      // An array of token numbers is one input.
      if item.kind == .number { return 0 }
      count += 1
    }
    return max(0, count - 1)
  }
}
