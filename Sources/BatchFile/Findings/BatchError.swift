/// One fault of a batch file, as the Batch APIs report it.
///
/// The form is `BatchError` of Groq's API reference and SDK (`groq/types/batch_create_response.py`). Encoding always
/// writes all four keys; a member that is nil is written as null.
public struct BatchError: Codable, Hashable, Sendable {
  /// The kind of fault: a ``Code/rawValue`` where this package reports it; the APIs have further codes.
  public var code: String?
  /// One sentence for people.
  public var message: String?
  /// The path of the value that is wrong: `custom_id`, `body.messages[0].role`.
  public var param: String?
  /// The line in the file, from 1, blank lines counted; nil where the error is about the whole file.
  public var line: Int?

  public init(code: String? = nil, message: String? = nil, param: String? = nil, line: Int? = nil) {
    self.code = code
    self.message = message
    self.param = param
    self.line = line
  }

  private enum CodingKeys: String, CodingKey {
    case code, message, param, line
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(code, forKey: .code)
    try container.encode(message, forKey: .message)
    try container.encode(param, forKey: .param)
    try container.encode(line, forKey: .line)
  }
}

/// The errors of a batch: `{"object":"list","data":[…]}`.
public struct BatchErrors: Codable, Hashable, Sendable {
  /// Always `list`.
  public var object: String
  /// The errors about the whole file first, then those of its lines in the order of the lines.
  public var data: [BatchError]

  public init(_ data: [BatchError] = []) {
    object = "list"
    self.data = data
  }

  private enum CodingKeys: String, CodingKey {
    case object, data
  }

  /// Decodes what the APIs send in a batch's `errors`: the list object, the bare array of Groq's guide, or null.
  ///
  /// - Throws: `DecodingError` where the value has another form.
  public init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    if single.decodeNil() {
      self.init()
    } else if let bare = try? single.decode([BatchError].self) {
      self.init(bare)
    } else {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      self.init(try container.decodeIfPresent([BatchError].self, forKey: .data) ?? [])
    }
  }
}
