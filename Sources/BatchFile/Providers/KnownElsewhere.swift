/// The models and endpoints that show that a file was made for another API.
extension Provider {
  /// The beginnings of the names of OpenAI's models: https://platform.openai.com/docs/models, read on 2026-11-21. Its
  /// list of models for batches has no open ones.
  private static let openaiModels = [
    "gpt-3", "gpt-4", "gpt-5", "chatgpt-", "o1", "o3", "o4", "text-embedding-", "omni-moderation",
  ]

  /// The provider that a model belongs to by its name; nil where that is not known.
  static func known(forModel model: String, besides current: Provider) -> Provider? {
    if current.name != openai.name, openaiModels.contains(where: model.hasPrefix) { return openai }
    return all.first { $0.name != current.name && $0.models.contains(model) }
  }

  /// A provider that takes a url which the current one does not take; nil where there is none.
  static func known(forURL url: String, besides current: Provider) -> Provider? {
    all.first { $0.name != current.name && $0.urls.contains(url) }
  }
}
