extension ModelTable {
  /// Groq's models, written down on 2026-11-21 from pages of late 2025 to 2026: https://console.groq.com/docs/reasoning, …/docs/structured-outputs, …/docs/vision,
  /// the docstrings of groq 1.7.0, and 400s on record ("`reasoning_format` is not supported with this model").
  public static let groq = ModelTable([
    "openai/gpt-oss-20b": gptOSS,
    "openai/gpt-oss-120b": gptOSS,
    "qwen/qwen3-32b": qwen(["none", "default"]),
    "qwen/qwen3.6-27b": qwen(["none", "default"]),
    "qwen/qwen3.8-27b": Model(
      reasoningEfforts: ["none", "default", "low", "medium", "high"], reasoningFormat: .yes, takesTools: true,
      takesBuiltInTools: false),
    "llama-3.1-8b-instant": llamaText,
    "llama-3.3-70b-versatile": llamaText,
    "meta-llama/llama-4-scout-17b-16e-instruct": Model(
      reasoningEfforts: [], reasoningFormat: .no, takesStrictSchema: false, maxImages: 5, takesTools: true,
      takesBuiltInTools: false),
    "meta-llama/llama-guard-4-12b": Model(
      reasoningEfforts: [], reasoningFormat: .no, takesStrictSchema: false, takesBuiltInTools: false),
    "groq/compound": compound,
    "groq/compound-mini": compound,
  ])

  private static let gptOSS = Model(
    reasoningEfforts: ["low", "medium", "high"], reasoningFormat: .disputed, takesJSONSchema: true,
    takesStrictSchema: true, maxImages: 0, takesTools: true, takesBuiltInTools: true)

  private static let llamaText = Model(
    reasoningEfforts: [], reasoningFormat: .no, takesJSONSchema: false, takesStrictSchema: false, maxImages: 0,
    takesTools: true, takesBuiltInTools: false)

  private static let compound = Model(reasoningEfforts: [], takesJSONSchema: false, takesTools: false)

  private static func qwen(_ efforts: [String]) -> Model {
    Model(
      reasoningEfforts: efforts, reasoningFormat: .yes, takesStrictSchema: false, takesTools: true,
      takesBuiltInTools: false)
  }
}
