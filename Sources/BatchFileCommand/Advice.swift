import BatchFile

/// What the user can type to solve a problem. This is the only place that knows which option helps with which problem.
enum Advice {
  /// The subcommand that gives the advice. The same problem can need different options in different subcommands.
  enum Speaker { case check, convert }

  static let showAll = "\(Flag.maxFindings.name) 0 shows all"

  static func of(_ remedy: Finding.Remedy, _ speaker: Speaker) -> String? {
    switch (remedy, speaker) {
    case (.acceptModel, .check): "\(Flag.model.name) adds one"
    case (.acceptModel, .convert): "a provider file (\(Flag.provider.name) FILE) can name other models"
    case (.splitFile, .check): "`batchfile split` makes several files of it"
    case (.splitFile, .convert): "with -o FILE they go into several files"
    case (.chooseProvider(let name), _): "\(Flag.provider.name) \(name) checks the file for that API"
    case (.readLongerLines, .check): "\(Flag.maxLineBytes.name) N reads longer ones"
    case (.readLongerLines, .convert): nil
    case (.joinLines, _), (.openArray, _): "`batchfile fix` gives each request its line"
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
    case .maximumRequestsExceeded, .maximumInputFileSizeExceeded: "`batchfile split` makes several files of one."
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
    }
  }
}
