import BatchFile
import Foundation

/// The options about the API, which several subcommands share.
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
  /// For subcommands that judge requests.
  static let all: [Flag] = [.provider, .model, .url, .maxBytes, .maxRequests]
  /// For those that only need the limits.
  static let limits: [Flag] = [.provider, .maxBytes, .maxRequests]

  /// The API with its limits, as the user wants them.
  static func provider(_ arguments: Arguments) throws -> Provider {
    var provider = try named(arguments.word(.provider))
    if let limit = try arguments.integer(.maxBytes, atLeast: 0) { provider.maxBytes = limit }
    if let limit = try arguments.integer(.maxRequests, atLeast: 0) { provider.maxRequests = limit }
    return provider
  }

  /// With the models and endpoints that the user accepts beside the API's.
  static func widenedProvider(_ arguments: Arguments) throws -> Provider {
    var provider = try provider(arguments)
    provider.models += arguments.values(.model).filter { !provider.models.has($0) }
    provider.urls += arguments.values(.url).filter { !provider.urls.has($0) }
    return provider
  }

  /// - Parameter word: a provider's name or a file's; groq for nil.
  static func named(_ word: Word?) throws -> Provider {
    guard let word else { return .groq }
    let name = word.text
    if let known = Provider.all.first(where: { $0.name == name }) { return known }
    guard name.contains("/") || name.contains(".") || word.path.exists else {
      throw UsageError(
        "unknown provider '\(name)'", word: name, among: Provider.all.map(\.name),
        note: "there are \(Provider.all.map(\.name).joined(separator: ", ")), or the path of a JSON file")
    }
    return try Provider(file: word.path)
  }
}
