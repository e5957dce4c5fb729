import BatchFile

/// What the options say about a report.
enum ReportFlags {
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

  /// For `check`, whose report it is all about.
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
      // Editors read `concise`, also through a terminal of their own.
      case .auto: format == .full ? console.usesColor : console.forcesColor
      }
    style.width = console.width
    style.api = api
    style.folders = console.folders
    style.advice = Advice.showAll
    return style
  }

  /// For findings that another command's work brings up: no closing line.
  static func plainStyle(_ arguments: Arguments) throws(UsageError) -> ReportStyle {
    var style = ReportStyle()
    if let most = try arguments.integer(.maxFindings, atLeast: 0) { style.maxFindings = most }
    style.hasClosingLine = false
    style.advice = Advice.showAll
    return style
  }
}
