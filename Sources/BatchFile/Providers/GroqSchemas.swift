import JSONLines

// What Groq demands of the JSON Schemas inside a request.

extension Shape.ObjectCheck {
  static let toolParameters = Shape.ObjectCheck { GroqSchemas.checkTool($0, &$1) }
  static let jsonSchema = Shape.ObjectCheck { GroqSchemas.checkResponseSchema($0, &$1) }
}

private enum GroqSchemas {
  /// With `strict`, every object closes itself and requires all it has, and the branches of a choice can be told apart
  /// (https://console.groq.com/docs/structured-outputs; recorded 400s).
  private static let strict = SchemaDialect(code: .invalidRequest, takesOneOf: true)

  static func checkTool(_ function: JSONValue, _ findings: inout FindingList) {
    guard let parameters = function["parameters"], parameters.kind == .object else { return }
    checkRequired(parameters, &findings)
    if function["strict"]?.isTrue == true { StrictSchema.check(parameters, strict, &findings) }
  }

  /// `required` without `properties` is a 400, at any depth (recorded: usestrix/strix#1088, livekit/agents#4610).
  private static func checkRequired(_ schema: JSONValue, _ findings: inout FindingList) {
    guard schema.kind == .object else { return }
    if let required = schema["required"], schema["properties"] == nil {
      findings.error(.invalidRequest, required) { "'\($0)' is present but 'properties' is missing beside it." }
    }
    for (key, value) in schema.fields {
      if key.isString("properties") || key.isString("$defs") || key.isString("definitions") {
        for (_, inner) in value.fields { checkRequired(inner, &findings) }
      } else if key.isString("items") {
        checkRequired(value, &findings)
      }
    }
  }

  static func checkResponseSchema(_ format: JSONValue, _ findings: inout FindingList) {
    guard let schema = format["schema"] else {
      findings.warn(.doubtfulValue, format, "A json_schema without 'schema' asks for nothing in particular.")
      return
    }
    if format["strict"]?.isTrue == true { StrictSchema.check(schema, strict, &findings) }
  }
}
