import BatchFile

/// The arguments after the subcommand's name: its options with their values, and its operands.
struct Arguments {
  private let flags: [Flag]
  private var options: [String: [Word]] = [:]
  private var operandWords: [Word] = []
  /// The subcommand's name and the words after it.
  private let words: [Word]

  /// Parses the arguments. Options and operands may come in any order; all words after `--` are operands, and `-` is
  /// one.
  /// - Throws: `UsageError` where an option is unknown, lacks its value, or is given twice.
  init(_ words: [Word], for command: Subcommand) throws(UsageError) {
    flags = command.allFlags
    self.words = [Word(bytes: command.name.utf8)] + words
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operandWords += rest
        return
      }
      guard word.bytes.first == Arguments.dash, word != "-" else {
        operandWords.append(word)
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
      if flag.name == Flag.output.name, value.bytes.isEmpty {
        throw UsageError("'\(flag.name)' needs a file's name and got an empty one")
      }
      if !flag.isRepeatable, options[flag.name] != nil { throw UsageError("'\(flag.name)' is given twice") }
      options[flag.name, default: []] += flag.isList ? Arguments.parts(of: value) : [value]
    }
  }

  /// The command line that these arguments are from, as people can copy it into a shell.
  var commandLine: String { (["batchfile"] + words.map { ShellWord.quoted($0.path) }).joined(separator: " ") }

  /// The option of a word, and the value that is attached to it: `--jobs=2`, `-j2`, `-j=2`.
  private func find(_ word: Word) throws(UsageError) -> (Flag, attached: Word?) {
    let parts = word.bytes.split(separator: Arguments.equals, maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(decoding: parts[0], as: UTF8.self)
    if let flag = flags.first(where: { $0.name == name || $0.short == name }) {
      return (flag, parts.count == 2 ? Word(bytes: parts[1]) : nil)
    }
    // `-output` is `--output` with a dash too few, not `-o` with the value `utput`.
    let isLongName = flags.contains { $0.name == "-" + name }
    let short = Word(bytes: word.bytes.prefix(2)).text
    if !name.hasPrefix("--"), !isLongName, let flag = flags.first(where: { $0.value != nil && $0.short == short }) {
      return (flag, word.dropFirst(2))
    }
    throw unknown(name)
  }

  private func unknown(_ name: String) -> UsageError {
    let message = "unknown option '\(name)'"
    let owners = Subcommand.all.filter { $0.flags.contains { $0.name == name || $0.short == name } }.map(\.name)
    if let first = owners.first {
      let others = owners.dropFirst().map { "`\($0)`" }
      let names = Words.list(["`batchfile \(first)`"] + others, last: "and")
      return UsageError(message, note: "\(names) \(others.isEmpty ? "has" : "have") this option")
    }
    return UsageError(message, word: name, among: flags.map(\.name))
  }

  /// The words between the commas of a value, without blanks around them.
  private static func parts(of value: Word) -> [Word] {
    value.bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { part in
      let space = UInt8(ascii: " ")
      return Word(bytes: part.drop { $0 == space }.reversed().drop { $0 == space }.reversed())
    }
  }

  private static let dash = UInt8(ascii: "-")
  private static let equals = UInt8(ascii: "=")

  // MARK: - What was given

  func has(_ flag: Flag) -> Bool { given(flag) != nil }

  /// Whether the subcommand has this option.
  func takes(_ flag: Flag) -> Bool { flags.contains { $0.name == flag.name } }

  /// The last value that was given for the option; nil for none.
  func value(_ flag: Flag) -> String? { word(flag)?.text }

  func values(_ flag: Flag) -> [String] { given(flag)?.map(\.text) ?? [] }

  /// The last value that was given, byte for byte.
  func word(_ flag: Flag) -> Word? { given(flag)?.last }

  /// The last value that was given, as a path.
  func path(_ flag: Flag) -> Path? { word(flag)?.path }

  func words(_ flag: Flag) -> [Word] { given(flag) ?? [] }

  func paths(_ flag: Flag) -> [Path] { given(flag)?.map(\.path) ?? [] }

  var operands: [String] { operandWords.map(\.text) }

  /// The operands as paths.
  var paths: [Path] { operandWords.map(\.path) }

  /// The option's value as a whole number; nil where the option was not given. Only digits are accepted, no sign.
  /// - Throws: `UsageError` where the value is not such a number or not in the range.
  func integer(_ flag: Flag, atLeast least: Int, atMost most: Int = .max) throws(UsageError) -> Int? {
    guard let text = value(flag) else { return nil }
    let isDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard isDigits, let number = Int(text), number >= least, number <= most else {
      let range = most == .max ? "from \(least) on" : "from \(least) to \(most)"
      throw UsageError("'\(flag.name)' takes a whole number \(range), not '\(text)'")
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

  private func given(_ flag: Flag) -> [Word]? {
    assert(flags.contains { $0.name == flag.name }, "\(flag.name) is not among the subcommand's flags")
    return options[flag.name]
  }
}
