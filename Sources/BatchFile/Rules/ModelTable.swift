import JSONLines

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
    /// The most tokens of an answer.
    public var maxCompletionTokens: Int?
    /// The most numbers of an embedding; 0 where their number cannot be chosen.
    public var maxDimensions: Int?
    /// The day it was or will be shut down.
    public var retirement: Retirement?
    /// What OpenAI's rules ask, one bit each.
    var traits: ModelTraits = []

    /// Whether something works.
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

  /// A model's end.
  public struct Retirement: Hashable, Sendable {
    /// As YYYY-MM-DD.
    public var day: String
    /// For whom it ended; nil for all.
    public var plans: String?
    /// The model that the API's owner names instead, as a phrase: `openai/gpt-oss-20b`, `a or b`.
    public var successor: String?

    public init(day: String, plans: String? = nil, successor: String? = nil) {
      self.day = day
      self.plans = plans
      self.successor = successor
    }
  }

  public var models: [String: Model]
  /// The day the table was written down, as YYYY-MM-DD: models that were to end later live.
  public var date: String
  /// Whether names that begin like one of the table's stand for the same model: `gpt-4o-mini-2024-07-18`,
  /// `ft:gpt-4o-mini:…`. The longest name in the table counts that a `-` or the end follows; one that ends in `.`
  /// stands for all versions after it.
  public var hasFamilies: Bool

  public init(_ models: [String: Model], date: String = "", hasFamilies: Bool = false) {
    self.models = models
    self.date = date
    self.hasFamilies = hasFamilies
  }
}

/// The table as the checker asks it: once a line, without a word to the allocator.
final class ReadyModels: @unchecked Sendable {  // immutable
  private let names: SharedTable
  private let hasFamilies: Bool
  /// In plain memory: each line asks for its model's, and all threads would count references to the same arrays.
  private let models: UnsafeMutablePointer<ModelTable.Model>

  init(_ table: ModelTable) {
    let sorted = table.models.sorted { $0.key < $1.key }
    names = SharedTable(sorted.map(\.key))
    hasFamilies = table.hasFamilies
    models = .allocate(capacity: max(1, sorted.count))
    models.initialize(
      from: sorted.map { _, model in
        var model = model
        // A model that is to end after the table was written lives.
        if let day = model.retirement?.day, day > table.date { model.retirement = nil }
        return model
      }, count: sorted.count)
  }

  deinit {
    models.deinitialize(count: names.table.count)
    models.deallocate()
  }

  /// What is known of a model, as long as the table is there.
  func find(_ model: JSONValue) -> UnsafePointer<ModelTable.Model>? {
    guard model.kind == .string else { return nil }
    if let exact = names.table.find(model) { return UnsafePointer(models + exact) }
    guard hasFamilies, !model.traits.contains(.escaped) else { return nil }
    return family(of: model).map { UnsafePointer(models + $0) }
  }

  /// Whether a model is not known to be shut down.
  func lives(_ model: String) -> Bool { names.table.find(model).map { models[$0].retirement == nil } ?? true }

  /// Whether a model was shut down: one of the table's, or a dated one of it.
  func retirement(of model: JSONValue) -> ModelTable.Retirement? {
    var name = model.text[...]
    while true {
      if let found = names.table.find(String(name)) { return models[found].retirement }
      let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
      guard digits > 0, name.dropLast(digits).last == "-" else { return nil }
      name = name.dropLast(digits + 1)
    }
  }

  private func family(of model: JSONValue) -> Int? {
    let bytes = model.bytes
    var range = model.contentRange
    // ft:gpt-4o-mini-2024-07-18:organisation:name:id
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

/// What OpenAI's rules ask of a model.
struct ModelTraits: OptionSet, Sendable {
  let rawValue: UInt32

  /// It thinks before it answers: `max_tokens` is refused.
  static let reasons = ModelTraits(rawValue: 1)
  /// It thinks in every request, …
  static let reasonsAlways = ModelTraits(rawValue: 2)
  /// … unless `reasoning_effort` is none, …
  static let reasonsUnlessNone = ModelTraits(rawValue: 4)
  /// … or only with another `reasoning_effort`.
  static let reasonsOnRequest = ModelTraits(rawValue: 8)
  static let refusesStop = ModelTraits(rawValue: 16)
  static let refusesParallelCalls = ModelTraits(rawValue: 32)
  /// Tools need `reasoning_effort` none, given in so many words; …
  static let toolsNeedNone = ModelTraits(rawValue: 64)
  /// … must not meet with any other effort; …
  static let toolsWithoutEffort = ModelTraits(rawValue: 128)
  /// … may be refused.
  static let doubtsTools = ModelTraits(rawValue: 256)
  static let refusesSystem = ModelTraits(rawValue: 512)
  /// Sound must go in or come out.
  static let speaks = ModelTraits(rawValue: 1_024)
  /// It searches the web.
  static let searches = ModelTraits(rawValue: 2_048)
  /// The same, where what it refuses is not on record.
  static let searchesLately = ModelTraits(rawValue: 4_096)
  /// It takes other values of `verbosity` than medium.
  static let takesVerbosity = ModelTraits(rawValue: 8_192)
  static let responsesOnly = ModelTraits(rawValue: 16_384)
  static let completions = ModelTraits(rawValue: 32_768)
  static let chatOnly = ModelTraits(rawValue: 65_536)
  /// Its messages' parts are closed objects.
  static let closesParts = ModelTraits(rawValue: 131_072)
  static let refusesFunctionRole = ModelTraits(rawValue: 262_144)
  static let refusesJSONObject = ModelTraits(rawValue: 524_288)
  /// The set of members that gpt-5.6 was seen to have.
  static let newestMembers = ModelTraits(rawValue: 1_048_576)
  /// `temperature` itself may be refused, even at its default.
  static let doubtsTemperature = ModelTraits(rawValue: 2_097_152)
  /// `prompt_cache_retention` cannot be in_memory.
  static let refusesMemoryCache = ModelTraits(rawValue: 4_194_304)
  /// Of its efforts none but those listed is sure.
  static let doubtsEffort = ModelTraits(rawValue: 8_388_608)
  static let takesCacheOptions = ModelTraits(rawValue: 16_777_216)
  /// The effort minimal is refused by its sisters.
  static let doubtsMinimal = ModelTraits(rawValue: 33_554_432)
  /// The effort max is for responses only.
  static let takesMaxInResponses = ModelTraits(rawValue: 67_108_864)
}
