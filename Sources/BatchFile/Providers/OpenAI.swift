extension Provider {
  /// OpenAI. The byte limit is the one in its own error text.
  public static let openai = Provider(
    name: "openai",
    source:
      "error texts captured from OpenAI's Batch API (llama-stack, tests/integration/batches/test_batches_errors.py)",
    date: "2026-11-21",
    urls: [Endpoint.chatURL, "/v1/responses", "/v1/embeddings", "/v1/completions", "/v1/moderations"],
    models: ["*"],
    maxBytes: 209_715_200,
    maxRequests: 50_000,
    oneModelPerFile: true,
    bodySchema: .common,
    api: .openai)
}

extension Endpoint {
  static let openAI = [Endpoint(chatPath, .commonChat)]
}
