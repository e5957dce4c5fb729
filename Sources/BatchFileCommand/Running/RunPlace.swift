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

  /// The file that is the only operand.
  /// - Throws: `UsageError` where there is not exactly one operand, or where it is `-`.
  static func operand(_ arguments: Arguments, _ verb: String) throws -> Path {
    guard arguments.paths.count == 1, let path = arguments.paths.first else {
      throw UsageError("'\(verb)' takes one file")
    }
    if path == "-" { throw UsageError("'\(verb)' takes a file: a run is kept beside it") }
    return path
  }

  static func folder(of input: Path, _ arguments: Arguments) -> RunFolder {
    RunFolder(arguments.path(.runDir) ?? input + ".run")
  }

  /// The run of a subcommand that takes result files and was given none, so that they must be those of the run.
  /// - Throws: `UsageError` where there is no run of the file.
  static func withoutResultFiles(_ arguments: Arguments, _ console: Console, verb: String) throws -> RunPlace {
    let input = try operand(arguments, verb)
    guard folder(of: input, arguments).exists else {
      throw UsageError(
        "'\(verb)' needs the API's result files: \(Flag.resultFiles.name) FILE",
        note: "there is no run of \(input) either; `batchfile submit` begins one")
    }
    return try RunPlace(arguments, console, verb: verb)
  }

  init(_ arguments: Arguments, _ console: Console, verb: String) throws {
    input = try RunPlace.operand(arguments, verb)
    folder = RunPlace.folder(of: input, arguments)
    state = RunState(folder.exists ? try Journal.read(folder.journal) : [])
    let fact = state.run
    let known = Provider.all.first { $0.name == fact?.provider }
    provider = try ProviderFlags.widenedProvider(arguments, known: known ?? .groq)
    access = try APIAccess(arguments, console, provider: provider, run: fact)
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

  func client(_ console: Console) throws -> BatchClient {
    let transport: CurlTransport
    do { transport = try CurlTransport(environment: console.variables) } catch {
      throw CommandError("\(error.message); install curl (apt install curl, apk add curl, brew install curl)")
    }
    if let variable = api.keyVariable, key == nil {
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
