import Foundation
import JSONLines

/// The provider's endpoints, urls and models, prepared once for a check and shared by its workers.
final class RuleSet: @unchecked Sendable {  // immutable
  let provider: Provider
  static let methods = Choices(["POST"])
  let urls: SharedTable
  let urlChoices: Choices
  let models: SharedTable
  /// The endpoints; each has one entry, even if several urls lead to it.
  let endpoints: [Endpoint]
  /// For each url, the index of its endpoint; nil where only the model of a body is checked.
  let endpointOfURL: [Int?]
  /// The endpoint for bodies of lines without a url; nil where several are possible.
  let soleEndpoint: Int?
  let tabledModels: ReadyModels

  /// - Parameters:
  ///   - endpoints: the endpoints; nil for the provider's own.
  ///   - models: what is known of single models; nil for the provider's own table.
  init(provider: Provider, endpoints: [Endpoint]? = nil, models: ModelTable? = nil) {
    self.provider = provider
    tabledModels = ReadyModels(models ?? provider.modelTable)
    urls = SharedTable(provider.urls)
    self.models = SharedTable(provider.models)
    let known = endpoints ?? provider.endpoints
    self.endpoints = known
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

/// The model and the url that all requests of a file must share, for APIs that demand it. The first request that names
/// one decides.
///
/// Each pass over a file has its own. Until both are settled, lines are checked one after the other.
final class FileNames: @unchecked Sendable {  // guarded by its lock
  private let lock = NSLock()
  private let provider: Provider
  private var model: String?
  private var url: String?

  init(_ provider: Provider) { self.provider = provider }

  /// Whether everything that the requests must share is decided.
  var isSettled: Bool {
    lock.withLock { (!provider.oneModelPerFile || model != nil) && (!provider.oneURLPerFile || url != nil) }
  }

  /// Decides the file's model, unless it is decided already.
  /// - Returns: the file's model.
  func settle(model: String) -> String {
    lock.withLock {
      let settled = self.model ?? model
      self.model = settled
      return settled
    }
  }

  /// Decides the file's url, unless it is decided already.
  /// - Returns: the file's url.
  func settle(url: String) -> String {
    lock.withLock {
      let settled = self.url ?? url
      self.url = settled
      return settled
    }
  }
}
