import Foundation
import JSONLines

/// Everything that lines are checked against, made once for a check and shared by its workers.
final class RuleSet: @unchecked Sendable {  // immutable
  let provider: Provider
  static let methods = Choices(["POST"])
  let urls: SharedTable
  let urlChoices: Choices
  let models: SharedTable
  /// The endpoints, each once.
  let endpoints: [EndpointRules]
  /// For each url the index of its endpoint; nil where only the model is looked at.
  let endpointOfURL: [Int?]
  private let tabledNames: SharedTable
  /// In memory without reference counts: every line looks up its model here, and threads that count references to the
  /// same array slow each other down.
  private let tabledModels: UnsafeMutablePointer<ModelTable.Model>

  /// - Parameters:
  ///   - endpoints: nil for the provider's own.
  ///   - models: nil for the provider's own.
  init(provider: Provider, endpoints: [Endpoint]? = nil, models: ModelTable? = nil) {
    self.provider = provider
    let tabled = (models ?? provider.modelTable).models.sorted { $0.key < $1.key }
    tabledNames = SharedTable(tabled.map(\.key))
    tabledModels = .allocate(capacity: max(1, tabled.count))
    tabledModels.initialize(from: tabled.map(\.value), count: tabled.count)
    urls = SharedTable(provider.urls)
    urlChoices = Choices(provider.urls)
    self.models = SharedTable(provider.models)
    let known = endpoints ?? provider.endpoints
    self.endpoints = known.map(EndpointRules.init)
    endpointOfURL = provider.urls.map { url in
      Endpoint.find(url, in: known).flatMap { found in known.firstIndex { $0.path == found.path } }
    }
  }

  deinit {
    tabledModels.deinitialize(count: tabledNames.table.count)
    tabledModels.deallocate()
  }

  /// What is known of a model; the pointer is valid as long as this rule set exists.
  func modelTable(for model: JSONValue) -> UnsafePointer<ModelTable.Model>? {
    guard model.kind == .string else { return nil }
    return tabledNames.table.find(model).map { UnsafePointer(tabledModels + $0) }
  }
}

/// A ``KeyTable`` whose memory is freed together with this object.
final class SharedTable: @unchecked Sendable {  // immutable
  let table: KeyTable

  init(_ texts: [String]) { table = KeyTable(texts) }

  deinit { table.deallocate() }
}

/// The one model of a file, for APIs that allow only one: the model of the first request that names one.
///
/// Each run has its own. Until the model is settled, lines are checked one after the other, so that the first request
/// decides.
final class FileModel: @unchecked Sendable {  // guarded by its lock
  private let lock = NSLock()
  private var name: String?

  /// Whether the model is known.
  var isSettled: Bool { lock.withLock { name != nil } }

  /// - Returns: the file's model, which is `model` where there was none.
  func settle(on model: String) -> String? {
    lock.withLock {
      if name == nil { name = model }
      return name
    }
  }
}
