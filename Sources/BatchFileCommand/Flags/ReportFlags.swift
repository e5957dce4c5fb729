import BatchFile

/// Reads the options about reports.
enum ReportFlags {
  /// The codes that are left out of the report.
  static func ignoredCodes(_ arguments: Arguments) throws(UsageError) -> [Code] {
    var codes: [Code] = []
    for word in arguments.values(.ignore) {
      guard let code = Code(rawValue: word) else {
        throw UsageError(
          "'\(Flag.ignore.name)' does not know the code '\(word)'", word: word, among: Code.allCases.map(\.rawValue))
      }
      codes.append(code)
    }
    return codes
  }

  /// The style of the report that is the whole output of `check`.
  static func style(
    _ arguments: Arguments, _ console: Console, _ format: ReportFormat, api: String
  ) throws(UsageError) -> ReportStyle {
    var style = ReportStyle()
    if let most = try arguments.integer(.maxFindings, atLeast: 0) { style.maxFindings = most }
    style.hasClosingLine = !arguments.has(.quiet)
    style.usesColor =
      switch try arguments.choice(.color, ColorChoice.self) ?? .auto {
      case .always: true
      case .never: false
      // `concise` is for editors, which do not expect colours, even if they run the command in a terminal of their own.
      case .auto: format == .full ? console.usesColor : console.forcesColor
      }
    style.width = console.width
    style.api = api
    style.folders = console.folders
    style.advice = Advice.showAll
    return style
  }

  /// The style of the reports of other subcommands: findings only, without a closing line.
  static func plainStyle(_ arguments: Arguments) throws(UsageError) -> ReportStyle {
    var style = ReportStyle()
    if let most = try arguments.integer(.maxFindings, atLeast: 0) { style.maxFindings = most }
    style.hasClosingLine = false
    style.advice = Advice.showAll
    return style
  }
}
