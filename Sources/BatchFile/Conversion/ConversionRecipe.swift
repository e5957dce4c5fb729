/// What requests are made of records, and how.
public struct ConversionRecipe: Sendable {
  /// The user message of a row.
  public var prompt: Template
  /// The system message of a row; none for nil.
  public var system: Template?
  /// The `custom_id` of each request.
  public var id: Template
  /// The model of rows, and of request bodies that name none.
  public var model: String?
  /// Members of the body that are set or replaced.
  public var settings = BodySettings()
  /// Where in an object its request body is, keys separated by points; nil where the object itself may be one.
  public var body: String?
  /// The endpoint of each request.
  public var url = Endpoint.chatURL

  /// The defaults: the column `prompt`, and `request-1`, `request-2`, …
  public init() {
    // Written out, since parsing a template can throw and these two cannot be wrong.
    prompt = Template(verbatim: [.column(0)], columns: ["prompt"])
    id = Template(verbatim: [.text(Array("request-".utf8)), .number], columns: [])
  }
}

extension Template {
  fileprivate init(verbatim parts: [Part], columns: [String]) {
    self.parts = parts
    self.columns = columns
  }
}

/// What kind of source an input is.
public enum InputKind: String, CaseIterable, Sendable {
  /// A prompt a line.
  case prompts
  /// A table with a header, cells separated by commas.
  case csv
  /// A table with a header, cells separated by tabs.
  case tsv
  /// One object or an array of objects.
  case json
  /// One object a line.
  case jsonl

  /// By a file's name; nil where it says nothing.
  public init?(path: String) {
    switch path.split(separator: ".").last?.lowercased() {
    case "txt": self = .prompts
    case "csv": self = .csv
    case "tsv", "tab": self = .tsv
    case "json": self = .json
    case "jsonl", "ndjson": self = .jsonl
    default: return nil
    }
  }
}

/// Where one prompt of a list ends.
public enum PromptSeparator: Sendable {
  case line
  /// One or more blank lines.
  case blankLine
  case null
}
