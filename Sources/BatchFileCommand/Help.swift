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
      \(wrap("OVERVIEW: Builds, checks and sends batch files for LLM Batch APIs, and joins the answers.", indent: 0, width))

      \(wrap(overview, indent: 0, width))

      USAGE: batchfile <subcommand> [options] [file ...]

      SUBCOMMANDS:
      \(columns(names, width))

      OPTIONS:
      \(columns([("-h, --help", "Show this help."), ("--version", "Show the version.")], width))

      \(wrap(statuses, indent: 0, width))

      \(wrap("`batchfile help <subcommand>` shows a subcommand's options.", indent: 0, width))

      """
  }

  private static let overview =
    "A batch file is JSON Lines, one request a line. `batchfile check` finds before the upload what the API "
    + "would find after it, and reports it in the API's own form; `batchfile convert` makes such files; `batchfile run` "
    + "sends one, waits, and writes the answers."

  private static let statuses =
    "EXIT STATUS: 0 it did its work, 1 errors found or requests without a good answer, 2 could not do it, 3 key missing "
    + "or refused, 4 the API refused the request, 5 the API could not be reached, 6 not yet, 128 + n ended by signal n."

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
      let gap =
        width >= 70 && name.count + 3 <= left
        ? String(repeating: " ", count: left - name.count - 2) : "\n" + spaces(left)
      return "  \(name)\(gap)\(lines)"
    }.joined(separator: "\n")
  }

  /// Breaks text at its spaces into lines of this width.
  static func wrap(_ text: String, indent: Int, _ width: Int) -> String {
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
