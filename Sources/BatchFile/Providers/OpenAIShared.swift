import JSONLines

// Shapes that several of OpenAI's endpoints have in common. The marks of sources are explained in Sources.swift.

/// Lists of values that several tables use.
enum OpenAIValues {
  static let efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]
  static let tiers = ["auto", "default", "flex", "priority", "fast"]
  static let levels = ["low", "medium", "high"]
}

extension Field {
  /// The model, which every endpoint of a batch needs; null and an empty string count as missing. The message is the
  /// batch error that llama-stack's tests recorded (tests/integration/batches/test_batches_errors.py).
  static let openAIModel = Field.field(
    "model", .string, required: true, missing: "Model parameter is required.")

  static let type = Field.field("type", .string, required: true)
}

extension Shape {
  /// SPEC: an int64. The largest, 9,223,372,036,854,775,807, is read as the double above it.
  static let openAISeed = Shape.integer(min: -0x1p63, max: 0x1p63)

  /// Each value is -100…100: https://platform.openai.com/docs/api-reference/chat/create#chat-create-logit_bias; LIVE
  /// "Invalid key in 'logit_bias': AI. You should only be submitting non-negative integers."
  static let openAIBias = Shape(
    object: ObjectShape(
      [], unknown: .free, members: .integer(min: -100, max: 100),
      check: ObjectCheck(reads: .presence) { object, findings in
        for (key, _) in object.fields where !key.text.utf8.allSatisfy(ASCII.isDigit) {
          findings.error(.invalidRequest, key) {
            "Invalid key '\($0)': '\(Words.quoted(key))'. The keys are tokens, non-negative integers."
          }
        }
      }))

  /// At most 16 pairs, names of 64 and values of 512 characters (SPEC, LIVE).
  static let openAIMetadata = Shape.map(of: .string(max: 512), maxMembers: 16, maxNameLength: 64)

  static let openAIModeration = Shape.open(
    .field("model", .string, required: true),
    .field(
      "policy",
      .open(
        .field("input", .openAIModerationMode, nullable: true),
        .field("output", .openAIModerationMode, nullable: true)),
      nullable: true))

  private static let openAIModerationMode = Shape.open(
    .field("mode", .string(oneOf: ["score", "block"]), required: true))

  /// LIVE: other members are refused. SPEC has only one value for the time to live, and may get more, so others are a
  /// warning.
  static let openAICacheOptions = Shape.closed(
    .field("mode", .string(oneOf: ["implicit", "explicit"])),
    .field("ttl", .string(usually: ["30m"])))

  // MARK: Functions of chat completions

  /// A function in the deprecated form.
  static let openAIFunction = Shape.open(
    .field("name", .string(.requiredFunctionName), required: true),
    .field("description", .string),
    .field("parameters", .freeObject))

  static let openAIFunctionCall = Shape.anyOf(
    .string(oneOf: ["none", "auto"]),
    .open(.field("name", .string, required: true)))

  static let openAITool = Shape.oneOf(
    by: "type", recurs: .usually,
    [
      ("function", ObjectShape([.type, .field("function", .openAIToolFunction, required: true)], unknown: .ignored)),
      ("custom", ObjectShape([.type, .field("custom", .openAICustomTool, required: true)], unknown: .ignored)),
    ])

  private static let openAIToolFunction = Shape.open(
    .field("name", .string(.requiredToolName), required: true),
    // LIVE: more than 1,024 characters were refused until 2025-04; up to 15,664 passed from 2025-12 on (TAPE).
    .field("description", .string),
    .field("parameters", .freeObject),
    .field("strict", .boolean, nullable: true),
    check: .openAIToolParameters)

  private static let openAICustomTool = Shape.open(
    .field("name", .string(.requiredToolName), required: true),
    .field("description", .string),
    .field(
      "format",
      .oneOf(
        by: "type",
        [
          ("text", ObjectShape([.type], unknown: .ignored)),
          ("grammar", ObjectShape([.type, .field("grammar", .openAIGrammar, required: true)], unknown: .ignored)),
        ])))

  private static let openAIGrammar = Shape.open(
    .field("definition", .string, required: true),
    .field("syntax", .string(oneOf: ["lark", "regex"]), required: true))

  static let openAIToolChoice = Shape.anyOf(
    .string(oneOf: ["none", "auto", "required"]),
    .oneOf(
      by: "type",
      [
        ("function", ObjectShape([.type, .field("function", .openAIName, required: true)], unknown: .ignored)),
        ("custom", ObjectShape([.type, .field("custom", .openAIName, required: true)], unknown: .ignored)),
        (
          "allowed_tools",
          ObjectShape(
            [
              .type,
              .field(
                "allowed_tools",
                .open(
                  .field("mode", .string(oneOf: ["auto", "required"]), required: true),
                  .field("tools", .array(of: .freeObject), required: true)),
                required: true),
            ], unknown: .ignored)
        ),
      ]))

  private static let openAIName = Shape.open(.field("name", .string, required: true))
}
