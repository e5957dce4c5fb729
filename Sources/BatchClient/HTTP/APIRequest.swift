import BatchFile

/// One HTTP request.
public struct APIRequest: Sendable {
  /// What goes along.
  public enum Body: Hashable, Sendable {
    case none
    /// A JSON value, as UTF-8.
    case json([UInt8])
    /// A form of fields and one file, in that order.
    case form(Form)
  }

  /// A `multipart/form-data` body with a file, which is read from the disk while it is sent.
  public struct Form: Hashable, Sendable {
    /// Name and value of the fields before the file.
    public var fields: [[String]]
    /// The path of the file.
    public var file: Path
    /// The name that the server is told.
    public var fileName: String

    public init(fields: [[String]], file: Path, fileName: String) {
      self.fields = fields
      self.file = file
      self.fileName = fileName
    }
  }

  /// How long is waited for what, in whole seconds.
  public struct Timeouts: Hashable, Sendable {
    /// Until there is a connection.
    public var connect = 15
    /// For the whole of a call without a file.
    public var call = 60
    /// Without a byte of a download.
    public var downloadStall = 60
    /// Without a byte of an upload; long, since it also runs while the server thinks about the file.
    public var uploadStall = 600

    public init() {}
  }

  /// How far a transfer is.
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
  /// Where the body of a 2xx reply goes: a file that is made or emptied; nil for memory.
  public var destination: Path?
  /// Whether the reply may come compressed and is to be unpacked.
  public var acceptsCompression = false
  public var timeouts = Timeouts()
  /// Called from a thread of the transport's, some times a second.
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
  /// Empty where the body went to a file.
  public var body: [UInt8]
  /// The bytes of the body that went to a file.
  public var bytesSaved: Int

  public init(status: Int, headers: APIHeaders = APIHeaders(), body: [UInt8] = [], bytesSaved: Int = 0) {
    self.status = status
    self.headers = headers
    self.body = body
    self.bytesSaved = bytesSaved
  }
}

/// HTTP headers in their order; names are compared without regard to case.
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

  /// The last value of a header; setting replaces all, nil removes them.
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
