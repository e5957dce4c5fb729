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
  private static let types = KeyTable(["string", "number", "integer", "boolean", "object", "array", "null"])

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
        isArray = value.isString("array")
        checkType(value, &findings)
      case .required:
        required = value
        if value.kind != .array || value.items.contains(where: { $0.kind != .string }) {
          malformed(value, "a list of names", isRecorded: true, &findings)
        }
      case .properties, .defs, .definitions, .patternProperties:
        hasProperties = hasProperties || keyword == .properties
        guard value.kind == .object else {
          malformed(value, "an object", isRecorded: false, &findings)
          continue
        }
        for (_, inner) in value.fields { checkPlace(inner, isRecorded: keyword == .properties, &findings) }
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

  private mutating func checkType(_ value: JSONValue, _ findings: inout FindingList) {
    let names = value.kind == .array ? Array(value.items) : [value]
    for name in names where name.kind != .string || SchemaForm.types.find(name) == nil {
      return malformed(name, "a type of JSON Schema, such as 'string'", isRecorded: true, &findings)
    }
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
