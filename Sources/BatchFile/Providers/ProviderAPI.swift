extension Provider {
  /// How a provider's Batch API is reached, as data.
  public struct API: Codable, Hashable, Sendable {
    /// The API's address before `/files` and `/batches`.
    public var baseURL: String
    /// The environment variable from which the vendor's SDK takes a base URL, and the text that has to follow its
    /// value.
    public var baseVariable: String?
    public var baseVariableSuffix = ""
    /// The environment variable with the key; nil where the API needs no key.
    public var keyVariable: String?
    /// The header that carries the key, and the text before the key in it.
    public var keyHeader = "Authorization"
    public var keyPrefix = "Bearer "
    /// Further headers of every request.
    public var headers: [String: String] = [:]
    /// Headers whose values come from environment variables if these are set: the variable for each header.
    public var variableHeaders: [String: String] = [:]
    /// The `purpose` of an uploaded file.
    public var purpose = "batch"
    public var filesPath = "/files"
    public var batchesPath = "/batches"
    /// The completion windows that are known, the usual one first. Others are sent to the API as they are given.
    public var windows = ["24h"]
    /// Whether a batch can only be created once its file has the status `processed`.
    public var waitsForFiles = false
    /// The largest upload in bytes; 0 for no limit.
    public var maxUploadBytes = 0
    /// How many days the API keeps files; 0 where that is not known.
    public var keepsFilesForDays = 0
    /// The most ids that a request for a list of batches can name; 0 where the API has no such lists.
    public var idsPerList = 0
    /// The API's names of statuses, in lower case, where they differ from OpenAI's, and OpenAI's name for each.
    public var statusNames: [String: String] = [:]
    /// Whether requests may go to another machine without encryption.
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
  /// Decodes a provider file. Members that it leaves out are Groq's, except for the address, the variables and the
  /// limits: a key that was meant for Groq must not go to another host.
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

  /// OpenAI, by https://platform.openai.com/docs/api-reference/batch. The variables and headers are those that its
  /// Python SDK 3.57.0 reads. Batch files expire after 30 days (recorded: `expires_at` in an answer of 2026-08).
  public static let openai: Provider.API = {
    var api = Provider.API(baseURL: "https://api.openai.com/v1", keyVariable: "OPENAI_API_KEY")
    api.baseVariable = "OPENAI_BASE_URL"
    api.variableHeaders = ["OpenAI-Organization": "OPENAI_ORG_ID", "OpenAI-Project": "OPENAI_PROJECT_ID"]
    api.keepsFilesForDays = 30
    return api
  }()
}
