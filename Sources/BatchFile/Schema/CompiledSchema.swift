import JSONLines

/// The tables of ``Rule`` as flat arrays of plain values: what the checker walks without touching a reference count.
///
/// Made once for each body schema and kept: nothing is ever freed.
final class CompiledSchema: @unchecked Sendable {  // immutable after init
  /// One rule. Indexes point into the other arrays; -1 stands for none.
  struct Node {
    /// One bit a ``JSONKind``.
    var kinds: UInt8 = 0
    var isFree = false
    var isInteger = false
    var isDoubtfulEmpty = false
    /// Whether such an object is worth remembering from line to line.
    var recurs = ObjectRule.Recurrence.never
    var stringCheck: Rule.StringCheck?
    var values: Int32 = -1
    var element: Int32 = -1
    var object: Int32 = -1
    var min = -Double.infinity
    var max = Double.infinity
    var minItems = 0
    var maxItems = Int.max
  }

  struct Object {
    var keys: KeyTable
    /// Index of its first field; the others follow.
    var fields: Int
    var required: UInt64
    var unknown: ObjectRule.Unknown
    /// The rule of members without a field.
    var members: Int32
    /// Where the shapes begin that its only field decides between; -1 where it has one shape.
    var shapes: Int
    var check: Rule.ObjectCheck?
    var mark: Marks
  }

  struct CompiledField {
    var node: Int32
    var use: Int32
  }

  let nodes: UnsafePointer<Node>
  let objects: UnsafePointer<Object>
  let fields: UnsafePointer<CompiledField>
  let shapes: UnsafePointer<Int32>
  let values: UnsafePointer<KeyTable>
  let root: Int
  /// For words only.
  let choices: [Choices]
  let expectations: [String]
  let fieldNames: [String]
  let uses: [Field.Use]

  init(_ rule: Rule) {
    var compiler = Compiler()
    root = compiler.add(rule)
    nodes = CompiledSchema.keep(compiler.nodes)
    objects = CompiledSchema.keep(compiler.objects.compactMap { $0 })
    fields = CompiledSchema.keep(compiler.fields)
    shapes = CompiledSchema.keep(compiler.shapes)
    values = CompiledSchema.keep(compiler.valueTexts.map(KeyTable.init))
    choices = compiler.valueTexts.map(Choices.init)
    expectations = compiler.expectations
    fieldNames = compiler.fieldNames
    uses = compiler.uses
  }

  /// The names of an object's fields, in the table's order.
  func names(of object: Object) -> ArraySlice<String> {
    fieldNames[object.fields..<object.fields + object.keys.count]
  }

  /// Whether the number in `range` passes a node's rule without a word.
  @inline(__always)
  func isClean(_ bytes: PaddedBytes, _ range: Range<Int>, _ node: Int) -> Bool {
    if nodes[node].isInteger {
      for i in range where !ASCII.isDigit(bytes[i]) && bytes[i] != ASCII.minus { return false }
    }
    let number = NumberScanner.double(bytes, range)
    return number >= nodes[node].min && number <= nodes[node].max && number.isFinite
  }

  private static func keep<T>(_ elements: [T]) -> UnsafePointer<T> {
    let memory = UnsafeMutablePointer<T>.allocate(capacity: max(1, elements.count))
    memory.initialize(from: elements, count: elements.count)
    return UnsafePointer(memory)
  }

  static let groqChat = CompiledSchema(.groqChat)
  static let commonChat = CompiledSchema(.commonChat)
}

private struct Compiler {
  var nodes: [CompiledSchema.Node] = []
  var objects: [CompiledSchema.Object?] = []
  var fields: [CompiledSchema.CompiledField] = []
  var fieldNames: [String] = []
  var shapes: [Int32] = []
  var valueTexts: [[String]] = []
  var expectations: [String] = []
  var uses: [Field.Use] = []
  private var known: [ObjectIdentifier: Int32] = [:]

  /// - Returns: the rule's index.
  mutating func add(_ rule: Rule) -> Int {
    let index = nodes.count
    nodes.append(CompiledSchema.Node())
    expectations.append(rule.isFree ? "" : rule.expectation)
    var node = CompiledSchema.Node()
    node.isFree = rule.isFree
    func allow(_ kinds: JSONKind...) { for kind in kinds { node.kinds |= kind.bit } }
    if rule.null { allow(.null) }
    if rule.boolean { allow(.true, .false) }
    if let string = rule.string {
      allow(.string)
      node.stringCheck = string.check
      if let texts = string.values {
        node.values = Int32(valueTexts.count)
        valueTexts.append(texts)
      }
    }
    if let number = rule.number {
      allow(.number)
      node.isInteger = number.isInteger
      node.min = number.min ?? -.infinity
      node.max = number.max ?? .infinity
    }
    if let array = rule.array {
      allow(.array)
      node.minItems = array.count.lowerBound
      node.maxItems = array.count.upperBound
      node.isDoubtfulEmpty = array.isDoubtfulEmpty
      node.element = Int32(add(array.element))
    }
    if let object = rule.object {
      allow(.object)
      node.object = add(object)
      node.recurs = object.recurs
    }
    nodes[index] = node
    return index
  }

  private mutating func add(_ rule: ObjectRule) -> Int32 {
    if let index = known[ObjectIdentifier(rule)] { return index }
    let index = objects.count
    known[ObjectIdentifier(rule)] = Int32(index)
    objects.append(nil)
    let first = fields.count
    for field in rule.fields {
      fields.append(CompiledSchema.CompiledField(node: -1, use: -1))
      fieldNames.append(field.name)
    }
    for (k, field) in rule.fields.enumerated() {
      fields[first + k].node = Int32(add(field.rule))
      if let use = field.use {
        fields[first + k].use = Int32(uses.count)
        uses.append(use)
      }
    }
    var firstShape = -1
    if !rule.variants.isEmpty {
      let compiled = rule.variants.map { add($0.rule) }
      firstShape = shapes.count
      shapes += compiled
    }
    let members = rule.members.map { Int32(add($0)) } ?? -1
    objects[index] = CompiledSchema.Object(
      keys: KeyTable(rule.fields.map(\.name)), fields: first,
      required: rule.fields.enumerated().reduce(0) { $1.element.required ? $0 | 1 << UInt64($1.offset) : $0 },
      unknown: rule.unknown, members: members, shapes: firstShape, check: rule.check, mark: rule.mark)
    return Int32(index)
  }
}
