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
  /// Whether all requests of a file must name the same url.
  public var oneURLPerFile: Bool
  /// The most inputs that a file's embeddings may have together; 0 for no limit.
  public var maxInputs: Int
  /// The size in bytes above which documents differ in whether the API takes a file; 0 where they agree.
  public var doubtfulBytes: Int
  /// Which rules the body of a chat completion is held to.
  public var bodySchema: BodySchema
  /// How its Batch API is reached; nil where files are only checked, or Groq's is meant.
  public var api: API?

  /// The rules for the body of a chat completion.
  public enum BodySchema: String, Codable, CaseIterable, Sendable {
    /// Groq's: unknown members are refused, as its API refuses them.
    case groq
    /// OpenAI's, for each of its endpoints.
    case openai
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
    case oneURLPerFile = "one_url_per_file"
    case maxInputs = "max_inputs"
    case doubtfulBytes = "doubtful_bytes"
    case bodySchema = "body_schema"
    case api
  }

  public init(
    name: String, source: String, date: String, urls: [String], models: [String], maxBytes: Int, maxRequests: Int,
    oneModelPerFile: Bool, oneURLPerFile: Bool = false, maxInputs: Int = 0, doubtfulBytes: Int = 0,
    bodySchema: BodySchema, api: API? = nil
  ) {
    self.name = name
    self.source = source
    self.date = date
    self.urls = urls
    self.models = models
    self.maxBytes = maxBytes
    self.maxRequests = maxRequests
    self.oneModelPerFile = oneModelPerFile
    self.oneURLPerFile = oneURLPerFile
    self.maxInputs = maxInputs
    self.doubtfulBytes = doubtfulBytes
    self.bodySchema = bodySchema
    self.api = api
  }

  /// What is left out is Groq's; a name must be there.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    self = .groq
    func read<T: Decodable>(_ key: CodingKeys, into value: inout T) throws {
      if members.contains(key) { value = try members.decode(T.self, forKey: key) }
    }
    name = try members.decode(String.self, forKey: .name)
    try read(.source, into: &source)
    try read(.date, into: &date)
    try read(.urls, into: &urls)
    try read(.models, into: &models)
    try read(.maxBytes, into: &maxBytes)
    try read(.maxRequests, into: &maxRequests)
    try read(.oneModelPerFile, into: &oneModelPerFile)
    try read(.oneURLPerFile, into: &oneURLPerFile)
    try read(.maxInputs, into: &maxInputs)
    try read(.doubtfulBytes, into: &doubtfulBytes)
    try read(.bodySchema, into: &bodySchema)
    if members.contains(.api) { api = try members.decode(API.self, forKey: .api) }
  }

  /// Whether any model is taken.
  package var acceptsAnyModel: Bool { models.contains("*") }
}

extension Provider {
  /// Every provider that is known by name.
  public static let all: [Provider] = [.groq, .openai]

  /// Models that are accepted beside the API's own.
  var addedModels: [String] {
    let offered = Provider.all.first { $0.name == name }?.models ?? []
    return models.filter { !offered.contains($0) }
  }
}
