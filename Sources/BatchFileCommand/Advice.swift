import BatchFile

/// What the user can type to solve a problem. This is the only place that knows which option helps with which problem.
enum Advice {
  /// The subcommand that gives the advice. The same problem can need different options in different subcommands.
  enum Speaker: CaseIterable {
    case check, convert, fix
    /// The subcommands `submit` and `run`, before they send anything.
    case send

    /// The subcommands that give this advice. It names an option only if all of them take it.
    var subcommands: [Subcommand] {
      switch self {
      case .check: [.check]
      case .convert: [.convert]
      case .fix: [.fix]
      case .send: [.submit, .run]
      }
    }
  }

  static let convertTable = "`batchfile convert` makes batch lines from tables and prompts"

  static let showAll = "\(Flag.maxFindings.name) 0 shows all"

  static func of(_ remedy: Finding.Remedy, _ speaker: Speaker) -> String? {
    switch (remedy, speaker) {
    case (.acceptModel, .convert): "\(Flag.model.name) NAME accepts it"
    case (.acceptModel, _): "\(Flag.model.name) adds one"
    case (.splitFile, .convert): "with -o FILE they go into several files"
    case (.splitFile, .check), (.splitFile, .fix): "`batchfile split` makes several files of it"
    case (.splitFile, .send): nil
    case (.chooseProvider(let name), _): "\(Flag.provider.name) \(name) checks the file for that API"
    case (.readLongerLines, .check), (.readLongerLines, .fix): "\(Flag.maxLineBytes.name) N reads longer ones"
    case (.readLongerLines, .convert), (.readLongerLines, .send): nil
    // An object that `fix` has left as it was is not a line of a batch file.
    case (.joinLines, .fix), (.openArray, .fix): "`batchfile convert` makes batch lines from request bodies and rows"
    case (.joinLines, .convert), (.openArray, .convert): "`batchfile fix` gives each request its line"
    case (.joinLines, _), (.openArray, _):
      "`batchfile fix` gives each request its line, `batchfile convert` makes batch lines from request bodies"
    case (.convertRequest, .convert): nil
    case (.convertRequest, _): "`batchfile convert` makes batch lines from request bodies"
    case (.nameModel, _): "add \(Flag.model.name) NAME"
    }
  }

  /// The finding with the advice at the end of its note.
  static func added(to finding: Finding, _ speaker: Speaker) -> Finding {
    guard let remedy = finding.remedy else { return finding }
    var finding = finding
    finding.note = [finding.note, of(remedy, speaker)].compactMap { $0 }.joined(separator: "; ")
    return finding
  }

  /// An error's message with the advice at its end.
  static func words(for error: any Error) -> String {
    if case .missingColumn(let column, let available) = error as? RecipeError {
      // If the header is a single name with another separator in it, the table was read with the wrong separator.
      if available.count == 1, let separator = available[0].first(where: { "|;:\t~^".contains($0) }) {
        return "\(error) \(Flag.delimiter.name) '\(separator == "\t" ? "tab" : String(separator))' cuts it there."
      }
      // The column `prompt` is used where no template is given, so the user may not have asked for it.
      guard column == "prompt", let last = available.last else { return "\(error)" }
      let other = Suggestion.nearest(to: column, among: available) ?? last
      return "\(error) \(Flag.prompt.name) '{\(Words.cut(other))}' asks with another one."
    }
    guard let error = error as? OutputError else { return "\(error)" }
    return switch error.reason {
    case .exists, .isReadOnly: "\(error); \(Flag.force.name) replaces it"
    case .hasChanged: "\(error); start again"
    default: "\(error)"
    }
  }

  /// The advice that `explain` adds to the explanation of a code.
  static func on(_ code: Code) -> String? {
    switch code {
    case .maximumRequestsExceeded, .maximumInputFileSizeExceeded, .maximumInputsExceeded:
      "`batchfile split` makes several files of one."
    case .invalidURL: "`\(Flag.url.name)` adds one."
    case .foreignFile: "`\(Flag.skipForeign.name)` passes such files over."
    case .lineTooLong: "`\(Flag.maxLineBytes.name)` sets another limit."
    case .modelNotFound: "`\(Flag.model.name)` adds one to the list."
    default: nil
    }
  }

  /// The options that `check` needs to report the code for the explanation's bad example.
  static func options(for setting: Explanation.Setting) -> String {
    switch setting {
    case .provider(let name): "\(Flag.provider.name) \(name)"
    case .maxRequests(let limit): "\(Flag.maxRequests.name) \(limit)"
    case .maxBytes(let limit): "\(Flag.maxBytes.name) \(limit)"
    case .maxLineBytes(let limit): "\(Flag.maxLineBytes.name) \(limit)"
    case .maxInputs(let limit):
      "\(Flag.provider.name) FILE, a copy of what 'batchfile explain \(Flag.provider.name) openai' prints with "
        + "\"max_inputs\": \(limit)"
    }
  }
}
