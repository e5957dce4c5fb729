import JSONLines

/// Checks a schema with `strict`.
struct StrictSchema {
  let dialect: SchemaDialect
  let root: JSONValue
  private var properties = 0
  private var enumValues = 0
  private var characters = 0
  /// The schemas that a `$ref` can name, by the whole text of the reference; nil until the first one is looked up.
  var definitions: [[UInt8]: JSONValue]?
  /// The bytes of the definitions that were read in the place of references, each as often as it was read.
  var followed = 0

  /// Adds the findings for all that the API refuses in a schema with `strict`.
  static func check(_ schema: JSONValue, _ dialect: SchemaDialect, _ findings: inout FindingList) {
    var walk = StrictSchema(dialect: dialect, root: schema)
    if dialect.wantsRootObject { walk.checkRoot(&findings) }
    walk.check(schema, depth: 0, &findings)
    walk.checkCounts(&findings)
  }

  private init(dialect: SchemaDialect, root: JSONValue) {
    self.dialect = dialect
    self.root = root
  }

  private func checkRoot(_ findings: inout FindingList) {
    guard root.kind == .object else { return }
    for keyword in dialect.refusedAtRoot {
      guard let value = root[keyword] else { continue }
      return findings.error(dialect.code, value) { "'\($0)': the root of a strict schema cannot have '\(keyword)'." }
    }
    if root["type"]?.isString("object") != true, dialect.wantsTypes || root["$ref"] == nil {
      findings.error(dialect.code, root["type"] ?? root) { _ in
        "The root of a strict schema has the type 'object'."
      }
    }
  }

  private mutating func check(_ schema: JSONValue, depth: Int, _ findings: inout FindingList) {
    guard schema.kind == .object else { return }
    let properties = schema["properties"]
    let isObject = StrictSchema.describes("object", schema) || properties != nil
    let depth = isObject ? depth + 1 : depth
    if isObject {
      if depth - 1 == dialect.maxDepth {
        findings.error(dialect.code, schema) {
          "'\($0)' is nested deeper than the \(dialect.maxDepth) levels that a strict schema may have."
        }
      }
      if schema["additionalProperties"]?.kind != .false { openObject(schema, &findings) }
      if let properties { checkAllRequired(properties, of: schema, &findings) }
    }
    if dialect.wantsTypes, schema.index != root.index { checkType(schema, &findings) }
    if let reference = schema["$ref"] { checkReference(reference, of: schema, &findings) }
    if dialect.isThorough, StrictSchema.describes("array", schema), schema["items"] == nil {
      findings.error(dialect.code, schema) {
        "'items' must be there on every array of a strict schema; it is not on '\($0)'."
      }
    }
    for (key, value) in schema.fields {
      if key.isString("properties") {
        for (name, inner) in value.fields {
          self.properties += 1
          characters += name.characterCount
          check(inner, depth: depth, &findings)
        }
      } else if key.isString("$defs") || key.isString("definitions") {
        for (name, inner) in value.fields {
          characters += name.characterCount
          check(inner, depth: 0, &findings)
        }
      } else if key.isString("items") {
        check(value, depth: depth, &findings)
      } else if key.isString("anyOf") || (dialect.takesOneOf && key.isString("oneOf")) {
        for inner in value.items { check(inner, depth: depth, &findings) }
        switch dialect.branches {
        case .byFirstKey: checkFirstKeys(value, &findings)
        case .byDiscriminator: checkDiscriminator(value, &findings)
        }
      } else if key.isString("enum") {
        checkEnum(value, &findings)
      } else if key.isString("const") {
        characters += value.characterCount
      } else if key.isString("format") {
        if let formats = dialect.formats, value.kind == .string, !formats.contains(value.text) {
          findings.warn(.doubtfulValue, value) {
            "'\($0)' is '\(Words.quoted(value))', which a strict schema may not take."
          }
        }
      } else {
        checkKeyword(key, &findings)
      }
    }
  }

  /// TAPE: an object that may also be null passed with other properties, so there it is a warning.
  private func openObject(_ schema: JSONValue, _ findings: inout FindingList) {
    if dialect.wantsTypes, schema["type"]?.kind == .array, schema["properties"] == nil {
      findings.warn(.doubtfulValue, schema) {
        "'additionalProperties' should be false on every object of a strict schema; it is not on '\($0)'."
      }
    } else {
      findings.error(dialect.code, schema) {
        "'additionalProperties' must be false on every object of a strict schema; it is not on '\($0)'."
      }
    }
  }

  /// LIVE "schema must have a 'type' key." None of 1,197 strict schemas with an answer was without (TAPE).
  private func checkType(_ schema: JSONValue, _ findings: inout FindingList) {
    for keyword: StaticString in ["type", "$ref", "anyOf", "oneOf", "allOf"] where schema[keyword] != nil { return }
    if schema["enum"] == nil, schema["const"] == nil {
      findings.error(dialect.code, schema) { "The schema '\($0)' must have a 'type'." }
    } else {
      findings.warn(.doubtfulValue, schema) { "The schema '\($0)' should have a 'type' beside its values." }
    }
  }

  private func checkKeyword(_ key: JSONValue, _ findings: inout FindingList) {
    let word = key.text
    if dialect.refused.contains(word) {
      findings.error(dialect.code, key) { "'\($0)': '\(word)' is not permitted in a strict schema." }
    } else if dialect.doubtful.contains(word) {
      findings.warn(.doubtfulValue, key) { "'\($0)': sources differ in whether a strict schema may have '\(word)'." }
    }
  }

  private static func describes(_ type: StaticString, _ schema: JSONValue) -> Bool {
    guard let own = schema["type"] else { return false }
    return own.isString(type) || own.items.contains { $0.isString(type) }
  }

  private func checkAllRequired(_ properties: JSONValue, of schema: JSONValue, _ findings: inout FindingList) {
    var required: Set<[UInt8]> = []
    if let names = schema["required"]?.items { for name in names { required.insert(name.textBytes) } }
    var missing: [String] = []
    var unknown = required
    for (key, _) in properties.fields {
      if !required.contains(key.textBytes) { missing.append(key.text) }
      unknown.remove(key.textBytes)
    }
    if dialect.wantsTypes, let list = schema["required"],
      let name = list.items.first(where: { unknown.contains($0.textBytes) })
    {
      findings.error(dialect.code, name) { "'\($0)' is '\(Words.quoted(name))', which is none of the properties." }
    }
    if !missing.isEmpty {
      let names = Words.list(missing.prefix(8).map { "'\(Words.cut($0))'" }, last: "and")
      findings.error(dialect.code, schema) {
        "A strict schema lists all properties in 'required'; '\($0)' leaves out \(names)."
      }
    }
  }

  // MARK: - Choices

  private mutating func checkEnum(_ list: JSONValue, _ findings: inout FindingList) {
    var first: JSONKind?
    var count = 0
    var length = 0
    var isMixed = false
    for value in list.items {
      count += 1
      length += value.characterCount
      // Null among the values means that the value is optional.
      if value.kind == .null { continue }
      let kind = value.kind == .false ? .true : value.kind
      if let first, first != kind { isMixed = true }
      first = first ?? kind
    }
    enumValues += count
    characters += length
    guard dialect.isThorough else { return }
    if isMixed {
      findings.error(dialect.code, list) {
        "The values of '\($0)' have several types; in a strict schema they have one."
      }
    }
    if count > dialect.longEnum, length > dialect.maxLongEnumCharacters {
      findings.error(dialect.code, list) {
        "The \(count) values of '\($0)' have \(length) characters; with more than \(dialect.longEnum) values, "
          + "\(dialect.maxLongEnumCharacters) are the most."
      }
    }
  }

  // MARK: - Counts

  private func checkCounts(_ findings: inout FindingList) {
    func check(_ count: Int, _ limit: Int, _ what: String) {
      guard count > limit else { return }
      findings.error(dialect.code, root) { "The strict schema '\($0)' has \(count) \(what); \(limit) are the most." }
    }
    check(properties, dialect.maxProperties, "properties")
    check(enumValues, dialect.maxEnumValues, "values of enums")
    check(characters, dialect.maxCharacters, "characters of names and values")
  }
}
