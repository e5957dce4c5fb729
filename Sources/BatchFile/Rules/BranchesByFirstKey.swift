import JSONLines

extension StrictSchema {
  /// Checks the branches of a choice where the API tells them apart by the first key of an object: two branches must not
  /// begin with the same key, unless its values differ in both.
  mutating func checkFirstKeys(_ choice: JSONValue, _ findings: inout FindingList) {
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
  static func values(_ schema: JSONValue) -> Set<String>? {
    if let only = schema["const"] { return [only.text] }
    guard let list = schema["enum"] else { return nil }
    return Set(list.items.map(\.text))
  }
}
