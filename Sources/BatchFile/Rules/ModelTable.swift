import JSONLines

/// What is known of single models. This goes out of date faster than anything else in the package. So rules find
/// nothing where a model or one of its properties is missing, and a checker can be given another table.
public struct ModelTable: Sendable {
  /// One model's abilities. A property is nil where nothing is known of it.
  public struct Model: Sendable {
    /// The values of `reasoning_effort` that the model takes; empty for a model that does not take the parameter.
    public var reasoningEfforts: [String]?
    /// Whether the model takes `reasoning_format`.
    public var reasoningFormat: Support?
    /// Whether the type of `response_format` can be `json_schema`.
    public var takesJSONSchema: Bool?
    /// Whether the schema of an answer can be `strict`.
    public var takesStrictSchema: Bool?
    /// The most images of a request; 0 for a model of text only.
    public var maxImages: Int?
    /// Whether the model takes `tools`.
    public var takesTools: Bool?
    /// Whether the model takes tools that the API runs itself, such as a search.
    public var takesBuiltInTools: Bool?
    /// The most tokens of an answer.
    public var maxCompletionTokens: Int?
    /// The most numbers of an embedding; 0 where their number cannot be chosen.
    public var maxDimensions: Int?
    /// When the model was or will be shut down; nil where no day is known.
    public var retirement: Retirement?
    /// The properties that OpenAI's rules ask about, one bit each.
    var traits: ModelTraits = []

    /// Whether the API supports something for a model.
    public enum Support: Sendable {
      case yes, no
      /// The sources contradict each other.
      case disputed
    }

    public init(
      reasoningEfforts: [String]? = nil, reasoningFormat: Support? = nil, takesJSONSchema: Bool? = nil,
      takesStrictSchema: Bool? = nil, maxImages: Int? = nil, takesTools: Bool? = nil, takesBuiltInTools: Bool? = nil,
      maxCompletionTokens: Int? = nil, maxDimensions: Int? = nil, retirement: Retirement? = nil
    ) {
      self.reasoningEfforts = reasoningEfforts
      self.reasoningFormat = reasoningFormat
      self.takesJSONSchema = takesJSONSchema
      self.takesStrictSchema = takesStrictSchema
      self.maxImages = maxImages
      self.takesTools = takesTools
      self.takesBuiltInTools = takesBuiltInTools
      self.maxCompletionTokens = maxCompletionTokens
      self.maxDimensions = maxDimensions
      self.retirement = retirement
    }
  }

  /// The end of a model.
  public struct Retirement: Hashable, Sendable {
    /// The last day, as YYYY-MM-DD.
    public var day: String
    /// The plans for which the model ended; nil for all.
    public var plans: String?
    /// The model that the provider names as the successor, as a phrase such as `openai/gpt-oss-20b` or `a or b`.
    public var successor: String?

    public init(day: String, plans: String? = nil, successor: String? = nil) {
      self.day = day
      self.plans = plans
      self.successor = successor
    }
  }

  public var models: [String: Model]
  /// The day the table was written, as YYYY-MM-DD. Models with a later last day do not count as retired.
  public var date: String
  /// Whether a name that begins like one of the table's means the same model: `gpt-4o-mini-2024-07-18` and
  /// `ft:gpt-4o-mini:…` mean `gpt-4o-mini`. The table's name must be followed by `-` or the end, and the longest such
  /// name counts. A name that ends with `.` stands for all its versions.
  public var hasFamilies: Bool

  public init(_ models: [String: Model], date: String = "", hasFamilies: Bool = false) {
    self.models = models
    self.date = date
    self.hasFamilies = hasFamilies
  }
}

/// The table in the form that the checker uses: one look-up a line, without allocations.
final class ReadyModels: @unchecked Sendable {  // immutable
  private let names: SharedTable
  private let hasFamilies: Bool
  /// Plain memory: every line looks its model up, and with an array all threads would count references to it.
  private let models: UnsafeMutablePointer<ModelTable.Model>

  init(_ table: ModelTable) {
    let sorted = table.models.sorted { $0.key < $1.key }
    names = SharedTable(sorted.map(\.key))
    hasFamilies = table.hasFamilies
    models = .allocate(capacity: max(1, sorted.count))
    models.initialize(
      from: sorted.map { _, model in
        var model = model
        // A model that ends after the day of the table is not retired yet.
        if let day = model.retirement?.day, day > table.date { model.retirement = nil }
        return model
      }, count: sorted.count)
  }

  deinit {
    models.deinitialize(count: names.table.count)
    models.deallocate()
  }

  /// What is known of a model; nil where it is not in the table. The pointer is valid as long as the table.
  func find(_ model: JSONValue) -> UnsafePointer<ModelTable.Model>? {
    guard model.kind == .string else { return nil }
    if let exact = names.table.find(model) { return UnsafePointer(models + exact) }
    guard hasFamilies, !model.traits.contains(.escaped) else { return nil }
    return family(of: model).map { UnsafePointer(models + $0) }
  }

  /// Whether a model is not known to be retired.
  func lives(_ model: String) -> Bool { names.table.find(model).map { models[$0].retirement == nil } ?? true }

  /// The retirement of a model of the table, of a dated version of one, or of one that was tuned from either; nil where
  /// it is not retired.
  func retirement(of model: JSONValue) -> ModelTable.Retirement? {
    var name = model.text[...]
    if name.hasPrefix("ft:") { name = name.dropFirst(3).prefix { $0 != ":" } }
    while true {
      if let found = names.table.find(String(name)) { return models[found].retirement }
      let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
      guard digits > 0, name.dropLast(digits).last == "-" else { return nil }
      name = name.dropLast(digits + 1)
    }
  }

  /// How a model ended that the table has by this name.
  func retirement(named name: String) -> ModelTable.Retirement? {
    names.table.find(name).flatMap { models[$0].retirement }
  }

  private func family(of model: JSONValue) -> Int? {
    let bytes = model.bytes
    var range = model.contentRange
    // A fine-tuned model is named like `ft:gpt-4o-mini-2024-07-18:organisation:name:id`.
    if range.count > 3, bytes.text(range.lowerBound..<range.lowerBound + 3) == "ft:" {
      var end = range.lowerBound + 3
      while end < range.upperBound, bytes[end] != 0x3A { end += 1 }
      range = range.lowerBound + 3..<end
      if let exact = names.table.find(bytes, range) { return exact }
    }
    var end = range.upperBound
    while end > range.lowerBound {
      end -= 1
      if bytes[end] == ASCII.minus, let found = names.table.find(bytes, range.lowerBound..<end) { return found }
      if bytes[end] == 0x2E, let found = names.table.find(bytes, range.lowerBound..<end + 1) { return found }
    }
    return nil
  }
}

/// The properties of a model that OpenAI's rules ask about.
struct ModelTraits: OptionSet, Sendable {
  let rawValue: UInt32

  /// The model reasons before it answers, so it refuses `max_tokens`.
  static let reasons = ModelTraits(rawValue: 1)
  /// The model reasons in every request, …
  static let reasonsAlways = ModelTraits(rawValue: 2)
  /// … unless `reasoning_effort` is none, …
  static let reasonsUnlessNone = ModelTraits(rawValue: 4)
  /// … or only if `reasoning_effort` is another one.
  static let reasonsOnRequest = ModelTraits(rawValue: 8)
  static let refusesStop = ModelTraits(rawValue: 16)
  static let refusesParallelCalls = ModelTraits(rawValue: 32)
  /// Tools need an explicit `reasoning_effort` none; …
  static let toolsNeedNone = ModelTraits(rawValue: 64)
  /// … must not be together with any other effort; …
  static let toolsWithoutEffort = ModelTraits(rawValue: 128)
  /// … or may be refused.
  static let doubtsTools = ModelTraits(rawValue: 256)
  static let refusesSystem = ModelTraits(rawValue: 512)
  /// Requests need sound as input or output.
  static let speaks = ModelTraits(rawValue: 1_024)
  /// The model searches the web.
  static let searches = ModelTraits(rawValue: 2_048)
  /// The model searches the web, and what it refuses is not recorded.
  static let searchesLately = ModelTraits(rawValue: 4_096)
  /// The model takes other values of `verbosity` than medium.
  static let takesVerbosity = ModelTraits(rawValue: 8_192)
  static let responsesOnly = ModelTraits(rawValue: 16_384)
  static let completions = ModelTraits(rawValue: 32_768)
  static let chatOnly = ModelTraits(rawValue: 65_536)
  /// The model refuses unknown members in the parts of messages.
  static let closesParts = ModelTraits(rawValue: 131_072)
  static let refusesFunctionRole = ModelTraits(rawValue: 262_144)
  static let refusesJSONObject = ModelTraits(rawValue: 524_288)
  /// The model has the members that were recorded for gpt-5.6.
  static let newestMembers = ModelTraits(rawValue: 1_048_576)
  /// The model may refuse `temperature`, even with its default value.
  static let doubtsTemperature = ModelTraits(rawValue: 2_097_152)
  /// The model refuses in_memory as `prompt_cache_retention`.
  static let refusesMemoryCache = ModelTraits(rawValue: 4_194_304)
  /// Whether the model takes reasoning efforts that are not listed is not known.
  static let doubtsEffort = ModelTraits(rawValue: 8_388_608)
  static let takesCacheOptions = ModelTraits(rawValue: 16_777_216)
  /// Models of the same family refuse the effort minimal, so it is a warning.
  static let doubtsMinimal = ModelTraits(rawValue: 33_554_432)
  /// The model takes the effort max only in `/v1/responses`.
  static let takesMaxInResponses = ModelTraits(rawValue: 67_108_864)
  /// The model answers with no text: with vectors, images, sound or judgements, or only in a session.
  static let answersNoText = ModelTraits(rawValue: 134_217_728)
}
