import JSONLines

// The rules for the JSON Schemas inside a request at Groq.

extension Shape.ObjectCheck {
  static let toolParameters = Shape.ObjectCheck { GroqSchemas.checkTool($0, &$1) }
  static let jsonSchema = Shape.ObjectCheck { GroqSchemas.checkResponseSchema($0, &$1) }
}

private enum GroqSchemas {
  /// With `strict`, every object must have `additionalProperties` false and name all its properties in `required`, and
  /// the branches of a choice must begin differently (https://console.groq.com/docs/structured-outputs; recorded 400s).
  private static let strict = SchemaDialect(code: .invalidRequest, takesOneOf: true)

  static func checkTool(_ function: JSONValue, _ findings: inout FindingList) {
    guard let parameters = function["parameters"], parameters.kind == .object else { return }
    checkRequired(parameters, &findings)
    if function["strict"]?.isTrue == true { StrictSchema.check(parameters, strict, &findings) }
  }

  /// In the order of ``keywords``.
  private enum Keyword: Int {
    case required, properties, defs, definitions, items
  }

  private static let keywords = KeyTable(["required", "properties", "$defs", "definitions", "items"])

  /// `required` without `properties` is a 400, at any depth (recorded: usestrix/strix#1088, livekit/agents#4610).
  ///
  /// Every schema of every tool comes here, so each key is looked up once.
  private static func checkRequired(_ schema: JSONValue, _ findings: inout FindingList) {
    var required: JSONValue?
    var hasProperties = false
    for (key, value) in schema.fields {
      switch keywords.find(key).flatMap(Keyword.init) {
      case .required:
        required = value
      case .properties:
        hasProperties = true
        for (_, inner) in value.fields { checkRequired(inner, &findings) }
      case .defs, .definitions:
        for (_, inner) in value.fields { checkRequired(inner, &findings) }
      case .items:
        checkRequired(value, &findings)
      case nil:
        break
      }
    }
    if let required, !hasProperties {
      findings.error(.invalidRequest, required) { "'\($0)' is present but 'properties' is missing beside it." }
    }
  }

  static func checkResponseSchema(_ format: JSONValue, _ findings: inout FindingList) {
    guard let schema = format["schema"] else {
      findings.warn(.doubtfulValue, format, "A json_schema without 'schema' has no effect.")
      return
    }
    if format["strict"]?.isTrue == true { StrictSchema.check(schema, strict, &findings) }
  }
}
