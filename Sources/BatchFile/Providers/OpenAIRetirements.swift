extension ModelTable {
  /// When OpenAI's models were or will be shut down, and what it names instead.
  ///
  /// https://developers.openai.com/api/docs/deprecations, as copied between 2026-04-22 and 2026-10-28 (spybara.com's history of it, importstatic.com of
  /// 2026-10-15, dev.to/max_bob of 2026-10-28, who compared it with `shutdown_date` in GET /v1/models); days also in the texts of the SDK
  /// openai 3.57.0 and in LiteLLM 1.110.2. Fine-tuned models end with their base.
  static let openAIRetirements: [String: Retirement] = [
    "chatgpt-4o-latest": Retirement(day: "2026-02-17", successor: "gpt-5.1-chat-latest"),
    "gpt-4-0314": Retirement(day: "2026-03-26", successor: "gpt-5 or gpt-4.1"),
    "gpt-4-0125-preview": Retirement(day: "2026-03-26", successor: "gpt-5 or gpt-4.1"),
    "gpt-4-turbo-preview": Retirement(day: "2026-03-26", successor: "gpt-5 or gpt-4.1"),

    "computer-use-preview": inJuly("gpt-5.4-mini"),
    "gpt-4o-search-preview-2025-03-11": inJuly("gpt-4.1-mini"),
    "gpt-4o-mini-search-preview-2025-03-11": inJuly("gpt-4.1-mini"),
    "gpt-5-chat-latest": inJuly("gpt-5.6-sol"),
    "gpt-5-codex": inJuly("gpt-5.6-sol"),
    "gpt-5.1-chat-latest": inJuly("gpt-5.6-sol"),
    "gpt-5.1-codex": inJuly("gpt-5.6-sol"),
    "gpt-5.1-codex-max": inJuly("gpt-5.6-sol"),
    "gpt-5.1-codex-mini": inJuly("gpt-5.6-terra"),
    "gpt-5.2-codex": inJuly("gpt-5.6-sol"),
    "o3-deep-research": inJuly("gpt-5.6-sol"),
    "o4-mini-deep-research": inJuly("gpt-5.6-sol"),
    "gpt-5.2-chat-latest": Retirement(day: "2026-08-10", successor: "gpt-5.5"),
    "gpt-5.3-chat-latest": Retirement(day: "2026-08-10", successor: "gpt-5.5"),

    "gpt-3.5-turbo-1106": inSeptember,
    "gpt-3.5-turbo-instruct": inSeptember,
    "babbage-002": inSeptember,
    "davinci-002": inSeptember,

    "gpt-3.5-turbo": inOctober("gpt-5.6-terra"),
    "gpt-4": inOctober("gpt-5.6-sol"),
    "gpt-4-1106-preview": inOctober("gpt-5.6-sol"),
    "gpt-4-turbo": inOctober("gpt-5.6-sol"),
    "gpt-4o-2024-05-13": inOctober("gpt-5.6-sol"),
    "gpt-4.1-nano": inOctober("gpt-5.6-luna"),
    "o1": inOctober("gpt-5.6-sol"),
    "o1-pro": inOctober("gpt-5.6-sol"),
    "o3-mini": inOctober("gpt-5.6-sol"),
    "o4-mini": inOctober("gpt-5.6-terra"),
    "gpt-image-1": Retirement(day: "2026-10-23"),

    "gpt-5": inDecember("gpt-6.1-sol"),
    "gpt-5-mini": inDecember("gpt-6.1-terra"),
    "gpt-5-nano": inDecember(nil),
    "gpt-5-pro": inDecember(nil),
    "o3": inDecember("gpt-5.6-sol"),
    "o3-pro": inDecember(nil),
    "gpt-4.1": inJanuary,
    "gpt-4.1-mini": inJanuary,
    "gpt-4o": inJanuary,
    "gpt-4o-mini": inJanuary,
  ]

  private static func inJuly(_ successor: String) -> Retirement { Retirement(day: "2026-07-23", successor: successor) }
  private static let inSeptember = Retirement(day: "2026-09-28", successor: "gpt-5-mini or gpt-4.1-mini")
  private static func inOctober(_ successor: String) -> Retirement {
    Retirement(day: "2026-10-23", successor: successor)
  }
  private static func inDecember(_ successor: String?) -> Retirement {
    Retirement(day: "2026-12-11", successor: successor)
  }
  private static let inJanuary = Retirement(day: "2027-01-14", successor: "gpt-6-luna")

  /// The models with their ends. A name that has an end of its own and is not among them is like the one that it goes
  /// on from: gpt-3.5-turbo-1106 is like gpt-3.5-turbo.
  static func retiring(_ ends: [String: Retirement], in models: [String: Model]) -> [String: Model] {
    var all = models
    for (name, end) in ends {
      let base = models.keys.filter { name.hasPrefix($0 + "-") }.max { $0.utf8.count < $1.utf8.count }
      var model = models[name] ?? base.flatMap { models[$0] } ?? Model()
      model.retirement = end
      all[name] = model
    }
    return all
  }
}
