import JSONLines

/// Whether a value is a JSON Schema at all, strict or not: each keyword has a value of the right type.
struct SchemaForm {
  /// What an API asks of the schemas that it is given.
  struct Demands: Sendable {
    var code: Code
    /// Whether wrong types, properties and required names are an error; they and all else are a warning otherwise.
    var refusesMalformed = false
    /// Whether `required` must have `properties` beside it.
    var wantsProperties = false
    /// Whether an array must have `items`.
    var wantsItems = false
    /// Whether patterns can have no lookaround and no backreferences.
    var refusesLookaround = false
  }

  /// In the order of ``keywords``.
  private enum Keyword: Int {
    case type, required, properties, defs, definitions, patternProperties
    case items, additionalProperties, not, contains
    case anyOf, oneOf, allOf, prefixItems
    case `enum`, pattern, description, title, format, ref
    case minimum, maximum, minLength, maxLength, minItems, maxItems
  }

  private static let keywords = KeyTable([
    "type", "required", "properties", "$defs", "definitions", "patternProperties", "items", "additionalProperties",
    "not", "contains", "anyOf", "oneOf", "allOf", "prefixItems", "enum", "pattern", "description", "title", "format",
    "$ref", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
  ])
  private static let types = KeyTable(["array", "string", "number", "integer", "boolean", "object", "null"])
  /// The place of `array` among the types.
  private static let array = 0

  private let demands: Demands
  private var isSound = true

  /// Adds the findings of a schema.
  /// - Returns: whether its types, properties and required names are what they should be, so that they can be looked at.
  static func check(_ schema: JSONValue, _ demands: Demands, _ findings: inout FindingList) -> Bool {
    var walk = SchemaForm(demands: demands)
    walk.check(schema, isBranch: false, &findings)
    return walk.isSound
  }

  private init(demands: Demands) { self.demands = demands }

  /// - Parameter isBranch: whether it is a branch of a choice, where `required` often stands alone.
  private mutating func check(_ schema: JSONValue, isBranch: Bool, _ findings: inout FindingList) {
    guard schema.kind == .object else { return }
    var required: JSONValue?
    var isArray = false
    var hasItems = false
    var hasProperties = false
    for (key, value) in schema.fields {
      guard let keyword = SchemaForm.keywords.find(key).flatMap(Keyword.init) else { continue }
      switch keyword {
      case .type:
        if value.kind == .string, let type = SchemaForm.types.find(value) {
          isArray = type == SchemaForm.array
        } else {
          checkType(value, &findings)
        }
      case .required:
        required = value
        if value.kind != .array { malformed(value, "a list of names", isRecorded: true, &findings) }
      case .properties, .defs, .definitions, .patternProperties:
        hasProperties = hasProperties || keyword == .properties
        guard value.kind == .object else {
          malformed(value, "an object", isRecorded: false, &findings)
          continue
        }
        for (_, inner) in value.fields where !SchemaForm.isUsual(inner) {
          checkPlace(inner, isRecorded: keyword == .properties, &findings)
        }
      case .items:
        hasItems = true
        if value.kind == .array {
          malformed(value, "a schema, and a list belongs into 'prefixItems'", isRecorded: false, &findings)
        } else {
          checkPlace(value, isRecorded: false, &findings)
        }
      case .additionalProperties, .not, .contains: checkPlace(value, isRecorded: false, &findings)
      case .anyOf, .oneOf, .allOf, .prefixItems:
        if value.kind != .array || value.nextIndex == value.index + 1 {
          malformed(value, "a list of schemas", isRecorded: false, &findings)
        }
        for inner in value.items { checkPlace(inner, isRecorded: false, isBranch: true, &findings) }
      case .enum:
        if value.kind != .array { malformed(value, "a list of values", isRecorded: false, &findings) }
      case .pattern: checkPattern(value, &findings)
      case .description, .title, .format, .ref:
        if value.kind != .string { malformed(value, "a string", isRecorded: false, &findings) }
      case .minimum, .maximum, .minLength, .maxLength, .minItems, .maxItems:
        if value.kind != .number { malformed(value, "a number", isRecorded: false, &findings) }
      }
    }
    if demands.wantsItems, isArray, !hasItems {
      findings.error(demands.code, schema) { "The array schema '\($0)' has no 'items'." }
    }
    if demands.wantsProperties, let required, !hasProperties, !isBranch {
      findings.error(demands.code, required) { "'\($0)' is present but 'properties' is missing beside it." }
    }
  }

  /// Checks the value of a keyword that is a schema. `true` and `false` are schemas, too.
  private mutating func checkPlace(
    _ value: JSONValue, isRecorded: Bool, isBranch: Bool = false, _ findings: inout FindingList
  ) {
    switch value.kind {
    case .object: check(value, isBranch: isBranch, &findings)
    case .true, .false: break
    default: malformed(value, "a schema", isRecorded: isRecorded, &findings)
    }
  }

  /// Whether a schema has a type and a description and nothing else, like most properties of most tools: the first eight
  /// bytes tell, with their quotes, and to look them up took a third of the time for tools.
  @inline(__always)
  private static func isUsual(_ schema: JSONValue) -> Bool {
    guard schema.kind == .object, schema.nextIndex == schema.index + 5 else { return false }
    var fields = schema.fields.makeIterator()
    guard let (key, type) = fields.next(), let (other, text) = fields.next(), text.kind == .string,
      key.firstSix == 0x22_6570_7974_22, other.firstEight == 0x70_6972_6373_6564_22
    else { return false }
    switch type.firstEight {
    case 0x22_676E_6972_7473_22, 0x22_7265_626D_756E_22: return type.range.count == 8  // "string", "number"
    case 0x72_6567_6574_6E69_22, 0x6E_6165_6C6F_6F62_22: return type.range.count == 9  // "integer", "boolean"
    default: return false
    }
  }

  private mutating func checkType(_ value: JSONValue, _ findings: inout FindingList) {
    let wrong =
      value.kind == .array
      ? value.items.first { $0.kind != .string || SchemaForm.types.find($0) == nil } : value
    guard let wrong else { return }
    malformed(wrong, "a type of JSON Schema, such as 'string'", isRecorded: true, &findings)
  }

  private mutating func checkPattern(_ value: JSONValue, _ findings: inout FindingList) {
    guard value.kind == .string else { return malformed(value, "a string", isRecorded: false, &findings) }
    guard demands.refusesLookaround, SchemaForm.looksAround(value.text) else { return }
    findings.error(demands.code, value) {
      "The pattern '\($0)' has a lookaround or a backreference, which the API does not take."
    }
  }

  /// Whether a regular expression has `(?=`, `(?!`, `(?<=`, `(?<!` or a backreference.
  private static func looksAround(_ pattern: String) -> Bool {
    var rest = Substring(pattern)
    while let character = rest.popFirst() {
      if character == "\\" {
        if let escaped = rest.popFirst(), ("1"..."9").contains(escaped) { return true }
      } else if character == "(" {
        for mark in ["?=", "?!", "?<=", "?<!"] where rest.hasPrefix(mark) { return true }
      }
    }
    return false
  }

  private mutating func malformed(
    _ value: JSONValue, _ expected: String, isRecorded: Bool, _ findings: inout FindingList
  ) {
    if isRecorded { isSound = false }
    if isRecorded, demands.refusesMalformed {
      findings.error(demands.code, value) { "'\($0)' is not valid in a JSON Schema: it must be \(expected)." }
    } else {
      findings.warn(.doubtfulValue, value) { "'\($0)' is not valid in a JSON Schema: it should be \(expected)." }
    }
  }
}

extension JSONValue {
  /// The value's first eight bytes, the first in the lowest bits, and the first six of them.
  fileprivate var firstEight: UInt64 { bytes.word(at: range.lowerBound) }
  fileprivate var firstSix: UInt64 { firstEight & 0xFFFF_FFFF_FFFF }
}
