import JSONLines

/// The values of a line without findings that may be others in another line, because no shape and no rule reads them.
struct PatternHoles {
  private(set) var holes: [LinePattern.PlacedHole] = []

  /// Nil where no pattern can be made, so that each line like this one is checked in full.
  /// - Parameter checker: the checker of the body's endpoint; nil where only the body's model is checked.
  init?(id: JSONValue, body: JSONValue, checker: EndpointChecker?, model known: UnsafePointer<ModelTable.Model>?) {
    guard id.origin == 0, body.origin == 0 else { return nil }
    add(.id, id.textRange)
    guard let checker else {
      for (key, value) in body.fields where value.kind == .string {
        if !key.isString("model") {
          add(.text, value.textRange)
        } else if !addModel(value) {
          return nil
        }
      }
      sort()
      return
    }
    let schema = checker.endpoint.schema
    let object = schema.objects + Int(schema.nodes[schema.root].object)
    let reads = checker.reads(body, known)
    // Texts nearly always differ, so a pattern with a text among its literals would fit no other line.
    if reads.texts { return nil }
    let isWholeRead = PatternHoles.readsValues(object, schema)
    for (key, value) in body.fields {
      guard let k = object.pointee.keys.find(key) else { continue }
      if key.isString("model") {
        guard value.kind == .string, addModel(value) else { return nil }
        continue
      }
      let field = schema.fields[object.pointee.fields + k]
      if isWholeRead || PatternHoles.isJudged(field, schema) || reads.members & (1 << UInt64(k)) != 0 { continue }
      let node = schema.nodes + Int(field.node)
      if value.kind == .number {
        if node.pointee.isTokenLimit, let most = known?.pointee.maxCompletionTokens {
          add(.boundedNumber(node, max: Double(most)), value.lineRange)
        } else {
          add(.number(node), value.lineRange)
        }
      } else if value.kind == .string {
        addString(value, node)
      } else if checker.endpoint.countsInputs, key.isString("input"), value.kind == .array {
        guard addInputs(value, node, schema) else { return nil }
      } else {
        addTexts(in: value, node, schema)
      }
    }
    sort()
  }

  /// Adds the inputs of embeddings as one hole, because their number, which the checker has to know, differs from line to
  /// line.
  /// - Returns: false where they are not texts with the same bytes between them.
  private mutating func addInputs(
    _ value: JSONValue, _ node: UnsafePointer<CompiledSchema.Node>, _ schema: CompiledSchema
  ) -> Bool {
    guard let limits = PatternHoles.limits(schema.nodes + Int(node.pointee.element)) else { return false }
    var between: [UInt8]?
    var range: Range<Int>?
    for item in value.items {
      guard item.kind == .string else { return false }
      let text = item.textRange
      if let before = range {
        let separator = Array(value.bytes.buffer(before.upperBound..<text.lowerBound))
        guard between == nil || between == separator else { return false }
        between = separator
        range = before.lowerBound..<text.upperBound
      } else {
        range = text
      }
    }
    guard let range else { return false }
    guard let between else {
      add(.limitedText(min: limits.lowerBound, max: limits.upperBound), range)
      return true
    }
    add(
      .texts(min: limits.lowerBound, max: limits.upperBound, most: Endpoint.mostInputs, separator: between), range)
    return true
  }

  /// The fewest and the most bytes of a text in a hole; nil where more than its length decides whether it is accepted.
  private static func limits(_ node: UnsafePointer<CompiledSchema.Node>) -> ClosedRange<Int>? {
    guard node.pointee.values < 0, node.pointee.stringCheck == nil else { return nil }
    if !node.pointee.hasLengths { return 0...Int.max }
    // Each character has at least one byte, so a text that is short enough in bytes is short enough in characters.
    let most = min(node.pointee.maxLength, node.pointee.doubtfulLength)
    let needsOne = node.pointee.minLength > 0 || node.pointee.isEmptyRead
    return (needsOne ? 1 : 0)...most
  }

  /// Adds the model's place as a hole.
  /// - Returns: false where there is one already: with two, it depends on their places which one counts.
  private mutating func addModel(_ value: JSONValue) -> Bool {
    if holes.contains(where: { $0.hole == .model }) { return false }
    add(.model, value.textRange)
    return true
  }

  private mutating func add(_ hole: LinePattern.Hole, _ range: Range<Int>) {
    holes.append(LinePattern.PlacedHole(range: range, hole: hole))
  }

  private mutating func sort() { holes.sort { $0.range.lowerBound < $1.range.lowerBound } }

  private mutating func addString(_ value: JSONValue, _ node: UnsafePointer<CompiledSchema.Node>) {
    guard let limits = PatternHoles.limits(node) else { return }
    let hole: LinePattern.Hole =
      limits == 0...Int.max ? .text : .limitedText(min: limits.lowerBound, max: limits.upperBound)
    add(hole, value.textRange)
  }

  /// Adds the texts in an array or an object as holes.
  private mutating func addTexts(
    in value: JSONValue, _ node: UnsafePointer<CompiledSchema.Node>, _ schema: CompiledSchema
  ) {
    guard node.pointee.hasTexts else { return }
    switch value.kind {
    case .string:
      if node.pointee.isText { addString(value, node) }
    case .array:
      for item in value.items { addTexts(in: item, schema.nodes + Int(node.pointee.element), schema) }
    case .object:
      guard let object = PatternHoles.variant(of: schema.objects + Int(node.pointee.object), value, schema),
        object.pointee.hasTexts, !PatternHoles.readsValues(object, schema)
      else { return }
      for (key, member) in value.fields {
        guard let k = object.pointee.keys.find(key) else { continue }
        let field = schema.fields[object.pointee.fields + k]
        if !PatternHoles.isJudged(field, schema) { addTexts(in: member, schema.nodes + Int(field.node), schema) }
      }
    default:
      break
    }
  }

  /// The table for an object; if it has variants, the one of its variant.
  private static func variant(
    of object: UnsafePointer<CompiledSchema.Object>, _ value: JSONValue, _ schema: CompiledSchema
  ) -> UnsafePointer<CompiledSchema.Object>? {
    var object = object
    while object.pointee.variants >= 0 {
      guard let next = PatternHoles.chosen(of: object, value, schema) else { return nil }
      object = next
    }
    return object
  }

  private static func chosen(
    of object: UnsafePointer<CompiledSchema.Object>, _ value: JSONValue, _ schema: CompiledSchema
  ) -> UnsafePointer<CompiledSchema.Object>? {
    let decides = schema.nodes + Int(schema.fields[object.pointee.fields].node)
    for (key, member) in value.fields where object.pointee.keys.find(key) != nil {
      // A member that is null names no variant, like a missing one.
      if member.kind == .null { break }
      guard let k = schema.values[Int(decides.pointee.values)].find(member) else { return nil }
      return schema.objects + Int(schema.variants[object.pointee.variants + k])
    }
    return object.pointee.otherwise >= 0 ? schema.objects + Int(object.pointee.otherwise) : nil
  }

  /// Whether a field is checked for more than its shape when it is used. A needed field is not: only null and an empty
  /// string are refused, which cannot be in a hole.
  private static func isJudged(_ field: CompiledSchema.CompiledField, _ schema: CompiledSchema) -> Bool {
    guard field.use >= 0 else { return false }
    if case .needed = schema.uses[Int(field.use)] { return false }
    return true
  }

  private static func readsValues(_ object: UnsafePointer<CompiledSchema.Object>, _ schema: CompiledSchema) -> Bool {
    let check = Int(object.pointee.check)
    return check >= 0 && schema.checks[check].reads != .presence
  }
}

extension JSONValue {
  /// A string's place in the line, without the quotes.
  fileprivate var textRange: Range<Int> { lineRange.lowerBound + 1..<lineRange.upperBound - 1 }
}
