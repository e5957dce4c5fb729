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
  private var embedded = EmbeddedJSON()
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
    forget()
  }

  mutating func forget() { toLearn.removeAll(keepingCapacity: true) }

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
      if node.pointee.values >= 0 { schema.checkChoice(value, node, &findings) }
      if node.pointee.hasLengths { schema.checkLength(value, node, &findings) }
      if let check = node.pointee.stringCheck { run(check, on: value, &findings) }
    case .number:
      if !CompiledSchema.isClean(value.bytes, value.range, node) { schema.explainNumber(value, node, &findings) }
    case .array:
      walkArray(value, node, &findings)
    case .object:
      walkObject(value, schema.objects + Int(node.pointee.object), isBody: false, &findings)
    case .null:
      if node.pointee.isNullDoubtful {
        findings.warn(.doubtfulValue, value, note: "leave it out") {
          "The API's documents disagree on whether '\($0)' can be null."
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
      findings.warn(.doubtfulValue, value, "An empty array has no effect here; leave it out.")
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
        schema.judge(schema.uses[Int(field.pointee.use)], key, member, Int(field.pointee.node), &findings)
      }
    }
    if isBody { present = seen }
    var missing = object.pointee.required & ~seen
    while missing != 0 {
      schema.reportMissing(object.pointee.fields + missing.trailingZeroBitCount, in: value, &findings)
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

  // MARK: - Strings

  private mutating func run(_ check: Shape.StringCheck, on value: JSONValue, _ findings: inout FindingList) {
    switch check {
    case .functionName:
      findings.checkFunctionName(value)
    case .toolName:
      findings.checkFunctionName(value)
      mention(tool: mentions.hash(value))
    case .requiredFunctionName:
      findings.requireFunctionName(value)
    case .requiredToolName:
      findings.requireFunctionName(value)
      mention(tool: mentions.hash(value))
    case .requiredLongToolName:
      findings.requireFunctionName(value, limit: 128)
      mention(tool: mentions.hash(value))
    case .authorName:
      findings.checkAuthorName(value)
    case .imageURL:
      findings.checkImageURL(value)
    case .callID:
      mark(.callID)
      mentions.add(call: value)
    case .answeredCallID:
      mark(.callID)
      if !mentions.hasCall(value) { mark(.strayAnswer) }
    case .json:
      if !embedded.isJSON(value) {
        findings.warn(
          .doubtfulValue, value, "The arguments of a call must be the text of a JSON value; this text is not JSON.")
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
}
