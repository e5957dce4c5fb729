extension ModelTable {
  /// OpenAI's models, written down on 2026-11-25: what single models refuse, from answers on record (github.com/enricoros/big-AGI
  /// #930 #944 #947 #1159 asked all of them). Dated names and fine-tuned models follow their base.
  ///
  /// A limit of output stands here where LiteLLM 1.110.2 (2026-11) and models.dev (commit f3fc692 of 2026-07-02), which both read it off
  /// https://developers.openai.com/api/docs/models, agree; gpt-4's is its context's, and on record. Four are on record in 400s
  /// too ("max_tokens is too large: 32000. This model supports at most 16384 completion tokens, whereas you provided 32000."):
  /// 4,096 for gpt-3.5-turbo, gpt-4-turbo and gpt-4o-2024-05-13, 16,384 for gpt-4o (github.com/ChatGPTNextWeb/NextChat #3195,
  /// logancyang/obsidian-copilot #256, algorithmicsuperintelligence/optillm #4, enoch3712/ExtractThinker #346).
  public static let openAI = ModelTable(
    retiring(
      openAIRetirements,
      in: openAIReasoning.merging(openAIChat) { one, _ in one }.merging(openAIOthers) { one, _ in one }),
    date: "2026-11-25", hasFamilies: true)

  // MARK: Models that reason

  private static let classic = ["low", "medium", "high"]
  private static let xhigh = ["none", "low", "medium", "high", "xhigh"]

  private static func reasoning(
    _ efforts: [String]?, _ traits: ModelTraits, images: Int? = nil, tokens: Int? = nil
  ) -> Model {
    var model = Model(reasoningEfforts: efforts, maxImages: images, maxCompletionTokens: tokens)
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
    "o1": reasoning(classic, oSeries.union(.doubtsTemperature), tokens: 100_000),
    "o1-mini": refusing(
      schema: true, reasoning(nil, [.reasonsAlways, .refusesSystem, .doubtsTools, .chatOnly], images: 0)),
    "o1-preview": refusing(schema: true, reasoning(nil, [.reasonsAlways, .refusesSystem, .doubtsTools])),
    "o1-pro": reasoning(classic, [.reasonsAlways, .responsesOnly], tokens: 100_000),
    "o3": reasoning(classic, oSeries.union([.refusesStop, .refusesFunctionRole]), tokens: 100_000),
    "o3-mini": reasoning(classic, oSeries.union(.doubtsTemperature), images: 0, tokens: 100_000),
    "o3-pro": reasoning(classic, [.reasonsAlways, .responsesOnly], tokens: 100_000),
    "o3-deep-research": reasoning(nil, [.reasonsAlways, .responsesOnly], tokens: 100_000),
    "o4-mini": reasoning(classic, oSeries.union(.refusesStop), tokens: 100_000),
    "o4-mini-deep-research": reasoning(nil, [.reasonsAlways, .responsesOnly], tokens: 100_000),
    "gpt-5": reasoning(["minimal"] + classic, gpt5, tokens: 128_000),
    "gpt-5-mini": reasoning(["minimal"] + classic, gpt5, tokens: 128_000),
    "gpt-5-nano": reasoning(["minimal"] + classic, gpt5, tokens: 128_000),
    "gpt-5-pro": reasoning(["high"], responses, tokens: 272_000),
    "gpt-5-codex": reasoning(classic, responses, tokens: 128_000),
    "gpt-5-search-api": reasoning(nil, [.searchesLately, .doubtsTools, .takesVerbosity, .closesParts, .chatOnly]),
    "gpt-5.1": reasoning(["none"] + classic, gpt5Later.union(.reasonsOnRequest), tokens: 128_000),
    "gpt-5.1-codex": reasoning(classic, responses, tokens: 128_000),
    "gpt-5.1-codex-mini": reasoning(classic, responses, tokens: 128_000),
    "gpt-5.1-codex-max": reasoning(classic + ["xhigh"], responses, tokens: 128_000),
    "gpt-5.1-chat-latest": reasoning(["medium"], gpt5Later.union(.doubtsEffort)),
    "gpt-5.2": reasoning(xhigh, gpt5Later.union(.reasonsOnRequest), tokens: 128_000),
    "gpt-5.2-codex": reasoning(classic + ["xhigh"], responses, tokens: 128_000),
    "gpt-5.2-pro": reasoning(["medium", "high", "xhigh"], responses, tokens: 128_000),
    "gpt-5.2-chat-latest": reasoning(["medium"], gpt5Later.union(.doubtsEffort)),
    // TAPE: it took none.
    "gpt-5.3-codex": reasoning(xhigh, responses, tokens: 128_000),
    "gpt-5.3-chat-latest": reasoning(["medium"], gpt5Later.union(.doubtsEffort)),
    "gpt-5.4": reasoning(xhigh, gpt5Later.union([.reasonsOnRequest, .toolsWithoutEffort]), tokens: 128_000),
    "gpt-5.4-mini": reasoning(xhigh, gpt5Later.union([.reasonsOnRequest, .toolsWithoutEffort]), tokens: 128_000),
    "gpt-5.4-nano": reasoning(xhigh, gpt5Later.union(.reasonsOnRequest), tokens: 128_000),
    "gpt-5.4-chat-latest": reasoning(["medium"], gpt5Later.union(.doubtsEffort)),
    "gpt-5.4-pro": reasoning(["medium", "high", "xhigh"], responses, tokens: 128_000),
    "gpt-5.5": reasoning(
      xhigh, gpt5Later.union([.reasonsUnlessNone, .doubtsTools, .refusesMemoryCache]),
      tokens: 128_000),
    "gpt-5.5-chat-latest": reasoning(["medium"], gpt5Later.union(.doubtsEffort)),
    "gpt-5.5-pro": reasoning(["medium", "high", "xhigh"], responses, tokens: 128_000),
    "gpt-5.6": reasoning(xhigh, gpt56),
    "gpt-5.6-sol": reasoning(xhigh, gpt56.union(.doubtsMinimal)),
    // Versions of which nothing more is known.
    "gpt-5.": reasoning(nil, gpt5Later),
    "gpt-6": reasoning(nil, gpt5Later.union(.takesCacheOptions)),
    "gpt-6.": reasoning(nil, gpt5Later.union(.takesCacheOptions)),
  ]

  // MARK: Models that do not

  private static func plain(
    efforts: [String]? = [], schema: Bool? = nil, images: Int? = nil, tokens: Int? = nil, _ traits: ModelTraits = []
  ) -> Model {
    var model = Model(
      reasoningEfforts: efforts, takesJSONSchema: schema, maxImages: images, maxCompletionTokens: tokens)
    model.traits = traits
    return model
  }

  private static func refusing(schema: Bool, _ model: Model) -> Model {
    var model = model
    if schema { model.takesJSONSchema = false }
    return model
  }

  private static let openAIChat: [String: Model] = [
    "gpt-3.5-turbo": plain(schema: false, images: 0, tokens: 4_096),
    // LIVE: it took more than 4,096.
    "gpt-3.5-turbo-16k": plain(schema: false, images: 0),
    "gpt-4": plain(schema: false, images: 0, tokens: 8_192, .refusesJSONObject),
    "gpt-4-32k": plain(schema: false, images: 0, .refusesJSONObject),
    "gpt-4-turbo": plain(schema: false, tokens: 4_096),
    "gpt-4-1106": plain(schema: false),
    "gpt-4-0125": plain(schema: false),
    "gpt-4-vision": plain(schema: false),
    "gpt-4.1": plain(tokens: 32_768),
    "gpt-4.1-mini": plain(tokens: 32_768),
    "gpt-4.1-nano": plain(tokens: 32_768),
    "gpt-4.5-preview": plain(),
    "gpt-4o": plain(tokens: 16_384),
    "gpt-4o-2024-05-13": plain(schema: false, tokens: 4_096),
    "gpt-4o-mini": plain(tokens: 16_384),
    "chatgpt-4o-latest": plain(efforts: nil, schema: false, .doubtsTools),
    "gpt-5-chat-latest": plain(efforts: nil, .closesParts),
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
    "text-embedding-3-small": embedding(dimensions: 1_536),
    "text-embedding-3-large": embedding(dimensions: 3_072),
    "text-embedding-ada-002": embedding(dimensions: 0),
  ].merging(
    [
      "dall-e-2", "dall-e-3", "gpt-image", "chatgpt-image", "sora-2", "whisper-1", "tts-1", "gpt-4o-mini-tts",
      "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-realtime", "gpt-4o-realtime-preview",
      "gpt-4o-mini-realtime-preview", "omni-moderation", "text-moderation",
    ].map { ($0, plain(efforts: nil, .answersNoText)) }
  ) { one, _ in one }

  private static func embedding(dimensions: Int) -> Model {
    var model = Model(maxDimensions: dimensions)
    model.traits = .answersNoText
    return model
  }
}
