// The body of `/v1/responses` at OpenAI; its items are in OpenAIItems.swift, its tools in OpenAIResponseTools.swift.
// OpenAIChat.swift says how to add a parameter; the marks of sources are explained in Sources.swift.

extension Shape {
  static let openAIResponses = Shape.closed(
    .openAIModel,
    // A rule in OpenAIResponseRules.swift refuses an empty or missing input where nothing else has a text.
    .field("input", .anyOf(.text(isEmptyRead: true), .array(of: .openAIItem))),
    .field("access_programs", .free, .doubtful(newMember)),
    .field("background", .boolean, nullable: true, .doubtfulIfTrue("a batch runs in the background anyway")),
    .field("background_options", .free, .doubtful(newMember)),
    .field("client_metadata", .freeObject, nullable: true),  // TAPE, not in SPEC
    .field(
      "context_management",
      .array(
        of: .open(
          .field("type", .string, required: true),
          .field("compact_threshold", .number(in: 1_000...Double.infinity), nullable: true)),
        count: 1...Int.max), nullable: true),
    .field(
      "conversation", .anyOf(.string, .open(.field("id", .string, required: true))), nullable: true,
      .doubtful("it is not known whether a batch can use stored state")),
    .field("frequency_penalty", .number(in: -2...2), nullable: true),  // LIVE, not in SPEC
    .field("image", .free, .doubtful(newMember)),
    .field("include", .array(of: .string(oneOf: openAIIncludes)), nullable: true),
    .field("instructions", .text, nullable: true),
    .field("max_output_tokens", .tokenLimit(min: 16), nullable: true),
    .field("max_tool_calls", .integer(min: 1), nullable: true),
    .field("metadata", .openAIMetadata, nullable: true),
    .field("moderation", .openAIModeration, nullable: true),
    .field("parallel_tool_calls", .boolean, nullable: true),
    .field("presence_penalty", .number(in: -2...2), nullable: true),  // LIVE, not in SPEC
    .field(
      "previous_response_id", .string, nullable: true,
      .doubtful("it is not known whether a batch can use stored state")),
    .field(
      "prompt",
      .open(
        .field("id", .string, required: true),
        .field("version", .string, nullable: true),
        .field("variables", .freeObject, nullable: true)),
      nullable: true),
    .field("prompt_cache_key", .string(max: 64).orDoubtfulNull),
    .field("prompt_cache_options", .openAICacheOptions, nullable: true),
    .field(
      "prompt_cache_retention", .string(oneOf: ["in_memory", "24h"]), nullable: true,
      .deprecated(instead: "prompt_cache_options")),
    .field("reasoning", .openAIReasoning, nullable: true),
    .field("safety_identifier", .string(max: 128, doubtfulOver: 64).orDoubtfulNull),
    .field(
      "service_tier", .string(oneOf: OpenAIValues.tiers, doubtful: ["scale", "ultrafast"]), nullable: true),
    .field("store", .boolean, nullable: true),
    .field("stream", .boolean, nullable: true, .streaming(of: "Responses")),
    .field("stream_options", .closed(.field("include_obfuscation", .boolean)), nullable: true),
    .field("temperature", .number(in: 0...2), nullable: true),
    .field("text", Shape.openAIResponseText.orDoubtfulNull),
    .field("tool_choice", .openAIResponseToolChoice, nullable: true),  // TAPE
    .field("tools", Shape.array(of: .openAIResponseTool).orDoubtfulNull),
    .field("top_logprobs", .integer(min: 0, max: 20), nullable: true),
    .field("top_p", .number(in: 0...1), nullable: true),
    .field(
      "truncation", .string(oneOf: ["auto", "disabled"]), nullable: true, .deprecated(instead: "context_management")),
    .field("user", .string.orDoubtfulNull),
    moved: [
      "max_tokens": "max_output_tokens", "max_completion_tokens": "max_output_tokens",
      "reasoning_effort": "reasoning.effort", "verbosity": "text.verbosity", "functions": "tools",
      "function_call": "tool_choice", "system": "instructions", "logprobs": "top_logprobs",
    ],
    gone: ["messages": "input", "response_format": "text.format"])

  private static let newMember = "only a recent SDK has it"

  private static let openAIIncludes = [
    "file_search_call.results", "web_search_call.results", "web_search_call.action.sources",
    "message.input_image.image_url", "computer_call_output.output.image_url", "code_interpreter_call.outputs",
    "reasoning.encrypted_content", "message.output_text.logprobs",
  ]

  // MARK: Output

  private static let openAIResponseText = Shape.closed(
    .field(
      "format",
      .oneOf(
        by: "type",
        [
          ("text", ObjectShape([.type], unknown: .ignored)), ("json_object", ObjectShape([.type], unknown: .ignored)),
          ("json_schema", openAITextSchema),
        ])),
    .field("verbosity", .string(oneOf: OpenAIValues.levels), nullable: true))

  private static let openAITextSchema = ObjectShape(
    [
      .type,
      .field("name", .string(.requiredFunctionName), required: true),
      .field("schema", .freeObject, required: true),
      .field("description", .string),
      .field("strict", .boolean, nullable: true),
    ], unknown: .ignored, check: .openAITextSchema)

  private static let openAIReasoning = Shape.closed(
    .field("effort", .string(oneOf: OpenAIValues.efforts), nullable: true),
    .field("summary", .string(oneOf: ["auto", "concise", "detailed"]), nullable: true),
    .field("mode", .string, nullable: true),
    .field("context", .string(oneOf: ["auto", "current_turn", "all_turns"]), nullable: true),
    // SPEC has it, but the API did not know it (LIVE).
    .field(
      "generate_summary", .string(oneOf: ["auto", "concise", "detailed"]), nullable: true,
      .deprecated(instead: "summary")))
}
