import BatchFile

/// The help texts, made from the same tables that the parser reads.
enum Help {
  /// The most characters of a line, even in a wider window: longer lines are hard to read.
  static let mostWidth = 100

  /// The help of the program.
  /// - Parameter window: the window's width in cells; nil where it is not known.
  static func general(_ window: Int?) -> String {
    let width = width(window)
    let names = Subcommand.all.map { ($0.name, $0.summary) } + [("help", "Show the help of a subcommand.")]
    return """
      \(wrap("OVERVIEW: Checks and builds batch files for LLM Batch APIs.", indent: 0, width))

      \(wrap(overview, indent: 0, width))

      USAGE: batchfile <subcommand> [options] [file ...]

      SUBCOMMANDS:
      \(columns(names, width))

      OPTIONS:
      \(columns([("-h, --help", "Show this help."), ("--version", "Show the version.")], width))

      \(wrap("EXIT STATUS: 0 nothing wrong, 1 errors found, 2 could not do it.", indent: 0, width))

      \(wrap("`batchfile help <subcommand>` shows a subcommand's options.", indent: 0, width))

      """
  }

  private static let overview =
    "A batch file is JSON Lines, one request a line. `batchfile check` finds before the upload what the API "
    + "would find after it, and reports it in the API's own form."

  private static func width(_ window: Int?) -> Int { min(mostWidth, max(40, window ?? mostWidth)) }

  static func of(_ command: Subcommand, _ window: Int?) -> String {
    let width = width(window)
    var text = wrap("OVERVIEW: \(command.summary)", indent: 0, width) + "\n\n"
    text += wrap(command.discussion, indent: 0, width) + "\n\n"
    text += "USAGE: batchfile \(command.name) \(command.usage)\n\n"
    text += "OPTIONS:\n" + columns(command.allFlags.map { (spelling($0), $0.help) }, width) + "\n"
    if !command.examples.isEmpty {
      text += "\nEXAMPLES:\n"
      for (line, does) in command.examples { text += "  \(line)\n      \(does)\n" }
    }
    return text
  }

  private static func spelling(_ flag: Flag) -> String {
    let names = [flag.short, flag.name].compactMap { $0 }.joined(separator: ", ")
    return flag.value.map { "\(names) \($0)" } ?? names
  }

  private static func columns(_ rows: [(String, String)], _ width: Int) -> String {
    // In a narrow window each text begins below its name instead of beside it.
    let left = width >= 70 ? 28 : 6
    return rows.map { name, text in
      let lines = wrap(text, indent: left, width).drop { $0 == " " }
      let gap = name.count + 3 <= left ? String(repeating: " ", count: left - name.count - 2) : "\n" + spaces(left)
      return "  \(name)\(gap)\(lines)"
    }.joined(separator: "\n")
  }

  private static func wrap(_ text: String, indent: Int, _ width: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { paragraph in
      var lines = [""]
      for word in paragraph.split(separator: " ") {
        if lines[lines.count - 1].count + word.count + 1 + indent > width, !lines[lines.count - 1].isEmpty {
          lines.append("")
        }
        lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
      }
      return lines.map { spaces(indent) + $0 }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}
