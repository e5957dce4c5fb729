import JSONLines

/// One url of an API: the shape of its bodies, and the rules that hold between their members.
///
/// A url that a provider takes and that has no endpoint here gets only its body's `model` looked at.
struct Endpoint: Sendable {
  /// The end of the url: hosts differ in what they put in front of it (`/v1`, `/openai/v1`).
  let path: String
  private let body: SchemaOnDemand
  let rules: [BodyRule]
  /// Why it is not sure that a batch can have this url: a warning.
  let doubt: String?
  /// The models that this url takes; nil for all of the provider's.
  let models: [String]?
  /// How a body asks something in words; nil where no template can.
  let form: PromptForm?
  /// Whether the elements of `input` count against the provider's `maxInputs`.
  let countsInputs: Bool

  /// - Parameter shape: compiled when a line first names the endpoint, and kept for the life of the process: endpoints
  ///   belong into static constants.
  init(
    _ path: String, _ shape: @autoclosure @escaping @Sendable () -> Shape, rules: [BodyRule] = [],
    doubt: String? = nil, models: [String]? = nil, form: PromptForm? = nil, countsInputs: Bool = false
  ) {
    self.path = path
    self.doubt = doubt
    self.models = models
    self.form = form
    self.countsInputs = countsInputs
    body = SchemaOnDemand(shape)
    self.rules = rules
  }

  var shape: Shape { body.shape() }
  var schema: CompiledSchema { body.schema }
}

/// Where the words of a request stand in its body.
enum PromptForm: Sendable {
  /// In messages, the system's first.
  case messages
  /// In `input`, and the system's in `instructions` where the endpoint has it.
  case input(hasInstructions: Bool)
  /// In `prompt`.
  case prompt

  /// Of the API's own endpoint, or of the one that OpenAI has under the same url.
  static func of(_ url: String, at provider: Provider) -> PromptForm? {
    if let own = Endpoint.find(url, in: provider.endpoints) { return own.form }
    return Endpoint.find(url, in: Endpoint.openAI)?.form
  }

  /// Whether an object is a whole body for the endpoint, and no row that templates make one of: a row's own column is
  /// called `prompt`, so beside it a body must name its model.
  func isBody(_ object: JSONValue) -> Bool {
    switch self {
    case .messages: object["messages"] != nil
    case .input: object["input"] != nil
    case .prompt: object["prompt"] != nil && object["model"]?.kind == .string
    }
  }

  /// Whether there is a place for the system's words.
  var takesSystem: Bool {
    switch self {
    case .messages: true
    case .input(let hasInstructions): hasInstructions
    case .prompt: false
    }
  }

  /// The members that templates fill.
  var members: [String] {
    switch self {
    case .messages: ["messages"]
    case .input(let hasInstructions): hasInstructions ? ["instructions", "input"] : ["input"]
    case .prompt: ["prompt"]
    }
  }
}

extension Endpoint {
  static let chatPath = "/chat/completions"
  /// The url of chat completions, as both Groq and OpenAI have it.
  static let chatURL = "/v1" + chatPath

  /// The endpoint that a url leads to: `/v1/chat/completions` ends with `/completions` too, so the longest path counts.
  static func find(_ url: String, in endpoints: [Endpoint]) -> Endpoint? {
    endpoints.filter { url.hasSuffix($0.path) }.max { $0.path.utf8.count < $1.path.utf8.count }
  }
}

extension Provider {
  /// The first of the urls that is one of chat completions.
  var chatURL: String? { urls.first { $0.hasSuffix(Endpoint.chatPath) } }

  /// What bodies are held to, url by url.
  var endpoints: [Endpoint] {
    switch bodySchema {
    case .groq: Endpoint.groq
    case .openai: Endpoint.openAI
    case .common: Endpoint.common
    case .none: []
    }
  }

  /// What is known of the API's models.
  var modelTable: ModelTable {
    switch bodySchema {
    case .groq: .groq
    case .openai: .openAI
    case .common, .none: ModelTable([:])
    }
  }
}
