import JSONLines

// How Groq tells the branches of a choice apart in a strict schema. Its 400s have the words of its schema compiler, whose
// README (github.com/nvidia-lpu/parsec) lists the ways. Recorded in public projects from 2026-03 to 2026-10:
// - "discriminator: multiple candidate properties CATEGORY, DIFFICULTY, TYPE" (six projects; also where a member's values
//   are the same in all objects), and 200s for one such member in any place;
// - "overlapping discriminator value 'scroll'";
// - "key-set-exclusion: required key 'title' from one variant appears in another's properties";
// - "anyOf branches must be disambiguated via a required discriminator (const/enum) or by key-set exclusion", for a `$ref`
//   to an enum or a string beside null (nine projects), while a `$ref` to an object passes;
// - "multiple branches accept null", "integer_number_overlap", "duplicate_primitive_types";
// - "anyOf object variant error: variant 0: properties must be present", for a choice among the branches.

extension StrictSchema {
  mutating func checkDiscriminator(_ choice: JSONValue, _ findings: inout FindingList) {
    var types = BranchTypes()
    var members = BranchMembers()
    let isSingle = choice.items.dropFirst().first { _ in true } == nil
    for branch in choice.items {
      if branch["anyOf"] != nil || branch["oneOf"] != nil {
        return findings.error(dialect.code, branch, note: "put its branches into the outer choice") {
          "'\($0)' is a choice among the branches of a choice, which cannot be told apart."
        }
      }
      let target = resolved(branch)
      if !isSingle, target.index != branch.index, BranchTypes.isPlain(target) {
        return findings.error(dialect.code, branch, note: "put what it names in its place") {
          "'\($0)' names no object; the API does not look behind the '$ref' and cannot tell the branches apart."
        }
      }
      if let clash = types.clash(adding: target) {
        return findings.error(dialect.code, choice) { "Two branches of '\($0)' cannot be told apart: \(clash)." }
      }
      guard let properties = target["properties"] else { continue }
      members.beginObject()
      for (name, schema) in properties.fields {
        let named = resolved(schema)
        members.add(name, values: StrictSchema.values(named), isReference: named.index != schema.index)
      }
    }
    if !isExhausted, let (clash, note) = members.clash {
      findings.error(dialect.code, choice, note: note) { "Two objects of '\($0)' cannot be told apart: \(clash)." }
    }
  }
}

/// The types of the branches of a choice.
private struct BranchTypes {
  /// The types of the branches so far, and those of branches that do not name their values.
  private var types: Set<[UInt8]> = []
  private var open: Set<[UInt8]> = []

  /// Whether a schema is a string, a number, a boolean or null.
  static func isPlain(_ schema: JSONValue) -> Bool {
    guard let type = schema["type"], type.kind == .string else { return StrictSchema.values(schema) != nil }
    return !type.isString("object") && !type.isString("array")
  }

  /// Adds a branch.
  /// - Returns: why it cannot be told from an earlier one.
  mutating func clash(adding schema: JSONValue) -> String? {
    guard let type = schema["type"] else { return nil }
    let own = type.kind == .string ? [type] : type.items.filter { $0.kind == .string }
    defer {
      types.formUnion(own.map(\.textBytes))
      if StrictSchema.values(schema) == nil { open.formUnion(own.map(\.textBytes)) }
    }
    for type in own where !type.isString("object") && !type.isString("array") {
      let name = type.textBytes
      if type.isString("null"), types.contains(name) { return "both accept null" }
      let other = type.isString("integer") ? "number" : type.isString("number") ? "integer" : nil
      if let other, types.contains(Array(other.utf8)) { return "an integer is a number, too" }
      if open.contains(name) || types.contains(name) && StrictSchema.values(schema) == nil {
        return "both have the type '\(Words.quoted(type))'"
      }
    }
    return nil
  }
}

/// The members of the objects among the branches of a choice.
private struct BranchMembers {
  private struct Member {
    var name: JSONValue
    /// How many objects have it, and in how many it names its values: there, or behind a `$ref`.
    var count = 0
    var naming = 0
    var behindReference = 0
    var values: Set<String> = []
    /// A value that two objects name.
    var sharedValue: String?

    mutating func add(values own: Set<String>?, isReference: Bool) {
      count += 1
      guard let own else { return }
      if isReference { behindReference += 1 } else { naming += 1 }
      if sharedValue == nil { sharedValue = own.filter(values.contains).min() }
      values.formUnion(own)
    }
  }

  private var members: [[UInt8]: Member] = [:]
  private var objects = 0
  /// The first member that two objects have.
  private var shared: JSONValue?

  mutating func beginObject() { objects += 1 }

  /// - Parameter values: the values that the member's schema names; nil for none.
  mutating func add(_ name: JSONValue, values: Set<String>?, isReference: Bool) {
    members[name.textBytes, default: Member(name: name)].add(values: values, isReference: isReference)
    if shared == nil, members[name.textBytes]?.count == 2 { shared = name }
  }

  /// Why the objects cannot be told apart, and what would help.
  var clash: (reason: String, note: String)? {
    guard objects > 1 else { return nil }
    let inAll = members.values.filter { $0.count == objects }
    let naming = inAll.filter { $0.naming == objects }.sorted { $0.name.index < $1.name.index }
    let unknown = inAll.contains { $0.behindReference > 0 && $0.naming + $0.behindReference == objects }
    if naming.count > 1 {
      let names = Words.list(naming.prefix(8).map { "'\(Words.quoted($0.name))'" }, last: "and")
      return ("\(names) name their values in all of them", "leave 'enum' and 'const' to one member, such as a type")
    }
    // It is not known whether the API looks behind a member's `$ref`.
    if unknown { return nil }
    if let only = naming.first {
      return only.sharedValue.map {
        ("'\(Words.quoted(only.name))' is '\(Words.cut($0))' in both", "give each a value of its own")
      }
    }
    return shared.map {
      ("both have '\(Words.quoted($0))'", "give each a member with one value of its own, such as a type")
    }
  }
}
