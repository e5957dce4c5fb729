extension ModelTable {
  /// OpenAI's models, written down on 2026-11-25: what single models refuse, from answers on record (github.com/enricoros/big-AGI
  /// #930 #944 #947 #1159 asked all of them), shutdowns from the texts of the SDK openai 3.57.0, limits of output from
  /// https://platform.openai.com/docs/models. Dated names and fine-tuned models follow their base.
  public static let openAI = ModelTable(
    openAIReasoning.merging(openAIChat) { one, _ in one }.merging(openAIOthers) { one, _ in one },
    date: "2026-11-25", hasFamilies: true)

  private static let atTheEndOf2026 = Retirement(day: "2026-10-23")
  private static let inDecember = Retirement(day: "2026-12-11")
  private static let inJanuary = Retirement(day: "2027-01-14")

  // MARK: Models that reason

  private static let classic = ["low", "medium", "high"]
  private static let xhigh = ["none", "low", "medium", "high", "xhigh"]

  private static func reasoning(
    _ efforts: [String]?, _ traits: ModelTraits, images: Int? = nil, tokens: Int? = nil, end: Retirement? = nil
  ) -> Model {
    var model = Model(
      reasoningEfforts: efforts, maxImages: images, maxCompletionTokens: tokens, retirement: end)
    model.traits = traits.union(.reasons)
    return model
  }

  private static let oSeries: ModelTraits = [.reasonsAlways, .refusesParallelCalls]
  private static let gpt5: ModelTraits = [.reasonsAlways, .refusesStop, .takesVerbosity, .closesParts]
  private static let gpt5Later: ModelTraits = [.takesVerbosity, .closesParts]
  private static let gpt56: ModelTraits = gpt5Later.union([
    .reasonsUnlessNone, .refusesStop, .toolsNeedNone, .refusesFunctionRole, .newestMembers, .refusesMemoryCache,
    .takesCacheOptions, .takesMaxInResponses,
  ])
  private static let responses: ModelTraits = [.responsesOnly, .takesVerbosity, .closesParts]

  private static let openAIReasoning: [String: Model] = [
    "o1": reasoning(classic, oSeries.union(.doubtsTemperature), tokens: 100_000, end: atTheEndOf2026),
    "o1-mini": refusing(
      schema: true, reasoning(nil, [.reasonsAlways, .refusesSystem, .doubtsTools, .chatOnly], images: 0)),
    "o1-preview": refusing(schema: true, reasoning(nil, [.reasonsAlways, .refusesSystem, .doubtsTools])),
    "o1-pro": reasoning(classic, [.reasonsAlways, .responsesOnly], tokens: 100_000),
    "o3": reasoning(classic, oSeries.union([.refusesStop, .refusesFunctionRole]), tokens: 100_000, end: inDecember),
    "o3-mini": reasoning(classic, oSeries.union(.doubtsTemperature), images: 0, tokens: 100_000, end: atTheEndOf2026),
    "o3-pro": reasoning(classic, [.reasonsAlways, .responsesOnly], tokens: 100_000),
    "o3-deep-research": reasoning(nil, [.reasonsAlways, .responsesOnly]),
    "o4-mini": reasoning(classic, oSeries.union(.refusesStop), tokens: 100_000, end: atTheEndOf2026),
    "o4-mini-deep-research": reasoning(nil, [.reasonsAlways, .responsesOnly]),
    "gpt-5": reasoning(["minimal"] + classic, gpt5, tokens: 128_000, end: inDecember),
    "gpt-5-mini": reasoning(["minimal"] + classic, gpt5, tokens: 128_000, end: inDecember),
    "gpt-5-nano": reasoning(["minimal"] + classic, gpt5, tokens: 128_000, end: inDecember),
    "gpt-5-pro": reasoning(["high"], responses),
    "gpt-5-codex": reasoning(classic, responses),
    "gpt-5-search-api": reasoning(nil, [.searchesLately, .doubtsTools, .takesVerbosity, .closesParts, .chatOnly]),
    "gpt-5.1": reasoning(["none"] + classic, gpt5Later.union(.reasonsOnRequest)),
    "gpt-5.1-codex": reasoning(classic, responses),
    "gpt-5.1-codex-mini": reasoning(classic, responses),
    "gpt-5.1-codex-max": reasoning(classic + ["xhigh"], responses),
    "gpt-5.1-chat-latest": reasoning(["medium"], gpt5Later.union(.doubtsEffort)),
    "gpt-5.2": reasoning(xhigh, gpt5Later.union(.reasonsOnRequest)),
    "gpt-5.2-codex": reasoning(classic + ["xhigh"], responses),
    "gpt-5.2-pro": reasoning(["medium", "high", "xhigh"], responses),
    "gpt-5.2-chat-latest": reasoning(["medium"], gpt5Later.union(.doubtsEffort)),
    "gpt-5.3-codex": reasoning(classic + ["xhigh"], responses),
    "gpt-5.3-chat-latest": reasoning(["medium"], gpt5Later.union(.doubtsEffort)),
    "gpt-5.4": reasoning(xhigh, gpt5Later.union([.reasonsOnRequest, .toolsWithoutEffort])),
    "gpt-5.4-mini": reasoning(xhigh, gpt5Later.union(.reasonsOnRequest)),
    "gpt-5.4-nano": reasoning(xhigh, gpt5Later.union(.reasonsOnRequest)),
    "gpt-5.4-chat-latest": reasoning(["medium"], gpt5Later.union(.doubtsEffort)),
    "gpt-5.4-pro": reasoning(["medium", "high", "xhigh"], responses),
    "gpt-5.5": reasoning(xhigh, gpt5Later.union([.reasonsUnlessNone, .doubtsTools, .refusesMemoryCache])),
    "gpt-5.5-chat-latest": reasoning(["medium"], gpt5Later.union(.doubtsEffort)),
    "gpt-5.5-pro": reasoning(["medium", "high", "xhigh"], responses),
    "gpt-5.6": reasoning(xhigh, gpt56),
    "gpt-5.6-sol": reasoning(xhigh, gpt56.union(.doubtsMinimal)),
    // Versions of which nothing more is known.
    "gpt-5.": reasoning(nil, gpt5Later),
    "gpt-6": reasoning(nil, gpt5Later.union(.takesCacheOptions)),
    "gpt-6.": reasoning(nil, gpt5Later.union(.takesCacheOptions)),
  ]

  // MARK: Models that do not

  private static func plain(
    efforts: [String]? = [], schema: Bool? = nil, images: Int? = nil, tokens: Int? = nil, _ traits: ModelTraits = [],
    end: Retirement? = nil
  ) -> Model {
    var model = Model(
      reasoningEfforts: efforts, takesJSONSchema: schema, maxImages: images, maxCompletionTokens: tokens,
      retirement: end)
    model.traits = traits
    return model
  }

  private static func refusing(schema: Bool, _ model: Model) -> Model {
    var model = model
    if schema { model.takesJSONSchema = false }
    return model
  }

  private static let openAIChat: [String: Model] = [
    "gpt-3.5-turbo": plain(schema: false, images: 0, tokens: 4_096, end: atTheEndOf2026),
    "gpt-4": plain(schema: false, images: 0, tokens: 8_192, .refusesJSONObject, end: atTheEndOf2026),
    "gpt-4-turbo": plain(schema: false, tokens: 4_096, end: atTheEndOf2026),
    "gpt-4-1106": plain(schema: false),
    "gpt-4-0125": plain(schema: false),
    "gpt-4-vision": plain(schema: false),
    "gpt-4.1": plain(tokens: 32_768, end: inJanuary),
    "gpt-4.1-mini": plain(tokens: 32_768, end: inJanuary),
    "gpt-4.1-nano": plain(tokens: 32_768, end: atTheEndOf2026),
    "gpt-4.5-preview": plain(tokens: 16_384),
    "gpt-4o": plain(tokens: 16_384, end: inJanuary),
    "gpt-4o-2024-05-13": plain(schema: false, tokens: 4_096),
    "gpt-4o-mini": plain(tokens: 16_384, end: inJanuary),
    "chatgpt-4o-latest": plain(efforts: nil, schema: false, tokens: 16_384, .doubtsTools),
    "gpt-5-chat-latest": plain(efforts: nil, tokens: 16_384, .closesParts),
    "gpt-4o-search-preview": plain([.searches, .doubtsTools, .chatOnly]),
    "gpt-4o-mini-search-preview": plain([.searches, .doubtsTools, .chatOnly]),
    "gpt-4o-audio-preview": plain([.speaks, .chatOnly]),
    "gpt-4o-mini-audio-preview": plain([.speaks, .chatOnly]),
    "gpt-audio": plain(efforts: nil, [.speaks, .chatOnly]),
    "gpt-audio-mini": plain(efforts: nil, [.speaks, .chatOnly]),
  ]

  // MARK: Models of other endpoints

  private static let openAIOthers: [String: Model] = [
    "gpt-3.5-turbo-instruct": plain(.completions),
    "davinci-002": plain(.completions),
    "babbage-002": plain(.completions),
    "computer-use-preview": plain(efforts: nil, .responsesOnly),
    "text-embedding-3-small": Model(maxDimensions: 1_536),
    "text-embedding-3-large": Model(maxDimensions: 3_072),
    "text-embedding-ada-002": Model(maxDimensions: 0),
  ]
}
