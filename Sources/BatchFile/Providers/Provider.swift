/// What one Batch API accepts, as data.
public struct Provider: Codable, Hashable, Sendable {
  /// What people call it; the name by which it is chosen.
  public var name: String
  /// Where the rest was read.
  public var source: String
  /// The day the entry was written down from it, as YYYY-MM-DD.
  public var date: String
  /// The values of `url` that the API takes.
  public var urls: [String]
  /// The values of `body.model` that the API takes; `*` stands for any.
  public var models: [String]
  /// The largest file, in bytes; 0 for no limit.
  public var maxBytes: Int
  /// The most requests a file may hold; 0 for no limit.
  public var maxRequests: Int
  /// Whether all requests of a file must name the same model.
  public var oneModelPerFile: Bool
  /// Which rules the body of a chat completion is held to.
  public var bodySchema: BodySchema
  /// How its Batch API is reached; nil where files are only checked, or Groq's is meant.
  public var api: API?

  /// The rules for the body of a chat completion.
  public enum BodySchema: String, Codable, CaseIterable, Sendable {
    /// Groq's: unknown members are refused, as its API refuses them.
    case groq
    /// The parameters that APIs of this shape have in common; unknown members pass.
    case common
    /// Only `model` is looked at.
    case none
  }

  private enum CodingKeys: String, CodingKey {
    case name, source, date, urls, models
    case maxBytes = "max_bytes"
    case maxRequests = "max_requests"
    case oneModelPerFile = "one_model_per_file"
    case bodySchema = "body_schema"
    case api
  }

  public init(
    name: String, source: String, date: String, urls: [String], models: [String], maxBytes: Int, maxRequests: Int,
    oneModelPerFile: Bool, bodySchema: BodySchema, api: API? = nil
  ) {
    self.name = name
    self.source = source
    self.date = date
    self.urls = urls
    self.models = models
    self.maxBytes = maxBytes
    self.maxRequests = maxRequests
    self.oneModelPerFile = oneModelPerFile
    self.bodySchema = bodySchema
    self.api = api
  }

  /// Whether any model is taken.
  public var acceptsAnyModel: Bool { models.contains("*") }
}

extension Provider {
  /// Every provider that is known by name.
  public static let all: [Provider] = [.groq, .openai]
}
