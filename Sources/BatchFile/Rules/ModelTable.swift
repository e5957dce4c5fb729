/// What is known of single models. It goes out of date faster than anything else here, so rules find nothing where a
/// model or one of its properties is missing, and a checker can be given another table.
public struct ModelTable: Sendable {
  /// One model's abilities; nil where nothing is on record.
  public struct Model: Sendable {
    /// The values of `reasoning_effort` it takes; empty for none at all.
    public var reasoningEfforts: [String]?
    /// Whether it takes `reasoning_format`.
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
      /// The sources contradict each other.
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
}
