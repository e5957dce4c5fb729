// The body of `/v1/chat/completions` at OpenAI, as a table; the messages are in OpenAIMessages.swift.
//
// To add a parameter, write one `.field` line, with its source in a comment where that is not SPEC. What holds between
// parameters, or only for some models, is a rule in OpenAIChatRules.swift or OpenAIModelRules.swift.
//
// Written on 2026-11-25. LIVE, SPEC and SDK are explained in Sources.swift. SPEC allows unknown members, but the API
// refuses them (LIVE "Unknown parameter: 'x'.", "Unrecognized request argument supplied: x"). Null counts as absent for
// every optional member (LIVE).

extension Shape {
  static let openAIChat = Shape.closed(
    .openAIModel,
    .field(
      "messages", .array(of: .openAIMessage, count: 1...Int.max),
      required: true, missing: "Messages parameter is required."),
    .field("audio", .openAIAudio, nullable: true),
    .field("frequency_penalty", .number(in: -2...2), nullable: true),
    .field("function_call", .openAIFunctionCall, nullable: true, .deprecated(instead: "tool_choice")),
    .field("functions", .array(of: .openAIFunction, count: 1...128), nullable: true, .deprecated(instead: "tools")),
    .field("logit_bias", .openAIBias, nullable: true),
    .field("logprobs", .boolean, nullable: true),
    .field("max_completion_tokens", .tokenLimit(min: 1), nullable: true),
    .field("max_tokens", .tokenLimit(min: 1), nullable: true, .deprecated(instead: "max_completion_tokens")),
    .field("metadata", .openAIMetadata, nullable: true),
    .field("modalities", .array(of: .string(oneOf: ["text", "audio"])), nullable: true),
    .field("moderation", .openAIModeration, nullable: true),
    .field("n", .integer(min: 1, max: 128), nullable: true),
    .field("parallel_tool_calls", .boolean, nullable: true),
    .field("prediction", .openAIPrediction, nullable: true),
    .field("presence_penalty", .number(in: -2...2), nullable: true),
    .field("prompt_cache_key", .string(max: 64), nullable: true),  // LIVE
    .field("prompt_cache_options", .openAICacheOptions, nullable: true),
    .field(
      "prompt_cache_retention", .string(oneOf: ["in_memory", "24h"]), nullable: true,
      .deprecated(instead: "prompt_cache_options")),
    .field("reasoning_effort", .string(oneOf: OpenAIValues.efforts), nullable: true),
    .field("response_format", .openAIResponseFormat, nullable: true),
    // The limit is 64 in SPEC and 128 in the SDK.
    .field("safety_identifier", .string(max: 128, doubtfulOver: 64), nullable: true),
    .field("seed", .openAISeed, nullable: true),
    // SPEC has `scale`, but the API's message with the supported values (LIVE) does not.
    .field("service_tier", .string(oneOf: OpenAIValues.tiers, doubtful: ["scale"]), nullable: true),
    // SPEC asks for at least one element, but an empty array was accepted (LIVE).
    .field("stop", .anyOf(.string, .array(of: .string, count: 0...4, doubtfulEmpty: true)), nullable: true),
    .field("store", .boolean, nullable: true),
    .field("stream", .boolean, nullable: true, .streaming(of: "Chat Completions")),
    .field("stream_options", .openAIChatStreamOptions, nullable: true),
    .field("temperature", .number(in: 0...2), nullable: true),
    .field("tool_choice", .openAIToolChoice, nullable: true),
    .field("tools", .array(of: .openAITool, count: 1...128), nullable: true),
    .field("top_logprobs", .integer(min: 0, max: 20), nullable: true),
    .field("top_p", .number(in: 0...1), nullable: true),
    .field("user", .string, nullable: true),
    .field("verbosity", .string(oneOf: OpenAIValues.levels), nullable: true),
    .field(
      "web_search_options", .openAIWebSearch, nullable: true,
      .doubtful("no answer is on record; a comment of 2025-09 says it does not")),
    moved: [
      "input": "messages", "prompt": "messages", "instructions": "messages", "system": "messages",
      "max_output_tokens": "max_completion_tokens", "text": "response_format", "reasoning": "reasoning_effort",
      "max_new_tokens": "max_completion_tokens", "stop_sequences": "stop", "thinking": "reasoning_effort",
    ])

  // MARK: Output

  private static let openAIAudio = Shape.open(
    .field("voice", .anyOf(.string, .open(.field("id", .string, required: true))), required: true),
    .field("format", .string(oneOf: ["wav", "aac", "mp3", "flac", "opus", "pcm16"]), required: true))

  private static let openAIPrediction = Shape.open(
    .field("type", .string(oneOf: ["content"]), required: true),
    .field("content", .anyOf(.text, .array(of: .openAITextPart, count: 1...Int.max)), required: true))

  static let openAIResponseFormat = Shape.oneOf(
    by: "type",
    [
      // LIVE "Unknown parameter: 'response_format.strict'."
      ("text", ObjectShape([.field("type", .string, required: true)], unknown: .refused)),
      ("json_object", ObjectShape([.field("type", .string, required: true)], unknown: .refused)),
      (
        "json_schema",
        ObjectShape(
          [
            .field("type", .string, required: true),
            .field("json_schema", .openAIJSONSchema, required: true),
          ], unknown: .refused)
      ),
    ])

  private static let openAIJSONSchema = Shape.open(
    .field("name", .string(.requiredFunctionName), required: true),
    .field("description", .string),
    .field("schema", .freeObject),
    .field("strict", .boolean, nullable: true),
    check: .openAIResponseSchema,
    recurs: .usually)

  private static let openAIChatStreamOptions = Shape.closed(
    .field("include_usage", .boolean),
    .field("include_obfuscation", .boolean))

  // MARK: Search

  private static let openAIWebSearch = Shape.open(
    .field("search_context_size", .string(oneOf: OpenAIValues.levels)),
    .field(
      "user_location",
      .open(
        .field("type", .string(oneOf: ["approximate"]), required: true),
        .field(
          "approximate",
          .open(
            .field("city", .string), .field("country", .string), .field("region", .string),
            .field("timezone", .string)),
          required: true)),
      nullable: true))
}
