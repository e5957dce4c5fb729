import JSONLines

// What Groq demands of the JSON Schemas inside a request.

extension Shape.ObjectCheck {
  static let toolParameters = Shape.ObjectCheck { GroqSchemas.checkParameters($0, &$1) }
  static let jsonSchema = Shape.ObjectCheck { GroqSchemas.checkResponseSchema($0, &$1) }
}

private enum GroqSchemas {
  /// `required` without `properties` is a 400 (recorded: usestrix/strix#1088, livekit/agents#4610).
  static func checkParameters(_ function: JSONValue, _ findings: inout FindingList) {
    guard let parameters = function["parameters"], parameters.kind == .object,
      let required = parameters["required"], parameters["properties"] == nil
    else { return }
    findings.error(.invalidRequest, required) { "'\($0)' is present but 'properties' is missing beside it." }
  }

  /// With `strict`, every object closes itself and requires all it has
  /// (https://console.groq.com/docs/structured-outputs; recorded 400s).
  static func checkResponseSchema(_ format: JSONValue, _ findings: inout FindingList) {
    guard let schema = format["schema"] else {
      findings.warn(.doubtfulValue, format, "A json_schema without 'schema' asks for nothing in particular.")
      return
    }
    if let strict = format["strict"], strict.kind == .true { checkStrict(schema, &findings) }
  }

  private static func checkStrict(_ schema: JSONValue, _ findings: inout FindingList) {
    guard schema.kind == .object else { return }
    let properties = schema["properties"]
    if describesObject(schema) || properties != nil {
      if schema["additionalProperties"]?.kind != .false {
        findings.error(.invalidRequest, schema) {
          "'additionalProperties' must be false on every object of a strict schema; it is not on '\($0)'."
        }
      }
      if let properties { checkAllRequired(properties, of: schema, &findings) }
    }
    for (key, value) in schema.fields {
      if key.isString("properties") || key.isString("$defs") || key.isString("definitions") {
        for (_, inner) in value.fields { checkStrict(inner, &findings) }
      } else if key.isString("items") {
        checkStrict(value, &findings)
      } else if key.isString("anyOf") {
        for inner in value.items { checkStrict(inner, &findings) }
      }
    }
  }

  private static func describesObject(_ schema: JSONValue) -> Bool {
    guard let type = schema["type"] else { return false }
    return type.isString("object") || type.items.contains { $0.isString("object") }
  }

  private static func checkAllRequired(
    _ properties: JSONValue, of schema: JSONValue, _ findings: inout FindingList
  ) {
    var required: Set<[UInt8]> = []
    if let names = schema["required"]?.items { for name in names { required.insert(name.textBytes) } }
    var missing: [String] = []
    for (key, _) in properties.fields where !required.contains(key.textBytes) { missing.append(key.text) }
    if !missing.isEmpty {
      let names = Words.list(missing.prefix(8).map { "'\(Words.cut($0))'" }, last: "and")
      findings.error(.invalidRequest, schema) {
        "A strict schema lists all properties in 'required'; '\($0)' leaves out \(names)."
      }
    }
  }
}
