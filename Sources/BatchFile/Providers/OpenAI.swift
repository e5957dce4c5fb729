extension Provider {
  /// OpenAI. Urls, requests and inputs by its OpenAPI document of 2026-08 and the SDK openai 3.57.0, the byte limit by its own
  /// error text; what a file may mix, by https://platform.openai.com/docs/guides/batch and batch errors on record.
  public static let openai = Provider(
    name: "openai",
    source: "https://platform.openai.com/docs/guides/batch",
    date: "2026-11-25",
    urls: [
      Endpoint.chatURL, "/v1/responses", "/v1/embeddings", "/v1/completions", "/v1/moderations",
      "/v1/images/generations", "/v1/images/edits", "/v1/videos",
    ],
    models: ["*"],
    maxBytes: 209_715_200,
    maxRequests: 50_000,
    oneModelPerFile: true,
    oneURLPerFile: true,
    maxInputs: 50_000,
    bodySchema: .openai,
    api: .openai)
}

extension Endpoint {
  static let openAI = [
    Endpoint(chatPath, .openAIChat, rules: BodyRule.openAIChatFields + BodyRule.openAIChatModels, form: .messages),
    Endpoint("/responses", .openAIResponses, rules: BodyRule.openAIResponses, form: .input(hasInstructions: true)),
    Endpoint(
      "/embeddings", .openAIEmbeddings, rules: BodyRule.openAIEmbeddings, form: .input(hasInstructions: false),
      countsInputs: true),
    Endpoint("/completions", .openAICompletions, rules: BodyRule.openAICompletions, form: .prompt),
    Endpoint(
      "/moderations", .openAIModerations, rules: BodyRule.openAIModerations, form: .input(hasInstructions: false)),
    Endpoint("/images/generations", .onlyModel),
    Endpoint("/images/edits", .onlyModel),
    Endpoint("/videos", .onlyModel),
  ]

  /// For APIs whose rules are not here.
  static let common = [Endpoint(chatPath, .commonChat, form: .messages)]
}

extension Shape {
  /// Accepted since 2026; of the body only the model is looked at.
  fileprivate static let onlyModel = Shape(object: ObjectShape([.openAIModel], unknown: .free))
}
