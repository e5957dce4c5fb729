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
      code: code, wantsRootObject: true, wantsTypes: true, takesKeywordsBesideRef: false,
      takesAnyPointer: false,
      refused: [
        "allOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas",
      ],
      doubtful: [
        "minLength", "maxLength", "patternProperties", "uniqueItems", "prefixItems", "examples",
        "unevaluatedProperties",
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

// LIVE "'Boolean' is not valid under any of the given schemas.", "None is not of type 'array'.", "'object' is not of type
// 'object', 'boolean'": schemas are held to JSON Schema itself, also where they are not strict. None of 4,400 with an
// answer failed that (TAPE). LIVE "regex lookaround is not supported", with strict.
private enum OpenAISchemas {
  static func checkOutput(_ schema: JSONValue, isStrict: Bool, _ findings: inout FindingList) {
    guard schema.kind == .object else { return }
    let demands = SchemaForm.Demands(code: .invalidJSONSchema, refusesMalformed: true, refusesLookaround: isStrict)
    guard SchemaForm.check(schema, demands, &findings) else { return }
    if isStrict { return StrictSchema.check(schema, .openAIOutput, &findings) }
    if schema["type"]?.isString("object") != true {
      findings.warn(.doubtfulValue, schema["type"] ?? schema, "The root of a schema has the type 'object'.")
    }
  }

  /// LIVE "schema must be a JSON Schema of 'type: "object"', got 'type: "None"'.", and "In context=('properties', 'x'),
  /// array schema missing items."
  static func checkTool(_ tool: JSONValue, _ findings: inout FindingList) {
    guard let parameters = tool["parameters"], parameters.kind == .object else { return }
    let isStrict = tool["strict"]?.isTrue == true
    if !isStrict, parameters.nextIndex == parameters.index + 1 {
      findings.warn(
        .doubtfulValue, parameters, "Parameters without a type: say {\"type\": \"object\", \"properties\": {}}.")
      return
    }
    let demands = SchemaForm.Demands(
      code: .invalidFunctionParameters, refusesMalformed: true, wantsItems: !isStrict, refusesLookaround: isStrict)
    guard SchemaForm.check(parameters, demands, &findings) else { return }
    if isStrict { return StrictSchema.check(parameters, .openAITool, &findings) }
    if parameters["type"]?.isString("object") != true {
      findings.error(.invalidFunctionParameters, parameters["type"] ?? parameters) {
        "Invalid schema at '\($0)': it must be a JSON Schema of the type 'object'."
      }
    } else if parameters["properties"] == nil {
      findings.warn(.doubtfulValue, parameters, "Parameters without 'properties' were refused by older models.")
    }
    // LIVE "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level."
    for keyword: StaticString in ["oneOf", "anyOf", "allOf", "enum", "not"] {
      guard let value = parameters[keyword] else { continue }
      findings.error(.invalidFunctionParameters, value) { "'\($0)': the root of parameters cannot have '\(keyword)'." }
    }
  }
}
