/// Models and endpoints by which a file can be told that it was made for another API.
extension Provider {
  /// How the names of OpenAI's models begin. https://platform.openai.com/docs/models, read on 2026-11-21; its batch
  /// list names no open models.
  private static let openaiModels = [
    "gpt-3", "gpt-4", "gpt-5", "chatgpt-", "o1", "o3", "o4", "text-embedding-", "omni-moderation",
  ]

  /// The provider that a model belongs to by its name.
  static func known(forModel model: String, besides current: Provider) -> Provider? {
    if current.name != openai.name, openaiModels.contains(where: model.hasPrefix) { return openai }
    return all.first { $0.name != current.name && $0.models.contains(model) }
  }

  /// The provider that takes a url which the current one does not.
  static func known(forURL url: String, besides current: Provider) -> Provider? {
    all.first { $0.name != current.name && $0.urls.contains(url) }
  }
}
