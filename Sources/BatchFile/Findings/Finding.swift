/// Something found in a batch file: a ``BatchError`` and what people need beside it.
public struct Finding: Hashable, Sendable {
  /// How bad it is.
  public enum Severity: String, Codable, Sendable {
    /// The API refuses it.
    case error
    /// The API takes it, but it has no effect, is deprecated, or is unlikely to be meant.
    case warning
  }

  /// What kind of thing it is.
  public var code: Code
  public var severity: Severity
  /// One sentence in the API's words.
  public var message: String
  /// The path of what is wrong, as in ``BatchError/param``.
  public var param: String?
  /// From 1, blank lines counted; nil for what concerns the whole file.
  public var line: Int?
  /// In code points, from 1; nil where there is no line.
  public var column: Int?
  /// In bytes from the beginning of the line.
  public var offset: Int?
  /// How many bytes it covers from ``offset`` on.
  public var length: Int
  /// The request's `custom_id`, where it has one.
  public var customID: String?
  /// What helps to mend it.
  public var note: String?
  /// For a duplicate, the line that used the `custom_id` first.
  public var firstLine: Int?
  /// The place in the line, where the checker was asked for it.
  public var excerpt: Excerpt?
  /// What would help, where a program can offer it; how it is asked for, only that program knows.
  package var remedy: Remedy?
  /// The column after the place, as ``column``; nil where there is no line.
  package var endColumn: Int?

  /// What is said of a file that cannot be read.
  package static func unreadable(_ reason: String) -> Finding {
    Finding(code: .unreadableFile, severity: .error, message: "The file cannot be read: \(reason).", length: 0)
  }

  /// What would mend a finding, beside a change of the line itself.
  package enum Remedy: Hashable, Sendable {
    /// Another model could be accepted.
    case acceptModel
    /// Several smaller files could hold the requests.
    case splitFile
    /// The line is a request that a conversion makes a batch line of.
    case convertRequest
    /// Another provider, of this name, takes it.
    case chooseProvider(String)
    /// This line and those behind it are a request that is printed over several lines; each could have a line.
    case joinLines
    /// The file is an array of requests; each could have a line.
    case openArray
    /// Longer lines could be read.
    case readLongerLines
    /// A model could be given for what names none.
    case nameModel
  }

  /// A part of a line with the place that a finding is about.
  public struct Excerpt: Hashable, Sendable {
    /// The text, cut around the place where the line is long.
    public var text: String
    /// Code points before the place.
    public var indent: Int
    /// Code points of the place itself, at least 1.
    public var width: Int
  }

  /// The finding in the API's form. A warning has none there, but the form fits it too.
  public var batchError: BatchError {
    BatchError(code: code.rawValue, message: message, param: param, line: line)
  }
}
