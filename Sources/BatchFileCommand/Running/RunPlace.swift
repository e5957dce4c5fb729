import BatchClient
import BatchFile
import Foundation
import JSONLines

/// A run as it was named on the command line: its input, its folder, and the API that it goes to.
struct RunPlace {
  let input: Path
  let folder: RunFolder
  let provider: Provider
  let access: APIAccess
  /// The state of the run by its journal; an empty one where there is no journal.
  let state: RunState
  /// The options that name the run, for the command lines in messages.
  private let naming: [String]

  /// The file that is the only operand.
  /// - Throws: `UsageError` where there is not exactly one operand, or where it is `-`.
  static func operand(_ arguments: Arguments, _ verb: String) throws -> Path {
    guard arguments.paths.count == 1, let path = arguments.paths.first else {
      throw UsageError("'\(verb)' takes one file")
    }
    // A pipe can be read only once. What a folder is told stays as the system says it.
    let kind = path.status.map { $0.st_mode & S_IFMT }
    if path == "-" || kind == S_IFIFO || kind == S_IFCHR {
      throw UsageError("'\(verb)' takes a file: a run is kept beside it")
    }
    return path
  }

  static func folder(of input: Path, _ arguments: Arguments) -> RunFolder {
    RunFolder(arguments.path(.runDir) ?? input + ".run")
  }

  private static func naming(_ arguments: Arguments) -> [String] {
    arguments.path(.runDir).map { [Flag.runDir.name, ShellWord.quoted($0)] } ?? []
  }

  /// The command line of another subcommand for this run, as people can copy it into a shell.
  func command(_ verb: String, _ words: String...) -> String {
    (["batchfile", verb, ShellWord.file(input)] + naming + words).joined(separator: " ")
  }

  /// The run of a subcommand that takes result files and was given none, so that they must be those of the run.
  /// - Throws: `UsageError` where there is no run of the file.
  static func withoutResultFiles(_ arguments: Arguments, _ console: Console, verb: String) throws -> RunPlace {
    let input = try operand(arguments, verb)
    guard folder(of: input, arguments).exists else {
      let submit = (["batchfile submit", ShellWord.file(input)] + naming(arguments)).joined(separator: " ")
      throw UsageError(
        "'\(verb)' needs the API's result files: \(Flag.resultFiles.name) FILE",
        note: "there is no run of \(input) either; `\(submit)` begins one")
    }
    return try RunPlace(arguments, console, verb: verb)
  }

  init(_ arguments: Arguments, _ console: Console, verb: String) throws {
    input = try RunPlace.operand(arguments, verb)
    folder = RunPlace.folder(of: input, arguments)
    naming = RunPlace.naming(arguments)
    state = RunState(folder.exists ? try Journal.read(folder.journal) : [])
    let fact = state.run
    let known = Provider.all.first { $0.name == fact?.provider }
    var provider = try ProviderFlags.widenedProvider(arguments, known: known ?? .groq)
    // Later attempts are cut as the first one was, unless an option says otherwise.
    if let most = fact?.maxRequests, arguments.value(.maxRequests) == nil { provider.maxRequests = most }
    if let most = fact?.maxBytes, arguments.value(.maxBytes) == nil { provider.maxBytes = most }
    self.provider = provider
    // A run that has no parts has sent nothing. It may begin anew at another address.
    access = try APIAccess(arguments, console, provider: provider, run: state.parts.isEmpty ? nil : fact)
  }
}

/// The API's address and the key for it. The address comes from the command line, from the environment variables of the
/// APIs' SDKs, from the provider, or from the journal of a run, and from no other file.
struct APIAccess {
  /// The provider's name.
  let name: String
  let api: Provider.API
  /// The key; nil where its environment variable is not set, or where the API needs none.
  let key: String?
  /// Whether the run was begun with another key.
  let isOtherKey: Bool
  /// The environment variable that the base URL comes from; nil where it comes from elsewhere.
  private let origin: String?

  init(_ arguments: Arguments, _ console: Console, provider: Provider, run: Fact? = nil) throws {
    var api = provider.api ?? .groq
    var origin: String?
    let named = arguments.value(.baseURL)
    if let variable = api.baseVariable, let base = console.variable(variable) {
      api.baseURL = base + api.baseVariableSuffix
      origin = variable
    }
    if let named {
      api.baseURL = named
      origin = nil
    }
    let builtIn = api
    if let run, let began = run.api {
      if let was = run.provider, arguments.value(.provider) != nil, was != provider.name {
        throw CommandError("this run was begun with the provider \(was), not \(provider.name)")
      }
      if let named, APIAccess.plain(named) != APIAccess.plain(began.baseURL) {
        throw CommandError("this run was begun at \(began.baseURL), not \(named)")
      }
      api = began
      origin = nil
    }
    self.api = api
    self.origin = origin
    name = run?.provider ?? provider.name
    guard let variable = api.keyVariable, let key = console.variable(variable) else {
      key = nil
      isOtherKey = false
      return
    }
    guard key.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw CommandError("\(variable) holds a line end or another control character, which no key has", .unauthorized)
    }
    self.key = key
    // Somebody else may have written the journal, and may have put the address of a host of theirs into it to get the
    // key. So the key is sent to an address from the journal only if the journal has the hash of this key with this
    // address, which was sent there before then, or if the address is a local one or also comes from elsewhere.
    let isKnown = run?.keyHash == BatchRun.keyHash(key, salt: run?.salt ?? "", baseURL: api.baseURL)
    isOtherKey = run?.keyHash != nil && !isKnown
    let isLocal = WebAddress(base: api.baseURL)?.isLoopback ?? false
    let isNamed = named != nil || APIAccess.plain(builtIn.baseURL) == APIAccess.plain(api.baseURL)
    if run != nil, !isKnown, !isLocal, !isNamed {
      throw CommandError(
        "this run was not begun with this key at \(api.baseURL); "
          + "\(Flag.baseURL.name) \(api.baseURL) allows to send your key there")
    }
  }

  private static func plain(_ url: String) -> String { WebAddress(base: url)?.description ?? url }

  /// The sentence that is shown before the first byte is sent: the API, its address, and which key is used.
  var sentence: String {
    let from = origin.map { " (from \($0))" } ?? ""
    let key = api.keyVariable.map { "the key from \($0)" } ?? "no key"
    return "\(name) at \(api.baseURL)\(from), \(key)"
  }

  /// - Parameter isAsked: whether the API is asked for anything, so that the key is needed.
  func client(_ console: Console, isAsked: Bool = true) throws -> BatchClient {
    let transport: CurlTransport
    do { transport = try CurlTransport(environment: console.variables) } catch {
      throw CommandError("\(error.message); install curl (apt install curl, apk add curl, brew install curl)")
    }
    if let variable = api.keyVariable, key == nil, isAsked {
      throw CommandError(
        "no key: set the environment variable \(variable) to your key for \(name) (\(api.baseURL))", .unauthorized)
    }
    var options = BatchClient.Options()
    for (header, variable) in api.variableHeaders {
      if let value = console.variable(variable) { options.headers[header] = value }
    }
    do { return try BatchClient(api, key: key, transport: transport, options: options) } catch {
      throw CommandError(error.message)
    }
  }
}
