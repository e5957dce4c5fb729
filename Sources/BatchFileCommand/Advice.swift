import BatchFile

/// What the user can type to solve a problem: the only place that knows which option helps with what.
enum Advice {
  /// The subcommand that gives the advice: each has its own options against the same problem.
  enum Speaker { case check, convert }

  static let showAll = "\(Flag.maxFindings.name) 0 shows all"

  static func of(_ remedy: Finding.Remedy, _ speaker: Speaker) -> String? {
    switch (remedy, speaker) {
    case (.acceptModel, .check): "\(Flag.model.name) adds one"
    case (.acceptModel, .convert): "a file for \(Flag.provider.name) can name others"
    case (.splitFile, .check): "`batchfile split` makes several files of it"
    case (.splitFile, .convert): "with -o FILE they go into several files"
    case (.chooseProvider(let name), _): "\(Flag.provider.name) \(name) holds the file to its rules"
    case (.readLongerLines, .check): "\(Flag.maxLineBytes.name) N reads longer ones"
    case (.readLongerLines, .convert): nil
    case (.joinLines, _), (.openArray, _): "`batchfile fix` gives each request its line"
    case (.convertRequest, _): "`batchfile convert` makes batch lines of such"
    case (.nameModel, _): "say \(Flag.model.name) NAME"
    }
  }

  /// The finding, with what helps at the end of its note.
  static func added(to finding: Finding, _ speaker: Speaker) -> Finding {
    guard let remedy = finding.remedy else { return finding }
    var finding = finding
    finding.note = [finding.note, of(remedy, speaker)].compactMap { $0 }.joined(separator: "; ")
    return finding
  }

  /// The words of an error, with what helps.
  static func words(for error: any Error) -> String {
    guard let error = error as? OutputError else { return "\(error)" }
    return switch error.reason {
    case .exists, .isReadOnly: "\(error); \(Flag.force.name) replaces it"
    case .hasChanged: "\(error); start again"
    default: "\(error)"
    }
  }

  /// What `explain` adds to the reason of a code.
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

  /// The options under which an example shows what it is an example of.
  static func options(for setting: Explanation.Setting) -> String {
    switch setting {
    case .provider(let name): "\(Flag.provider.name) \(name)"
    case .maxRequests(let limit): "\(Flag.maxRequests.name) \(limit)"
    case .maxBytes(let limit): "\(Flag.maxBytes.name) \(limit)"
    case .maxLineBytes(let limit): "\(Flag.maxLineBytes.name) \(limit)"
    }
  }
}
