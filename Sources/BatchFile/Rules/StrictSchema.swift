import JSONLines

/// What an API demands of a JSON Schema that the model's output must follow, as data.
struct SchemaDialect: Sendable {
  /// The code of what it refuses.
  var code: Code
  /// Whether the root must be of the type object, and no `anyOf`.
  var wantsRootObject = false
  /// Whether the branches of a `oneOf` are schemas like others; where they are not, the keyword is refused.
  var takesOneOf = false
  /// Refused keywords, and those of which sources differ.
  var refused: Set<String> = []
  var doubtful: Set<String> = []
  /// The formats that are known to work; nil where they are not looked at.
  var formats: Set<String>?
  var maxDepth = Int.max
  var maxProperties = Int.max
  var maxEnumValues = Int.max
  /// Characters of all names and values of enums together.
  var maxCharacters = Int.max
  /// An enum of strings with more values than this …
  var longEnum = Int.max
  /// … has at most so many characters.
  var maxLongEnumCharacters = Int.max
  /// Whether an array must say what is in it, and an enum have values of one type.
  var isThorough = false
}

/// Walks a strict schema.
struct StrictSchema {
  private let dialect: SchemaDialect
  private let root: JSONValue
  private var properties = 0
  private var enumValues = 0
  private var characters = 0
  /// What a `$ref` can name, by its whole text; made for the first one.
  private var definitions: [[UInt8]: JSONValue]?

  /// Says what the API refuses of a schema with `strict`.
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
      // Null is how an optional value is spelt.
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

  /// The model's output is told apart by what an object begins with: two objects of a choice must not begin with the same
  /// key, unless it can only have other values there.
  private mutating func checkBranches(_ choice: JSONValue, _ findings: inout FindingList) {
    // By key, so that each branch is compared with all earlier ones at once: a choice may have very many.
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

  /// `{"$ref":"#/$defs/name"}` is what it refers to.
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

  /// What the objects of a choice that begin with the same key have there.
  private struct Beginnings {
    /// Schemas that name their values, or do not.
    private struct Group {
      var types: Set<[UInt8]> = []
      var hasOthers = false
      var isEmpty: Bool { types.isEmpty && !hasOthers }

      /// Whether a value may fit one of them too: only two types that are named and differ exclude that.
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

    /// - Returns: whether a value fits this schema and an earlier one.
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

  /// The values that a schema names, as written; nil where it leaves them open.
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
