import JSONLines

/// An ``Endpoint`` prepared for checking: the members that its rules name are turned into bits, so that whether a rule
/// applies to a body is one comparison.
final class EndpointRules: Sendable {
  struct Rule: Sendable {
    /// One bit for each of the body's members, as in ``BodyChecker/present``.
    let fields: UInt64
    let marks: UInt64
    /// The members whose values the rule reads if it says that it reads values.
    let named: UInt64
    let reads: @Sendable (borrowing RuledBody) -> Reads
    let check: @Sendable (borrowing RuledBody, inout FindingList) -> Void
  }

  let schema: CompiledSchema
  let rules: [Rule]
  let doubt: String?
  let countsInputs: Bool
  /// The models that only this endpoint takes; nil where it takes the provider's.
  let models: SharedTable?
  let modelNames: [String]

  init(_ endpoint: Endpoint, of provider: Provider) {
    schema = endpoint.schema
    doubt = endpoint.doubt
    countsInputs = endpoint.countsInputs
    modelNames = endpoint.models ?? []
    models = endpoint.models.flatMap { own in
      let added = provider.addedModels
      return added.contains("*") ? nil : SharedTable(own + added)
    }
    let names = BodyFields(schema)
    defer { names.deallocate() }
    rules = endpoint.rules.compactMap { rule in
      let fields = rule.fields.compactMap(names.bit)
      // A rule that needs a member which the shape does not have can never apply, so it is left out.
      guard fields.count == rule.fields.count else { return nil }
      let required = fields.reduce(0, |)
      return Rule(
        fields: required, marks: rule.marks.rawValue,
        named: rule.optional.compactMap(names.bit).reduce(required, |), reads: rule.reads, check: rule.check)
    }
  }
}
