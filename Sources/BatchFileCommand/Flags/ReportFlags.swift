import BatchFile

/// Reads the options about checks and reports.
enum ReportFlags {
  /// The options of every subcommand that checks requests and reports findings.
  static let findings: [Flag] = [.ignore, .maxFindings, .jobs]

  /// A checker with the settings of the options.
  static func checker(_ arguments: Arguments, _ provider: Provider) throws(UsageError) -> BatchChecker {
    var checker = BatchChecker(provider: provider)
    for code in try ignoredCodes(arguments) { checker.ignoredCodes.insert(code) }
    if let jobs = try arguments.jobs() { checker.jobs = jobs }
    if let limit = try arguments.lineLimit() { checker.lineLimit = limit }
    return checker
  }

  /// The codes that are left out of the report.
  private static func ignoredCodes(_ arguments: Arguments) throws(UsageError) -> [Code] {
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
    var style = try plainStyle(arguments)
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

  static let addressVariable = "BATCHFILE_ADDRESS"

  /// The web address of this tool, for the SARIF log. The program is built from a clone, so only the person who
  /// installs it knows the address.
  static func address(_ console: Console) throws(CommandError) -> String? {
    guard let text = console.variable(addressVariable) else { return nil }
    guard WebPage.isAddress(text) else {
      throw CommandError("\(addressVariable) holds no http or https address: '\(text)'")
    }
    return text
  }
}

extension Arguments {
  /// The number of threads; nil for the usual number, and in subcommands without the option.
  func jobs() throws(UsageError) -> Int? {
    takes(.jobs) ? try integer(.jobs, atLeast: 1, atMost: BatchChecker.mostJobs) : nil
  }

  /// The longest line that is read, in bytes; nil for the usual limit, and in subcommands without the option.
  func lineLimit() throws(UsageError) -> Int? {
    takes(.maxLineBytes) ? try integer(.maxLineBytes, atLeast: 1) : nil
  }
}
