/// One option of a subcommand. The parser, the help, the suggestions and the shell completions all read it here, so
/// adding an option is a constant of this type and its name in a subcommand's `flags`.
struct Flag: Sendable {
  /// With its dashes.
  let name: String
  /// One dash and one letter.
  let short: String?
  /// How the help calls the value; nil for a switch.
  let value: String?
  /// The values there are, where they can be listed.
  let values: [String]
  /// Whether it may be given several times; each time adds a value.
  let isRepeatable: Bool
  /// Whether one value may hold several, with commas between them.
  let isList: Bool
  private(set) var help: String

  init(
    _ name: String, short: String? = nil, value: String? = nil, values: [String] = [], isRepeatable: Bool = false,
    isList: Bool = false, help: String
  ) {
    self.name = name
    self.short = short
    self.value = value
    self.values = values
    self.isRepeatable = isRepeatable
    self.isList = isList
    self.help = help
  }

  /// The same option, with the help of a subcommand where it means something of its own.
  func described(as help: String) -> Flag {
    var flag = self
    flag.help = help
    return flag
  }
}
