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
/// - `~CODE`: what every value but null leads to, as a warning; `^CODE`: as an error; `^CODE@PATH`: at another place.
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
  /// The finding of every value but null.
  var use: Found?

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
      case ("~", _): use = Member.use(rest, .warning)
      case ("^", _): use = Member.use(rest, .error)
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

  private static func use(_ text: String, _ severity: Finding.Severity) -> Found {
    let parts = text.split(separator: "@")
    return Found(severity: severity, code: code(String(parts[0])), param: parts.count > 1 ? String(parts[1]) : nil)
  }

  private static func code(_ text: String) -> Code {
    guard let code = Code(rawValue: text) else { preconditionFailure("'\(text)' is no code") }
    return code
  }
}

/// The type of a ``Member``.
struct MemberType: Sendable {
  enum Kind: String, CaseIterable { case string, integer, number, boolean, object, array, any }

  var kinds: Set<Kind> = []
  /// The strings that are accepted; nil for any.
  var words: [String]?
  /// The type of an array's elements, in an array of it.
  var element: [MemberType] = []
  /// The smallest and the largest value, number of characters or number of elements.
  var limits: [Kind: (least: Double?, most: Double?)] = [:]

  init(_ text: Substring) {
    for part in MemberType.alternatives(text) {
      var type = part
      var limits: (least: Double?, most: Double?)?
      if let colon = part.range(of: ":", options: .backwards), !part[colon.upperBound...].contains("]") {
        let ends = part[colon.upperBound...].split(separator: "..", omittingEmptySubsequences: false)
        precondition(ends.count == 2, "'\(part)' has no limits")
        limits = (Double(ends[0]), Double(ends[1]))
        type = part[..<colon.lowerBound]
      }
      var kind = Kind(rawValue: String(type)) ?? .string
      if type.first == "[" {
        kind = .array
        element = [MemberType(type.dropFirst().dropLast())]
      } else if Kind(rawValue: String(type)) == nil {
        words = type.split(separator: "|").map(String.init)
      }
      kinds.insert(kind)
      self.limits[kind] = limits
    }
  }

  /// The parts between the `/` that are not within brackets.
  private static func alternatives(_ text: Substring) -> [Substring] {
    var parts: [Substring] = []
    var depth = 0
    var start = text.startIndex
    for index in text.indices {
      switch text[index] {
      case "[": depth += 1
      case "]": depth -= 1
      case "/" where depth == 0:
        parts.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
    }
    return parts + [text[start...]]
  }

  // MARK: Values that the type accepts

  var accepts: [String] { MemberType.Kind.allCases.filter(kinds.contains).flatMap(accepted) }

  private func accepted(_ kind: Kind) -> [String] {
    switch kind {
    case .string:
      if let words { return words.map(MemberType.quoted) }
      return ends(kind, usual: 1).map { MemberType.string(Int($0)) }
    case .integer, .number: return ends(kind, usual: 1).map(MemberType.written)
    case .boolean: return ["true", "false"]
    case .object: return ["{}"]
    case .array:
      let none = (limits[.array]?.least ?? 0) > 0 ? [] : ["[]"]
      return none + (element.first?.accepts ?? ["1"]).map { "[\($0)]" }
    case .any: return ["1", #""x""#, "[]", "{}", "true"]
    }
  }

  private func ends(_ kind: Kind, usual: Double) -> [Double] {
    let ends = [limits[kind]?.least, limits[kind]?.most].compactMap { $0 }
    return ends.isEmpty ? [usual] : ends
  }

  // MARK: Values that it does not accept

  /// Values of wrong types, with the path of the fault below the member.
  var wrongTypes: [(value: String, path: String)] {
    if kinds.contains(.any) { return [] }
    var found: [(value: String, path: String)] = []
    let examples: [(Kind, String)] = [
      (.string, #""x""#), (.number, "1"), (.boolean, "true"), (.object, "{}"), (.array, "[]"),
    ]
    for (kind, value) in examples where !kinds.contains(kind) && !(kind == .number && kinds.contains(.integer)) {
      found.append((value, ""))
    }
    if kinds.contains(.integer), !kinds.contains(.number) { found.append(("1.5", "")) }
    if let element = element.first {
      found += element.wrongTypes.map { ("[\($0.value)]", "[0]\($0.path)") }
      if !element.kinds.contains(.any) { found.append(("[null]", "[0]")) }
    }
    return found
  }

  /// Values of the right type that are outside its limits, or none of its words.
  var wrongValues: [(value: String, path: String, code: Code)] {
    var found: [(value: String, path: String, code: Code)] = []
    if words != nil { found.append((#""none-such""#, "", .invalidValue)) }
    if let element = element.first { found += element.wrongValues.map { ("[\($0.value)]", "[0]\($0.path)", $0.code) } }
    for (kind, ends) in limits {
      switch kind {
      case .integer, .number:
        let (below, above): (Code, Code) =
          kind == .integer
          ? (.integerBelowMinValue, .integerAboveMaxValue) : (.decimalBelowMinValue, .decimalAboveMaxValue)
        if let least = ends.least { found.append((MemberType.written(least - 1), "", below)) }
        if let most = ends.most { found.append((MemberType.written(most + 1), "", above)) }
      case .string:
        if let least = ends.least, least > 0 { found.append((MemberType.string(Int(least) - 1), "", .emptyString)) }
        if let most = ends.most { found.append((MemberType.string(Int(most) + 1), "", .stringAboveMaxLength)) }
      case .array:
        if let least = ends.least, least > 0 { found.append(("[]", "", .emptyArray)) }
      case .boolean, .object, .any: preconditionFailure("\(kind) has no limits")
      }
    }
    return found
  }

  // MARK: JSON

  private static func quoted(_ text: String) -> String { "\"\(text)\"" }
  private static func string(_ count: Int) -> String { quoted(String(repeating: "x", count: count)) }

  private static func written(_ number: Double) -> String {
    number == number.rounded() ? String(Int(number)) : String(number)
  }
}
