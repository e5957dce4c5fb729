extension ModelTable {
  /// Groq's models, written down on 2026-11-25 from pages of late 2025 to 2026: https://console.groq.com/docs/reasoning, …/docs/structured-outputs,
  /// …/docs/vision, …/docs/models, the docstrings of groq 1.7.0, and 400s on record ("`reasoning_format` is not supported with this model").
  ///
  /// Limits of output: gpt-oss as in …/docs/models, models.dev (commit f3fc692 of 2026-07-02) and LiteLLM 1.110.2; scout's 8,192 is on
  /// record in a 400 ("`max_completion_tokens` must be less than or equal to `8192`"), qwen3-32b's 40,960 in another
  /// (github.com/RooCodeInc/Roo-Code #5136); all others as models.dev read them off …/docs/models while the models lived.
  ///
  /// Retirements: https://console.groq.com/docs/deprecations and Groq's notices of 2026-06 and 2026-07 (quoted in
  /// github.com/scienceverse/metacheck #319, karthink/gptel #1478, MNeMoNiCuZ/ComfyUI-mnemic-nodes #39).
  public static let groq = ModelTable(
    [
      "openai/gpt-oss-20b": gptOSS,
      "openai/gpt-oss-120b": gptOSS,
      "qwen/qwen3-32b": qwen(
        ["none", "default"], tokens: 40_960, Retirement(day: "2026-07-17", successor: "openai/gpt-oss-120b")),
      "qwen/qwen3.6-27b": qwen(["none", "default"]),
      "qwen/qwen3.8-27b": Model(
        reasoningEfforts: ["none", "default", "low", "medium", "high"], reasoningFormat: .yes, takesTools: true,
        takesBuiltInTools: false),
      "llama-3.1-8b-instant": llamaText(
        tokens: 131_072, Retirement(day: "2026-08-16", plans: withoutContract, successor: "openai/gpt-oss-20b")),
      "llama-3.3-70b-versatile": llamaText(
        tokens: 32_768, Retirement(day: "2026-08-16", plans: withoutContract, successor: "openai/gpt-oss-120b")),
      "llama3-8b-8192": llamaText(
        tokens: 8_192, Retirement(day: "2025-08-30", successor: "llama-3.1-8b-instant")),
      "llama3-70b-8192": llamaText(
        tokens: 8_192, Retirement(day: "2025-08-30", successor: "llama-3.3-70b-versatile")),
      "meta-llama/llama-4-scout-17b-16e-instruct": Model(
        reasoningEfforts: [], reasoningFormat: .no, takesStrictSchema: false, maxImages: 5, takesTools: true,
        takesBuiltInTools: false, maxCompletionTokens: 8_192,
        retirement: Retirement(day: "2026-07-17", successor: "openai/gpt-oss-120b or qwen/qwen3.6-27b")),
      "meta-llama/llama-guard-4-12b": Model(
        reasoningEfforts: [], reasoningFormat: .no, takesStrictSchema: false, takesBuiltInTools: false,
        maxCompletionTokens: 1_024),
      "groq/compound": compound,
      "groq/compound-mini": compound,
    ], date: "2026-11-25")

  private static let withoutContract = "the free and developer plans; enterprise contracts keep it"

  private static let gptOSS = Model(
    reasoningEfforts: ["low", "medium", "high"], reasoningFormat: .disputed, takesJSONSchema: true,
    takesStrictSchema: true, maxImages: 0, takesTools: true, takesBuiltInTools: true, maxCompletionTokens: 65_536)

  private static func llamaText(tokens: Int, _ retirement: Retirement? = nil) -> Model {
    Model(
      reasoningEfforts: [], reasoningFormat: .no, takesJSONSchema: false, takesStrictSchema: false, maxImages: 0,
      takesTools: true, takesBuiltInTools: false, maxCompletionTokens: tokens, retirement: retirement)
  }

  private static let compound = Model(reasoningEfforts: [], takesJSONSchema: false, takesTools: false)

  private static func qwen(_ efforts: [String], tokens: Int? = nil, _ retirement: Retirement? = nil) -> Model {
    Model(
      reasoningEfforts: efforts, reasoningFormat: .yes, takesStrictSchema: false, takesTools: true,
      takesBuiltInTools: false, maxCompletionTokens: tokens, retirement: retirement)
  }
}
