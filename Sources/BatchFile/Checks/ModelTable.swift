/// What is known of single models. It ages faster than anything else here: rules say nothing of a model or a
/// property that is not in it, and a checker can be given another one.
public struct ModelTable: Sendable {
  /// One model's abilities; nil where nothing is on record.
  public struct Model: Sendable {
    /// The values of `reasoning_effort` it takes; empty for none at all.
    public var reasoningEfforts: [String]?
    /// How it stands with `reasoning_format`.
    public var reasoningFormat: Support?
    /// Whether `response_format` can be a `json_schema`.
    public var takesJSONSchema: Bool?
    /// Whether a schema can be `strict`.
    public var takesStrictSchema: Bool?
    /// The most images of a request; 0 for a model of text only.
    public var maxImages: Int?
    /// Whether it takes `tools`.
    public var takesTools: Bool?
    /// Whether it takes the tools that the API runs itself.
    public var takesBuiltInTools: Bool?

    /// Whether something works.
    public enum Support: Sendable {
      case yes, no
      /// Sources disagree.
      case disputed
    }

    public init(
      reasoningEfforts: [String]? = nil, reasoningFormat: Support? = nil, takesJSONSchema: Bool? = nil,
      takesStrictSchema: Bool? = nil, maxImages: Int? = nil, takesTools: Bool? = nil, takesBuiltInTools: Bool? = nil
    ) {
      self.reasoningEfforts = reasoningEfforts
      self.reasoningFormat = reasoningFormat
      self.takesJSONSchema = takesJSONSchema
      self.takesStrictSchema = takesStrictSchema
      self.maxImages = maxImages
      self.takesTools = takesTools
      self.takesBuiltInTools = takesBuiltInTools
    }
  }

  public var models: [String: Model]

  public init(_ models: [String: Model]) { self.models = models }

  /// Groq's models, written down on 2026-11-21 from pages of late 2025 to 2026: https://console.groq.com/docs/reasoning, …/docs/structured-outputs, …/docs/vision,
  /// the docstrings of groq 1.7.0, and 400s on record ("`reasoning_format` is not supported with this model").
  public static let groq = ModelTable([
    "openai/gpt-oss-20b": gptOSS,
    "openai/gpt-oss-120b": gptOSS,
    "qwen/qwen3-32b": qwen(["none", "default"]),
    "qwen/qwen3.6-27b": qwen(["none", "default"]),
    "qwen/qwen3.8-27b": Model(
      reasoningEfforts: ["none", "default", "low", "medium", "high"], reasoningFormat: .yes, takesTools: true,
      takesBuiltInTools: false),
    "llama-3.1-8b-instant": llamaText,
    "llama-3.3-70b-versatile": llamaText,
    "meta-llama/llama-4-scout-17b-16e-instruct": Model(
      reasoningEfforts: [], reasoningFormat: .no, takesStrictSchema: false, maxImages: 5, takesTools: true,
      takesBuiltInTools: false),
    "meta-llama/llama-guard-4-12b": Model(
      reasoningEfforts: [], reasoningFormat: .no, takesStrictSchema: false, takesBuiltInTools: false),
    "groq/compound": compound,
    "groq/compound-mini": compound,
  ])

  private static let gptOSS = Model(
    reasoningEfforts: ["low", "medium", "high"], reasoningFormat: .disputed, takesJSONSchema: true,
    takesStrictSchema: true, maxImages: 0, takesTools: true, takesBuiltInTools: true)

  private static let llamaText = Model(
    reasoningEfforts: [], reasoningFormat: .no, takesJSONSchema: false, takesStrictSchema: false, maxImages: 0,
    takesTools: true, takesBuiltInTools: false)

  private static let compound = Model(reasoningEfforts: [], takesJSONSchema: false, takesTools: false)

  private static func qwen(_ efforts: [String]) -> Model {
    Model(
      reasoningEfforts: efforts, reasoningFormat: .yes, takesStrictSchema: false, takesTools: true,
      takesBuiltInTools: false)
  }
}
