extension Provider {
  /// Groq. Method and url by the batch guide of 2025-02, models and the 50,000 requests by the batch page since;
  /// 200 MB is read as 200,000,000 bytes, the smaller reading.
  public static let groq = Provider(
    name: "groq",
    source: "https://console.groq.com/docs/batch",
    date: "2026-11-21",
    urls: [Endpoint.chatURL],
    models: [
      "llama-3.3-70b-versatile", "llama-3.1-8b-instant", "openai/gpt-oss-20b", "openai/gpt-oss-120b",
      "meta-llama/llama-4-scout-17b-16e-instruct", "meta-llama/llama-guard-4-12b",
    ],
    maxBytes: 200_000_000,
    maxRequests: 50_000,
    oneModelPerFile: false,
    bodySchema: .groq,
    api: .groq)
}

extension Endpoint {
  static let groq = [Endpoint(chatPath, .groqChat, rules: BodyRule.fieldRules + BodyRule.modelRules)]
}
