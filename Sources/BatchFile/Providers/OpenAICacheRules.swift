import JSONLines

// What single models of OpenAI's take of the members about caching, in chat completions and in responses.

extension BodyRule {
  // LIVE: gpt-5.5, 5.6.
  static let memoryCache = BodyRule(["prompt_cache_retention", "model"]) { body, out in
    guard let retention = body["prompt_cache_retention"], retention.isString("in_memory"),
      body.has(.refusesMemoryCache)
    else { return }
    out.error(.unsupportedValue, retention) {
      "Unsupported value: '\($0)' does not support 'in_memory' with this model."
    }
  }

  // SPEC: for gpt-5.6 and later; what older ones answer is not on record.
  static let cacheOptionsOfModel = BodyRule(["prompt_cache_options", "model"], reads: .presence) { body, out in
    guard let options = body["prompt_cache_options"], body.model != nil, !body.has(.takesCacheOptions) else { return }
    out.warn(.doubtfulValue, options) { "'\($0)' is for gpt-5.6 and later models." }
  }
}
