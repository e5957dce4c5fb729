import BatchFile

/// One row of a ``MemberTable``: what the API's documents say of one member of an object.
///
///     call_id  string:1..64  *  ="c"
///
/// The second word is the type:
/// - `string`, `integer`, `number`, `boolean`, `object`, `array` or `any`, several with `/` between them;
/// - `low|high` for a string that must be one of these words (also a single one);
/// - `[string]` for an array of strings, and the same with every other type;
/// - `:1..64` after it for the limits of its value, its characters or its elements.
///
/// The words after it, in any order:
/// - `*`: required; `*CODE`: the same, and without it or with null there is this error; `+`: not required, but there in
///   every body of the table;
/// - `#`: other findings may come with those of a wrong value, because the meaning of other members hangs on this one.
///   If it is not required, what its absence and null mean is left to other tests;
/// - `null`: null is accepted; `null?`: it is a warning; without both it is an error;
/// - `=JSON`: a value that is accepted, instead of those that follow from the type; the first is the usual one; `-`:
///   no value is accepted without a finding;
/// - `!JSON`: a value that is an `invalid_value`; `!CODE=JSON`: one with another error; `?CODE=JSON`: with a warning;
/// - `~CODE`: the warning that every value but null leads to.
struct Member: Sendable {
  enum Null { case accepted, doubtful, refused }

  var name: String
  var type: MemberType
  /// The error where the member is missing; nil where it is not required.
  var missing: Code?
  var isMissingIfNull = false
  var isPresent = false
  var isCentral = false
  var null = Null.refused
  var accepts: [String] = []
  /// Values, and the finding of each.
  var finds: [(value: String, code: Code, severity: Finding.Severity)] = []
  /// The warning of every value but null.
  var use: Code?

  init(row: String) {
    let words = row.split(separator: " ")
    precondition(words.count >= 2, "'\(row)' has no type")
    name = String(words[0])
    type = MemberType(words[1])
    var acceptsNone = false
    for word in words.dropFirst(2) {
      let rest = String(word.dropFirst())
      switch (word.first, word) {
      case (_, "*"):
        missing = .missingRequiredParameter
        isPresent = true
      case ("*", _):
        missing = Member.code(rest)
        isMissingIfNull = true
        isPresent = true
      case (_, "+"): isPresent = true
      case (_, "#"): isCentral = true
      case (_, "null"): null = .accepted
      case (_, "null?"): null = .doubtful
      case (_, "-"): acceptsNone = true
      case ("=", _): accepts.append(rest)
      case ("!", _): finds.append(Member.finding(rest, .error))
      case ("?", _): finds.append(Member.finding(rest, .warning))
      case ("~", _): use = Member.code(rest)
      default: preconditionFailure("'\(word)' in '\(row)' has no meaning")
      }
    }
    if accepts.isEmpty, !acceptsNone { accepts = type.accepts }
  }

  /// An array with one element too many, if there is a limit for them.
  var tooLong: String? {
    guard type.kinds.contains(.array), let most = type.limits[.array]?.most,
      let array = accepts.last(where: { $0.first == "[" && $0 != "[]" })
    else {
      return nil
    }
    return "[" + Array(repeating: array.dropFirst().dropLast(), count: Int(most) + 1).joined(separator: ",") + "]"
  }

  private static func finding(
    _ text: String, _ severity: Finding.Severity
  ) -> (value: String, code: Code, severity: Finding.Severity) {
    guard let equals = text.firstIndex(of: "="), text.first?.isLetter == true,
      let code = Code(rawValue: String(text[..<equals]))
    else { return (text, severity == .error ? .invalidValue : .doubtfulValue, severity) }
    return (String(text[text.index(after: equals)...]), code, severity)
  }

  private static func code(_ text: String) -> Code {
    guard let code = Code(rawValue: text) else { preconditionFailure("'\(text)' is no code") }
    return code
  }
}
