/// One option of a subcommand. The parser, the help, the suggestions and the shell completions all read it from here.
/// So whoever adds an option writes a constant of this type and names it in the `flags` of a subcommand.
struct Flag: Sendable {
  /// The long name with its two dashes.
  let name: String
  /// The short name, a dash and a letter; nil for none.
  let short: String?
  /// The value's name in the help; nil for an option without a value.
  let value: String?
  /// All values that the option takes, where they are a closed list; otherwise empty. Made only when they are asked for:
  /// some lists would have the program load data that a run does not need.
  var values: [String] { listed() }
  private let listed: @Sendable () -> [String]
  /// Whether the option may be given several times, each time with a further value.
  let isRepeatable: Bool
  /// Whether several values may be given at once, with commas between them.
  let isList: Bool
  private(set) var help: String

  init(
    _ name: String, short: String? = nil, value: String? = nil,
    values: @autoclosure @escaping @Sendable () -> [String] = [], isRepeatable: Bool = false, isList: Bool = false,
    help: String
  ) {
    self.name = name
    self.short = short
    self.value = value
    listed = values
    self.isRepeatable = isRepeatable
    self.isList = isList
    self.help = help
  }

  /// The same option with another help text, for a subcommand in which it means something more exact.
  func described(as help: String) -> Flag {
    var flag = self
    flag.help = help
    return flag
  }
}
