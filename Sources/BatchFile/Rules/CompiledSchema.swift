import JSONLines

/// The tables of a ``Shape`` as flat arrays of plain values, which the checker can walk without counting references.
///
/// There is one for each endpoint. It is never freed, so that line patterns can point into it.
final class CompiledSchema: @unchecked Sendable {  // immutable after init
  /// One shape. Its indexes point into the other arrays; -1 stands for none.
  struct Node {
    /// The JSON types that the value may have, one bit for each ``JSONKind``.
    var kinds: UInt8 = 0
    var isFree = false
    var isInteger = false
    var isDoubtfulEmpty = false
    /// Whether a string is a text (``Shape/text``).
    var isText = false
    /// Whether the value is a text or has texts in it.
    var hasTexts = false
    /// How often such an object comes again from line to line.
    var recurs = ObjectShape.Recurrence.never
    var stringCheck: Shape.StringCheck?
    /// Whether the length of a string has limits.
    var hasLengths = false
    var isNullDoubtful = false
    /// Whether a string that is not one of the values is a warning and not an error.
    var allowsOthers = false
    /// Whether the number must also be within the model's limit of output.
    var isTokenLimit = false
    /// The index of the values that are a warning.
    var doubtful: Int32 = -1
    /// The fewest characters of a string.
    var minLength = 0
    var isEmptyRead = false
    var maxLength = Int.max
    var doubtfulLength = Int.max
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
    /// The index of the object's first field; its other fields follow.
    var fields: Int
    var required: UInt64
    var unknown: ObjectShape.Unknown
    /// The shape of members that no field names.
    var members: Int32
    /// The index of the first of its variants, between which its only field decides; -1 where it has none.
    var variants: Int
    /// The variant of an object without that field; -1 where the field is required.
    var otherwise: Int32
    /// The object's index in ``CompiledSchema/moved``; -1 for none.
    var moved: Int32
    /// The object's index in ``CompiledSchema/checks``; -1 for none.
    var check: Int32
    var mark: Marks
    /// Whether a member is a text or has texts in it.
    var hasTexts: Bool
  }

  struct CompiledField {
    var node: Int32
    var use: Int32
  }

  let nodes: UnsafePointer<Node>
  let objects: UnsafePointer<Object>
  let fields: UnsafePointer<CompiledField>
  let variants: UnsafePointer<Int32>
  let values: UnsafePointer<KeyTable>
  let root: Int
  /// The lists of values and types for messages.
  let choices: [Choices]
  let expectations: [String]
  let fieldNames: [String]
  let uses: [Field.Use]
  let checks: [Shape.ObjectCheck]
  /// The names that members of other endpoints have here, and which of them the API reports by itself.
  let moved: [(names: [String: String], gone: [String: String])]

  init(_ shape: Shape) {
    var compiler = Compiler()
    root = compiler.add(shape)
    nodes = CompiledSchema.keep(compiler.nodes)
    objects = CompiledSchema.keep(compiler.objects.compactMap { $0 })
    fields = CompiledSchema.keep(compiler.fields)
    variants = CompiledSchema.keep(compiler.variants)
    values = CompiledSchema.keep(compiler.valueTexts.map(KeyTable.init))
    choices = compiler.valueTexts.map(Choices.init)
    expectations = compiler.expectations
    fieldNames = compiler.fieldNames
    uses = compiler.uses
    checks = compiler.checks
    moved = compiler.moved
  }

  /// The names of an object's fields, in the table's order.
  func names(of object: Object) -> ArraySlice<String> {
    fieldNames[object.fields..<object.fields + object.keys.count]
  }

  /// Whether the number in `range` fits a node's shape without a finding.
  @inline(__always)
  static func isClean(_ bytes: PaddedBytes, _ range: Range<Int>, _ node: UnsafePointer<Node>) -> Bool {
    if node.pointee.isInteger {
      for i in range where !ASCII.isDigit(bytes[i]) && bytes[i] != ASCII.minus { return false }
    }
    let number = NumberScanner.double(bytes, range)
    return number >= node.pointee.min && number <= node.pointee.max && number.isFinite
  }

  private static func keep<T>(_ elements: [T]) -> UnsafePointer<T> {
    let memory = UnsafeMutablePointer<T>.allocate(capacity: max(1, elements.count))
    memory.initialize(from: elements, count: elements.count)
    return UnsafePointer(memory)
  }
}

private struct Compiler {
  var nodes: [CompiledSchema.Node] = []
  var objects: [CompiledSchema.Object?] = []
  var fields: [CompiledSchema.CompiledField] = []
  var fieldNames: [String] = []
  var variants: [Int32] = []
  var valueTexts: [[String]] = []
  var expectations: [String] = []
  var uses: [Field.Use] = []
  var checks: [Shape.ObjectCheck] = []
  var moved: [(names: [String: String], gone: [String: String])] = []
  /// The shape of each of `objects`. It is searched one by one. For a dictionary, the runtime would look up how its keys
  /// conform to `Hashable`, which takes longer than all these searches.
  private var shapes: [ObjectShape] = []

  /// Adds a shape and all shapes inside it.
  /// - Returns: the shape's index.
  mutating func add(_ shape: Shape) -> Int {
    let index = nodes.count
    nodes.append(CompiledSchema.Node())
    expectations.append(shape.isFree ? "" : shape.expectation)
    var node = CompiledSchema.Node()
    node.isFree = shape.isFree
    func allow(_ kinds: JSONKind...) { for kind in kinds { node.kinds |= kind.bit } }
    if shape.null { allow(.null) }
    node.isNullDoubtful = shape.isNullDoubtful
    if shape.boolean { allow(.true, .false) }
    if let string = shape.string {
      allow(.string)
      node.stringCheck = string.check
      node.isText = string.isText
      node.hasTexts = string.isText
      node.hasLengths = string.hasLimits
      node.minLength = string.min
      node.isEmptyRead = string.isEmptyRead
      node.maxLength = string.max
      node.doubtfulLength = string.doubtfulOver
      node.allowsOthers = string.allowsOthers
      if let texts = string.values {
        node.values = Int32(valueTexts.count)
        valueTexts.append(texts)
      }
      if !string.doubtful.isEmpty {
        node.doubtful = Int32(valueTexts.count)
        valueTexts.append(string.doubtful)
      }
    }
    if let number = shape.number {
      allow(.number)
      node.isInteger = number.isInteger
      node.isTokenLimit = number.isTokenLimit
      node.min = number.min ?? -.infinity
      node.max = number.max ?? .infinity
    }
    if let array = shape.array {
      allow(.array)
      node.minItems = array.count.lowerBound
      node.maxItems = array.count.upperBound
      node.isDoubtfulEmpty = array.isDoubtfulEmpty
      node.element = Int32(add(array.element))
      node.hasTexts = node.hasTexts || nodes[Int(node.element)].hasTexts
    }
    if let object = shape.object {
      allow(.object)
      node.object = add(object)
      node.recurs = object.recurs
      node.hasTexts = node.hasTexts || objects[Int(node.object)]?.hasTexts == true
    }
    nodes[index] = node
    return index
  }

  private mutating func add(_ shape: ObjectShape) -> Int32 {
    if let index = shapes.firstIndex(where: { $0 === shape }) { return Int32(index) }
    precondition(shape.fields.count <= 64, "a body's members are bits of a word")
    let index = objects.count
    shapes.append(shape)
    objects.append(nil)
    let first = fields.count
    for field in shape.fields {
      fields.append(CompiledSchema.CompiledField(node: -1, use: -1))
      fieldNames.append(field.name)
    }
    for (k, field) in shape.fields.enumerated() {
      fields[first + k].node = Int32(add(field.shape))
      if let use = field.use {
        fields[first + k].use = Int32(uses.count)
        uses.append(use)
      }
    }
    var firstVariant = -1
    if !shape.variants.isEmpty {
      let compiled = shape.variants.map { add($0.shape) }
      firstVariant = variants.count
      variants += compiled
    }
    let members = shape.members.map { Int32(add($0)) } ?? -1
    var check: Int32 = -1
    if let own = shape.check {
      check = Int32(checks.count)
      checks.append(own)
    }
    let otherwise = shape.otherwise.map { add($0) } ?? -1
    var movedIndex: Int32 = -1
    if !shape.moved.isEmpty || !shape.gone.isEmpty {
      movedIndex = Int32(moved.count)
      moved.append((shape.moved, shape.gone))
    }
    let hasTexts =
      fields[first..<first + shape.fields.count].contains { nodes[Int($0.node)].hasTexts }
      || shape.variants.indices.contains { objects[Int(variants[firstVariant + $0])]?.hasTexts == true }
    objects[index] = CompiledSchema.Object(
      keys: KeyTable(shape.fields.map(\.name)), fields: first,
      required: shape.fields.enumerated().reduce(0) { $1.element.required ? $0 | 1 << UInt64($1.offset) : $0 },
      unknown: shape.unknown, members: members, variants: firstVariant, otherwise: otherwise, moved: movedIndex,
      check: check, mark: shape.mark,
      hasTexts: hasTexts)
    return Int32(index)
  }
}
