import BatchFile
import Foundation
import JSONLines

/// The options about results, which `results` and `retry` share.
extension Flag {
  static let resultFiles = Flag(
    "--from", value: "FILE", isRepeatable: true,
    help: "One of the API's result files: its output file or its error file. Repeatable. Needs no network.")
  static let partial = Flag(
    "--partial",
    help: "Write what there is: a request without a result counts as pending and not as missing, and result files that "
      + "fit only few of the requests are accepted.")
  static let account = Flag("--account", value: "FILE", help: "Write the account to FILE, as a JSON object.")
  static let price = Flag(
    "--price", value: "MODEL=IN,OUT[,CACHED]", isRepeatable: true,
    help: "What a model costs in US dollars per million tokens of input, output and cached input. Repeatable.")
}

enum ResultFlags {
  static let shared: [Flag] = [.resultFiles, .partial, .account, .price, .force, .jobs]

  /// The known prices, with those that the options give in their place or beside them.
  static func prices(_ arguments: Arguments) throws(UsageError) -> PriceTable {
    try prices(arguments.values(.price))
  }

  /// The known prices with those of the option `--price`. For each model the last one counts.
  static func prices(_ texts: [String]) throws(UsageError) -> PriceTable {
    var table = PriceTable.known
    for text in texts {
      let fault = UsageError("'\(Flag.price.name)' takes MODEL=IN,OUT or MODEL=IN,OUT,CACHED, not '\(text)'")
      guard let equals = text.lastIndex(of: "="), equals > text.startIndex else { throw fault }
      let parts = text[text.index(after: equals)...].split(separator: ",", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { Double($0) }.filter { $0.isFinite && $0 >= 0 }
      guard numbers.count == parts.count, 2...3 ~= numbers.count else { throw fault }
      table.prices[String(text[..<equals])] = Price(
        input: numbers[0], output: numbers[1], cached: numbers.count == 3 ? numbers[2] : nil, date: "",
        source: Flag.price.name)
    }
    return table
  }

  /// Checks the options about answers before anything is sent, so that an unknown word or a file that cannot be written
  /// is not found only after the batches are paid for.
  static func validate(_ arguments: Arguments, _ console: Console, _ outputs: [Path], input: Path) throws {
    _ = try arguments.choice(.answerFormat, AnswerFormat.self)
    _ = try prices(arguments)
    _ = try arguments.jobs()
    try AccountReport(arguments, console).prepare(outputs, inputs: [input])
  }

  /// The regular file that a path leads to; nil for a pipe, which may be named twice because each reading gives other
  /// bytes.
  private static func regularFile(_ path: Path) -> FileIdentity? {
    var status = stat()
    let isRegular = path.withCString { stat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFREG
    return isRegular ? FileIdentity(path) : nil
  }

  /// The join of the requests and results that the arguments name.
  static func join(_ arguments: Arguments, name: String) throws(UsageError) -> ResultJoin {
    guard arguments.paths.count == 1, let requests = arguments.paths.first else {
      throw UsageError(
        "'\(name)' takes one file, the requests",
        note: arguments.paths.count > 1 ? "the API's files are given with \(Flag.resultFiles.name) FILE each" : nil)
    }
    if requests == "-" { throw UsageError("'\(name)' reads the requests more than once: name their file, not '-'") }
    let results = arguments.paths(.resultFiles)
    if results.contains("-") {
      throw UsageError(
        "'\(Flag.resultFiles.name)' takes a file, not '-'", note: "/dev/stdin names standard input as a file")
    }
    guard !results.isEmpty else {
      throw UsageError("'\(name)' needs the API's result files: \(Flag.resultFiles.name) FILE")
    }
    var seen: [FileIdentity: Path] = [:]
    for file in results {
      if file.isSameFile(as: requests) {
        throw UsageError("'\(file)' is the requests' file and cannot hold their results")
      }
      guard let identity = regularFile(file) else { continue }
      if let other = seen.updateValue(file, forKey: identity) {
        throw UsageError(
          other == file ? "'\(file)' is given twice" : "'\(other)' and '\(file)' are the same file",
          note: "every answer would be read twice")
      }
    }
    var join = ResultJoin(requests: requests, results: results)
    join.isPartial = arguments.has(.partial)
    join.prices = try prices(arguments)
    if let jobs = try arguments.jobs() { join.jobs = jobs }
    return join
  }
}

/// Writes the account of a command: for people to standard error, and for programs to the file of `--account`.
struct AccountReport {
  let console: Console
  let file: Path?
  let replaces: Bool

  init(_ arguments: Arguments, _ console: Console) {
    self.console = console
    file = arguments.path(.account)
    replaces = arguments.has(.force)
  }

  /// Checks before any work that no output is an input or the same file as another output, and that the account's file
  /// may be written.
  /// - Throws: `CommandError` or `UsageError` where that is not so.
  func prepare(_ outputs: [Path], inputs: [Path]) throws {
    for output in outputs { console.complain(of: try OutputFiles.repair(output)) }
    let all = outputs + [file].compactMap { $0 }
    for (k, output) in all.enumerated() {
      if let input = inputs.first(where: { output.isSameFile(as: $0) }) {
        throw CommandError("\(output): is \(input == output ? "" : "\(input), ")an input, and is never written to")
      }
      if all[..<k].contains(where: { $0.isSameOutput(as: output) }) {
        throw UsageError("two outputs are the same file, \(output)")
      }
    }
    if outputs.isEmpty, let input = inputs.first(where: isStandardOutput) {
      throw CommandError("standard output is \(input), an input, and is never written to")
    }
    if let file, !replaces, file.exists {
      throw CommandError("\(file): exists; \(Flag.force.name) replaces it")
    }
  }

  /// Whether standard output is this regular file.
  private func isStandardOutput(_ path: Path) -> Bool {
    var (one, other) = (stat(), stat())
    guard fstat(console.output.descriptor, &one) == 0, path.withCString({ stat($0, &other) }) == 0 else { return false }
    return one.st_mode & S_IFMT == S_IFREG && one.st_dev == other.st_dev && one.st_ino == other.st_ino
  }

  /// The file of the account before it gets its name; nil where none is wanted.
  func file(_ account: Account) throws -> OutputFiles? {
    guard let file else { return nil }
    let output = try OutputFiles(path: file, replaces: replaces)
    try Array("\(account.json)\n".utf8).withUnsafeBytes { try output.write($0) }
    return output
  }

  /// Writes the account alone, where there is no other file that must appear with it.
  func write(_ account: Account) throws { _ = try file(account)?.commit() }

  /// Writes the account to standard error.
  /// - Parameter next: lines about what to do next.
  func tell(_ account: Account, next: [String]) {
    for line in account.details { console.say("  \(line)") }
    console.complain(account.summary)
    for line in next { console.complain(line) }
  }
}

extension Path {
  /// Whether both paths lead to the same file, or would do so once it is written.
  func isSameOutput(as other: Path) -> Bool {
    if exists || other.exists { return isSameFile(as: other) }
    guard name == other.name else { return false }
    func place(_ folder: Path) -> Path { folder.bytes.isEmpty ? "./" : folder }
    return place(folder).isSameFile(as: place(other.folder))
  }
}

extension JoinError {
  private static let mostShown = 20

  /// Writes the faults to standard error, one a line and 20 at most.
  /// - Returns: the error that ends the command.
  func told(_ console: Console) -> CommandError {
    switch self {
    case .requests(let faults):
      for fault in faults.prefix(JoinError.mostShown) { console.complain("\(fault)") }
      let more = faults.count - JoinError.mostShown
      return CommandError("\(more > 0 ? "and \(more) more; " : "")nothing is written", .faults)
    case .otherRequests(matching: _, of: 0, unreadable: _): return CommandError("\(self); nothing is written", .faults)
    case .otherRequests:
      return CommandError("\(self) (\(Flag.partial.name) joins them all the same); nothing is written", .faults)
    case .unreadable, .changed, .tooManyFiles: return CommandError("\(self)")
    }
  }
}
