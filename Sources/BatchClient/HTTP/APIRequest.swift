import BatchFile

/// One HTTP request.
public struct APIRequest: Sendable {
  /// The body of a request.
  public enum Body: Hashable, Sendable {
    case none
    /// A JSON value, as UTF-8.
    case json([UInt8])
    /// A form of fields and one file, in that order.
    case form(Form)
  }

  /// A `multipart/form-data` body with a file, which is read from the disk while it is sent.
  public struct Form: Hashable, Sendable {
    /// The names and values of the fields before the file.
    public var fields: [[String]]
    /// The path of the file.
    public var file: Path
    /// The name of the file for the server.
    public var fileName: String

    public init(fields: [[String]], file: Path, fileName: String) {
      self.fields = fields
      self.file = file
      self.fileName = fileName
    }
  }

  /// The timeouts of a request, in whole seconds.
  public struct Timeouts: Hashable, Sendable {
    /// The longest time until there is a connection.
    public var connect = 15
    /// The longest time for a whole request without a file.
    public var call = 60
    /// The longest time without a byte of a download.
    public var downloadStall = 60
    /// The longest time without a byte of an upload. It is long, because it also runs while the server processes the
    /// file.
    public var uploadStall = 600

    public init() {}
  }

  /// The progress of a transfer.
  public enum Progress: Hashable, Sendable {
    /// The share of the body that was sent, from 0 to 1.
    case sent(Double)
    /// The bytes of the body that arrived.
    case received(Int)
  }

  public var method: String
  public var url: String
  public var headers: APIHeaders
  public var body: Body
  /// The path of the file that the body of a 2xx reply is written to, which is made or emptied; nil to keep the body in
  /// memory.
  public var destination: Path?
  /// Whether the reply may be compressed, and is unpacked then.
  public var acceptsCompression = false
  public var timeouts = Timeouts()
  /// Is called from a thread of the transport several times a second.
  public var progress: (@Sendable (Progress) -> Void)?

  public init(
    method: String = "GET", url: String, headers: APIHeaders = APIHeaders(), body: Body = .none,
    destination: Path? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.destination = destination
  }
}

/// One HTTP reply with a final status.
public struct APIResponse: Hashable, Sendable {
  public var status: Int
  public var headers: APIHeaders
  /// The body; empty where it was written to a file.
  public var body: [UInt8]
  /// How many bytes of the body were written to a file.
  public var bytesSaved: Int

  public init(status: Int, headers: APIHeaders = APIHeaders(), body: [UInt8] = [], bytesSaved: Int = 0) {
    self.status = status
    self.headers = headers
    self.body = body
    self.bytesSaved = bytesSaved
  }
}

/// HTTP headers in their order. Capital and small letters in names do not differ.
public struct APIHeaders: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  public struct Field: Hashable, Sendable {
    public var name: String
    public var value: String
  }

  public private(set) var fields: [Field] = []

  public init() {}

  public init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field(name: $0, value: $1) }
  }

  /// The last value of a header. Setting it replaces all values of the header; nil removes them.
  public subscript(name: String) -> String? {
    get { fields.last { APIHeaders.isSame($0.name, name) }?.value }
    set {
      fields.removeAll { APIHeaders.isSame($0.name, name) }
      if let newValue { fields.append(Field(name: name, value: newValue)) }
    }
  }

  public mutating func add(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

  private static func isSame(_ a: String, _ b: String) -> Bool {
    a.utf8.elementsEqual(b.utf8) { lowered($0) == lowered($1) }
  }

  private static func lowered(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}
