import BatchFile
import Foundation

/// The options that choose the API and its limits, which several subcommands share.
extension Flag {
  static let provider = Flag(
    "--provider", value: "NAME|FILE", values: Provider.all.map(\.name),
    help: "The API: groq (default), openai, or a JSON file as `explain --provider groq` prints one.")
  static let model = Flag(
    "--model", value: "NAME", isRepeatable: true,
    help: "A model that is accepted beside the provider's; '*' accepts every model. Repeatable.")
  static let url = Flag(
    "--url", value: "PATH", isRepeatable: true,
    help: "An endpoint that is accepted beside the provider's. Repeatable.")
  static let maxBytes = Flag(
    "--max-bytes", value: "N", help: "The size limit of a file in bytes; 0 for none.")
  static let maxRequests = Flag("--max-requests", value: "N", help: "The most requests of a file; 0 for none.")
}

enum ProviderFlags {
  /// The options of subcommands that check requests.
  static let all: [Flag] = [.provider, .model, .url, .maxBytes, .maxRequests]
  /// The options of subcommands that only need the limits.
  static let limits: [Flag] = [.provider, .maxBytes, .maxRequests]

  /// The provider that the options name, with the limits that they give.
  ///
  /// - Parameter known: the provider where none is named.
  static func provider(_ arguments: Arguments, known: Provider = .groq) throws -> Provider {
    var provider = try arguments.word(.provider).map { try named($0) } ?? known
    if let limit = try arguments.integer(.maxBytes, atLeast: 0) { provider.maxBytes = limit }
    if let limit = try arguments.integer(.maxRequests, atLeast: 0) { provider.maxRequests = limit }
    return provider
  }

  /// The same provider, which also takes the models and endpoints that the options name.
  static func widenedProvider(_ arguments: Arguments, known: Provider = .groq) throws -> Provider {
    var provider = try provider(arguments, known: known)
    provider.models += arguments.values(.model).filter { !provider.models.has($0) }
    provider.urls += arguments.values(.url).filter { !provider.urls.has($0) }
    return provider
  }

  /// The provider with this name.
  /// - Parameter word: the name of a built-in provider or the path of a provider file; nil for groq.
  /// - Throws: `UsageError` where the name is not known, `ProviderFileError` where the file is not a provider's.
  static func named(_ word: Word?) throws -> Provider {
    guard let word else { return .groq }
    let name = word.text
    if let known = Provider.all.first(where: { $0.name == name }) { return known }
    guard name.contains("/") || name.contains(".") || word.path.exists else {
      throw UsageError(
        "unknown provider '\(name)'", word: name, among: Provider.all.map(\.name),
        note: "it takes \(Provider.all.map(\.name).joined(separator: ", ")), or the path of a JSON file")
    }
    return try Provider(file: word.path)
  }
}
