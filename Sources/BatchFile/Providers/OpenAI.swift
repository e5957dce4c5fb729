extension Provider {
  /// OpenAI. The urls and the limits of requests and inputs are from its OpenAPI document of 2026-08 and the SDK openai
  /// 3.57.0, and the limit of bytes from a recorded error of its API. That a file must have one model and one url is
  /// from https://platform.openai.com/docs/guides/batch and recorded batch errors.
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

  /// The endpoints of APIs whose own rules are not known here.
  static let common = [Endpoint(chatPath, .commonChat, form: .messages)]
}

extension Shape {
  /// The body of endpoints that batches can have since 2026. Only its model is checked.
  fileprivate static let onlyModel = Shape(object: ObjectShape([.openAIModel], unknown: .free))
}
