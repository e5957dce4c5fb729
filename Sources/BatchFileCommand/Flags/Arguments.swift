/// What the user typed after the subcommand, by its options.
struct Arguments {
  private let flags: [Flag]
  private var options: [String: [String]] = [:]
  private(set) var operands: [String] = []

  /// Reads options wherever they stand; `--` ends them, `-` is an operand.
  init(_ words: [String], for command: Subcommand) throws(UsageError) {
    flags = command.allFlags
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
      let (flag, attached) = try find(word)
      guard flag.value != nil else {
        if attached != nil { throw UsageError("'\(flag.name)' takes no value") }
        options[flag.name] = []
        continue
      }
      guard let value = attached ?? rest.popFirst() else {
        throw UsageError("'\(flag.name)' needs a value: \(flag.name) \(flag.value ?? "")")
      }
      if !flag.isRepeatable, options[flag.name] != nil { throw UsageError("'\(flag.name)' is given twice") }
      options[flag.name, default: []] += flag.isList ? Arguments.parts(of: value) : [value]
    }
  }

  /// The option of a word, and the value that is attached to it: `--jobs=2`, `-j2`, `-j=2`.
  private func find(_ word: String) throws(UsageError) -> (Flag, attached: String?) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if let flag = flags.first(where: { $0.name == parts[0] || $0.short == parts[0] }) {
      return (flag, parts.count == 2 ? parts[1] : nil)
    }
    // `-output` is no `-o` with the value `utput`.
    let isLongName = flags.contains { $0.name == "-" + parts[0] }
    if !word.hasPrefix("--"), !isLongName,
      let flag = flags.first(where: { $0.value != nil && $0.short == String(word.prefix(2)) })
    {
      return (flag, String(word.dropFirst(2)))
    }
    throw unknown(parts[0])
  }

  private func unknown(_ name: String) -> UsageError {
    let message = "unknown option '\(name)'"
    if let owner = Subcommand.all.first(where: { $0.flags.contains { $0.name == name || $0.short == name } }) {
      return UsageError(message, note: "`batchfile \(owner.name)` has it")
    }
    return UsageError(message, word: name, among: flags.map(\.name))
  }

  /// What stands between the commas.
  private static func parts(of value: String) -> [String] {
    value.split(separator: ",", omittingEmptySubsequences: false).map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }

  // MARK: - What was given

  func has(_ flag: Flag) -> Bool { given(flag) != nil }

  /// The last value given.
  func value(_ flag: Flag) -> String? { given(flag)?.last }

  func values(_ flag: Flag) -> [String] { given(flag) ?? [] }

  func integer(_ flag: Flag, atLeast least: Int) throws(UsageError) -> Int? {
    guard let text = value(flag) else { return nil }
    guard let number = Int(text), number >= least else {
      throw UsageError("'\(flag.name)' takes a whole number from \(least) on, not '\(text)'")
    }
    return number
  }

  func choice<C: RawRepresentable & CaseIterable>(_ flag: Flag, _: C.Type) throws(UsageError) -> C?
  where C.RawValue == String {
    guard let text = value(flag) else { return nil }
    guard let choice = C(rawValue: text) else {
      throw UsageError(
        "'\(flag.name)' does not know '\(text)'", word: text, among: C.allCases.map(\.rawValue),
        note: "it takes \(C.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  private func given(_ flag: Flag) -> [String]? {
    assert(flags.contains { $0.name == flag.name }, "\(flag.name) is not among the subcommand's flags")
    return options[flag.name]
  }
}
