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
  /// The urls that are sure to be taken, by which a body without one can be judged.
  let soleEndpoint: Int?
  let tabledModels: ReadyModels

  /// - Parameters:
  ///   - endpoints: nil for the provider's own.
  ///   - models: nil for the provider's own.
  init(provider: Provider, endpoints: [Endpoint]? = nil, models: ModelTable? = nil) {
    self.provider = provider
    tabledModels = ReadyModels(models ?? provider.modelTable)
    urls = SharedTable(provider.urls)
    self.models = SharedTable(provider.models)
    let known = endpoints ?? provider.endpoints
    let offered = Provider.all.first { $0.name == provider.name }?.models ?? []
    let added = provider.models.filter { !offered.contains($0) }
    self.endpoints = known.map { EndpointRules($0, added: added) }
    let endpointOfURL = provider.urls.map { url in
      Endpoint.find(url, in: known).flatMap { found in known.firstIndex { $0.path == found.path } }
    }
    self.endpointOfURL = endpointOfURL
    let sure = provider.urls.indices.filter { k in endpointOfURL[k].map { known[$0].doubt == nil } ?? true }
    urlChoices = Choices(sure.map { provider.urls[$0] })
    soleEndpoint = sure.count == 1 ? endpointOfURL[sure[0]] : nil
  }
}

/// A ``KeyTable`` whose memory is freed together with this object.
final class SharedTable: @unchecked Sendable {  // immutable
  let table: KeyTable

  init(_ texts: [String]) { table = KeyTable(texts) }

  deinit { table.deallocate() }
}

/// What all requests of a file share, for APIs that want it so: the model and the url that the first ones name.
///
/// Each run has its own. Until it is settled, lines are checked one after the other, so that the first request decides.
final class FileNames: @unchecked Sendable {  // guarded by its lock
  private let lock = NSLock()
  private let provider: Provider
  private var model: String?
  private var url: String?

  init(_ provider: Provider) { self.provider = provider }

  /// Whether all is known that the file's requests must share.
  var isSettled: Bool {
    lock.withLock { (!provider.oneModelPerFile || model != nil) && (!provider.oneURLPerFile || url != nil) }
  }

  /// - Returns: the file's model, which is `model` where there was none.
  func settle(model: String) -> String {
    lock.withLock {
      let settled = self.model ?? model
      self.model = settled
      return settled
    }
  }

  /// - Returns: the file's url, which is `url` where there was none.
  func settle(url: String) -> String {
    lock.withLock {
      let settled = self.url ?? url
      self.url = settled
      return settled
    }
  }
}
