import JSONLines

/// The shapes of the lines seen last.
final class LinePatterns {
  private static let most = 4
  private static let longestPause = 1_024

  private var shapes: [LinePattern] = []
  /// The one that fitted last.
  private(set) var current: LinePattern?
  /// Lines to let pass before the next shape is learned: longer and longer where shapes turn out to be of no use.
  private var pause = 0
  private var nextPause = 1
  private var victim = 0
  /// Lines in a row that none of the shapes fitted.
  private var misses = 0
  private static let mostMisses = 128

  /// Tries the other shapes on a line that the current one does not fit.
  /// - Returns: the index of the line's newline, -1 where none fits; that says nothing about the line.
  func matchOthers(_ bytes: PaddedBytes, at start: Int, _ schema: CompiledSchema, _ match: inout LinePattern.Match)
    -> Int
  {
    for shape in shapes where shape !== current {
      let end = shape.match(bytes, at: start, schema, &match)
      if end >= 0 {
        shape.hits += 1
        current = shape
        misses = 0
        return end
      }
    }
    misses += 1
    if misses == LinePatterns.mostMisses { forget() }
    return -1
  }

  /// To compare every line with shapes that fit none costs something too.
  private func forget() {
    shapes.removeAll()
    current = nil
    misses = 0
    (pause, nextPause) = (LinePatterns.longestPause, LinePatterns.longestPause)
  }

  /// Learns from a line that nothing was found in.
  func learn(_ document: JSONDocument, id: JSONValue, body: JSONValue, rules: RuleSet) {
    let line = document.bytes
    if pause > 0 {
      pause -= 1
      return
    }
    for shape in shapes {
      // The same shape with another model.
      var match = LinePattern.Match()
      let end = shape.match(line, at: 0, rules.schema, &match, wantsUnknownModel: true)
      if end == line.count, let model = match.unknownModel { return shape.add(model: line, model) }
    }
    guard let holes = LinePatterns.holes(id: id, body: body, rules: rules),
      let shape = LinePattern(line, holes: holes)
    else { return }
    current = shape
    if shapes.count < LinePatterns.most { return shapes.append(shape) }
    victim = (victim + 1) % LinePatterns.most
    nextPause = shapes[victim].hits > 1 ? 1 : min(nextPause * 2, LinePatterns.longestPause)
    pause = nextPause
    shapes[victim] = shape
  }

  /// The parts of a line that may differ without a rule caring; nil where rules care about texts.
  private static func holes(id: JSONValue, body: JSONValue, rules: RuleSet) -> [(Range<Int>, LinePattern.Hole)]? {
    guard id.origin == 0, body.origin == 0 else { return nil }
    let schema = rules.schema
    let object = schema.objects[Int(schema.nodes[schema.root].object)]
    var holes: [(range: Range<Int>, hole: LinePattern.Hole)] = [(id.textRange, .id)]
    for (key, value) in body.fields {
      guard let k = object.keys.find(key) else { continue }
      if key.isString("model") {
        // Where two of them pass, which one counts depends on the place: no hole for it.
        guard value.kind == .string, !holes.contains(where: { $0.hole == .model }) else { return nil }
        holes.append((value.textRange, .model))
      } else if key.isString("messages") {
        for message in value.items { addTexts(of: message, to: &holes) }
      } else if key.isString("response_format"), value.kind == .object {
        // With the type json_object, the messages must say something.
        guard value["type"]?.isString("json_object") != true else { return nil }
      } else {
        let field = schema.fields[object.fields + k]
        let node = schema.nodes[Int(field.node)]
        guard field.use < 0 else { continue }
        if value.kind == .number {
          holes.append((value.lineRange, .number(Int(field.node))))
        } else if value.kind == .string, node.values < 0, node.stringCheck == nil {
          holes.append((value.textRange, .text))
        }
      }
    }
    return holes.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  private static func addTexts(of message: JSONValue, to holes: inout [(range: Range<Int>, hole: LinePattern.Hole)]) {
    guard let content = message["content"] else { return }
    if content.kind == .string { holes.append((content.textRange, .text)) }
    for part in content.items {
      if let text = part["text"], text.kind == .string { holes.append((text.textRange, .text)) }
    }
  }
}

extension JSONValue {
  /// A string's place in the line, without the quotes.
  fileprivate var textRange: Range<Int> { lineRange.lowerBound + 1..<lineRange.upperBound - 1 }
}
