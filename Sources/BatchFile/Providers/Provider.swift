/// What one Batch API accepts, as data.
public struct Provider: Codable, Hashable, Sendable {
  /// The provider's name, by which people choose it.
  public var name: String
  /// The documents that the other members were read in.
  public var source: String
  /// The day on which they were read, as YYYY-MM-DD.
  public var date: String
  /// The values of `url` that the API takes.
  public var urls: [String]
  /// The values of `body.model` that the API takes; `*` stands for any value.
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
  /// The size in bytes above which the API's documents disagree on whether it takes a file, so that a larger one is a
  /// warning; 0 where they agree.
  public var doubtfulBytes: Int
  /// Which shapes and rules bodies are checked for.
  public var bodySchema: BodySchema
  /// How the provider's Batch API is reached; nil means like Groq's.
  public var api: API?

  /// The shapes and rules for bodies.
  public enum BodySchema: String, Codable, CaseIterable, Sendable {
    /// Groq's: unknown members are refused, as its API refuses them.
    case groq
    /// OpenAI's, for each of its endpoints.
    case openai
    /// The parameters of chat completions that APIs like OpenAI's have in common; unknown members pass.
    case common
    /// None: only `model` is checked.
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

  /// Decodes the content of a provider file. Members that it leaves out are Groq's; only `name` is required.
  /// - Throws: `DecodingError` where a member has another type or `name` is missing.
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

  /// The provider without the limits of a file that need not hold for the input of a run, because the run cuts it into
  /// parts: by size, by number, by url and by model.
  package var withoutLimits: Provider {
    var provider = self
    (provider.maxBytes, provider.maxRequests, provider.maxInputs, provider.doubtfulBytes) = (0, 0, 0, 0)
    (provider.oneURLPerFile, provider.oneModelPerFile) = (false, false)
    return provider
  }

  /// Whether the provider takes any model.
  package var acceptsAnyModel: Bool { models.contains("*") }
}

extension Provider {
  /// The built-in providers.
  public static let all: [Provider] = [.groq, .openai]

  /// Models that are accepted beside the API's own.
  var addedModels: [String] {
    let offered = Provider.all.first { $0.name == name }?.models ?? []
    return models.filter { !offered.contains($0) }
  }
}
