extension Provider {
  /// How a provider's Batch API is reached, as data.
  public struct API: Codable, Hashable, Sendable {
    /// Everything before `/files` and `/batches`.
    public var baseURL: String
    /// The environment variable that the vendor's own SDK takes a base URL from, and what has to be put behind it.
    public var baseVariable: String?
    public var baseVariableSuffix = ""
    /// The environment variable with the key; nil where none is needed.
    public var keyVariable: String?
    /// The header that carries the key, and what stands before the key in it.
    public var keyHeader = "Authorization"
    public var keyPrefix = "Bearer "
    /// Further headers of every request.
    public var headers: [String: String] = [:]
    /// Headers whose value comes from an environment variable, where that is set: header to variable.
    public var variableHeaders: [String: String] = [:]
    /// What an upload says it is for.
    public var purpose = "batch"
    public var filesPath = "/files"
    public var batchesPath = "/batches"
    /// Completion windows on record, the usual one first; others are passed through.
    public var windows = ["24h"]
    /// Whether a batch can be created only once its file has the status `processed`.
    public var waitsForFiles = false
    /// The largest upload in bytes; 0 for no limit.
    public var maxUploadBytes = 0
    /// How many days the API keeps files; 0 where nobody says.
    public var keepsFilesForDays = 0
    /// How many batches a list can be asked for by their ids; 0 where it cannot.
    public var idsPerList = 0
    /// What its statuses are called, in lower case, where that differs from OpenAI's names.
    public var statusNames: [String: String] = [:]
    /// Whether an address without encryption is asked that is not on this machine.
    public var allowsHTTP = false

    public init(baseURL: String, keyVariable: String?) {
      self.baseURL = baseURL
      self.keyVariable = keyVariable
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
      case baseURL = "base_url"
      case baseVariable = "base_url_variable"
      case baseVariableSuffix = "base_url_variable_suffix"
      case keyVariable = "key_variable"
      case keyHeader = "key_header"
      case keyPrefix = "key_prefix"
      case headers
      case variableHeaders = "variable_headers"
      case purpose
      case filesPath = "files_path"
      case batchesPath = "batches_path"
      case windows
      case waitsForFiles = "waits_for_files"
      case maxUploadBytes = "max_upload_bytes"
      case keepsFilesForDays = "keeps_files_for_days"
      case idsPerList = "ids_per_list"
      case statusNames = "status_names"
      case allowsHTTP = "allow_http"
    }
  }
}

extension Provider.API {
  /// What a provider file leaves out is Groq's but for the host, its variables and its limits: a key that was meant for
  /// Groq must not go anywhere else.
  ///
  /// - Throws: `DecodingError` where a member has another type.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      baseURL: try members.decode(String.self, forKey: .baseURL),
      keyVariable: try members.decodeIfPresent(String.self, forKey: .keyVariable))
    func take<T: Decodable>(_ key: CodingKeys, _ path: WritableKeyPath<Self, T>) throws {
      if let value = try members.decodeIfPresent(T.self, forKey: key) { self[keyPath: path] = value }
    }
    baseVariable = try members.decodeIfPresent(String.self, forKey: .baseVariable)
    try take(.baseVariableSuffix, \.baseVariableSuffix)
    try take(.keyHeader, \.keyHeader)
    try take(.keyPrefix, \.keyPrefix)
    try take(.headers, \.headers)
    try take(.variableHeaders, \.variableHeaders)
    try take(.purpose, \.purpose)
    try take(.filesPath, \.filesPath)
    try take(.batchesPath, \.batchesPath)
    try take(.windows, \.windows)
    try take(.waitsForFiles, \.waitsForFiles)
    try take(.maxUploadBytes, \.maxUploadBytes)
    try take(.keepsFilesForDays, \.keepsFilesForDays)
    try take(.idsPerList, \.idsPerList)
    try take(.statusNames, \.statusNames)
    try take(.allowsHTTP, \.allowsHTTP)
  }
}

extension Provider.API {
  /// Groq: https://console.groq.com/docs/batch and the OpenAPI of 2026-08. The guide says 200 MB for an upload, the API
  /// reference 100 MB; the smaller of the two is taken. Files are kept for up to 30 days. `GET /batches?id=A&id=B`
  /// answers for up to 200 ids (the guide). The variable is the official SDK's, which holds the host only.
  public static let groq: Provider.API = {
    var api = Provider.API(baseURL: "https://api.groq.com/openai/v1", keyVariable: "GROQ_API_KEY")
    api.baseVariable = "GROQ_BASE_URL"
    api.baseVariableSuffix = "/openai/v1"
    api.windows = ["24h", "7d"]
    api.maxUploadBytes = 100_000_000
    api.keepsFilesForDays = 30
    api.idsPerList = 200
    return api
  }()

  /// OpenAI: https://platform.openai.com/docs/api-reference/batch; variables and headers as its Python SDK 3.57.0 reads
  /// them. Batch files expire after 30 days (recorded: `expires_at` of a reply of 2026-08).
  public static let openai: Provider.API = {
    var api = Provider.API(baseURL: "https://api.openai.com/v1", keyVariable: "OPENAI_API_KEY")
    api.baseVariable = "OPENAI_BASE_URL"
    api.variableHeaders = ["OpenAI-Organization": "OPENAI_ORG_ID", "OpenAI-Project": "OPENAI_PROJECT_ID"]
    api.keepsFilesForDays = 30
    return api
  }()
}
