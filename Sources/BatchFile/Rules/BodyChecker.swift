import JSONLines

/// Checks a body: walks the tables of a schema and the tape of a line together.
///
/// Findings go to the given list in no particular order. Nothing is allocated for a body without faults.
struct BodyChecker: ~Copyable {
  let schema: CompiledSchema
  /// The number of this schema's first node in what is remembered of an object, so that the nodes of different schemas
  /// have different numbers.
  private let firstRule: Int
  /// What was noted of the body for rules over several members.
  private(set) var marks: Marks = []
  private var mentions = Mentions()
  /// One bit for each field that the current body has.
  private(set) var present: UInt64 = 0
  /// The places of those fields.
  let bodyFields: BodyFields
  /// Objects to remember once the line is done. If they were remembered at once, one could take the place of another
  /// that the line still uses.
  private var toLearn: [(value: JSONValue, verdict: RememberedValue.Verdict)] = []
  private var scratch = Scratch()
  private let remembered: RememberedValues?

  /// - Parameter ordinal: the schema's number; the schemas that share `remembered` need different ones.
  init(schema: CompiledSchema, ordinal: Int, remembered: RememberedValues?) {
    self.schema = schema
    firstRule = ordinal << 32
    self.remembered = remembered
    bodyFields = BodyFields(schema)
  }

  /// Checks `body` by the schema alone. Rules over several fields are asked afterwards.
  mutating func check(_ body: JSONValue, _ findings: inout FindingList) {
    marks = []
    mentions.clear()
    present = 0
    bodyFields.clear()
    let object = schema.objects + Int(schema.nodes[schema.root].object)
    walkObject(body, object, isBody: true, &findings)
  }

  /// Remembers the objects without findings, for later lines.
  mutating func learn() {
    for (value, verdict) in toLearn {
      remembered?.learn(value, verdict: verdict, isProven: schema.nodes[verdict.rule - firstRule].recurs == .usually)
    }
    toLearn.removeAll(keepingCapacity: true)
  }

  // MARK: - Values

  private mutating func walk(_ value: JSONValue, _ index: Int, _ findings: inout FindingList) {
    let node = schema.nodes + index
    if node.pointee.isFree { return }
    let kind = value.kind
    guard node.pointee.kinds & (kind.bit) != 0 else {
      findings.invalidType(value, expected: schema.expectations[index])
      return
    }
    switch kind {
    case .string:
      if node.pointee.values >= 0 { checkChoice(value, node, &findings) }
      if node.pointee.hasLengths { checkLength(value, node, &findings) }
      if let check = node.pointee.stringCheck { run(check, on: value, &findings) }
    case .number:
      if !CompiledSchema.isClean(value.bytes, value.range, node) { explainNumber(value, node, &findings) }
    case .array:
      walkArray(value, node, &findings)
    case .object:
      walkObject(value, schema.objects + Int(node.pointee.object), isBody: false, &findings)
    case .null:
      if node.pointee.isNullDoubtful {
        findings.warn(.doubtfulValue, value, note: "leave it out") {
          "Documents differ in whether '\($0)' can be null."
        }
      }
    default:
      break
    }
  }

  private mutating func walkArray(
    _ value: JSONValue, _ node: UnsafePointer<CompiledSchema.Node>, _ findings: inout FindingList
  ) {
    let element = Int(node.pointee.element)
    var count = 0
    var next = value.index + 1
    let end = value.nextIndex
    while next < end {
      let item = value.raw(next)
      next = item.nextIndex
      count += 1
      if item.kind == .remembered {
        enterRemembered(item, element, &findings)
      } else if schema.nodes[element].recurs != .never, item.kind == .object, value.origin == 0 {
        walkAndLearn(item, element, &findings)
      } else {
        walk(item, element, &findings)
      }
    }
    if count < node.pointee.minItems {
      findings.emptyArray(value)
    } else if count > node.pointee.maxItems {
      findings.longArray(value, limit: node.pointee.maxItems, got: count)
    } else if count == 0, node.pointee.isDoubtfulEmpty {
      findings.warn(.doubtfulValue, value, "An empty array says nothing here; leave it out.")
    }
  }

  /// Checks a value that is remembered from an earlier line. If it passed the same node of the schema there, it need
  /// not be checked again.
  private mutating func enterRemembered(_ value: JSONValue, _ index: Int, _ findings: inout FindingList) {
    guard let known = value.rememberedVerdict, known.rule == firstRule &+ index else {
      return walk(value.at(value.index), index, &findings)
    }
    mark(Marks(rawValue: known.marks))
    if known.note != 0 { mention(tool: known.note) }
  }

  private mutating func walkAndLearn(_ value: JSONValue, _ index: Int, _ findings: inout FindingList) {
    guard remembered != nil else { return walk(value, index, &findings) }
    let before = findings.count
    let marksBefore = marks
    let toolsBefore = mentions.toolCount
    marks = []
    walk(value, index, &findings)
    // Whether the id of a call is right depends on other messages, so an object with such an id is checked on every
    // line.
    if findings.count == before, marks.rawValue & Marks.callID.rawValue == 0 {
      let note = mentions.toolCount > toolsBefore ? mentions.lastTool : 0
      toLearn.append((value, RememberedValue.Verdict(rule: firstRule + index, marks: marks.rawValue, note: note)))
    }
    mark(marksBefore)
  }

  // MARK: - Objects

  private mutating func walkObject(
    _ value: JSONValue, _ start: UnsafePointer<CompiledSchema.Object>, isBody: Bool, _ findings: inout FindingList
  ) {
    var object = start
    while object.pointee.variants >= 0 {
      guard let variant = findVariant(value, object, &findings) else { return }
      object = schema.objects + Int(variant)
    }
    mark(object.pointee.mark)
    var seen: UInt64 = 0
    var next = value.index + 1
    let end = value.nextIndex
    while next < end {
      let key = value.raw(next)
      let member = value.raw(next + 1)
      next = member.nextIndex
      guard let k = object.pointee.keys.find(key) else {
        walkUnknown(key, member, object, &findings)
        continue
      }
      if seen & (1 &<< UInt64(k)) != 0 {
        findings.duplicateKey(key)
        mark(.doubts)
      }
      seen |= 1 &<< UInt64(k)
      if isBody { bodyFields.set(k, key.index + 1) }
      let field = schema.fields + object.pointee.fields + k
      if member.kind == .remembered {
        enterRemembered(member, Int(field.pointee.node), &findings)
      } else if member.kind == .object, value.origin == 0, schema.nodes[Int(field.pointee.node)].recurs != .never {
        walkAndLearn(member, Int(field.pointee.node), &findings)
      } else {
        walk(member, Int(field.pointee.node), &findings)
      }
      if field.pointee.use >= 0 {
        judge(schema.uses[Int(field.pointee.use)], key, member, Int(field.pointee.node), &findings)
      }
    }
    if isBody { present = seen }
    var missing = object.pointee.required & ~seen
    while missing != 0 {
      reportMissing(object.pointee.fields + missing.trailingZeroBitCount, in: value, &findings)
      missing &= missing - 1
    }
    let check = object.pointee.check
    if check >= 0 { schema.checks[Int(check)].check(value, &findings) }
  }

  private mutating func walkUnknown(
    _ key: JSONValue, _ member: JSONValue, _ object: UnsafePointer<CompiledSchema.Object>, _ findings: inout FindingList
  ) {
    if object.pointee.members >= 0 {
      walk(member.at(member.index), Int(object.pointee.members), &findings)
      return
    }
    if object.pointee.unknown == .free { return }
    mark(.doubts)
    mark(.unknownMember)
    var instead: String?
    if object.pointee.moved >= 0 {
      let moved = schema.moved[Int(object.pointee.moved)]
      if let place = moved.gone[key.text] { return findings.movedParameter(key, instead: place) }
      instead = moved.names[key.text]
    }
    findings.unknown(
      key, isError: object.pointee.unknown == .refused, known: schema.names(of: object.pointee), instead: instead)
  }

  private func reportMissing(_ field: Int, in value: JSONValue, _ findings: inout FindingList) {
    let use = schema.fields[field].use
    if use >= 0, case .needed(let text) = schema.uses[Int(use)] {
      return findings.neededParameter(schema.fieldNames[field], in: value, text)
    }
    findings.missing(schema.fieldNames[field], in: value)
  }

  /// The variant that an object's deciding member names; nil where that member is missing or wrong.
  private mutating func findVariant(
    _ value: JSONValue, _ object: UnsafePointer<CompiledSchema.Object>, _ findings: inout FindingList
  ) -> Int32? {
    let field = schema.fields + object.pointee.fields
    // The deciding member nearly always comes first. A second one is reported when the variant's own members are walked.
    var next = value.index + 1
    let end = value.nextIndex
    while next < end, object.pointee.keys.find(value.raw(next)) == nil { next = value.raw(next + 1).nextIndex }
    guard next < end else {
      if object.pointee.otherwise >= 0 { return object.pointee.otherwise }
      findings.missing(schema.fieldNames[object.pointee.fields], in: value)
      mark(.doubts)
      return nil
    }
    let named = value.at(next + 1)
    if named.kind == .null, object.pointee.otherwise >= 0 { return object.pointee.otherwise }
    let node = schema.nodes + Int(field.pointee.node)
    if named.kind == .string, let k = schema.values[Int(node.pointee.values)].find(named) {
      return schema.variants[object.pointee.variants + k]
    }
    walk(named, Int(field.pointee.node), &findings)
    mark(.doubts)
    return nil
  }

  private mutating func judge(
    _ use: Field.Use, _ key: JSONValue, _ value: JSONValue, _ node: Int, _ findings: inout FindingList
  ) {
    if value.kind == .null {
      if case .needed(let text) = use { findings.error(.invalidRequest, value) { _ in text } }
      return
    }
    switch use {
    case .deprecated(let instead):
      findings.warn(.deprecatedParameter, key, note: "use \(instead)") { "'\($0)' is deprecated." }
    case .ignored(let why):
      findings.warn(.ignoredParameter, key, note: why) { "'\($0)' has no effect." }
    case .ignoredUnlessZero(let why):
      if value.number != 0 { findings.warn(.ignoredParameter, key, note: why) { "'\($0)' has no effect." } }
    case .refused(let why):
      // A value of a wrong type was already reported, and so was `false` where the shape has no boolean.
      guard schema.nodes[node].kinds & value.kind.bit != 0 else { return }
      if value.kind == .false || value.kind == .object && value.nextIndex == value.index + 1 {
        findings.warn(.ignoredParameter, key, note: why) { "'\($0)' has no effect." }
      } else {
        findings.error(.invalidRequest, key, note: why) { "'\($0)' is not supported." }
      }
    case .streaming(let api):
      if value.kind == .true {
        findings.error(.streamingUnsupported, key) { _ in "\(api): Streaming is not supported in the Batch API." }
      }
    case .doubtful(let why):
      findings.warn(.doubtfulValue, key, note: why) { "Whether '\($0)' works in a batch is open." }
    case .doubtfulIfTrue(let why):
      if value.kind == .true {
        findings.warn(.doubtfulValue, key, note: why) { "Whether '\($0)' works in a batch is open." }
      }
    case .needed(let text):
      if value.kind == .string, value.contentRange.isEmpty { findings.error(.invalidRequest, value) { _ in text } }
    }
  }

  // MARK: - Numbers and strings

  private mutating func explainNumber(
    _ value: JSONValue, _ node: UnsafePointer<CompiledSchema.Node>, _ findings: inout FindingList
  ) {
    let number = NumberScanner.double(value.bytes, value.range)
    let isInteger = node.pointee.isInteger
    if isInteger, number.isInfinite, (number < 0 ? node.pointee.min : node.pointee.max).isInfinite {
      // A number such as 1e400 is above every maximum. Even where there is no maximum, no integer type can hold it.
      findings.error(.invalidType, value) {
        "Invalid type for '\($0)': expected an integer, but got a number beyond the range of a double instead."
      }
    } else if isInteger, number.rounded() != number {
      findings.invalidType(value, expected: "an integer")
    } else if number > node.pointee.max || number < node.pointee.min {
      let isAbove = number > node.pointee.max
      findings.outOfRange(
        value, isInteger: isInteger, isAbove: isAbove, limit: isAbove ? node.pointee.max : node.pointee.min)
    } else {
      // kin-openapi, which validates by OpenAPI documents, takes `1.0` as an integer. Whether the API accepts it is not
      // recorded.
      findings.warn(.doubtfulValue, value, "An integer is written without a fraction and an exponent.")
    }
  }

  @inline(never)
  private func checkLength(
    _ value: JSONValue, _ node: UnsafePointer<CompiledSchema.Node>, _ findings: inout FindingList
  ) {
    // Each character has at least one byte, however it is spelt.
    let bytes = value.contentRange.count
    if bytes >= node.pointee.minLength, bytes <= min(node.pointee.maxLength, node.pointee.doubtfulLength) { return }
    let count = value.characterCount
    if count == 0, node.pointee.minLength > 0 {
      findings.error(.emptyString, value, Words.emptyString)
    } else if count > node.pointee.maxLength {
      findings.longString(value, limit: node.pointee.maxLength, got: count)
    } else if count > node.pointee.doubtfulLength {
      let limit = node.pointee.doubtfulLength
      findings.warn(.doubtfulValue, value) { "'\($0)' has \(count) characters; more than \(limit) may be refused." }
    }
  }

  @inline(__always)
  private func checkChoice(
    _ value: JSONValue, _ node: UnsafePointer<CompiledSchema.Node>, _ findings: inout FindingList
  ) {
    if schema.values[Int(node.pointee.values)].find(value) == nil { refuseChoice(value, node, &findings) }
  }

  @inline(never)
  private func refuseChoice(
    _ value: JSONValue, _ node: UnsafePointer<CompiledSchema.Node>, _ findings: inout FindingList
  ) {
    let choices = schema.choices[Int(node.pointee.values)]
    let isDoubtful = node.pointee.doubtful >= 0 && schema.values[Int(node.pointee.doubtful)].find(value) != nil
    if isDoubtful || node.pointee.allowsOthers {
      findings.warn(.doubtfulValue, value) { "'\($0)' is '\(Words.quoted(value))'; sure values are \(choices.list)." }
    } else {
      findings.invalidValue(value, supported: choices)
    }
  }

  private mutating func run(_ check: Shape.StringCheck, on value: JSONValue, _ findings: inout FindingList) {
    switch check {
    case .functionName:
      checkFunctionName(value, &findings)
    case .toolName:
      checkFunctionName(value, &findings)
      mention(tool: mentions.hash(value))
    case .requiredFunctionName:
      requireFunctionName(value, &findings)
    case .requiredToolName:
      requireFunctionName(value, &findings)
      mention(tool: mentions.hash(value))
    case .authorName:
      checkAuthorName(value, &findings)
    case .imageURL:
      checkImageURL(value, &findings)
    case .callID:
      mark(.callID)
      mentions.add(call: value)
    case .answeredCallID:
      mark(.callID)
      if !mentions.hasCall(value) { mark(.strayAnswer) }
    case .json:
      if !scratch.isJSON(value) {
        findings.warn(.doubtfulValue, value, "The arguments of a call are the text of a JSON value; this is none.")
      }
    case .secret:
      findings.hide(value)
      findings.warn(.exposedSecret, value, "This looks like a key; whoever gets the file can use it.")
    }
  }

  private mutating func mention(tool hash: UInt64) {
    if mentions.add(tool: hash) { mark(.repeatedTool) }
  }

  // The operations of OptionSet would be calls into another module.
  private mutating func mark(_ mark: Marks) { marks = Marks(rawValue: marks.rawValue | mark.rawValue) }

  private mutating func checkFunctionName(_ value: JSONValue, _ findings: inout FindingList) {
    if isFunctionName(value) { return }
    findings.warn(
      .doubtfulValue, value,
      "A name has letters, digits, '_' and '-' only, and at most 64 of them, by the API's documents.")
  }

  private func requireFunctionName(_ value: JSONValue, _ findings: inout FindingList) {
    if isFunctionName(value) { return }
    let count = value.characterCount
    if count == 0 {
      findings.error(.emptyString, value, Words.emptyString)
    } else if count > 64 {
      findings.longString(value, limit: 64, got: count)
    } else {
      findings.error(.invalidValue, value, Words.wrongName)
    }
  }

  private mutating func checkAuthorName(_ value: JSONValue, _ findings: inout FindingList) {
    if isFunctionName(value) { return }
    let text = value.text
    if text.unicodeScalars.contains(where: { $0.properties.isWhitespace || "<|\\/>".unicodeScalars.contains($0) }) {
      findings.error(.invalidValue, value, Words.wrongName)
    } else {
      checkFunctionName(value, &findings)
    }
  }

  /// The formats are from https://platform.openai.com/docs/guides/images-vision#image-input-requirements.
  private func checkImageURL(_ value: JSONValue, _ findings: inout FindingList) {
    let bytes = value.bytes.buffer(value.contentRange)
    let head = String(decoding: bytes.prefix(64), as: UTF8.self).lowercased()
    if head.hasPrefix("https://") || head.hasPrefix("http://") { return }
    let formats = ["png", "jpeg", "jpg", "webp", "gif"]
    if formats.contains(where: { head.hasPrefix("data:image/\($0);base64,") }) { return }
    // The slashes of the address may be written as escapes.
    if value.traits.contains(.escaped) {
      let text = value.text.prefix(64).lowercased()
      if text.hasPrefix("https://") || text.hasPrefix("http://")
        || formats.contains(where: { text.hasPrefix("data:image/\($0);base64,") })
      {
        return
      }
    }
    if head.hasPrefix("data:") {
      findings.warn(.doubtfulValue, value, note: "formats are PNG, JPEG, WEBP and GIF, in base64") {
        "'\($0)' is no picture in base64 of a format that is known to work."
      }
    } else {
      findings.error(.invalidValue, value, note: "an address with https:, or data:image/png;base64,…") {
        "Invalid '\($0)'. Expected a valid URL, but got a value with an invalid format."
      }
    }
  }

  private func isFunctionName(_ value: JSONValue) -> Bool {
    if value.traits.contains(.escaped) {
      let text = value.text
      return (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(BodyChecker.isNameByte)
    }
    let bytes = value.bytes.buffer(value.contentRange)
    return (1...64).contains(bytes.count) && bytes.allSatisfy(BodyChecker.isNameByte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == 0x5F || byte == ASCII.minus
  }
}

/// Memory for JSON texts that are in strings. It is used again for each of them.
private struct Scratch: ~Copyable {
  private var text = TextBuffer()
  private let document = JSONDocument()

  mutating func isJSON(_ string: JSONValue) -> Bool {
    text.clear()
    string.appendText(to: &text)
    // The scanner reads single lines, but this JSON may go over several. So newlines become tabs, which mean the same
    // to it: white space between values and an error inside strings.
    text.replace(ASCII.newline, by: ASCII.tab)
    text.append(ASCII.newline)
    return JSONScanner.scan(text.lines, into: document) == nil
  }
}
