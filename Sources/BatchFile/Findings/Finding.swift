/// One fault that a check found in a batch file: a ``BatchError`` with its severity, its exact place and a note.
public struct Finding: Hashable, Sendable {
  /// Whether the API refuses the file because of the finding.
  public enum Severity: String, Codable, Sendable {
    /// The API refuses the file or the request.
    case error
    /// The API takes the value, but it has no effect, is deprecated, or is unlikely to be meant.
    case warning
  }

  /// The kind of fault.
  public var code: Code
  public var severity: Severity
  /// One sentence in the API's words.
  public var message: String
  /// The path of the value that is wrong, as in ``BatchError/param``.
  public var param: String?
  /// The line in the file, from 1, blank lines counted; nil where the finding is about the whole file.
  public var line: Int?
  /// The column in code points, from 1; nil where there is no line.
  public var column: Int?
  /// Where the finding's place begins, in bytes from the beginning of the line; nil where there is no line.
  public var offset: Int?
  /// How many bytes the finding's place has, from ``offset`` on.
  public var length: Int
  /// The request's `custom_id`, where it has one.
  public var customID: String?
  /// A remark that helps to mend the fault, such as "did you mean 'temperature'?".
  public var note: String?
  /// For a duplicate, the line that used the `custom_id` first.
  public var firstLine: Int?
  /// The part of the line around the place; nil unless the check was made with ``FindingDetail/excerpts``.
  public var excerpt: Excerpt?
  /// What the program could do about the finding. The library does not know the program's options, so the program adds
  /// what to type.
  package var remedy: Remedy?
  /// The column after the place, counted like ``column``; nil where there is no line.
  package var endColumn: Int?

  /// The finding for a file that cannot be read.
  /// - Parameter reason: the system's words, without a full stop.
  package static func unreadable(_ reason: String) -> Finding {
    Finding(code: .unreadableFile, severity: .error, message: "The file cannot be read: \(reason).", length: 0)
  }

  /// What would mend a finding, other than an edit of the line.
  package enum Remedy: Hashable, Sendable {
    /// The check could be told to accept the model.
    case acceptModel
    /// The requests could be split into several smaller files.
    case splitFile
    /// The line is the body of a request, so a conversion could make a line of a batch file from it.
    case convertRequest
    /// The provider of this name takes what this one refuses, so the file could be checked for that provider.
    case chooseProvider(String)
    /// This line and the following ones are one request, printed over several lines; each request could be put on one.
    case joinLines
    /// The file is a JSON array of requests; each request could be put on a line.
    case openArray
    /// The check could be told to read longer lines.
    case readLongerLines
    /// A conversion could be told which model to use where the source names none.
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

  /// The finding in the API's form. The API has no warnings, so the form does not tell a warning from an error.
  public var batchError: BatchError {
    BatchError(code: code.rawValue, message: message, param: param, line: line)
  }
}
