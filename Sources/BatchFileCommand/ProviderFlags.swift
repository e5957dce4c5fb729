import BatchFile
import Foundation

/// The options about the API, which several subcommands share.
enum ProviderFlags {
  static let all = [
    Flag(
      name: "--provider", value: "NAME|FILE", values: Provider.all.map(\.name),
      help: "The API: groq (default), openai, or a JSON file as `explain --provider groq` prints one."),
    Flag(
      name: "--model", value: "NAME", isRepeatable: true,
      help: "A model that is accepted beside the provider's; '*' accepts every model. Repeatable."),
    Flag(
      name: "--url", value: "PATH", isRepeatable: true,
      help: "An endpoint that is accepted beside the provider's. Repeatable."),
    Flag(name: "--max-bytes", value: "N", help: "The size limit of a file in bytes; 0 for none."),
    Flag(name: "--max-requests", value: "N", help: "The most requests of a file; 0 for none."),
  ]

  /// - Parameter takesNames: whether --model and --url add to what the API accepts.
  static func provider(_ arguments: Arguments, takesNames: Bool = true) throws -> Provider {
    var provider = try named(arguments.value("--provider") ?? Provider.groq.name)
    if takesNames {
      provider.models += arguments.values("--model").filter { !provider.models.contains($0) }
      provider.urls += arguments.values("--url").filter { !provider.urls.contains($0) }
    }
    if let limit = try arguments.integer("--max-bytes", atLeast: 0) { provider.maxBytes = limit }
    if let limit = try arguments.integer("--max-requests", atLeast: 0) { provider.maxRequests = limit }
    return provider
  }

  static func named(_ name: String) throws -> Provider {
    if let known = Provider.all.first(where: { $0.name == name }) { return known }
    guard name.contains("/") || name.contains(".") || FileManager.default.fileExists(atPath: name) else {
      throw UsageError(
        "unknown provider '\(name)'", word: name, among: Provider.all.map(\.name),
        note: "there are \(Provider.all.map(\.name).joined(separator: ", ")), or the path of a JSON file")
    }
    return try Provider(file: name)
  }
}
