// The bodies of `/v1/audio/transcriptions` and `/v1/audio/translations` in a batch at Groq, by the examples of
// https://console.groq.com/docs/batch and the members of https://console.groq.com/docs/speech-to-text. Written on
// 2026-11-25. A request of a batch cannot carry a file, so the audio is at a url. How the API treats other members is
// not known, so they are a warning.

extension Shape {
  static let groqTranscription = Shape.open(
    .field("model", .string, required: true),
    .field("url", .string, required: true),
    .field("language", .string, nullable: true),
    .field("prompt", .string, nullable: true),
    .field("response_format", .string(oneOf: audioFormats), nullable: true),
    .field("temperature", .number(in: 0...1), nullable: true),
    .field("timestamp_granularities", .array(of: .string(oneOf: ["word", "segment"])), nullable: true))

  static let groqTranslation = Shape.open(
    .field("model", .string, required: true),
    .field("url", .string, required: true),
    .field("language", .string, nullable: true),
    .field("prompt", .string, nullable: true),
    .field("response_format", .string(oneOf: audioFormats), nullable: true),
    .field("temperature", .number(in: 0...1), nullable: true))

  private static let audioFormats = ["json", "text", "verbose_json"]
}
