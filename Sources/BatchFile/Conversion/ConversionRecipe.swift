/// How a request is made from a record of a source.
///
/// A record is a request body, a line of a batch file, or a row: a prompt, a row of a table, or any other JSON object.
public struct ConversionRecipe: Sendable {
  /// The user message of a row's request.
  public var prompt: Template
  /// The system message of a row's request; nil for none.
  public var system: Template?
  /// The `custom_id` of each request.
  public var id: Template
  /// The model for rows, and for request bodies that name none.
  public var model: String?
  /// Members of the body that are set or removed.
  public var settings = BodySettings()
  /// Where in each object of a JSON source its request body is: keys separated by points. Nil where an object with
  /// `messages` is a request body itself.
  public var body: String?
  /// The path of the endpoint, which is the `url` of each request.
  public var url = Endpoint.chatURL

  /// The defaults: the column `prompt`, and `request-1`, `request-2`, …
  public init() {
    // These templates are made from their parts, because parsing a text can throw.
    prompt = Template("{prompt}", parts: [.column(0)], columns: ["prompt"])
    id = Template("request-{n}", parts: [.text(Array("request-".utf8)), .number], columns: [])
  }
}

extension Template {
  fileprivate init(_ spelling: String, parts: [Part], columns: [String]) {
    self.spelling = spelling
    self.parts = parts
    self.columns = columns
  }
}

/// The kinds of input.
public enum InputKind: String, CaseIterable, Sendable {
  /// One prompt a line, or separated as ``BatchBuilder/promptSeparator`` says.
  case prompts
  /// A table with a header, cells separated by commas.
  case csv
  /// A table with a header, cells separated by tabs.
  case tsv
  /// One object or an array of objects.
  case json
  /// One object a line.
  case jsonl

  /// The kind by the ending of a file's name; nil where the ending is not known.
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
  /// At the end of its line.
  case line
  /// At one or more blank lines.
  case blankLine
  /// At a NUL byte.
  case null
}
