import BatchFile

/// One option of a subcommand: what the parser, the help, the suggestions and the shell completions read.
struct Flag: Sendable {
  /// With its dashes.
  var name: String
  var short: String?
  /// How the help calls the value; nil for a switch.
  var value: String?
  /// The values there are, where they can be listed.
  var values: [String] = []
  var isRepeatable = false
  var help: String

  /// What a shell may offer for the value.
  var takesFile: Bool { value == "FILE" }
}

/// What the user asked for, by the names of the flags.
struct Arguments {
  private var options: [String: [String]] = [:]
  var operands: [String] = []

  func has(_ flag: String) -> Bool { options[flag] != nil }
  /// The last value given.
  func value(_ flag: String) -> String? { options[flag]?.last }
  func values(_ flag: String) -> [String] { options[flag] ?? [] }

  func integer(_ flag: String, atLeast least: Int) throws(UsageError) -> Int? {
    guard let text = value(flag) else { return nil }
    guard let number = Int(text), number >= least else {
      throw UsageError("'\(flag)' takes a whole number from \(least) on, not '\(text)'")
    }
    return number
  }

  func choice<C: RawRepresentable & CaseIterable>(_ flag: String, _: C.Type) throws(UsageError) -> C?
  where C.RawValue == String {
    guard let text = value(flag) else { return nil }
    guard let choice = C(rawValue: text) else {
      throw UsageError(
        "'\(flag)' does not know '\(text)'", word: text, among: C.allCases.map(\.rawValue),
        note: "it takes \(C.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  /// Reads options wherever they stand; `--` ends them, `-` is an operand.
  init(_ words: [String], flags: [Flag]) throws(UsageError) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        return
      }
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let flag = flags.first(where: { $0.name == parts[0] || $0.short == parts[0] }) else {
        throw UsageError("unknown option '\(parts[0])'", word: parts[0], among: flags.map(\.name))
      }
      if !flag.isRepeatable, flag.value != nil, options[flag.name] != nil {
        throw UsageError("'\(flag.name)' is given twice")
      }
      if flag.value == nil {
        guard parts.count == 1 else { throw UsageError("'\(flag.name)' takes no value") }
        options[flag.name] = []
      } else if parts.count == 2 {
        options[flag.name, default: []].append(parts[1])
      } else if let value = rest.popFirst() {
        options[flag.name, default: []].append(value)
      } else {
        throw UsageError("'\(flag.name)' needs a value: \(flag.name) \(flag.value ?? "")")
      }
    }
  }
}

/// What is wrong with the words the user typed.
struct UsageError: Error {
  var message: String
  var note: String?

  init(_ message: String, note: String? = nil) {
    self.message = message
    self.note = note
  }

  /// With the known word that was probably meant.
  init(_ message: String, word: String, among known: [String], note: String? = nil) {
    self.init(message, note: note)
    if let nearest = Suggestion.nearest(to: word, among: known) { self.note = "did you mean '\(nearest)'?" }
  }
}
