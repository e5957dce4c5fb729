extension ModelTable {
  /// Groq's models, written down on 2026-11-25 from pages of late 2025 to 2026: https://console.groq.com/docs/reasoning, …/docs/structured-outputs,
  /// …/docs/vision, …/docs/models, …/docs/deprecations, the docstrings of groq 1.7.0, and 400s on record ("`reasoning_format` is not
  /// supported with this model", "`max_completion_tokens` must be less than or equal to `8192`").
  public static let groq = ModelTable(
    [
      "openai/gpt-oss-20b": gptOSS,
      "openai/gpt-oss-120b": gptOSS,
      "qwen/qwen3-32b": qwen(["none", "default"], retirement: Retirement(day: "2026-07-17")),
      "qwen/qwen3.6-27b": qwen(["none", "default"]),
      "qwen/qwen3.8-27b": Model(
        reasoningEfforts: ["none", "default", "low", "medium", "high"], reasoningFormat: .yes, takesTools: true,
        takesBuiltInTools: false),
      "llama-3.1-8b-instant": llamaText(tokens: 131_072),
      "llama-3.3-70b-versatile": llamaText(tokens: 32_768),
      "llama3-8b-8192": llamaText(
        tokens: 8_192, Retirement(day: "2025-08-30", successor: "llama-3.1-8b-instant")),
      "llama3-70b-8192": llamaText(
        tokens: 8_192, Retirement(day: "2025-08-30", successor: "llama-3.3-70b-versatile")),
      "meta-llama/llama-4-scout-17b-16e-instruct": Model(
        reasoningEfforts: [], reasoningFormat: .no, takesStrictSchema: false, maxImages: 5, takesTools: true,
        takesBuiltInTools: false, maxCompletionTokens: 8_192),
      "meta-llama/llama-guard-4-12b": Model(
        reasoningEfforts: [], reasoningFormat: .no, takesStrictSchema: false, takesBuiltInTools: false,
        maxCompletionTokens: 1_024),
      "groq/compound": compound,
      "groq/compound-mini": compound,
    ], date: "2026-11-25")

  private static let gptOSS = Model(
    reasoningEfforts: ["low", "medium", "high"], reasoningFormat: .disputed, takesJSONSchema: true,
    takesStrictSchema: true, maxImages: 0, takesTools: true, takesBuiltInTools: true, maxCompletionTokens: 65_536)

  private static func llamaText(tokens: Int, _ retirement: Retirement? = nil) -> Model {
    Model(
      reasoningEfforts: [], reasoningFormat: .no, takesJSONSchema: false, takesStrictSchema: false, maxImages: 0,
      takesTools: true, takesBuiltInTools: false, maxCompletionTokens: tokens, retirement: retirement)
  }

  private static let compound = Model(reasoningEfforts: [], takesJSONSchema: false, takesTools: false)

  private static func qwen(_ efforts: [String], retirement: Retirement? = nil) -> Model {
    Model(
      reasoningEfforts: efforts, reasoningFormat: .yes, takesStrictSchema: false, takesTools: true,
      takesBuiltInTools: false, retirement: retirement)
  }
}
