import JSONLines

// The body of `/v1/completions` at OpenAI. OpenAIChat.swift says how to add a parameter; the marks of sources are
// explained in Sources.swift.

extension Shape {
  static let openAICompletions = Shape.closed(
    .openAIModel,
    // SPEC allows null, the SDK does not.
    .field(
      "prompt",
      .anyOf(
        .text,
        .array(of: .anyOf(.text, .integer, .array(of: .integer, count: 1...Int.max)), doubtfulEmpty: true)
      ).orDoubtfulNull, required: true),
    .field("best_of", .integer(min: 0, max: 20), nullable: true),
    .field("echo", .boolean, nullable: true),
    .field("frequency_penalty", .number(in: -2...2), nullable: true),
    .field("logit_bias", .openAIBias, nullable: true),
    .field("logprobs", .integer(min: 0, max: 5), nullable: true),
    .field("max_tokens", .integer(min: 0), nullable: true),
    .field("n", .integer(min: 1, max: 128), nullable: true),
    .field("presence_penalty", .number(in: -2...2), nullable: true),
    .field("seed", .openAISeed, nullable: true),
    .field("stop", .anyOf(.string, .array(of: .string, count: 0...4, doubtfulEmpty: true)), nullable: true),
    .field("stream", .boolean, nullable: true, .streaming(of: "Completions")),
    .field(
      "stream_options",
      .closed(.field("include_usage", .boolean), .field("include_obfuscation", .boolean)), nullable: true),
    .field("suffix", .string, nullable: true),
    .field("temperature", .number(in: 0...2), nullable: true),
    .field("top_p", .number(in: 0...1), nullable: true),
    .field("user", .string, nullable: true),
    moved: [
      "messages": "prompt", "input": "prompt", "max_completion_tokens": "max_tokens",
      "max_output_tokens": "max_tokens", "top_logprobs": "logprobs",
    ])
}

extension BodyRule {
  static let openAICompletions = [
    promptsAreOfOneKind, bestOfAtLeastN, streamOptionsWithoutStream, suffixOfModel, completionsModel,
  ]

  private static let promptsAreOfOneKind = BodyRule(["prompt"], reads: .presence) { body, out in
    guard let prompt = body["prompt"], prompt.kind == .array else { return }
    out.mixedArray(prompt)
  }

  // SPEC: "best_of must be greater than n".
  private static let bestOfAtLeastN = BodyRule(["best_of", "n"]) { body, out in
    guard let best = body["best_of"], let count = body["n"], let most = best.number, let wanted = count.number,
      most < wanted
    else { return }
    out.error(.invalidRequest, best) { "'\($0)' is less than 'body.n': there are not so many to choose from." }
  }

  private static let suffixOfModel = BodyRule(["suffix", "model"], reads: .presence) { body, out in
    guard let suffix = body["suffix"], let model = body["model"], !model.isString("gpt-3.5-turbo-instruct") else {
      return
    }
    out.warn(.doubtfulValue, suffix) { "'\($0)' is for gpt-3.5-turbo-instruct only." }
  }

  private static let completionsModel = BodyRule(["model"], reads: .presence) { body, out in
    guard let model = body["model"], let known = body.model?.pointee, !known.traits.contains(.completions) else {
      return
    }
    out.error(.invalidRequest, model) {
      "'\($0)': '\(Words.quoted(model))' is not a completion model; its endpoint is another one."
    }
  }
}
