import JSONLines

/// Writes one batch line a record.
///
///     {"custom_id":" id ","method":"POST","url":"…","body":{"model":"…","messages":[…" prompt "}]}}
///       constant   hole   constant                                                   hole   constant
struct RequestWriter {
  private let recipe: ConversionRecipe
  /// Columns of all templates, each once, in the order of the rows' cells.
  let columns: [String]
  private let beforeID = Array(#"{"custom_id":""#.utf8)
  private let afterID: [UInt8]
  private let beforeSystem: [UInt8]
  private let beforePrompt: [UInt8]
  private let afterPrompt: [UInt8]
  private let idColumns: [Int]
  private let promptColumns: [Int]
  private let systemColumns: [Int]
  /// Why no row can become a request, its line left open.
  private let rowFault: SourceFault?

  init(_ recipe: ConversionRecipe) {
    self.recipe = recipe
    var all: [String] = []
    func indexes(_ template: Template?) -> [Int] {
      (template?.columns ?? []).map { column in
        if let index = all.firstIndex(of: column) { return index }
        all.append(column)
        return all.count - 1
      }
    }
    promptColumns = indexes(recipe.prompt)
    systemColumns = indexes(recipe.system)
    idColumns = indexes(recipe.id)
    columns = all

    var middle = Array(#"","method":"POST","url":"#.utf8)
    JSONText.appendString(recipe.url, to: &middle)
    afterID = middle + Array(#","body":"#.utf8)

    // The body of a row with empty texts, so that settings apply to it as to any other; then cut where the texts go.
    var body = Array(#"{"model":"#.utf8)
    JSONText.appendString((recipe.model ?? ""), to: &body)
    body += Array(#","messages":["#.utf8)
    if recipe.system != nil { body += Array(#"{"role":"system","content":""},"#.utf8) }
    body += Array(#"{"role":"user","content":""}]}"#.utf8)
    let setsMessages = recipe.settings.touches("messages")
    let parts = RequestWriter.cut(setsMessages ? body : recipe.settings.apply(to: body))
    rowFault = RequestWriter.rowFault(recipe, setsMessages: setsMessages)
    beforeSystem = recipe.system == nil ? [] : parts[0]
    beforePrompt = parts[parts.count - 2]
    afterPrompt = parts[parts.count - 1]
  }

  private static func rowFault(_ recipe: ConversionRecipe, setsMessages: Bool) -> SourceFault? {
    if setsMessages {
      return SourceFault(
        line: 0, code: .invalidValue, message: "The messages of a row are made by its templates; they cannot be set.",
        param: "body.messages")
    }
    if recipe.model != nil || recipe.settings.touches("model") { return nil }
    return SourceFault(
      line: 0, code: .missingRequiredParameter, message: Words.missing("body.model"), param: "body.model",
      note: "a row names no model; say --model NAME")
  }

  /// Cuts a body inside each message's empty text.
  private static func cut(_ body: [UInt8]) -> [[UInt8]] {
    let document = JSONDocument()
    return PaddedBytes.withCopy(of: body) { bytes in
      guard JSONScanner.scan(bytes, into: document) == nil, let messages = document.root["messages"] else {
        return [body, []]
      }
      var parts: [[UInt8]] = []
      var start = 0
      for message in messages.items {
        guard let content = message["content"] else { continue }
        parts.append(Array(body[start..<content.contentRange.lowerBound]))
        start = content.contentRange.lowerBound
      }
      return parts + [Array(body[start...])]
    }
  }

  /// Appends the record's line, newline and all, or says why it cannot.
  func write(_ row: SourceRow, number: Int, to out: inout TextBuffer) -> SourceFault? {
    out.append(beforeID)
    if let fault = fill(recipe.id, idColumns, row, number, &out) { return fault }
    out.append(afterID)
    if let body = row.body {
      append(body, to: &out)
    } else {
      if var fault = rowFault {
        fault.line = row.line
        return fault
      }
      if let system = recipe.system {
        out.append(beforeSystem)
        if let fault = fill(system, systemColumns, row, number, &out) { return fault }
      }
      out.append(beforePrompt)
      if let fault = fill(recipe.prompt, promptColumns, row, number, &out) { return fault }
      out.append(afterPrompt)
    }
    out.append(ASCII.closeBrace)
    out.append(ASCII.newline)
    return nil
  }

  /// A request body goes through byte for byte, but for what is set in it.
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

  private func fill(
    _ template: Template, _ columns: [Int], _ row: SourceRow, _ number: Int, _ out: inout TextBuffer
  ) -> SourceFault? {
    for part in template.parts {
      switch part {
      case .text(let text): out.append(text)
      case .number: out.append(decimal: number)
      case .line: out.append(decimal: row.line)
      case .column(let k):
        guard let cell = row.cells[columns[k]] else { return missing(template.columns[k], row) }
        TextCell.appendEscaped(row.bytes, cell, to: &out)
      }
    }
    return nil
  }

  private func missing(_ column: String, _ row: SourceRow) -> SourceFault {
    let document = JSONDocument()
    var names: [String] = []
    if JSONScanner.scan(row.bytes, into: document) == nil { names = document.root.fields.map { $0.key.text } }
    return SourceFault(
      line: row.line, code: .missingRequiredParameter, message: Words.missing(column), param: column,
      note: names.contains("custom_id") && names.contains("body")
        ? "this is a batch line already" : MissingColumn(column: column, available: names).description)
  }
}
