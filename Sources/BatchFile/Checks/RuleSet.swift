import Foundation
import JSONLines

/// Everything that lines are checked against, made once for a check and shared by its workers.
final class RuleSet: @unchecked Sendable {  // immutable
  /// A ``BodyRule`` with its fields as bits.
  struct ReadyRule: Sendable {
    let fields: UInt64
    let marks: UInt64
    let check: @Sendable (borrowing RuledBody, inout FindingList) -> Void
  }

  let provider: Provider
  let schema: CompiledSchema
  static let methods = Choices(["POST"])
  let urls: SharedTable
  let urlChoices: Choices
  let models: SharedTable
  /// The index of the chat completions among the urls.
  let chatURL: Int?
  let bodyRules: [ReadyRule]
  let fileModel = FileModel()
  private let tabledNames: SharedTable
  /// In plain memory: each line asks for its model's, and all threads would count references to the same arrays.
  private let tabledModels: UnsafeMutablePointer<ModelTable.Model>

  init(provider: Provider, models table: ModelTable) {
    self.provider = provider
    let tabled = table.models.sorted { $0.key < $1.key }
    tabledNames = SharedTable(tabled.map(\.key))
    tabledModels = .allocate(capacity: max(1, tabled.count))
    tabledModels.initialize(from: tabled.map(\.value), count: tabled.count)
    schema = provider.bodySchema == .groq ? .groqChat : .commonChat
    urls = SharedTable(provider.urls)
    urlChoices = Choices(provider.urls)
    models = SharedTable(provider.models)
    chatURL = provider.urls.firstIndex { $0.hasSuffix("/chat/completions") }
    let rules =
      switch provider.bodySchema {
      case .groq: BodyRule.fieldRules + BodyRule.modelRules
      case .common, .none: [BodyRule]()
      }
    let names = BodyFields(schema)
    defer { names.deallocate() }
    bodyRules = rules.map { rule in
      ReadyRule(fields: rule.fields.reduce(0) { $0 | names.bit(of: $1) }, marks: rule.marks.rawValue, check: rule.check)
    }
  }

  /// Whether lines must be checked one after the other: until the file's one model is known, so that it is the first line's.
  var wantsOrder: Bool { provider.oneModelPerFile && !fileModel.isSettled }

  deinit {
    tabledModels.deinitialize(count: tabledNames.table.count)
    tabledModels.deallocate()
  }

  /// What is known of a model, as long as the rules are there.
  func modelTable(for model: JSONValue) -> UnsafePointer<ModelTable.Model>? {
    guard model.kind == .string else { return nil }
    return tabledNames.table.find(model).map { UnsafePointer(tabledModels + $0) }
  }
}

/// A ``KeyTable`` that goes with its owner.
final class SharedTable: @unchecked Sendable {  // immutable
  let table: KeyTable

  init(_ texts: [String]) { table = KeyTable(texts) }

  deinit { table.deallocate() }
}

/// The one model of a file, for APIs that want one: the first that a request names.
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
