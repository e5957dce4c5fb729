import JSONLines

/// What an API demands of a JSON Schema with `strict`.
struct SchemaDialect: Sendable {
  /// The code of its errors.
  var code: Code
  /// Whether the root must have the type object, and must not be an `anyOf`.
  var wantsRootObject = false
  /// Whether `oneOf` is allowed, and its branches are checked like other schemas.
  var takesOneOf = false
  /// The keywords that are refused, and those on which sources disagree.
  var refused: Set<String> = []
  var doubtful: Set<String> = []
  /// The formats that are known to work; nil where formats are not checked.
  var formats: Set<String>?
  var maxDepth = Int.max
  var maxProperties = Int.max
  var maxEnumValues = Int.max
  /// The most characters of all names and enum values together.
  var maxCharacters = Int.max
  /// An enum of strings with more values than this …
  var longEnum = Int.max
  /// … has at most so many characters.
  var maxLongEnumCharacters = Int.max
  /// Whether an array must have `items`, and the values of an enum one type.
  var isThorough = false
}

/// Checks a schema with `strict`.
struct StrictSchema {
  private let dialect: SchemaDialect
  private let root: JSONValue
  private var properties = 0
  private var enumValues = 0
  private var characters = 0
  /// The schemas that a `$ref` can name, by the whole text of the reference; nil until the first one is looked up.
  private var definitions: [[UInt8]: JSONValue]?

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
    if let choice = root["anyOf"] {
      findings.error(dialect.code, choice) { "'\($0)': the root of a strict schema is no 'anyOf'." }
    } else if root["type"]?.isString("object") != true {
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
      if schema["additionalProperties"]?.kind != .false {
        findings.error(dialect.code, schema) {
          "'additionalProperties' must be false on every object of a strict schema; it is not on '\($0)'."
        }
      }
      if let properties { checkAllRequired(properties, of: schema, &findings) }
    }
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
        checkBranches(value, &findings)
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
    for (key, _) in properties.fields where !required.contains(key.textBytes) { missing.append(key.text) }
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

  /// Checks the branches of a choice. The API tells the branches apart by the first key of an object, so two branches
  /// must not begin with the same key, unless its values differ in both.
  private mutating func checkBranches(_ choice: JSONValue, _ findings: inout FindingList) {
    // The branches are kept by their first key, so that each one is compared with all earlier ones at once: a choice
    // may have very many branches.
    var beginnings: [[UInt8]: Beginnings] = [:]
    for branch in choice.items {
      guard let first = resolved(branch)["properties"]?.fields.first(where: { _ in true }) else { continue }
      if beginnings[first.key.textBytes, default: Beginnings()].clashes(adding: resolved(first.value)) {
        findings.error(dialect.code, choice, note: "give each a key of its own first, such as a type with one value") {
          "Two objects of '\($0)' cannot be told apart: both begin with '\(Words.quoted(first.key))'."
        }
        return
      }
    }
  }

  /// The schema that a reference such as `{"$ref":"#/$defs/name"}` names; any other schema itself.
  private mutating func resolved(_ schema: JSONValue) -> JSONValue {
    guard let reference = schema["$ref"], reference.kind == .string else { return schema }
    if definitions == nil {
      var found: [[UInt8]: JSONValue] = [:]
      for (name, place) in [("$defs", root["$defs"]), ("definitions", root["definitions"])] {
        guard let place else { continue }
        for (key, value) in place.fields {
          let path = Array("#/\(name)/".utf8) + key.textBytes
          if found[path] == nil { found[path] = value }
        }
      }
      definitions = found
    }
    return definitions?[reference.textBytes] ?? schema
  }

  /// The schemas of one key, with which several branches of a choice begin.
  private struct Beginnings {
    /// The types of some of these schemas: of those that name their values, or of those that do not.
    private struct Group {
      var types: Set<[UInt8]> = []
      var hasOthers = false
      var isEmpty: Bool { types.isEmpty && !hasOthers }

      /// Whether a value of this type may also fit one of the schemas. Only two types that are both given and differ
      /// exclude that.
      func mayShare(_ type: [UInt8]?) -> Bool {
        guard let type, !hasOthers else { return !isEmpty }
        return types.contains(type)
      }

      mutating func add(_ type: [UInt8]?) {
        if let type { types.insert(type) } else { hasOthers = true }
      }
    }

    private var values: Set<String> = []
    private var naming = Group()
    private var open = Group()

    /// Adds a schema.
    /// - Returns: whether a value may fit both this schema and an earlier one.
    mutating func clashes(adding schema: JSONValue) -> Bool {
      let type = schema["type"].flatMap { $0.kind == .string ? $0.textBytes : nil }
      guard let own = StrictSchema.values(schema) else {
        defer { open.add(type) }
        return open.mayShare(type) || naming.mayShare(type)
      }
      defer {
        naming.add(type)
        values.formUnion(own)
      }
      return open.mayShare(type) || !values.isDisjoint(with: own)
    }
  }

  /// The values that a schema names, as they are written; nil where it names none.
  private static func values(_ schema: JSONValue) -> Set<String>? {
    if let only = schema["const"] { return [only.text] }
    guard let list = schema["enum"] else { return nil }
    return Set(list.items.map(\.text))
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
