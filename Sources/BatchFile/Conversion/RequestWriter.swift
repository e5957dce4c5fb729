import JSONLines

/// Writes the line of a batch file for each record. The text that is the same in all lines is made once and cut where
/// the values of the records go.
///
///     {"custom_id":"request- 1 ","method":"POST","url":"…","body":{"model":"…","messages":[…" prompt "}]}}
///       constant           number  constant                                                 column   constant
final class RequestWriter {
  private enum Piece {
    /// A range of `constants`, by its start and end.
    case constant(Int, Int)
    /// The record's number, from 1 over all inputs.
    case number
    /// The source's line.
    case line
    /// A cell, by the column's index in `columns`.
    case column(Int)
    /// The record's own request body.
    case body
  }

  private let recipe: ConversionRecipe
  /// The columns of all templates, each once, in the order of a row's cells.
  let columns: [String]
  private let constants: PaddedBytes
  private let rowPieces: [Piece]
  private let bodyPieces: [Piece]
  /// Why no row can become a request under this recipe, without a line; nil where rows can.
  private let rowFault: SourceFault?
  /// The columns of the prompt's template, where it consists of nothing else; empty where it has text of its own.
  private let promptColumns: [Int]

  /// - Parameter form: where the texts of a row go in its body; nil where rows cannot become bodies for the recipe's
  ///   url.
  init(_ recipe: ConversionRecipe, form: PromptForm?) {
    self.recipe = recipe
    var plan = Plan()
    for template in [recipe.prompt, recipe.system, recipe.id] { plan.learnColumns(template) }

    // The body of rows is made with empty texts first, so that the settings can be applied to it as to any other body.
    // Then it is cut where the texts go.
    let body = RequestWriter.emptyBody(recipe, form ?? .messages)
    rowFault = RequestWriter.rowFault(recipe, form)
    let isSetApart = (form?.members ?? []).contains { recipe.settings.touches($0) }
    let parts = RequestWriter.cut(isSetApart ? body : recipe.settings.apply(to: body), form ?? .messages)

    plan.begin(recipe)
    for (part, template) in zip(parts, (recipe.system.map { [$0] } ?? []) + [recipe.prompt]) {
      plan.add(part)
      plan.add(template)
    }
    rowPieces = plan.end(parts[parts.count - 1])

    plan.begin(recipe)
    plan.pieces.append(.body)
    bodyPieces = plan.end([])
    columns = plan.columns.names
    let isOnlyColumns = recipe.prompt.parts.allSatisfy { if case .column = $0 { true } else { false } }
    promptColumns = isOnlyColumns ? recipe.prompt.columns.map { plan.columns.place(of: $0) } : []
    constants = plan.text.withUnsafeBytes { .copy(of: $0) }
  }

  deinit { constants.deallocate() }

  /// Collects the pieces of a line.
  private struct Plan {
    var columns = ColumnList()
    var text: [UInt8] = []
    var pieces: [Piece] = []

    mutating func learnColumns(_ template: Template?) {
      for column in template?.columns ?? [] { _ = columns.place(of: column) }
    }

    mutating func begin(_ recipe: ConversionRecipe) {
      pieces = []
      add(Array(#"{"custom_id":""#.utf8))
      add(recipe.id)
      var middle = Array(#"","method":"POST","url":"#.utf8)
      JSONText.appendString(recipe.url, to: &middle)
      add(middle + Array(#","body":"#.utf8))
    }

    /// Ends the body and the line.
    mutating func end(_ last: [UInt8]) -> [Piece] {
      add(last + [ASCII.closeBrace, ASCII.newline])
      return pieces
    }

    mutating func add(_ constant: [UInt8]) {
      // Two constants that follow each other become one.
      var start = text.count
      if case .constant(let before, let end)? = pieces.last, end == start {
        pieces.removeLast()
        start = before
      }
      text += constant
      pieces.append(.constant(start, text.count))
    }

    mutating func add(_ template: Template) {
      for part in template.parts {
        switch part {
        case .text(let text): add(text)
        case .number: pieces.append(.number)
        case .line: pieces.append(.line)
        case .column(let k): pieces.append(.column(columns.place(of: template.columns[k])))
        }
      }
    }
  }

  private static func emptyBody(_ recipe: ConversionRecipe, _ form: PromptForm) -> [UInt8] {
    var body = Array(#"{"model":"#.utf8)
    JSONText.appendString((recipe.model ?? ""), to: &body)
    switch form {
    case .messages:
      body += Array(#","messages":["#.utf8)
      if recipe.system != nil { body += Array(#"{"role":"system","content":""},"#.utf8) }
      body += Array(#"{"role":"user","content":""}]}"#.utf8)
    case .input:
      if recipe.system != nil { body += Array(#","instructions":"""#.utf8) }
      body += Array(#","input":""}"#.utf8)
    case .prompt:
      body += Array(#","prompt":""}"#.utf8)
    }
    return body
  }

  private static func rowFault(_ recipe: ConversionRecipe, _ form: PromptForm?) -> SourceFault? {
    guard let form else {
      return SourceFault(
        line: 0, code: .invalidURL, message: "A row cannot become a body for '\(Words.cut(recipe.url))'.", param: "url",
        note: "templates make bodies of chat completions, responses, embeddings, completions and moderations")
    }
    if recipe.system != nil, !form.takesSystem {
      return SourceFault(
        line: 0, code: .invalidURL, message: "'\(Words.cut(recipe.url))' takes no system text.", param: "url")
    }
    if let member = form.members.first(where: { recipe.settings.touches($0) }) {
      return SourceFault(
        line: 0, code: .invalidValue,
        message: "The templates of a row make 'body.\(member)', so it cannot be set as well.", param: "body.\(member)")
    }
    if recipe.model != nil || recipe.settings.sets("model") { return nil }
    return SourceFault(
      line: 0, code: .missingRequiredParameter, message: Words.missing("body.model"), param: "body.model",
      note: "a row names no model", remedy: .nameModel)
  }

  /// Cuts a body inside each of its empty texts. There is one part more than there are texts.
  private static func cut(_ body: [UInt8], _ form: PromptForm) -> [[UInt8]] {
    let document = JSONDocument()
    return PaddedBytes.withCopy(of: body) { bytes in
      guard JSONScanner.scan(bytes, into: document) == nil else { return [body, []] }
      var texts: [JSONValue] = []
      for (key, value) in document.root.fields where form.members.contains(key.text) {
        if value.kind == .string { texts.append(value) }
        for message in value.items { if let content = message["content"] { texts.append(content) } }
      }
      if texts.isEmpty { return [body, []] }
      var parts: [[UInt8]] = []
      var start = 0
      for text in texts {
        parts.append(Array(body[start..<text.contentRange.lowerBound]))
        start = text.contentRange.lowerBound
      }
      return parts + [Array(body[start...])]
    }
  }

  /// Appends the record's line with its newline.
  /// - Returns: why the record cannot become a request; nil where its line was appended.
  func write(_ row: borrowing SourceRow, number: Int, to out: inout TextBuffer) -> SourceFault? {
    if let line = row.batchLine {
      append(batchLine: line, to: &out)
      return nil
    }
    if row.body == nil, var fault = rowFault {
      fault.line = row.line
      return fault
    }
    for piece in row.body == nil ? rowPieces : bodyPieces {
      switch piece {
      case .constant(let start, let end): out.append(constants.buffer(start..<end))
      case .number: out.append(decimal: number)
      case .line: out.append(decimal: row.line)
      case .column(let k):
        guard let cell = row.cells[k] else { return missing(columns[k], row) }
        TextCell.appendEscaped(row.bytes, cell, to: &out)
      case .body:
        if let body = row.body { append(body, to: &out) }
      }
    }
    return nil
  }

  /// Whether the record is a row whose prompt is empty.
  func isPromptEmpty(_ row: borrowing SourceRow) -> Bool {
    guard !promptColumns.isEmpty else { return false }
    for k in promptColumns where row.cells[k]?.range.isEmpty != true { return false }
    return true
  }

  /// Appends a record that is a line of a batch file already: byte for byte, except for the settings in its body.
  private func append(batchLine line: JSONValue, to out: inout TextBuffer) {
    guard let body = line["body"] else { return }
    out.append(line.bytes.buffer(line.range.lowerBound..<body.range.lowerBound))
    append(body, to: &out)
    out.append(line.bytes.buffer(body.range.upperBound..<line.range.upperBound))
    out.append(ASCII.newline)
  }

  /// Appends a request body: byte for byte, except for the settings.
  private func append(_ body: JSONValue, to out: inout TextBuffer) {
    let addsModel = recipe.model != nil && !recipe.settings.sets("model") && body["model"] == nil
    if recipe.settings.isEmpty, !addsModel { return out.append(body.bytes.buffer(body.range)) }
    var bytes = Array(body.bytes.buffer(body.range))
    if addsModel, let model = recipe.model {
      var settings = BodySettings()
      var json: [UInt8] = []
      JSONText.appendString(model, to: &json)
      settings.set("model", to: json)
      bytes = settings.apply(to: bytes)
    }
    out.append(recipe.settings.apply(to: bytes))
  }

  private func missing(_ column: String, _ row: SourceRow) -> SourceFault {
    let document = JSONDocument()
    var names: [String] = []
    if JSONScanner.scan(row.bytes, into: document) == nil { names = document.root.fields.map { $0.key.text } }
    return SourceFault(
      line: row.line, code: .missingRequiredParameter, message: Words.missing(column), param: column,
      note: RecipeError.missingColumn(column, available: names).description)
  }
}
