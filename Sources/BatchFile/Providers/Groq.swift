extension Provider {
  /// Groq. The method and the url are from the batch guide of 2025-02, the models and the limit of 50,000 requests from
  /// later versions of that page. It says 200 MB for a file, which is read as 200,000,000 bytes, the smaller meaning;
  /// the API reference and the SDK groq 1.7.0 say 100 MB. The audio urls are in the guide and not in the SDK.
  public static let groq = Provider(
    name: "groq",
    source: "https://console.groq.com/docs/batch",
    date: "2026-11-25",
    urls: [Endpoint.chatURL, "/v1/audio/transcriptions", "/v1/audio/translations"],
    models: [
      "openai/gpt-oss-20b", "openai/gpt-oss-120b", "llama-3.3-70b-versatile", "llama-3.1-8b-instant",
      "meta-llama/llama-4-scout-17b-16e-instruct", "meta-llama/llama-guard-4-12b", "llama3-8b-8192",
      "llama3-70b-8192",
    ],
    maxBytes: 200_000_000,
    maxRequests: 50_000,
    oneModelPerFile: false,
    doubtfulBytes: 100_000_000,
    bodySchema: .groq,
    api: .groq)
}

extension Endpoint {
  static let groq = [
    Endpoint(chatPath, .groqChat, rules: BodyRule.fieldRules + BodyRule.modelRules, form: .messages),
    Endpoint(
      "/audio/transcriptions", .groqTranscription, doubt: audioDoubt,
      models: ["whisper-large-v3", "whisper-large-v3-turbo"]),
    Endpoint("/audio/translations", .groqTranslation, doubt: audioDoubt, models: ["whisper-large-v3"]),
  ]

  private static let audioDoubt = "Groq's batch guide has it, its SDK and its API document do not"
}
