import JSONLines

/// What an API demands of a JSON Schema with `strict`.
struct SchemaDialect: Sendable {
  /// The code of its errors.
  var code: Code
  /// Whether the root must have the type object, and what it must not be.
  var wantsRootObject = false
  var refusedAtRoot: [StaticString] = ["anyOf"]
  /// Whether `oneOf` is allowed, and its branches are checked like other schemas.
  var takesOneOf = false
  /// How it tells the branches of a choice apart.
  var branches = Branches.byFirstKey
  /// Whether every schema must have a `type`, a `$ref` or an `anyOf`, and `required` must name properties only.
  var wantsTypes = false
  /// Whether a `$ref` may stand beside other keywords, and whether it may name any place of the schema.
  var takesKeywordsBesideRef = true
  var takesAnyPointer = true
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

  enum Branches: Sendable {
    /// Two objects must not begin with the same key, unless its values differ in both.
    case byFirstKey
    /// Exactly one key has values in all objects, others in each; or no two objects have a key in common.
    case byDiscriminator
  }
}
