import JSONLines

// The rules for the JSON Schemas inside a request at Groq.

extension Shape.ObjectCheck {
  static let toolParameters = Shape.ObjectCheck { GroqSchemas.checkTool($0, &$1) }
  static let jsonSchema = Shape.ObjectCheck { GroqSchemas.checkResponseSchema($0, &$1) }
}

private enum GroqSchemas {
  /// With `strict`, every object must have `additionalProperties` false and name all its properties in `required`
  /// (https://console.groq.com/docs/structured-outputs). LIVE "schema must have type 'object' and not have
  /// 'oneOf'/'anyOf'/'enum'/'not' at the top level." The keywords and formats are those of the README of Groq's schema
  /// compiler (github.com/nvidia-lpu/parsec); no 400 is on record for them.
  private static let strict = SchemaDialect(
    code: .invalidRequest, wantsRootObject: true, refusedAtRoot: ["anyOf", "oneOf", "enum", "not"], takesOneOf: true,
    branches: .byDiscriminator,
    doubtful: [
      "not", "contains", "dependencies", "dependentSchemas", "dependentRequired", "unevaluatedProperties",
      "unevaluatedItems", "propertyNames", "uniqueItems",
    ],
    formats: ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"])

  /// `required` without `properties` is a 400, at any depth (recorded: usestrix/strix#1088, livekit/agents#4610), and so
  /// is a lookaround ("jsonschema compilation failed: … is not valid 'regex'", for the patterns of pydantic's decimals).
  private static let tool = SchemaForm.Demands(code: .invalidRequest, wantsProperties: true, refusesLookaround: true)

  static func checkTool(_ function: JSONValue, _ findings: inout FindingList) {
    guard let parameters = function["parameters"], parameters.kind == .object,
      parameters.nextIndex > parameters.index + 1
    else { return }
    if SchemaForm.check(parameters, tool, &findings), function["strict"]?.isTrue == true {
      StrictSchema.check(parameters, strict, &findings)
    }
  }

  static func checkResponseSchema(_ format: JSONValue, _ findings: inout FindingList) {
    guard let schema = format["schema"] else {
      findings.warn(.doubtfulValue, format, "A json_schema without 'schema' has no effect.")
      return
    }
    // LIVE "pattern uses unsupported regex features (lookarounds/backrefs)", with strict.
    let isStrict = format["strict"]?.isTrue == true
    let demands = SchemaForm.Demands(code: .invalidRequest, refusesLookaround: isStrict)
    if SchemaForm.check(schema, demands, &findings), isStrict { StrictSchema.check(schema, strict, &findings) }
  }
}
