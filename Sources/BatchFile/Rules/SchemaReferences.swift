import Foundation
import JSONLines

extension StrictSchema {
  /// The most bytes of definitions that are read in the place of references. Many references may name one long
  /// definition, so without a limit a line's time would grow with the square of its length.
  private static let mostFollowed = 4 << 20

  /// Whether so much was read behind references that no more are followed.
  var isExhausted: Bool { followed > StrictSchema.mostFollowed }

  /// The schema that a reference such as `{"$ref":"#/$defs/name"}` names; any other schema itself, and all of them once
  /// ``isExhausted``.
  mutating func resolved(_ schema: JSONValue) -> JSONValue {
    guard let reference = schema["$ref"], reference.kind == .string, !isExhausted, let named = definition(reference)
    else { return schema }
    followed += named.range.count
    return named
  }

  private mutating func definition(_ reference: JSONValue) -> JSONValue? {
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
    return definitions?[reference.textBytes]
      ?? definitions?[Array(StrictSchema.withoutEscapes(reference.text).utf8)]
  }

  /// A reference is the fragment of an address, so it may have `%20`, and a JSON Pointer, where `~1` is a slash.
  private static func withoutEscapes(_ reference: String) -> String {
    (reference.removingPercentEncoding ?? reference).replacing("~1", with: "/").replacing("~0", with: "~")
  }

  /// Checks that a `$ref` names a schema of the root's definitions, or the root itself.
  mutating func checkReference(_ reference: JSONValue, of schema: JSONValue, _ findings: inout FindingList) {
    guard reference.kind == .string else { return }
    if !reference.isString("#"), definition(reference)?.index ?? schema.index == schema.index {
      if dialect.takesAnyPointer, !StrictSchema.namesDefinition(reference.text) { return }
      findings.error(dialect.code, reference) {
        "'\($0)' is '\(Words.quoted(reference))', which is none of the schema's '$defs' or 'definitions'."
      }
    } else if !dialect.takesKeywordsBesideRef,
      let other = schema.fields.first(where: { !$0.key.isString("$ref") && !$0.key.isString("$defs") })
    {
      findings.error(dialect.code, other.key, note: "put the '$ref' alone, and the rest into what it names") {
        "'\($0)' stands beside '$ref', which can have no other keywords in a strict schema."
      }
    }
  }

  /// Whether a reference is one like `#/$defs/name`.
  private static func namesDefinition(_ reference: String) -> Bool {
    let parts = reference.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0] == "#" && (parts[1] == "$defs" || parts[1] == "definitions")
  }
}
