import JSONLines

// The rules for the JSON Schemas inside a request at OpenAI, from
// https://platform.openai.com/docs/guides/structured-outputs and recorded errors ("In context=(),
// 'additionalProperties' is required to be supplied and to be false.").

extension SchemaDialect {
  static let openAIOutput = openAI(.invalidJSONSchema)
  static let openAITool = openAI(.invalidFunctionParameters)

  /// `default` was refused in 2024, and passed in all 156 recordings from 2025-08 on (TAPE).
  private static func openAI(_ code: Code) -> SchemaDialect {
    SchemaDialect(
      code: code, wantsRootObject: true,
      refused: [
        "allOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas",
      ],
      doubtful: [
        "minLength", "maxLength", "patternProperties", "uniqueItems", "prefixItems", "unevaluatedProperties",
        "propertyNames", "minProperties", "maxProperties", "unevaluatedItems", "contains", "minContains", "maxContains",
      ],
      formats: ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"],
      maxDepth: 10, maxProperties: 5_000, maxEnumValues: 1_000, maxCharacters: 120_000, longEnum: 250,
      maxLongEnumCharacters: 15_000, isThorough: true)
  }
}

extension Shape.ObjectCheck {
  static let openAIResponseSchema = Shape.ObjectCheck { format, findings in
    guard let schema = format["schema"] else {
      findings.warn(.doubtfulValue, format, "A json_schema without 'schema' has no effect.")
      return
    }
    OpenAISchemas.checkOutput(schema, isStrict: format["strict"]?.isTrue == true, &findings)
  }

  static let openAITextSchema = Shape.ObjectCheck { format, findings in
    guard let schema = format["schema"] else { return }
    OpenAISchemas.checkOutput(schema, isStrict: format["strict"]?.isTrue == true, &findings)
  }

  static let openAIToolParameters = Shape.ObjectCheck { OpenAISchemas.checkTool($0, &$1) }
  static let openAIFlatTool = Shape.ObjectCheck { OpenAISchemas.checkTool($0, &$1) }
}

private enum OpenAISchemas {
  static func checkOutput(_ schema: JSONValue, isStrict: Bool, _ findings: inout FindingList) {
    guard schema.kind == .object else { return }
    if isStrict { return StrictSchema.check(schema, .openAIOutput, &findings) }
    if schema["type"]?.isString("object") != true {
      findings.warn(.doubtfulValue, schema["type"] ?? schema, "The root of a schema has the type 'object'.")
    }
  }

  /// LIVE "schema must be a JSON Schema of 'type: "object"', got 'type: "None"'."
  static func checkTool(_ tool: JSONValue, _ findings: inout FindingList) {
    guard let parameters = tool["parameters"], parameters.kind == .object else { return }
    if tool["strict"]?.isTrue == true { return StrictSchema.check(parameters, .openAITool, &findings) }
    if parameters.nextIndex == parameters.index + 1 {
      findings.warn(
        .doubtfulValue, parameters, "Parameters without a type: say {\"type\": \"object\", \"properties\": {}}.")
      return
    }
    if parameters["type"]?.isString("object") != true {
      findings.error(.invalidFunctionParameters, parameters["type"] ?? parameters) {
        "Invalid schema at '\($0)': it must be a JSON Schema of the type 'object'."
      }
    } else if parameters["properties"] == nil {
      findings.warn(.doubtfulValue, parameters, "Parameters without 'properties' were refused by older models.")
    }
    checkArrays(parameters, &findings)
  }

  /// LIVE "In context=('properties', 'x'), array schema missing items."
  private static func checkArrays(_ schema: JSONValue, _ findings: inout FindingList) {
    guard schema.kind == .object else { return }
    if let type = schema["type"], type.isString("array"), schema["items"] == nil {
      findings.error(.invalidFunctionParameters, schema) { "The array schema '\($0)' has no 'items'." }
    }
    for (key, value) in schema.fields {
      if key.isString("properties") || key.isString("$defs") || key.isString("definitions") {
        for (_, inner) in value.fields { checkArrays(inner, &findings) }
      } else if key.isString("items") {
        checkArrays(value, &findings)
      } else if key.isString("anyOf") {
        for inner in value.items { checkArrays(inner, &findings) }
      }
    }
  }
}
