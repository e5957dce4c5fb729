import JSONLines

/// Checks lines one after the other. Each worker has a checker of its own.
///
/// A line that fits a known ``LinePattern`` is done. Any other line is scanned into a tape, and its envelope is found.
/// Then its body is checked against the shape of the endpoint that its url names, and the endpoint's rules are asked.
///
/// It is a struct, so that Swift checks for exclusive access once a block. The members of a class are checked at each use.
struct LineChecker: ~Copyable {
  /// What was found so far in the block that is being checked, as the next three members.
  private var findings: FindingList
  private var requests = 0
  private var foreign = ForeignTally()
  private let ids: IDCollector
  /// How many ids the last block had. The list for the next block gets room for as many.
  private var usualIDs = 0
  /// How many inputs of embeddings requests have beside their first ones, for each line that has any.
  private var furtherInputs: [(line: Int, count: Int)] = []

  private let rules: RuleSet
  private let envelopes: EnvelopeChecker
  private var models: ModelChecker
  private var endpoints: EndpointCheckers
  private let document = JSONDocument(findsLongWords: true)
  private let remembered = RememberedValues(depth: LineChecker.rememberedDepth)
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
    self.ids = ids
    envelopes = EnvelopeChecker(rules, fileNames)
    models = ModelChecker(rules, fileNames)
    endpoints = EndpointCheckers(rules, remembered)
    findings = FindingList(detail: detail)
  }

  /// Checks the lines of a block from the byte at `start` on: to its end, or until there are ``mostFindings``.
  mutating func check(_ block: LineBlock, from start: Int = 0) -> CheckedBlock {
    if let length = block.cutLineLength {
      checkCutLine(block, length)
      return take(lines: 1)
    }
    return check(
      block.bytes, from: start, isFirst: block.ordinal == 0 && start == 0, mostFindings: LineChecker.mostFindings)
  }

  private mutating func take(lines: Int) -> CheckedBlock {
    defer {
      requests = 0
      if !furtherInputs.isEmpty { furtherInputs = [] }
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
  mutating func check(
    _ bytes: PaddedBytes, from first: Int = 0, isFirst: Bool, mostFindings: Int = .max
  ) -> CheckedBlock {
    let count = bytes.count + 1
    var pattern = patterns.current
    var match = LinePattern.Match()
    let keepsHashes = ids.keepsHashes
    var hashes = ContiguousArray<UInt64>()
    if keepsHashes { hashes.reserveCapacity(usualIDs) }
    var number = 0
    var matched = 0
    var start = first
    var rest: Int?
    while start < count {
      number += 1
      var end = pattern?.match(bytes, at: start, &match) ?? -1
      if end < 0, pattern != nil {
        end = patterns.matchOthers(bytes, at: start, &match)
        pattern = patterns.current
      }
      if end >= 0 {
        matched += 1
        if let pattern, pattern.countsInputs, match.furtherInputs > 0 {
          furtherInputs.append((number, match.furtherInputs))
        }
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
          checkValue(number: number)
        } else {
          end = bytes.endOfLine(from: start)
          checkUnreadable(bytes.part(start..<end), number, isFirst: isFirst && number == 1)
        }
        pattern = patterns.current
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

  private mutating func checkCutLine(_ block: LineBlock, _ length: Int) {
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
  private mutating func checkValue(number: Int) {
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
    let id = envelopes.check(envelope, root, &findings)
    if let id { record(id.bytes, id.contentRange, id.traits, number) }
    if envelope.body == nil, let kind = ForeignLines.kind(of: root) { foreign.add(kind) }
    let endpoint = endpoints.checker(of: envelope)
    let model = checkBody(envelope, in: root, endpoint)
    let further = countFurtherInputs(envelope, endpoint)
    if further > 0 { furtherInputs.append((number, further)) }
    if document.hasLoneSurrogate { warnOfSurrogates(root) }
    let hasSecret = warnOfSecrets()
    if findings.count > first {
      findings.endLine(customID: id?.text)
      findings.hideSecrets { [ids] in ids.showExcerpt(of: $0, number: number) }
    } else if let id, let body = envelope.body {
      patterns.learn(document.bytes, id: id, body: body, checker: endpoint, model: model)
    }
    // Both are found in a line's own strings, and those of a remembered object are not looked at again.
    if hasSecret || document.hasLoneSurrogate { endpoint?.forget() } else { endpoint?.learn() }
  }

  private mutating func checkUnreadable(_ line: PaddedBytes, _ number: Int, isFirst: Bool) {
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

  /// Warns of secrets in the strings of the line.
  /// - Returns: whether there are any.
  private mutating func warnOfSecrets() -> Bool {
    var known: Set<Int>?
    document.forEachLongWord { string in
      guard let secret = SecretSearch.find(in: string.bytes, string.contentRange) else { return }
      if known == nil { known = findings.places(of: .exposedSecret) }
      if known!.contains(string.lineRange.lowerBound) { return }
      findings.hide(at: secret.lowerBound + string.origin..<secret.upperBound + string.origin)
      findings.warn(.exposedSecret, string, "This looks like a key; whoever gets the file can use it.")
    }
    return known != nil
  }

  private mutating func warnOfSurrogates(_ root: JSONValue) {
    root.forEachString { string in
      guard string.traits.contains(.loneSurrogate) else { return }
      findings.warn(
        .loneSurrogate, string,
        "Half of a surrogate pair stands alone: it is not a character, and readers of JSON differ in what they make of it."
      )
    }
  }

  /// Records the id, with its escapes resolved, for the search for duplicates.
  @inline(__always)
  private mutating func record(_ line: PaddedBytes, _ range: Range<Int>, _ traits: StringTraits, _ number: Int) {
    let quoted = range.lowerBound - 1..<range.upperBound + 1
    if traits.contains(.escaped) {
      unescaped.removeAll(keepingCapacity: true)
      JSONText.unescape(line, range, into: &unescaped)
      unescaped.withUnsafeBytes { [ids] in ids.record($0, number: number, place: (line, quoted)) }
    } else {
      ids.record(line.buffer(range), number: number, place: (line, quoted))
    }
  }

  // MARK: - Body

  /// Checks a body.
  /// - Returns: what is known of its model; nil where that is nothing.
  private mutating func checkBody(
    _ envelope: Envelope, in root: JSONValue, _ endpoint: EndpointChecker?
  ) -> UnsafePointer<ModelTable.Model>? {
    guard let value = envelope.body, value.kind == .object else { return nil }
    let first = findings.count
    defer { findings.sortByPlace(from: first) }
    if let endpoint {
      let model = endpoint.checkShape(value, &findings)
      let known = model.flatMap { rules.tabledModels.find($0) }
      if let model { models.check(model, known, of: endpoint.endpoint, &findings) }
      endpoint.askRules(value, known, &findings)
      return known
    }
    if let model = value["model"] {
      if model.kind == .string {
        models.check(model, rules.tabledModels.find(model), of: nil, &findings)
      } else {
        findings.invalidType(model, expected: "a string")
      }
    } else {
      findings.missing("model", in: value)
    }
    return nil
  }

  /// How many inputs a request has beside its first; 0 where the endpoint does not count them.
  private func countFurtherInputs(_ envelope: Envelope, _ endpoint: EndpointChecker?) -> Int {
    guard endpoint?.endpoint.countsInputs == true, let body = envelope.body else { return 0 }
    return InputCount.further(in: body)
  }
}
