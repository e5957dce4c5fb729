import JSONLines

/// Checks whether the API offers a line's model and has not retired it, and whether all lines of a file have the same
/// model where the API wants that.
struct ModelChecker {
  private let rules: RuleSet
  private let provider: Provider
  /// The models of `rules`.
  private let models: KeyTable
  private let fileNames: FileNames
  /// Hashes of the models, as spelt, whose retirement this checker has looked up: a file that names one names it often.
  private var retired: ContiguousArray<UInt64> = []
  private let seed = TextHash.seed

  init(_ rules: RuleSet, _ fileNames: FileNames) {
    self.rules = rules
    self.fileNames = fileNames
    provider = rules.provider
    models = rules.models.table
  }

  /// Checks whether the API offers a model, and whether it is the file's.
  /// - Parameter endpoint: the endpoint that the line's url names; nil where it names none.
  mutating func check(
    _ model: JSONValue, _ known: UnsafePointer<ModelTable.Model>?, of endpoint: EndpointRules?,
    _ findings: inout FindingList
  ) {
    guard model.kind == .string else { return }
    // Where any model is accepted, an empty one was already reported as missing.
    if model.contentRange.isEmpty, provider.acceptsAnyModel { return }
    if !isOffered(model, at: endpoint) {
      let names = endpoint?.models == nil ? provider.models : endpoint?.modelNames ?? []
      let nearest = Suggestion.note(for: model.text, among: names)
      let other = nearest == nil ? Provider.known(forModel: model.text, besides: provider) : nil
      let living = names.filter(rules.tabledModels.lives)
      let offer = "it offers \(Words.list(living.map { "'\($0)'" }, last: "and"))"
      let note = nearest ?? other.map { "it is a model of \($0.name)" } ?? offer
      findings.error(.modelNotFound, model, note: note) { _ in
        "The provided model '\(Words.quoted(model))' is not supported by the Batch API."
      }
      if let other {
        findings.offer(.chooseProvider(other.name))
      } else if nearest == nil {
        findings.offer(.acceptModel)
      }
      return
    }
    if provider.oneModelPerFile {
      let text = model.text
      let expected = fileNames.settle(model: text)
      if !expected.utf8.elementsEqual(text.utf8) {
        findings.error(.mismatchedModel, model, note: "the first request names '\(Words.cut(expected))'") { _ in
          "The model '\(Words.quoted(model))' for this request does not match the rest of the batch."
            + " Each batch must contain requests for a single model."
        }
      }
    }
    if known?.pointee.retirement != nil { warnOfRetirement(model, &findings) }
  }

  private func isOffered(_ model: JSONValue, at endpoint: EndpointRules?) -> Bool {
    if let own = endpoint?.models { return own.table.find(model) != nil }
    return provider.acceptsAnyModel || models.find(model) != nil
  }

  /// Warns of a retired model, once for each. The first line of a file with the model is also the first one for the
  /// checker that gets this line, so that no warning is lost.
  private mutating func warnOfRetirement(_ model: JSONValue, _ findings: inout FindingList) {
    let hash = TextHash.hash(model.bytes.buffer(model.contentRange), seed: seed)
    if retired.contains(hash) { return }
    retired.append(hash)
    guard let end = rules.tabledModels.retirement(of: model) else { return }
    let note = end.successor.map { successor in
      // A successor may be gone too: to name it alone would be bad advice.
      let next = rules.tabledModels.retirement(named: successor)?.successor
      return "its successor is \(successor)" + (next.map { ", which is gone too and followed by \($0)" } ?? "")
    }
    findings.warn(.retiredModel, model, note: note) { _ in
      "The model '\(Words.quoted(model))' was shut down on \(end.day)" + (end.plans.map { " for \($0)." } ?? ".")
    }
  }
}
