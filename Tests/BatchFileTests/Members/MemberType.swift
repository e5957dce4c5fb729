import BatchFile

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
