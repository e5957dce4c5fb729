import BatchFile

extension Subcommand {
  static let explain = Subcommand(
    name: "explain",
    summary: "Tell what a code means.",
    usage: "[code] | --provider NAME|FILE",
    discussion:
      "Without a code, lists all codes. With one, tells what it means, why the API refuses it, and shows a bad "
      + "and a good file. With --provider, prints what is known of an API, in the form that --provider reads.",
    flags: [.provider],
    operands: Code.allCases.map(\.rawValue),
    examples: [
      ("batchfile explain duplicate_custom_id", "one code"),
      ("batchfile explain --provider groq > mine.json", "a provider file to start from"),
    ],
    run: { try ExplainCommand.run($0, $1) })
}

enum ExplainCommand {
  static func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    if let name = arguments.word(.provider) {
      guard arguments.operands.isEmpty else {
        throw UsageError("'explain' takes either a code or --provider, not both")
      }
      console.output.write(TerminalText.safe(json: try ProviderFlags.named(name).json) + "\n")
      return .clean
    }
    if arguments.operands.isEmpty {
      console.output.write(list(console.width))
      return .clean
    }
    for word in arguments.operands {
      guard let code = Code(rawValue: word) else {
        throw UsageError(
          "unknown code '\(word)'", word: word, among: Code.allCases.map(\.rawValue), note: hint(for: word))
      }
      console.output.write(text(code, console.width))
    }
    return .clean
  }

  /// A part of a code is enough to find it.
  private static func hint(for word: String) -> String {
    let part = word.lowercased().replacing("-", with: "_")
    let codes = Code.allCases.map(\.rawValue).filter { part.count > 2 && $0.contains(part) }
    if codes.isEmpty || codes.count > 5 { return "`batchfile explain` lists the codes" }
    return "did you mean \(Words.list(codes.map { "'\($0)'" }, last: "or"))?"
  }

  /// All codes with their summaries. The summary is below the code where the window is too narrow for both.
  private static func list(_ window: Int?) -> String {
    let codes = Code.allCases.map { ($0.rawValue, $0.explanation.summary) }
    let left = codes.map(\.0.count).max() ?? 0
    let widest = codes.map { left + 2 + $0.1.count }.max() ?? 0
    if let window, widest > window {
      return codes.map { "\($0)\n\(Help.wrap($1, indent: 4, max(40, window)))\n" }.joined()
    }
    return codes.map { "\($0)\(String(repeating: " ", count: left - $0.count + 2))\($1)\n" }.joined()
  }

  /// - Parameter window: the width of the window in cells, to which prose is wrapped and examples are not; nil for no
  ///   wrapping.
  private static func text(_ code: Code, _ window: Int?) -> String {
    let explanation = code.explanation
    let options = explanation.setting.map { " (with \(Advice.options(for: $0)))" } ?? ""
    let why = [explanation.why, Advice.on(code)].compactMap { $0 }.joined(separator: " ")
    func prose(_ text: String, indent: Int = 0) -> String {
      window.map { Help.wrap(text, indent: indent, max(40, $0)) } ?? String(repeating: " ", count: indent) + text
    }
    let kinds = explanation.list.map { prose($0, indent: 4) }.joined(separator: "\n")
    let list = kinds.isEmpty ? "" : "The list:\n\(kinds)\n\n"
    let examples =
      explanation.bad.isEmpty
      ? "" : prose("Bad\(options):") + "\n\(indented(explanation.bad))\n\nGood:\n\(indented(explanation.good))\n\n"
    return prose("\(code.rawValue): \(explanation.summary)") + "\n\n" + prose(why) + "\n\n" + list + examples
      + prose("Source: \(explanation.source)") + "\n"
  }

  private static func indented(_ lines: [String]) -> String {
    lines.map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
  }
}
